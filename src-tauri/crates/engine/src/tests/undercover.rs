//! Undercover work at the door: real repositories, real commands, and what the
//! provider gets to see.

use std::process::Command;

use protocol::{AuditKind, EventKind, NoticeLevel, Outcome};
use serde_json::json;
use testkit::{Reply, Script};

use super::ledger::{NOTICED, ledger};
use super::turns::{Fixture, bypass, results};
use crate::{Identity, UndercoverSettings};

/// A session in a repository, each request making one command and then a
/// word; undercover as the settings say for its folder.
async fn fixture(commands: &[&str], settings: Option<UndercoverSettings>) -> Fixture {
    let replies: Vec<Reply> = commands
        .iter()
        .flat_map(|command| {
            let call = Reply::tool("bash", json!({ "command": command }));
            [call, Reply::text("Done.")]
        })
        .collect();
    let fixture = Fixture::new(Script::from(replies), bypass()).await;
    let init = "git init -q --initial-branch=main && git config user.name 'Jane Doe' && git config user.email jane@work.example && git add .";
    let done = Command::new("bash")
        .args(["-c", init])
        .current_dir(fixture.workspace.root())
        .status();
    assert!(done.unwrap().success());
    if let Some(undercover) = settings {
        let mut settings = fixture.engine.settings();
        let folder = fixture.workspace.root().parent().unwrap();
        settings
            .undercover
            .insert(folder.display().to_string(), undercover);
        fixture.engine.update_settings(settings).await.unwrap();
    }
    fixture
}

fn acme() -> UndercoverSettings {
    UndercoverSettings {
        enabled: true,
        terms: vec!["Acme Corp".into()],
        identity: Some(Identity {
            name: "A. Nonymous".into(),
            email: "anon@example.org".into(),
        }),
    }
}

async fn run(fixture: &mut Fixture) -> Vec<EventKind> {
    fixture.submit("go").await;
    fixture.until_finished().await.0
}

fn warnings(seen: &[EventKind]) -> Vec<&str> {
    seen.iter()
        .filter_map(|kind| match kind {
            EventKind::Notice {
                level: NoticeLevel::Warning,
                text,
            } => Some(text.as_str()),
            _ => None,
        })
        .collect()
}

fn log(fixture: &Fixture) -> String {
    let output = Command::new("git")
        .args(["log", "--format=%an <%ae> %s"])
        .current_dir(fixture.workspace.root())
        .output();
    String::from_utf8(output.unwrap().stdout).unwrap()
}

#[tokio::test]
async fn a_leaking_commit_is_stopped_and_a_clean_one_has_the_identity() {
    let commands = [
        "git commit -m 'Mend it for Acme Corp'",
        "git commit -m 'Mend it'",
    ];
    let mut fixture = fixture(&commands, Some(acme())).await;
    let view = fixture.engine.open_session(&fixture.session).await.unwrap();
    assert!(view.undercover);
    let seen = run(&mut fixture).await;
    assert!(seen.iter().any(|kind| matches!(
        kind,
        EventKind::Notice { level: NoticeLevel::Info, text } if text.contains("under cover")
    )));
    let stopped = &results(&fixture.history().await)[0];
    assert_eq!(stopped.outcome, Outcome::Denied);
    let place =
        "Line 1 of the message (`-m`) names `acme corp`, which is on the list of names to keep.";
    assert!(stopped.content.contains(place), "{}", stopped.content);
    assert_eq!(warnings(&seen), [format!("Stopped under cover: {place}")]);
    assert_eq!(log(&fixture), "");
    run(&mut fixture).await;
    assert_eq!(log(&fixture), "A. Nonymous <anon@example.org> Mend it\n");
    let audit = ledger(&fixture.engine, NOTICED).await;
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].kind, AuditKind::LeakStopped);
}

#[tokio::test]
async fn a_commit_made_by_a_script_is_found_and_the_model_reads_it() {
    let commands = ["./do.sh", "git push nowhere main"];
    let mut fixture = fixture(&commands, Some(acme())).await;
    let script = fixture.workspace.path("do.sh");
    std::fs::write(&script, "#!/bin/bash\ngit commit -q -m 'For Acme Corp'\n").unwrap();
    let done = Command::new("chmod").arg("+x").arg(&script).status();
    assert!(done.unwrap().success());
    let seen = run(&mut fixture).await;
    let result = &results(&fixture.history().await)[0];
    assert_eq!(result.outcome, Outcome::Ok);
    assert!(
        result
            .content
            .contains("cannot be pushed until it is mended"),
        "{}",
        result.content
    );
    assert!(
        warnings(&seen)[0].contains("line 1 of the message of commit")
            || warnings(&seen)[0].contains("Line 1 of the message of commit")
    );
    run(&mut fixture).await;
    assert_eq!(
        results(&fixture.history().await)[1].outcome,
        Outcome::Denied
    );
    let kinds: Vec<AuditKind> = ledger(&fixture.engine, NOTICED)
        .await
        .iter()
        .map(|entry| entry.kind)
        .collect();
    assert_eq!(kinds, [AuditKind::LeakStopped, AuditKind::LeakFound]);
}

#[tokio::test]
async fn requests_tell_neither_program_nor_folder_and_only_under_cover() {
    for undercover in [false, true] {
        let mut fixture = fixture(&["true"], undercover.then(acme)).await;
        std::fs::write(fixture.workspace.path("AGENTS.md"), "Tabs.\n").unwrap();
        run(&mut fixture).await;
        let requests = fixture.server.requests();
        let agent = requests[0].header("user-agent").unwrap();
        assert_eq!(agent.contains("familiar"), !undercover, "{agent}");
        let system = requests[0].body["system"].to_string();
        let folder = fixture.workspace.root().display().to_string();
        for telling in [folder.as_str(), "Familiar", std::env::consts::OS] {
            assert_eq!(system.contains(telling), !undercover, "{telling}");
        }
        assert!(system.contains("Tabs."));
        assert!(
            !system.to_lowercase().contains("acme"),
            "the list stays here"
        );
        assert_eq!(system.contains("Under cover"), undercover);
    }
}

#[tokio::test]
async fn a_project_turns_it_on_and_never_off() {
    let cases = [
        ("", false, 0),
        ("[undercover]\nenabled = true\n", true, 0),
        ("[flags]\nundercover = true\n", true, 0),
        ("[flags]\nundercover = false\n", false, 1),
        ("[flags]\ncheckpoints = false\n", false, 1),
        ("[undercover]\nenabled = true\nidentity = 3\n", true, 1),
        ("undercover = 3\n", true, 1),
    ];
    for (text, undercover, notices) in cases {
        let fixture = fixture(&[], None).await;
        let folder = fixture.workspace.path(".familiar");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("settings.toml"), text).unwrap();
        let engine = &fixture.engine;
        let session = engine.start_session(fixture.workspace.root()).unwrap().id;
        let view = engine.open_session(&session).await.unwrap();
        assert_eq!(view.undercover, undercover, "{text}");
        assert_eq!(engine.notices().len(), notices, "{text}");
    }
}

#[tokio::test]
async fn it_is_turned_on_and_off_for_open_sessions() {
    let fixture = fixture(&[], None).await;
    for (on, expected) in [(Some(true), true), (None, false)] {
        fixture.engine.set_flag("undercover", on).await.unwrap();
        let view = fixture.engine.open_session(&fixture.session).await.unwrap();
        assert_eq!(view.undercover, expected);
    }
}
