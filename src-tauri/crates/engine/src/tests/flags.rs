//! The registry of feature flags: who decides, and that each gates something.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{ErrorKind, EventKind};
use testkit::{Reply, Script};

use super::turns::{Fixture, bypass};

use crate::flags::{ALL, Sources, parse_list, unknown};
use crate::{Engine, Home, Options, SettingLayer};

fn flags(list: &str) -> BTreeMap<String, bool> {
    let (flags, unclear) = parse_list(Some(&list.to_owned()));
    assert_eq!(unclear, [], "{list}");
    flags
}

#[test]
fn names_are_unique_and_in_order() {
    let names: Vec<&str> = ALL.iter().map(|flag| flag.name).collect();
    let sorted: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names, sorted.into_iter().collect::<Vec<_>>());
}

#[test]
fn the_readme_lists_every_flag_as_it_is() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../README.md");
    let text = std::fs::read_to_string(path).unwrap();
    let sources = Sources {
        system: &BTreeMap::new(),
        user: &BTreeMap::new(),
        environment: &BTreeMap::new(),
        command_line: &BTreeMap::new(),
        is_locked: &|_| false,
        lacking: &[],
    };
    for flag in sources.views() {
        let stage = serde_json::to_value(flag.stage).unwrap();
        let state = if flag.default_on { "on" } else { "off" };
        let line = format!("| `{}` | {}, {state} |", flag.name, stage.as_str().unwrap());
        assert!(text.contains(&line), "{line}");
    }
}

#[test]
fn what_is_not_built_in_stays_off_whoever_turns_it_on() {
    let on = flags("voice,buddy");
    let sources = Sources {
        system: &on,
        user: &on,
        environment: &on,
        command_line: &on,
        is_locked: &|_| false,
        lacking: &["voice"],
    };
    assert!(!sources.is_on("voice"));
    assert!(sources.is_on("buddy"));
    let views = sources.views();
    let voice = views.iter().find(|flag| flag.name == "voice").unwrap();
    assert!(!voice.on && !voice.available, "{voice:?}");
}

#[test]
fn the_strongest_layer_decides_unless_the_system_locks() {
    // System, user, environment, command line, locked; what holds.
    let cases = [
        ("", "", "", "", false, false, SettingLayer::Default),
        ("decoys", "", "", "", false, true, SettingLayer::System),
        (
            "decoys",
            "-decoys",
            "",
            "",
            false,
            false,
            SettingLayer::User,
        ),
        (
            "",
            "-decoys",
            "decoys",
            "",
            false,
            true,
            SettingLayer::Environment,
        ),
        (
            "",
            "",
            "decoys",
            "decoys=off",
            false,
            false,
            SettingLayer::Flag,
        ),
        (
            "-decoys",
            "decoys",
            "decoys",
            "decoys",
            true,
            false,
            SettingLayer::System,
        ),
        ("", "decoys", "", "", true, false, SettingLayer::Default),
    ];
    for (system, user, environment, command_line, locked, on, layer) in cases {
        let sources = Sources {
            system: &flags(system),
            user: &flags(user),
            environment: &flags(environment),
            command_line: &flags(command_line),
            is_locked: &|_| locked,
            lacking: &[],
        };
        assert_eq!(
            sources.state("decoys"),
            (on, layer),
            "{system}/{user}/{environment}"
        );
    }
}

#[test]
fn lists_are_read_and_what_makes_no_sense_is_named() {
    assert_eq!(
        flags(" decoys,-undercover, checkpoints=off "),
        BTreeMap::from([
            ("decoys".to_owned(), true),
            ("undercover".to_owned(), false),
            ("checkpoints".to_owned(), false)
        ])
    );
    for bad in ["=on", "decoys=maybe", "-", "a.b"] {
        assert_eq!(parse_list(Some(&bad.to_owned())).1.len(), 1, "{bad}");
    }
    let problems = unknown(&[&flags("decoy,zzz")]);
    let hints: Vec<&str> = problems
        .iter()
        .map(|problem| problem.hints[0].as_str())
        .collect();
    assert_eq!(
        hints,
        [
            "Did you mean `decoys`?",
            "`fam flags` lists those there are."
        ]
    );
}

#[tokio::test]
async fn a_flag_is_set_saved_and_left_again() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    let engine = Engine::open(home.clone(), Options::default())
        .await
        .unwrap();
    let on = engine.set_flag("decoys", Some(true)).await.unwrap();
    assert_eq!((on.on, on.layer), (true, SettingLayer::User));
    let text = std::fs::read_to_string(home.settings_file()).unwrap();
    assert!(text.contains("[flags]\ndecoys = true\n"), "{text}");
    let left = engine.set_flag("decoys", None).await.unwrap();
    assert_eq!((left.on, left.layer), (false, SettingLayer::Default));
    let unknown = engine.set_flag("decoy", Some(true)).await.unwrap_err();
    assert_eq!(unknown.kind, ErrorKind::Usage);
    assert!(unknown.hints[0].contains("`decoys`"), "{unknown}");
    engine.shutdown().await;
    let mistyped = Options {
        flags: vec!["decoy".into()],
        ..Options::default()
    };
    let refused = Engine::open(home, mistyped).await.err().unwrap();
    assert_eq!(refused.kind, ErrorKind::Usage);
}

#[tokio::test]
async fn a_locked_flag_stays() {
    let folder = tempfile::tempdir().unwrap();
    let home = Home::below(folder.path());
    std::fs::create_dir_all(&home.system).unwrap();
    std::fs::write(
        home.system_settings_file(),
        "locked = [\"flags.decoys\"]\n[flags]\ndecoys = true\n",
    )
    .unwrap();
    let engine = Engine::open(home, Options::default()).await.unwrap();
    assert!(engine.set_flag("decoys", Some(false)).await.is_err());
    let decoys = engine
        .flags()
        .into_iter()
        .find(|flag| flag.name == "decoys");
    assert!(decoys.is_some_and(|flag| flag.on && flag.locked));
    engine.set_flag("undercover", Some(true)).await.unwrap();
}

/// A session whose flags are these; its requests are answered by this script.
async fn with_flags(script: Script, flags: &[&str]) -> Fixture {
    let options = Options {
        flags: flags.iter().map(|flag| (*flag).to_owned()).collect(),
        ..bypass()
    };
    Fixture::new(script, options).await
}

#[tokio::test]
async fn memory_files_are_read_unless_the_flag_is_off() {
    for (flags, read) in [(&[][..], true), (&["-memory_files"], false)] {
        let mut fixture = with_flags(vec![Reply::text("Hi.")].into(), flags).await;
        std::fs::write(fixture.workspace.path("AGENTS.md"), "Tabs, never spaces.\n").unwrap();
        fixture.submit("hello").await;
        fixture.until_finished().await;
        let system = fixture.server.requests()[0].body["system"].to_string();
        assert_eq!(system.contains("Tabs, never spaces."), read, "{flags:?}");
    }
}

#[tokio::test]
async fn snapshots_are_taken_unless_the_flag_is_off() {
    for (flags, taken) in [(&[][..], true), (&["checkpoints=off"], false)] {
        let script = vec![
            Reply::tool("bash", serde_json::json!({ "command": "rm notes.txt" })),
            Reply::text("Done."),
        ];
        let mut fixture = with_flags(script.into(), flags).await;
        fixture.submit("go").await;
        fixture.until_finished().await;
        let undone = fixture.engine.undo_code(&fixture.session).await;
        let back = fixture.workspace.read("notes.txt").is_some();
        assert_eq!(back, taken, "{flags:?}: {undone:?}");
        fixture.engine.shutdown().await;
    }
}

/// Prints much in every turn; takes notes when asked for them.
fn counting() -> Script {
    let print = serde_json::json!({ "command": "seq 1 900" });
    let mut prints = false;
    Script::from_fn(move |request| {
        if request.body.to_string().contains("about to be condensed") {
            return Reply::text("Notes.");
        }
        prints = !prints;
        if prints {
            Reply::tool("bash", print.clone())
        } else {
            Reply::text("Done.")
        }
    })
}

/// Compactions that began, less those that ended.
fn compactions(seen: &[EventKind]) -> i32 {
    seen.iter()
        .map(|kind| match kind {
            EventKind::CompactionStarted {} => 1,
            EventKind::CompactionFinished { .. } => -1,
            _ => 0,
        })
        .sum()
}

#[tokio::test]
async fn a_full_window_is_masked_and_condensed_unless_the_flags_are_off() {
    // What is condensed early needs no mask, so that case says nothing of it.
    let cases = [
        (&[][..], None, true),
        (&["-auto_compact"], Some(true), false),
        (&["-auto_compact", "-mask_output"], Some(false), false),
    ];
    for (flags, masked, condensed) in cases {
        let mut fixture = with_flags(counting(), flags).await;
        let mut settings = fixture.engine.settings();
        settings.context_window = 16_000;
        fixture.engine.update_settings(settings).await.unwrap();
        let mut open = 0;
        for turn in 0..7 {
            fixture.submit(&format!("wish {turn}")).await;
            open += compactions(&fixture.until_finished().await.0);
        }
        if open > 0 {
            // It runs beside the turns.
            let done = |kind: &EventKind| matches!(kind, EventKind::CompactionFinished { .. });
            fixture.until(done).await;
        }
        let report = fixture.engine.context(&fixture.session).await.unwrap();
        let is_masked = masked.map(|_| report.masked > 0);
        assert_eq!(is_masked, masked, "{flags:?}: {report:?}");
        assert_eq!(report.condensed, condensed, "{flags:?}: {report:?}");
        fixture.engine.shutdown().await;
    }
}
