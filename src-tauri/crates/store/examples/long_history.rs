//! What a long session costs: `cargo run --release -p store --example
//! long_history -- 100000`. Prints one figure a line, as `name value unit`,
//! for the bench to read.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a measurement, not part of the product"
)]

use std::time::Instant;

use protocol::{
    Block, Message, MessageId, Origin, Outcome, Place, Role, SessionId, SessionState,
    SessionSummary, ShelfQuery, ToolCall, ToolResult, TurnId,
};
use store::{PageAt, Provenance, Store};
use testkit::figures::{peak_bytes, say, say_size};

/// Appends measured one by one at the end, each made durable on its own.
const APPENDS: usize = 1_000;

const SESSIONS: usize = 10_000;

const VOCABULARY: &[&str] = &[
    "parser", "lexer", "token", "session", "window", "branch", "commit", "search", "index",
    "thread", "channel", "future", "the", "of", "and", "error", "result", "value", "test",
    "module", "function", "crate", "build", "cache", "memory", "message", "storage", "path",
];

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let count = std::env::args()
        .nth(1)
        .map_or(100_000, |text| text.parse().expect("a number of messages"));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sessions.db");
    let store = Store::open(&path).await.unwrap();
    let session = summary("s1");
    let started = Instant::now();
    store
        .add_session(
            &session,
            Provenance::Import("bench:1".into()),
            (0..count).map(message).collect(),
            1,
        )
        .await
        .unwrap();
    say("write in steps", started.elapsed());
    appends(&store, &session.id, count).await;
    store.close().await;
    say_size("file", std::fs::metadata(&path).unwrap().len());

    let started = Instant::now();
    let store = Store::open(&path).await.unwrap();
    let page = store
        .message_page(&session.id, PageAt::Latest, 200)
        .await
        .unwrap();
    assert_eq!(page.older as usize + 200, count + APPENDS);
    say("open and show the last 200", started.elapsed());
    let middle = page.messages[0].id.clone();
    let started = Instant::now();
    store
        .message_page(&session.id, PageAt::Before(middle), 200)
        .await
        .unwrap();
    say("200 older ones", started.elapsed());
    searches(&store, count).await;
    shelf(&store).await;

    let started = Instant::now();
    let all = store.messages(&session.id).await.unwrap();
    assert_eq!(all.len(), count + APPENDS);
    say("read all", started.elapsed());
    say_size("memory with all in it", peak_bytes());
}

async fn appends(store: &Store, session: &SessionId, count: usize) {
    let mut times = Vec::new();
    for number in count..count + APPENDS {
        let message = message(number);
        let started = Instant::now();
        store.append_message(session, &message).await.unwrap();
        times.push(started.elapsed());
    }
    times.sort();
    say("append, median", times[APPENDS / 2]);
    say("append, p99", times[APPENDS * 99 / 100]);
    say("append, worst", times[APPENDS - 1]);
}

async fn searches(store: &Store, count: usize) {
    for (name, words) in [
        (
            "search, a rare word",
            format!("needle{}", count / 2 / 1000 * 1000),
        ),
        ("search, a word in most", "the".into()),
        ("search, two words", "parser lexer".into()),
        ("search, one letter", "s".into()),
        ("search, three letters", "par".into()),
        ("search, no such word", "zebra".into()),
        ("search, a sign", "§".into()),
    ] {
        let query = ShelfQuery {
            words,
            ..ShelfQuery::default()
        };
        let started = Instant::now();
        store.search(&query).await.unwrap();
        say(name, started.elapsed());
    }
}

async fn shelf(store: &Store) {
    for number in 0..SESSIONS {
        let one = summary(&format!("many{number}"));
        let nothing = Provenance::Import(format!("bench:many{number}"));
        // Not measured: made only to be listed.
        store
            .add_session(&one, nothing, Vec::new(), 1)
            .await
            .unwrap();
    }
    for (name, words) in [("list", ""), ("list with a word", "parser")] {
        let query = ShelfQuery {
            words: words.into(),
            places: Place::ALL.to_vec(),
            ..ShelfQuery::default()
        };
        let started = Instant::now();
        store.shelf(&query).await.unwrap();
        say(name, started.elapsed());
    }
}

fn message(number: usize) -> Message {
    let words = (0..60).map(|place| {
        // Any fixed scatter will do; a common word must not be in every place.
        let at = (number * 31 + place * place * 17 + place * number) % VOCABULARY.len();
        VOCABULARY[at]
    });
    let mut text = words.collect::<Vec<_>>().join(" ");
    if number.is_multiple_of(1000) {
        text.push_str(&format!(" needle{number}"));
    }
    let id = format!("c{}", number / 4);
    let (role, block) = match number % 4 {
        0 => (Role::User, Block::Text { text }),
        1 => (
            Role::Assistant,
            Block::ToolCall(ToolCall {
                id: id.into(),
                name: "bash".into(),
                input: serde_json::json!({ "command": text }),
            }),
        ),
        2 => (
            Role::User,
            Block::ToolResult(ToolResult::plain(id.into(), Outcome::Ok, text)),
        ),
        _ => (Role::Assistant, Block::Text { text }),
    };
    Message {
        id: MessageId::from(format!("m{number}")),
        turn_id: TurnId::from(format!("t{}", number / 4)),
        role,
        origin: Origin::Typed,
        blocks: vec![block].into(),
        created_ms: number as u64,
    }
}

fn summary(id: &str) -> SessionSummary {
    SessionSummary {
        id: SessionId::from(id),
        title: format!("A long session {id}"),
        workspace: "/home/ada/project".into(),
        state: SessionState::Idle,
        created_ms: 1,
        updated_ms: 1,
        message_count: 0,
    }
}
