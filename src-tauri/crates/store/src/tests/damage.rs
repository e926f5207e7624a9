//! Damaged files, full and read-only disks: told apart, never made worse.

use std::path::Path;
use std::time::Duration;

use protocol::{ErrorKind, Place, ShelfQuery};
use rusqlite::Connection;

use super::*;
use crate::database::Database;
use crate::{PageAt, Provenance, StoreError, Trash};

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

    let whole = store
        .add_session(
            &summary("i1", "Imported", 3),
            Provenance::Import("codex:1".into()),
            (0..300)
                .map(|number| text(&format!("i{number}"), &"y ".repeat(1000), 3))
                .collect(),
            3,
        )
        .await;
    assert!(matches!(whole, Err(StoreError::Full { .. })), "{whole:?}");

    page_limit(&store, 1_000_000).await;
    store.check().await.unwrap();
    assert_eq!(store.sessions(None).await.unwrap().len(), 1);
    store.append_message(&session, &large).await.unwrap();
    assert_eq!(store.messages(&session).await.unwrap().len(), 2);
    store.check().await.unwrap();
}

#[tokio::test]
async fn one_unreadable_message_hides_no_other() {
    for damage in [
        "UPDATE messages SET role = 'prophet' WHERE id = 'm1'",
        "UPDATE messages SET blocks = '{' WHERE id = 'm1'",
        "UPDATE messages SET blocks = CAST(x'ff' AS TEXT) WHERE id = 'm1'",
    ] {
        let (_folder, path) = fresh();
        let (store, session) = store_with_session(&path).await;
        for number in 0..3 {
            store
                .append_message(&session, &text(&format!("m{number}"), "word", 2))
                .await
                .unwrap();
        }
        let raw = Connection::open(&path).unwrap();
        raw.execute_batch(damage).unwrap();

        let (messages, unreadable) = store.readable_messages(&session).await.unwrap();
        assert_eq!((messages.len(), unreadable.len()), (2, 1), "{damage}");
        let page = store
            .message_page(&session, PageAt::Latest, 10)
            .await
            .unwrap();
        assert_eq!((page.messages, page.unreadable), (messages, unreadable));
        assert_eq!((page.older, page.newer), (0, 0));
        assert_eq!(store.search(&word()).await.unwrap().hits.len(), 3);
        store
            .append_message(&session, &text("next", "word", 3))
            .await
            .unwrap();
    }
}

fn word() -> ShelfQuery {
    ShelfQuery {
        words: "word".into(),
        ..ShelfQuery::default()
    }
}

#[tokio::test]
async fn one_unreadable_session_hides_no_other_in_the_list() {
    for damage in [
        "UPDATE sessions SET title = CAST(x'ff' AS TEXT) WHERE id = 's1'",
        "UPDATE turns SET reason = 'boredom' WHERE session_id = 's1'",
    ] {
        let (_folder, path) = fresh();
        let (store, session) = store_with_session(&path).await;
        let turn = crate::TurnStart {
            session,
            turn: "t".into(),
            provider: "p".into(),
            model: "m".into(),
            at_ms: 1,
        };
        store.turn_started(&turn).await.unwrap();
        store
            .create_session(&summary("s2", "Second", 3))
            .await
            .unwrap();
        let raw = Connection::open(&path).unwrap();
        raw.execute_batch(damage).unwrap();
        assert_eq!(store.sessions(None).await.unwrap().len(), 2, "{damage}");
    }
}

#[tokio::test]
async fn a_damaged_index_is_made_anew_and_costs_no_message() {
    for damage in [
        "UPDATE search_data SET block = x'00' WHERE id > 10",
        "DELETE FROM search_data WHERE id > 10",
        "DELETE FROM search_docsize",
    ] {
        let (_folder, path) = fresh();
        let (store, session) = store_with_session(&path).await;
        for number in 0..40 {
            store
                .append_message(&session, &text(&format!("m{number}"), "word", 2))
                .await
                .unwrap();
        }
        store.close().await;
        Connection::open(&path)
            .unwrap()
            .execute_batch(damage)
            .unwrap();

        let store = Store::open(&path).await.unwrap();
        assert!(store.check().await.is_err(), "{damage}");
        for number in 40..80 {
            store
                .append_message(&session, &text(&format!("m{number}"), "word", 2))
                .await
                .unwrap_or_else(|error| panic!("{damage}: {error}"));
        }
        store
            .search(&word())
            .await
            .unwrap_or_else(|error| panic!("{damage}: {error}"));
        store.repair_search().await.unwrap();
        let all = ShelfQuery {
            limit: 100,
            ..word()
        };
        assert_eq!(store.search(&all).await.unwrap().hits.len(), 80, "{damage}");
        assert_eq!(store.messages(&session).await.unwrap().len(), 80);
        store.check().await.unwrap();
    }
}

#[tokio::test]
async fn rows_whose_session_or_branch_is_gone_are_named_or_left_aside() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    store
        .create_session(&summary("s2", "Second", 3))
        .await
        .unwrap();
    for (id, session) in [("m1", "s1"), ("m2", "s1"), ("m3", "s2")] {
        store
            .append_message(&session.into(), &text(id, "word", 2))
            .await
            .unwrap();
    }
    store.rewind(&session, Some(&"m1".into()), 1).await.unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch(
        "PRAGMA foreign_keys = OFF; DELETE FROM branches; DELETE FROM sessions WHERE id = 's2';",
    )
    .unwrap();
    let error = store.messages(&session).await.unwrap_err();
    assert!(matches!(error, StoreError::Unreadable { .. }), "{error:?}");
    store.choose_branch(&session, 0).await.unwrap();
    assert_eq!(store.messages(&session).await.unwrap().len(), 2);
    assert_eq!(store.messages(&"s2".into()).await.unwrap(), vec![]);
    assert_eq!(store.search(&word()).await.unwrap().hits.len(), 2);
    assert_eq!(store.sessions(None).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_torn_file_is_reported_and_a_torn_log_loses_its_torn_end_only() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    for number in 0..60 {
        store
            .append_message(&session, &text(&format!("m{number}"), &"x".repeat(500), 2))
            .await
            .unwrap();
    }
    let log = path.with_file_name("sessions.db-wal");
    let (file, log) = (std::fs::read(&path).unwrap(), std::fs::read(&log).unwrap());
    store.close().await;
    let whole = std::fs::read(&path).unwrap();
    let mut random = super::branches::Random(3);
    for _ in 0..25 {
        let (_folder, path) = fresh();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &file).unwrap();
        let cut = &log[..random.below(log.len())];
        std::fs::write(path.with_file_name("sessions.db-wal"), cut).unwrap();
        if let Ok(store) = Store::open(&path).await {
            store.check().await.unwrap();
            let messages = store.messages(&session).await.unwrap();
            let ids = messages.iter().map(|message| message.id.to_string());
            let expected = (0..messages.len()).map(|number| format!("m{number}"));
            assert!(ids.eq(expected));
        }

        let (_folder, path) = fresh();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &whole[..1 + random.below(whole.len() - 1)]).unwrap();
        let checked = match Store::open(&path).await {
            Ok(store) => match store.check().await {
                // What was torn off held nothing.
                Ok(()) => store
                    .messages(&session)
                    .await
                    .map(|all| assert_eq!(all.len(), 60)),
                error => error,
            },
            Err(error) => Err(error),
        };
        assert!(
            matches!(
                checked,
                Ok(()) | Err(StoreError::Corrupt { .. } | StoreError::Other { .. })
            ),
            "{checked:?}"
        );
    }
}

#[tokio::test]
async fn a_clock_that_jumps_changes_no_order_within_a_session() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    for (number, at_ms) in [5, u64::MAX, 0, 3, 1 << 62].into_iter().enumerate() {
        store
            .append_message(&session, &text(&format!("m{number}"), "x", at_ms))
            .await
            .unwrap();
    }
    let messages = store.messages(&session).await.unwrap();
    let ids: Vec<&str> = messages.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, ["m0", "m1", "m2", "m3", "m4"]);
    store
        .place(&session, Place::Trashed, u64::MAX)
        .await
        .unwrap();
    assert_eq!(
        store.empty_trash(Trash::Before(0), 0).await.unwrap().len(),
        0
    );
    assert_eq!(store.empty_trash(Trash::All, 0).await.unwrap().len(), 1);
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
