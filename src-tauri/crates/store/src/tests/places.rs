//! Archive, trash, removal for good, forks and imports.

use protocol::{Ancestor, Place, ShelfQuery, TrashSize};
use rusqlite::Connection;

use super::*;
use crate::{Provenance, StoreError, Trash};

const DAY_MS: u64 = 24 * 60 * 60 * 1000;

fn at(places: &[Place]) -> ShelfQuery {
    ShelfQuery {
        places: places.to_vec(),
        ..ShelfQuery::default()
    }
}

async fn ids(store: &Store, query: &ShelfQuery) -> String {
    let page = store.shelf(query).await.unwrap();
    assert!(page.total >= page.entries.len() as u64);
    let ids: Vec<String> = page
        .entries
        .iter()
        .map(|entry| entry.summary.id.to_string())
        .collect();
    ids.join(" ")
}

#[tokio::test]
async fn a_session_goes_to_the_archive_and_the_trash_and_back() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    for (place, active, archived, trashed) in [
        (Place::Active, "s1", "", ""),
        (Place::Archived, "", "s1", ""),
        (Place::Trashed, "", "", "s1"),
        (Place::Active, "s1", "", ""),
    ] {
        store.place(&session, place, 77).await.unwrap();
        assert_eq!(ids(&store, &at(&[])).await, active);
        assert_eq!(ids(&store, &at(&[Place::Archived])).await, archived);
        assert_eq!(ids(&store, &at(&[Place::Trashed])).await, trashed);
        assert_eq!(ids(&store, &at(&Place::ALL)).await, "s1");
        assert_eq!(store.entry(&session).await.unwrap().unwrap().place, place);
    }
    store.place(&session, Place::Active, 99).await.unwrap();
    let entry = store.entry(&session).await.unwrap().unwrap();
    assert_eq!(entry.placed_ms, 77, "staying is no move");
    let refused = store.place(&"none".into(), Place::Trashed, 1).await;
    assert!(matches!(refused, Err(StoreError::UnknownSession { .. })));
}

#[tokio::test]
async fn a_session_somebody_goes_on_with_comes_back_to_the_list() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    for (number, place) in [Place::Archived, Place::Trashed].into_iter().enumerate() {
        store.place(&session, place, 5).await.unwrap();
        let mut closing = text(&format!("p{number}"), "closed", 2);
        closing.origin = Origin::Program;
        store.append_message(&session, &closing).await.unwrap();
        assert_eq!(store.entry(&session).await.unwrap().unwrap().place, place);
        store
            .append_message(&session, &text(&format!("m{number}"), "go on", 2))
            .await
            .unwrap();
        let entry = store.entry(&session).await.unwrap().unwrap();
        assert_eq!(entry.place, Place::Active);
    }
}

#[tokio::test]
async fn pages_of_the_list_follow_each_other() {
    let store = Store::in_memory().await.unwrap();
    for number in 0..7 {
        store
            .create_session(&summary(&format!("s{number}"), "x", 100 - number))
            .await
            .unwrap();
    }
    for (limit, offset, expected) in [
        (3, 0, "s0 s1 s2"),
        (3, 3, "s3 s4 s5"),
        (3, 6, "s6"),
        (3, 9, ""),
        (0, 0, "s0 s1 s2 s3 s4 s5 s6"),
    ] {
        let query = ShelfQuery {
            limit,
            offset,
            ..ShelfQuery::default()
        };
        assert_eq!(ids(&store, &query).await, expected);
        assert_eq!(store.shelf(&query).await.unwrap().total, 7);
    }
}

#[tokio::test]
async fn emptying_the_trash_removes_what_is_old_enough_and_shrinks_the_file() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    for (id, place, placed_ms) in [
        ("old", Place::Trashed, DAY_MS),
        ("young", Place::Trashed, 40 * DAY_MS),
        ("kept", Place::Archived, DAY_MS),
    ] {
        store.create_session(&summary(id, id, 1)).await.unwrap();
        for number in 0..250 {
            let said = format!("{id}word {}", "x".repeat(2000));
            store
                .append_message(&id.into(), &text(&format!("{id}{number}"), &said, 1))
                .await
                .unwrap();
        }
        store.place(&id.into(), place, placed_ms).await.unwrap();
    }
    let pages = page_count(&store).await;
    let now_ms = 41 * DAY_MS;
    let trash = Trash::Before(now_ms - 30 * DAY_MS);
    assert_eq!(store.empty_trash(trash, now_ms).await.unwrap().len(), 1);
    assert_eq!(ids(&store, &at(&Place::ALL)).await, "young kept");
    assert!(page_count(&store).await < pages * 3 / 4);
    let words = ShelfQuery {
        words: "oldword".into(),
        ..at(&Place::ALL)
    };
    assert!(store.search(&words).await.unwrap().hits.is_empty());
    store.check().await.unwrap();

    assert_eq!(
        store.empty_trash(Trash::All, now_ms).await.unwrap().len(),
        1
    );
    assert_eq!(
        store.empty_trash(Trash::All, now_ms).await.unwrap().len(),
        0
    );
    assert_eq!(ids(&store, &at(&Place::ALL)).await, "kept");
    assert_eq!(store.messages(&"kept".into()).await.unwrap().len(), 250);
    store.check().await.unwrap();
    store.close().await;
    let raw = std::fs::read(&path).unwrap();
    let word = b"oldword";
    assert!(!raw.windows(word.len()).any(|window| window == word));
}

#[tokio::test]
async fn one_session_of_the_trash_is_removed_and_its_size_is_known() {
    let (_folder, path) = fresh();
    let (store, kept) = store_with_session(&path).await;
    let gone = SessionId::from("gone");
    store
        .create_session(&summary("gone", "x", 5))
        .await
        .unwrap();
    store
        .append_message(&gone, &text("g1", "twelve chars", 1))
        .await
        .unwrap();
    assert_eq!(store.trash_size().await.unwrap(), TrashSize::default());
    let refused = store.remove_trashed(&gone).await;
    assert!(matches!(refused, Err(StoreError::UnknownSession { .. })));

    store.place(&gone, Place::Trashed, 7).await.unwrap();
    store.place(&kept, Place::Trashed, 7).await.unwrap();
    let size = store.trash_size().await.unwrap();
    assert_eq!((size.sessions, size.messages), (2, 1));
    assert!(size.bytes >= 12, "{size:?}");
    store.remove_trashed(&gone).await.unwrap();
    assert_eq!(ids(&store, &at(&Place::ALL)).await, kept.as_str());
    assert_eq!(store.trash_size().await.unwrap().sessions, 1);
    store.check().await.unwrap();
}

async fn page_count(store: &Store) -> i64 {
    store
        .call(|database| {
            Ok(database
                .connection
                .query_row("PRAGMA page_count", [], |row| row.get(0))?)
        })
        .await
        .unwrap()
}

#[tokio::test]
async fn a_clock_that_was_set_back_empties_nothing_early() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    store
        .place(&session, Place::Trashed, 90 * DAY_MS)
        .await
        .unwrap();
    let now_ms = 10 * DAY_MS;
    let trash = Trash::Before(now_ms.saturating_sub(30 * DAY_MS));
    assert_eq!(store.empty_trash(trash, now_ms).await.unwrap().len(), 0);
}

#[tokio::test]
async fn a_file_of_the_first_format_shrinks_too() {
    let (_folder, path) = fresh();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut old = Connection::open(&path).unwrap();
    crate::migration::migrate_to(&mut old, 1).unwrap();
    drop(old);
    let (store, session) = store_with_session(&path).await;
    for number in 0..300 {
        store
            .append_message(
                &session,
                &text(&format!("m{number}"), &"x ".repeat(1000), 1),
            )
            .await
            .unwrap();
    }
    let pages = page_count(&store).await;
    store.place(&session, Place::Trashed, 1).await.unwrap();
    store.empty_trash(Trash::All, 1).await.unwrap();
    assert!(page_count(&store).await < pages / 2);
    store.check().await.unwrap();
}

#[tokio::test]
async fn a_fork_remembers_where_it_left_and_an_import_is_taken_once() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let parent = Ancestor {
        session_id: session.clone(),
        message_id: Some("m0".into()),
    };
    let messages: Vec<Message> = (0..250)
        .map(|n| text(&format!("f{n}"), "word", 2))
        .collect();
    store
        .add_session(
            &summary("fork", "Fork", 3),
            Provenance::Fork(parent.clone()),
            messages.clone(),
            5,
        )
        .await
        .unwrap();
    let entry = store.entry(&"fork".into()).await.unwrap().unwrap();
    assert_eq!(entry.parent, Some(parent));
    assert_eq!((entry.place, entry.placed_ms), (Place::Active, 0));
    assert_eq!(store.messages(&"fork".into()).await.unwrap(), messages);

    let source = || Provenance::Import("codex:1".into());
    store
        .add_session(
            &summary("i1", "One", 3),
            source(),
            vec![text("x", "x", 1)],
            5,
        )
        .await
        .unwrap();
    let again = store
        .add_session(
            &summary("i2", "Two", 3),
            source(),
            vec![text("y", "y", 1)],
            5,
        )
        .await;
    assert!(
        matches!(&again, Err(StoreError::AlreadyImported { session, .. }) if session.as_str() == "i1"),
        "{again:?}"
    );
    assert_eq!(store.entry(&"i2".into()).await.unwrap(), None);
    assert_eq!(
        store.session_from("codex:1").await.unwrap(),
        Some("i1".into())
    );
    store.check().await.unwrap();
}

#[tokio::test]
async fn a_conversation_that_cannot_be_brought_in_whole_leaves_nothing() {
    let (_folder, path) = fresh();
    let (store, _) = store_with_session(&path).await;
    let twice = vec![text("same", "x", 1); 2];
    let failed = store
        .add_session(
            &summary("i1", "One", 3),
            Provenance::Import("codex:1".into()),
            twice,
            5,
        )
        .await;
    assert!(failed.is_err());
    assert_eq!(ids(&store, &at(&Place::ALL)).await, "s1");
    assert_eq!(store.session_from("codex:1").await.unwrap(), None);
    store
        .add_session(
            &summary("i1", "One", 3),
            Provenance::Import("codex:1".into()),
            vec![text("same", "x", 1)],
            5,
        )
        .await
        .unwrap();
}

#[tokio::test]
async fn what_a_crash_left_half_made_is_never_seen_and_goes_with_the_trash() {
    let (_folder, path) = fresh();
    let (store, _) = store_with_session(&path).await;
    Connection::open(&path)
        .unwrap()
        .execute_batch(
            "INSERT INTO sessions (id, title, workspace, created_ms, updated_ms, place, placed_ms, source)
               VALUES ('draft', 'needle', '/w', 1, 2, 'draft', 5, 'codex:1'),
                      ('gone', 'needle', '/w', 1, 2, 'gone', 5, NULL);",
        )
        .unwrap();
    assert_eq!(ids(&store, &at(&Place::ALL)).await, "s1");
    assert_eq!(store.entry(&"draft".into()).await.unwrap(), None);
    assert_eq!(store.session_from("codex:1").await.unwrap(), None);
    let append = store
        .append_message(&"gone".into(), &text("m", "x", 1))
        .await;
    assert!(matches!(append, Err(StoreError::UnknownSession { .. })));
    store
        .empty_trash(Trash::Before(0), 2 * DAY_MS)
        .await
        .unwrap();
    let left: i64 = Connection::open(&path)
        .unwrap()
        .query_row("SELECT count(*) FROM sessions", [], |row| row.get(0))
        .unwrap();
    assert_eq!(left, 1);
}

#[tokio::test]
async fn sessions_are_found_by_the_beginning_of_their_id() {
    let store = Store::in_memory().await.unwrap();
    for id in ["abc1", "abc2", "ab%", "xyz"] {
        store.create_session(&summary(id, "x", 1)).await.unwrap();
    }
    store
        .place(&"abc2".into(), Place::Trashed, 1)
        .await
        .unwrap();
    for (start, count) in [
        ("abc", 2),
        ("abc1", 1),
        ("ab%", 1),
        ("%", 0),
        ("q", 0),
        ("", 4),
    ] {
        let found = store.sessions_by_prefix(start).await.unwrap();
        assert_eq!(found.len(), count, "{start}");
    }
}
