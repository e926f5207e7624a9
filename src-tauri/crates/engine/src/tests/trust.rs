//! Trust in folders at the door.

use protocol::{AuditKind, ErrorKind, EventKind, PermissionMode};
use testkit::Reply;

use super::ledger::ledger;
use super::turns::Fixture;
use crate::Options;

async fn fixture() -> Fixture {
    Fixture::new(vec![Reply::text("Hi.")], Options::default()).await
}

#[tokio::test]
async fn a_new_folder_is_restricted_until_it_is_trusted() {
    let fixture = fixture().await;
    let (engine, root) = (&fixture.engine, fixture.workspace.root());
    let view = engine.trust_view(root).await.unwrap();
    assert!(!view.trusted && view.found.is_empty());
    let refused = engine
        .set_mode(&fixture.session, PermissionMode::Bypass)
        .await
        .unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotTrusted);
    for mode in [PermissionMode::Plan, PermissionMode::Edits] {
        engine.set_mode(&fixture.session, mode).await.unwrap();
    }
    assert!(engine.trust_folder(root).await.unwrap().trusted);
    engine
        .set_mode(&fixture.session, PermissionMode::Bypass)
        .await
        .unwrap();
    let folders = engine.trusted_folders().await.unwrap();
    assert_eq!(folders.len(), 1);
    assert!(engine.revoke_trust(&folders[0].path).await.unwrap());
    assert!(!engine.revoke_trust(&folders[0].path).await.unwrap());
    let mode = engine.open_session(&fixture.session).await.unwrap().mode;
    assert_eq!(mode, PermissionMode::Ask);
    let kinds = [AuditKind::TrustGiven, AuditKind::TrustRevoked];
    let entries = ledger(engine, &kinds).await;
    let found: Vec<AuditKind> = entries.iter().map(|entry| entry.kind).collect();
    assert_eq!(found, [AuditKind::TrustRevoked, AuditKind::TrustGiven]);
}

#[tokio::test]
async fn a_loose_mode_of_the_settings_waits_for_the_trust() {
    let mut fixture = fixture().await;
    let mut settings = fixture.engine.settings();
    settings.permission_mode = PermissionMode::Bypass;
    fixture.engine.update_settings(settings).await.unwrap();
    let root = fixture.workspace.root().to_owned();
    fixture.session = fixture.engine.start_session(&root).unwrap().id;
    fixture.submit("hi").await;
    let (seen, _) = fixture.until_finished().await;
    assert!(seen.iter().any(|kind| matches!(kind,
        EventKind::Notice { text, .. } if text.contains("for folders you trust"))));
    assert!(seen.iter().any(|kind| matches!(
        kind,
        EventKind::TurnStarted {
            mode: PermissionMode::Ask,
            ..
        }
    )));
}

#[tokio::test]
async fn a_flag_of_this_very_run_is_a_word_of_the_user() {
    let options = Options {
        permission_mode: Some(PermissionMode::Bypass),
        ..Options::default()
    };
    let mut fixture = Fixture::new(vec![Reply::text("Hi.")], options).await;
    fixture.submit("hi").await;
    let (seen, _) = fixture.until_finished().await;
    assert!(seen.iter().any(|kind| matches!(
        kind,
        EventKind::TurnStarted {
            mode: PermissionMode::Bypass,
            ..
        }
    )));
}
