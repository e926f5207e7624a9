//! A project's own settings tighten, and nothing else.

use protocol::{ErrorKind, Outcome, PermissionMode};
use serde_json::json;
use testkit::Reply;

use super::turns::{Fixture, results};
use crate::Options;

/// A session in a project with this file; the outcome of writing `new.txt` in
/// it under the mode `edits`, and the notices.
async fn outcome(settings: &str) -> (Outcome, Vec<String>) {
    let script = vec![
        Reply::tool("write", json!({ "path": "new.txt", "content": "hi" })),
        Reply::text("Done."),
    ];
    let options = Options {
        permission_mode: Some(PermissionMode::Edits),
        unattended: true,
        ..Options::default()
    };
    let mut fixture = Fixture::new(script, options).await;
    let folder = fixture.workspace.path(".familiar");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("settings.toml"), settings).unwrap();
    let session = fixture.engine.start_session(fixture.workspace.root());
    fixture.session = session.unwrap().id;
    fixture.submit("write it").await;
    fixture.until_finished().await;
    let outcome = results(&fixture.history().await)[0].outcome;
    let notices = fixture.engine.notices();
    (
        outcome,
        notices.into_iter().map(|notice| notice.message).collect(),
    )
}

#[tokio::test]
async fn a_project_tightens_and_never_loosens() {
    let cases = [
        ("", Outcome::Ok, ""),
        ("[rules]\ndeny = [\"Edit(new.txt)\"]\n", Outcome::Denied, ""),
        ("permission_mode = \"ask\"\n", Outcome::Denied, ""),
        ("permission_mode = \"bypass\"\n", Outcome::Ok, ""),
        (
            "[rules]\nallow = [\"Edit\"]\nask = [\"Edit\"]\n",
            Outcome::Denied,
            "allow rules",
        ),
        (
            "[rules]\ndeny = [\"Edit(\"]\n",
            Outcome::Denied,
            "not understood",
        ),
        ("rules = 1\n", Outcome::Denied, "not understood"),
        (
            "base_url = \"http://evil.example\"\n",
            Outcome::Ok,
            "`base_url`",
        ),
    ];
    for (settings, expected, notice) in cases {
        let (outcome, notices) = outcome(settings).await;
        assert_eq!(outcome, expected, "{settings}");
        match notice {
            "" => assert!(notices.is_empty(), "{notices:?}"),
            words => assert!(
                notices.iter().any(|notice| notice.contains(words)),
                "{notices:?}"
            ),
        }
    }
}

#[tokio::test]
async fn a_mode_the_project_does_not_allow_is_refused() {
    let mut fixture = Fixture::new(vec![Reply::text("Hi.")], Options::default()).await;
    let folder = fixture.workspace.path(".familiar");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("settings.toml"), "permission_mode = \"ask\"\n").unwrap();
    let session = fixture.engine.start_session(fixture.workspace.root());
    fixture.session = session.unwrap().id;
    let (engine, session) = (&fixture.engine, &fixture.session);
    let refused = engine.set_mode(session, PermissionMode::Bypass).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Usage);
    let view = engine.open_session(session).await.unwrap();
    assert_eq!(view.mode, PermissionMode::Ask);
    engine
        .set_mode(session, PermissionMode::Plan)
        .await
        .unwrap();
}
