//! Damaged files, full and read-only disks: told apart, never made worse.

use std::path::Path;
use std::time::Duration;

use protocol::ErrorKind;
use rusqlite::Connection;

use super::*;
use crate::StoreError;
use crate::database::Database;

#[tokio::test]
async fn files_that_are_no_database_are_reported_and_kept() {
    for content in [
        &b"not a database, only some text that is long enough"[..],
        &[0xff; 8192],
    ] {
        let (_folder, path) = fresh();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        let error = Store::open(&path).await.unwrap_err();
        assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
        assert_eq!(std::fs::read(&path).unwrap(), content);
    }
}

#[tokio::test]
async fn damage_in_the_middle_is_found_by_reading_and_by_checking() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    for number in 0..200 {
        store
            .append_message(&session, &text(&format!("m{number}"), &"x".repeat(2000), 2))
            .await
            .unwrap();
    }
    store.check().await.unwrap();
    store.close().await;
    let mut bytes = std::fs::read(&path).unwrap();
    let (start, end) = (bytes.len() / 4, bytes.len() * 3 / 4);
    bytes[start..end].fill(0xa5);
    std::fs::write(&path, &bytes).unwrap();

    let store = Store::open(&path).await.unwrap();
    let error = store.check().await.unwrap_err();
    assert!(matches!(error, StoreError::Corrupt { .. }), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Store);
    let error = store.messages(&session).await.unwrap_err();
    assert!(
        matches!(
            error,
            StoreError::Corrupt { .. } | StoreError::Unreadable { .. }
        ),
        "{error:?}"
    );
    assert_eq!(std::fs::metadata(&path).unwrap().len(), bytes.len() as u64);
}

#[tokio::test]
async fn rows_nobody_can_read_name_their_session_and_harm_no_other() {
    for damage in [
        "UPDATE messages SET role = 'prophet' WHERE session_id = 's1'",
        "UPDATE messages SET origin = '' WHERE session_id = 's1'",
        "UPDATE messages SET blocks = '[{\"type\":\"hologram\"}]' WHERE session_id = 's1'",
        "UPDATE messages SET blocks = '{' WHERE session_id = 's1'",
        "UPDATE messages SET blocks = CAST(x'ff' AS TEXT) WHERE session_id = 's1'",
        "UPDATE sessions SET mode = 'chaos' WHERE id = 's1'",
    ] {
        let (_folder, path) = fresh();
        let (store, session) = store_with_session(&path).await;
        store
            .append_message(&session, &text("m1", "one", 2))
            .await
            .unwrap();
        store
            .create_session(&summary("s2", "Second", 3))
            .await
            .unwrap();
        store
            .append_message(&"s2".into(), &text("m2", "two", 3))
            .await
            .unwrap();
        Connection::open(&path)
            .unwrap()
            .execute_batch(damage)
            .unwrap();

        let error = match store.messages(&session).await {
            Err(error) => error,
            Ok(_) => store.mode(&session).await.unwrap_err(),
        };
        assert!(
            matches!(&error, StoreError::Unreadable { session: named, .. } if *named == session),
            "{damage}: {error:?}"
        );
        assert_eq!(store.messages(&"s2".into()).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn a_full_disk_refuses_the_message_keeps_the_rest_and_goes_on_later() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    store
        .append_message(&session, &text("m1", "one", 2))
        .await
        .unwrap();
    page_limit(&store, 40).await;
    let large = text("m2", &"x".repeat(400_000), 3);
    let error = store.append_message(&session, &large).await.unwrap_err();
    assert!(matches!(error, StoreError::Full { .. }), "{error:?}");
    assert_eq!(error.kind(), ErrorKind::Disk);
    let kept = store.session(&session).await.unwrap().unwrap();
    assert_eq!(kept.message_count, 1);

    page_limit(&store, 1_000_000).await;
    store.append_message(&session, &large).await.unwrap();
    assert_eq!(store.messages(&session).await.unwrap().len(), 2);
}

async fn page_limit(store: &Store, pages: i64) {
    let sql = format!("PRAGMA max_page_count = {pages}");
    store
        .call(move |database| {
            Ok(database
                .connection
                .query_row(&sql, [], |row| row.get::<_, i64>(0))?)
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn a_folder_that_is_a_file_cannot_be_opened() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let error = Store::open(&file.join("sessions.db")).await.unwrap_err();
    assert!(matches!(error, StoreError::Open { .. }), "{error:?}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "x");
}

#[test]
fn a_file_another_program_holds_is_locked() {
    let (_folder, path) = fresh();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let holder = Connection::open(&path).unwrap();
    holder.execute_batch("BEGIN EXCLUSIVE").unwrap();
    let patience = Duration::from_millis(20);
    let error = Database::open(&path, patience).err().unwrap();
    assert!(matches!(error, StoreError::Locked { .. }), "{error:?}");
}

#[tokio::test]
async fn a_closed_store_says_so_and_every_clone_with_it() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let clone = store.clone();
    store.close().await;
    store.close().await;
    let error = clone.messages(&session).await.unwrap_err();
    assert!(matches!(error, StoreError::Closed), "{error:?}");
}

#[tokio::test]
async fn dropping_the_last_handle_finishes_queued_work_and_closes_the_file() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let messages: Vec<Message> = (0..40).map(|n| text(&format!("m{n}"), "x", 2)).collect();
    {
        // Polled once, each future has put its job into the queue.
        let mut calls: Vec<_> = messages
            .iter()
            .map(|message| Box::pin(store.append_message(&session, message)))
            .collect();
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        for call in &mut calls {
            let _ = call.as_mut().poll(&mut context);
        }
    }
    drop(store);
    wait_until_closed(&path).await;
    let store = Store::open(&path).await.unwrap();
    assert_eq!(
        store.messages(&session).await.unwrap().len(),
        messages.len()
    );
}

/// SQLite removes the log when the last connection closes.
async fn wait_until_closed(path: &Path) {
    let log = path.with_file_name("sessions.db-wal");
    for _ in 0..2000 {
        if !log.exists() {
            return;
        }
        tokio::task::yield_now().await;
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the store's thread did not end");
}

#[cfg(unix)]
#[tokio::test]
async fn file_log_and_folder_are_for_the_user_alone() {
    use std::os::unix::fs::PermissionsExt;
    let rights = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let (_folder, path) = fresh();
    let (store, _) = store_with_session(&path).await;
    assert_eq!(rights(path.parent().unwrap()), 0o700);
    for name in ["sessions.db", "sessions.db-wal", "sessions.db-shm"] {
        assert_eq!(rights(&path.with_file_name(name)), 0o600, "{name}");
    }
    assert_eq!(rights(&path.with_file_name("sessions.db-runs")), 0o700);
    store.close().await;

    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o664)).unwrap();
    let _store = Store::open(&path).await.unwrap();
    assert_eq!(rights(&path), 0o600);
}
