//! Formats: every earlier one opens, a later one is left alone.

use protocol::ShelfQuery;
use rusqlite::Connection;

use super::*;
use crate::StoreError;
use crate::migration::{MIGRATIONS, migrate_to, newest};

#[tokio::test]
async fn a_database_of_every_earlier_format_opens_and_keeps_its_sessions() {
    for version in 0..=newest() {
        let (_folder, path) = fresh();
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut old = Connection::open(&path).unwrap();
        migrate_to(&mut old, version).unwrap();
        let rows = match version {
            0 => "",
            1 => {
                "INSERT INTO sessions (id, title, title_folded, workspace, created_ms, updated_ms, message_count)
                   VALUES ('old', 'Alt', 'alt', '/w', 1, 2, 2);
                 INSERT INTO messages (id, session_id, position, turn_id, role, origin, blocks, folded, created_ms)
                   VALUES ('m', 'old', 1, 't', 'user', 'typed', '[{\"type\":\"text\",\"text\":\"Hi\"}]', 'hi', 2),
                          ('n', 'old', 2, 't', 'assistant', 'program', '[{\"type\":\"tool_call\",\"id\":\"c\",\"name\":\"bash\",\"input\":{\"command\":\"make\"}}]', '', 2);"
            }
            _ => {
                "INSERT INTO sessions (id, title, workspace, created_ms, updated_ms, message_count)
                   VALUES ('old', 'Alt', '/w', 1, 2, 1);
                 INSERT INTO messages (id, session_id, position, turn_id, role, origin, blocks, created_ms)
                   VALUES ('m', 'old', 1, 't', 'user', 'typed', '[{\"type\":\"text\",\"text\":\"Hi\"}]', 2);"
            }
        };
        old.execute_batch(rows).unwrap();
        drop(old);

        let store = Store::open(&path).await.unwrap();
        let sessions = store.sessions(None).await.unwrap();
        assert_eq!(sessions.len(), usize::from(version > 0), "format {version}");
        for session in sessions {
            assert_eq!(store.messages(&session.id).await.unwrap()[0].text(), "Hi");
        }
        store
            .create_session(&summary("new", "Neu", 3))
            .await
            .unwrap();
    }
}

#[tokio::test]
async fn an_old_database_can_be_searched_after_its_migration() {
    let (_folder, path) = fresh();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut old = Connection::open(&path).unwrap();
    migrate_to(&mut old, 1).unwrap();
    old.execute_batch(
        "INSERT INTO sessions (id, title, title_folded, workspace, created_ms, updated_ms, message_count)
           VALUES ('old', 'Alter Titel', '', '/w', 1, 2, 3);
         INSERT INTO messages (id, session_id, position, turn_id, role, origin, blocks, folded, created_ms)
           VALUES ('m', 'old', 1, 't', 'user', 'typed', '[{\"type\":\"text\",\"text\":\"Hi there\"}]', 'hi', 2),
                  ('x', 'old', 2, 't', 'user', 'typed', '{', '', 2),
                  ('n', 'old', 3, 't', 'assistant', 'program', '[{\"type\":\"tool_call\",\"id\":\"c\",\"name\":\"bash\",\"input\":{\"command\":\"make world\"}}]', '', 2);",
    )
    .unwrap();
    drop(old);
    let store = Store::open(&path).await.unwrap();
    store.check().await.unwrap();
    for words in ["titel", "there", "world"] {
        let query = ShelfQuery {
            words: words.into(),
            ..ShelfQuery::default()
        };
        assert_eq!(store.search(&query).await.unwrap().hits.len(), 1, "{words}");
    }
}

#[test]
fn the_table_of_migrations_is_the_folder() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("migrations");
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let table: Vec<&str> = MIGRATIONS.iter().map(|step| step.file).collect();
    assert_eq!(names, table);
    for (number, name) in (1..).zip(table) {
        assert!(name.starts_with(&format!("{number:04}_")), "{name}");
    }
}

#[tokio::test]
async fn a_newer_database_is_named_and_left_alone() {
    let (_folder, path) = fresh();
    store_with_session(&path).await.0.close().await;
    let raw = Connection::open(&path).unwrap();
    raw.pragma_update(None, "user_version", newest() + 1)
        .unwrap();
    drop(raw);
    let before = std::fs::read(&path).unwrap();

    let error = Store::open(&path).await.unwrap_err();
    assert!(
        matches!(error, StoreError::NewerVersion { found, known, .. } if found == known + 1),
        "{error:?}"
    );
    assert_eq!(std::fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_database_of_another_program_is_refused() {
    let (_folder, path) = fresh();
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let raw = Connection::open(&path).unwrap();
    raw.execute_batch("CREATE TABLE bookmarks (url TEXT)")
        .unwrap();
    drop(raw);
    let error = Store::open(&path).await.unwrap_err();
    assert!(matches!(error, StoreError::Foreign { .. }), "{error:?}");
}

#[tokio::test]
async fn two_stores_that_open_a_missing_file_at_once_both_work() {
    for _ in 0..40 {
        let (_folder, path) = fresh();
        let (left, right) = tokio::join!(Store::open(&path), Store::open(&path));
        left.unwrap()
            .create_session(&summary("s1", "x", 1))
            .await
            .unwrap();
        assert_eq!(right.unwrap().sessions(None).await.unwrap().len(), 1);
    }
}
