//! Messages and the session list.

use protocol::{Outcome, PermissionMode, Place, ToolCall, ToolResult};
use serde_json::json;

use super::*;
use crate::{SESSION_LIST_LIMIT, StoreError};

#[tokio::test]
async fn messages_come_back_as_they_were_appended_after_reopening() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    let call = ToolCall {
        id: "c1".into(),
        name: "write".into(),
        input: json!({"b": 1, "a": "ü\u{0}"}),
    };
    let mut answer = text("m2", "I write it.", 30);
    answer.role = Role::Assistant;
    answer.blocks.push(Block::Thinking {
        text: "hm".into(),
        signature: Some("s".into()),
        source: Some("anthropic/m".into()),
    });
    answer.blocks.push(Block::ToolCall(call));
    let mut result = text("m3", "", 29);
    result.origin = Origin::Program;
    result.blocks = vec![Block::ToolResult(ToolResult::plain(
        "c1".into(),
        Outcome::Denied,
        "no",
    ))]
    .into();
    let mut spoken = text("m1", "Create a file.", 20);
    spoken.origin = Origin::Spoken;
    let all = vec![spoken, answer, result];
    for message in &all {
        store.append_message(&session, message).await.unwrap();
    }
    store.close().await;

    let store = Store::open(&path).await.unwrap();
    assert_eq!(store.messages(&session).await.unwrap(), all);
    let listed = store.session(&session).await.unwrap().unwrap();
    assert_eq!((listed.message_count, listed.updated_ms), (3, 30));
    assert_eq!(
        store.messages(&SessionId::from("none")).await.unwrap(),
        vec![]
    );
}

#[tokio::test]
async fn a_message_for_an_unknown_session_or_with_a_taken_id_leaves_no_trace() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    store
        .append_message(&session, &text("m1", "one", 20))
        .await
        .unwrap();

    let missing = store
        .append_message(&"none".into(), &text("m2", "two", 21))
        .await;
    assert!(
        matches!(missing, Err(StoreError::UnknownSession { session }) if session.as_str() == "none")
    );
    let taken = store
        .append_message(&session, &text("m1", "again", 22))
        .await;
    assert!(matches!(taken, Err(StoreError::Other { .. })), "{taken:?}");

    let listed = store.session(&session).await.unwrap().unwrap();
    assert_eq!((listed.message_count, listed.updated_ms), (1, 20));
    assert_eq!(store.messages(&session).await.unwrap().len(), 1);
}

#[tokio::test]
async fn search_finds_all_words_in_titles_and_messages_in_any_case() {
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    for (id, title, said, at) in [
        ("a", "Fix the Parser", "the lexer skips 100% of_tabs", 30),
        ("b", "Größe ändern", "run the tests", 40),
        ("c", "Notes", "the parser is slow", 20),
    ] {
        store.create_session(&summary(id, title, 1)).await.unwrap();
        store
            .append_message(&id.into(), &text(&format!("m-{id}"), said, at))
            .await
            .unwrap();
    }
    for (query, expected) in [
        ("", "b a c"),
        ("   ", "b a c"),
        ("PARSER", "a c"),
        ("parser lexer", "a"),
        ("GRÖSSE", ""),
        ("GRÖßE", "b"),
        ("100%", "a"),
        ("of_t", "a"),
        ("%", "a"),
        ("the", "b a c"),
        ("' OR 1=1 --", ""),
    ] {
        let found = store.sessions(Some(query.to_owned())).await.unwrap();
        let ids: Vec<&str> = found.iter().map(|session| session.id.as_str()).collect();
        assert_eq!(ids.join(" "), expected, "query {query:?}");
    }
    assert_eq!(store.sessions(None).await.unwrap().len(), 3);
}

#[tokio::test]
async fn the_list_holds_the_newest_up_to_its_limit() {
    let store = Store::in_memory().await.unwrap();
    for number in 0..SESSION_LIST_LIMIT + 5 {
        let at = u64::try_from(number).unwrap();
        store
            .create_session(&summary(&format!("s{number:04}"), "x", at))
            .await
            .unwrap();
    }
    let sessions = store.sessions(None).await.unwrap();
    assert_eq!(sessions.len(), SESSION_LIST_LIMIT);
    assert_eq!(
        sessions[0].id.as_str(),
        format!("s{:04}", SESSION_LIST_LIMIT + 4)
    );
}

#[tokio::test]
async fn a_session_can_be_renamed_moded_and_deleted_but_not_an_unknown_one() {
    let (_folder, path) = fresh();
    let (store, session) = store_with_session(&path).await;
    store
        .append_message(&session, &text("m1", "one", 20))
        .await
        .unwrap();
    assert_eq!(store.mode(&session).await.unwrap(), PermissionMode::Ask);

    store.rename(&session, "Besser").await.unwrap();
    store
        .set_mode(&session, PermissionMode::Plan)
        .await
        .unwrap();
    assert_eq!(
        store.session(&session).await.unwrap().unwrap().title,
        "Besser"
    );
    assert_eq!(
        store.sessions(Some("besser".into())).await.unwrap().len(),
        1
    );
    assert_eq!(store.mode(&session).await.unwrap(), PermissionMode::Plan);

    store.remove(&session).await.unwrap();
    assert_eq!(store.session(&session).await.unwrap(), None);
    assert_eq!(store.messages(&session).await.unwrap(), vec![]);
    for result in [
        store.rename(&session, "x").await,
        store.set_mode(&session, PermissionMode::Ask).await,
        store.place(&session, Place::Archived, 1).await,
        store.mode(&session).await.map(drop),
    ] {
        assert!(
            matches!(result, Err(StoreError::UnknownSession { .. })),
            "{result:?}"
        );
    }
}

#[tokio::test]
async fn many_writers_at_once_lose_nothing_and_keep_each_order() {
    const WRITERS: usize = 12;
    const MESSAGES: usize = 25;
    let (_folder, path) = fresh();
    let store = Store::open(&path).await.unwrap();
    // A second store on the same file stands for a second process.
    let other = Store::open(&path).await.unwrap();
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..WRITERS {
        let store = if writer % 2 == 0 {
            store.clone()
        } else {
            other.clone()
        };
        writers.spawn(write_many(
            store,
            SessionId::from(format!("s{writer}")),
            MESSAGES,
        ));
    }
    while let Some(done) = writers.join_next().await {
        done.unwrap();
    }
    for writer in 0..WRITERS {
        let messages = store.messages(&format!("s{writer}").into()).await.unwrap();
        let numbers: Vec<usize> = messages.iter().map(|m| m.text().parse().unwrap()).collect();
        assert_eq!(numbers, (0..MESSAGES).collect::<Vec<_>>());
    }
}

async fn write_many(store: Store, session: SessionId, count: usize) {
    store
        .create_session(&summary(session.as_str(), "x", 1))
        .await
        .unwrap();
    for number in 0..count {
        let message = text(&format!("{session}-{number}"), &number.to_string(), 2);
        store.append_message(&session, &message).await.unwrap();
    }
}
