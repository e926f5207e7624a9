use protocol::{MessageId, SessionId};

use super::{fresh, store_with_session};
use crate::{StoreError, StoredCompaction};

fn compaction(text: &str) -> StoredCompaction {
    StoredCompaction {
        first_kept: MessageId::new(),
        text: text.into(),
        created_ms: 7,
    }
}

#[tokio::test]
async fn the_newest_compaction_counts_until_it_is_taken_back() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let id = &session;
    assert_eq!(store.compaction(id).await.unwrap(), None);
    assert!(!store.undo_compaction(id, 9).await.unwrap());
    let (first, second) = (compaction("first"), compaction("second"));
    store.add_compaction(id, &first).await.unwrap();
    store.add_compaction(id, &second).await.unwrap();
    assert_eq!(store.compaction(id).await.unwrap(), Some(second));
    assert!(store.undo_compaction(id, 9).await.unwrap());
    assert_eq!(store.compaction(id).await.unwrap(), Some(first));
    assert!(store.undo_compaction(id, 9).await.unwrap());
    assert_eq!(store.compaction(id).await.unwrap(), None);
}

#[tokio::test]
async fn a_pin_is_set_and_taken_off() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let (id, message) = (&session, MessageId::new());
    assert!(store.toggle_pin(id, &message).await.unwrap());
    assert!(store.pins(id).await.unwrap().contains(&message));
    assert!(!store.toggle_pin(id, &message).await.unwrap());
    assert!(store.pins(id).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_session_that_does_not_exist_takes_neither() {
    let (_folder, path) = fresh();
    let (store, _) = store_with_session(&path).await;
    let nobody = SessionId::new();
    let refused = store.add_compaction(&nobody, &compaction("x")).await;
    assert!(matches!(refused, Err(StoreError::UnknownSession { .. })));
    let refused = store.toggle_pin(&nobody, &MessageId::new()).await;
    assert!(matches!(refused, Err(StoreError::UnknownSession { .. })));
}
