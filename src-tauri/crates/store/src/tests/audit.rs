//! The audit ledger: newest first, bounded, readable by older builds, and a
//! chain that shows what was done to it.

use protocol::{AuditEntry, AuditKind, AuditQuery, AuditRecord};
use rusqlite::Connection;

use super::*;
use crate::migration::migrate_to;

fn entry(at_ms: u64, kind: AuditKind) -> AuditEntry {
    AuditEntry {
        at_ms,
        kind,
        session_id: (at_ms > 1).then(|| "gone".into()),
        call_id: (at_ms > 2).then(|| "call".into()),
        subject: format!("subject {at_ms}"),
        detail: "what happened".into(),
    }
}

fn latest(limit: u32) -> AuditQuery {
    AuditQuery {
        limit,
        ..AuditQuery::default()
    }
}

fn entries(records: Vec<AuditRecord>) -> Vec<AuditEntry> {
    records.into_iter().map(|record| record.entry).collect()
}

/// A closed ledger of `count` entries.
async fn written(path: &std::path::Path, count: u64) -> Vec<AuditEntry> {
    let store = Store::open(path).await.unwrap();
    let all: Vec<_> = (1..=count)
        .map(|at| entry(at, AuditKind::CallEnded))
        .collect();
    for entry in &all {
        store.add_audit(entry).await.unwrap();
    }
    let check = store.check_audit(None).await.unwrap();
    assert_eq!((check.count, check.broken), (count, None));
    assert_eq!(check.head.len(), 64);
    store.close().await;
    all
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
    let kept = store.audit(&latest(10)).await.unwrap();
    assert_eq!(
        kept.iter().map(|record| record.number).collect::<Vec<_>>(),
        [3, 2, 1]
    );
    assert_eq!(
        entries(kept),
        [all[2].clone(), all[1].clone(), all[0].clone()]
    );
    assert_eq!(
        entries(store.audit(&latest(2)).await.unwrap()),
        [all[2].clone()]
    );
    let of_kind = AuditQuery {
        limit: 10,
        kinds: vec![AuditKind::LeakFound, AuditKind::DecoyCalled],
        before: Some(3),
    };
    assert_eq!(
        entries(store.audit(&of_kind).await.unwrap()),
        [all[0].clone()]
    );
}

#[tokio::test]
async fn what_waits_goes_with_the_next_message_reading_or_closing() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let session = summary("s", "S", 1);
    store.create_session(&session).await.unwrap();
    let rows = || -> i64 {
        let raw = Connection::open(&path).unwrap();
        raw.query_row("SELECT count(*) FROM audit", [], |row| row.get(0))
            .unwrap()
    };
    store
        .add_audit_later(&entry(1, AuditKind::CallAllowed))
        .await
        .unwrap();
    assert_eq!(rows(), 0);
    store
        .append_message(&session.id, &text("m", "Hi", 2))
        .await
        .unwrap();
    assert_eq!(rows(), 1);
    store
        .add_audit_later(&entry(2, AuditKind::CallAllowed))
        .await
        .unwrap();
    store
        .add_audit(&entry(3, AuditKind::CallEnded))
        .await
        .unwrap();
    assert_eq!(rows(), 3);
    store
        .add_audit_later(&entry(4, AuditKind::CallEnded))
        .await
        .unwrap();
    store.close().await;
    assert_eq!(rows(), 4);
    let store = Store::open(&path).await.unwrap();
    let times: Vec<u64> = entries(store.audit(&latest(9)).await.unwrap())
        .iter()
        .map(|entry| entry.at_ms)
        .collect();
    assert_eq!(times, [4, 3, 2, 1]);
    assert_eq!(store.check_audit(None).await.unwrap().broken, None);
}

#[tokio::test]
async fn a_message_that_is_not_kept_loses_no_entry() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    store
        .add_audit_later(&entry(1, AuditKind::CallAllowed))
        .await
        .unwrap();
    let nowhere = SessionId::from("nowhere");
    assert!(
        store
            .append_message(&nowhere, &text("m", "Hi", 2))
            .await
            .is_err()
    );
    assert_eq!(store.audit(&latest(9)).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_ledger_that_cannot_be_written_costs_no_message_and_tells_nothing_untrue() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let session = summary("s", "S", 1);
    store.create_session(&session).await.unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no more'); END",
    )
    .unwrap();
    let waits = entry(1, AuditKind::CallEnded);
    store.add_audit_later(&waits).await.unwrap();
    let refused = entry(2, AuditKind::CallAllowed);
    assert!(store.add_audit(&refused).await.is_err());
    let message = text("m", "Hi", 3);
    store.append_message(&session.id, &message).await.unwrap();
    assert_eq!(store.messages(&session.id).await.unwrap(), [message]);
    raw.execute_batch("DROP TRIGGER full").unwrap();
    store
        .append_message(&session.id, &text("n", "Ho", 4))
        .await
        .unwrap();
    let rows: i64 = raw
        .query_row("SELECT count(*) FROM audit", [], |row| row.get(0))
        .unwrap();
    assert_eq!(rows, 1);
    assert_eq!(entries(store.audit(&latest(9)).await.unwrap()), [waits]);
    assert_eq!(store.check_audit(None).await.unwrap().broken, None);
}

#[tokio::test]
async fn no_more_than_so_many_entries_wait() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(
        "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT raise(ABORT, 'no more'); END",
    )
    .unwrap();
    let mut kept = 0;
    for at in 1..=300 {
        let entry = entry(at, AuditKind::CallEnded);
        kept += usize::from(store.add_audit_later(&entry).await.is_ok());
    }
    assert_eq!(kept, 256);
    raw.execute_batch("DROP TRIGGER full").unwrap();
    assert_eq!(store.audit(&latest(999)).await.unwrap().len(), 256);
}

#[tokio::test]
async fn two_processes_add_to_one_chain() {
    let (_folder, path) = fresh();
    let one = Store::open(&path).await.unwrap();
    let other = Store::open(&path).await.unwrap();
    for at in 1..=20 {
        let store = if at % 2 == 0 { &one } else { &other };
        store
            .add_audit(&entry(at, AuditKind::CallEnded))
            .await
            .unwrap();
    }
    let check = one.check_audit(None).await.unwrap();
    assert_eq!((check.count, check.broken), (20, None));
    for (noted, there) in [(check.head.as_str(), true), ("c0ffee", false), ("", false)] {
        let check = one.check_audit(Some(noted)).await.unwrap();
        assert_eq!(check.has_head, there, "{noted}");
    }
}

#[tokio::test]
async fn a_changed_removed_or_cut_ledger_shows() {
    let meddlings = [
        ("UPDATE audit SET detail = 'else' WHERE id = 3", 3),
        ("UPDATE audit SET session_id = NULL WHERE id = 4", 4),
        ("UPDATE audit SET kind = 'call_refused' WHERE id = 1", 1),
        ("DELETE FROM audit WHERE id = 2", 2),
        ("DELETE FROM audit WHERE id > 3", 4),
        ("DELETE FROM audit", 1),
        (
            "DELETE FROM audit WHERE id = 5; UPDATE audit_head SET number = 4",
            4,
        ),
    ];
    for (meddling, at) in meddlings {
        let (_folder, path) = fresh();
        written(&path, 5).await;
        let raw = Connection::open(&path).unwrap();
        let stopped = raw.execute_batch(meddling).unwrap_err();
        assert!(stopped.to_string().contains("only added to"), "{stopped}");
        raw.execute_batch(
            "DROP TRIGGER audit_is_never_changed; DROP TRIGGER audit_is_never_removed;",
        )
        .unwrap();
        raw.execute_batch(meddling).unwrap();
        drop(raw);
        let store = Store::open(&path).await.unwrap();
        let broken = store.check_audit(None).await.unwrap().broken;
        assert_eq!(broken.map(|broken| broken.number), Some(at), "{meddling}");
    }
}

#[tokio::test]
async fn an_older_ledger_becomes_a_chain() {
    let (_folder, path) = fresh();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut old = Connection::open(&path).unwrap();
    migrate_to(&mut old, 4).unwrap();
    old.execute_batch(
        "INSERT INTO audit (at_ms, kind, session_id, subject, detail) VALUES
             (1, 'decoy_called', 's', 'vault', 'called'), (2, 'leak_found', NULL, 'c0ffee', 'found')",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path).await.unwrap();
    store
        .add_audit(&entry(3, AuditKind::CallEnded))
        .await
        .unwrap();
    let check = store.check_audit(None).await.unwrap();
    assert_eq!((check.count, check.broken), (3, None));
}
