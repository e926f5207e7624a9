//! The audit ledger: newest first, bounded, and readable by older builds.

use protocol::{AuditEntry, AuditKind};
use rusqlite::Connection;

use super::*;

fn entry(at_ms: u64, kind: AuditKind) -> AuditEntry {
    AuditEntry {
        at_ms,
        kind,
        session_id: (at_ms > 1).then(|| "gone".into()),
        subject: format!("subject {at_ms}"),
        detail: "what happened".into(),
    }
}

#[tokio::test]
async fn entries_come_back_newest_first_and_survive_a_restart() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let all = [
        entry(1, AuditKind::DecoyCalled),
        entry(2, AuditKind::LeakStopped),
        entry(3, AuditKind::LeakFound),
    ];
    for entry in &all {
        store.add_audit(entry).await.unwrap();
    }
    store.close().await;
    let raw = Connection::open(&path).unwrap();
    raw.execute(
        "INSERT INTO audit (at_ms, kind, subject, detail) VALUES (9, 'of_the_future', '', '')",
        [],
    )
    .unwrap();
    drop(raw);
    let store = Store::open(&path).await.unwrap();
    let kept = store.audit(10).await.unwrap();
    assert_eq!(kept, [all[2].clone(), all[1].clone(), all[0].clone()]);
    assert_eq!(store.audit(2).await.unwrap(), [all[2].clone()]);
}
