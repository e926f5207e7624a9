//! What a long session costs the engine. `long_session fill HOME 100000` makes
//! one, `long_session open HOME` opens and searches it as the window does and
//! prints `name: number unit`, for the bench to read.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a measurement, not part of the product"
)]

use std::path::Path;
use std::time::Instant;

use engine::{Engine, Home, Options};
use protocol::{
    Block, Message, MessageId, Origin, Outcome, Role, SessionId, SessionState, SessionSummary,
    ShelfQuery, ToolCall, ToolResult, TurnId,
};
use store::{Provenance, Store};
use testkit::figures::{peak_bytes, say, say_size};

const SESSION: &str = "long";

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words[..] {
        ["fill", home, count] => fill(Path::new(home), count.parse().unwrap()).await,
        ["open", home] => open(Path::new(home)).await,
        _ => panic!("fill HOME COUNT, or open HOME"),
    }
}

async fn fill(home: &Path, count: usize) {
    let database = Home::below(home).database();
    std::fs::create_dir_all(database.parent().unwrap()).unwrap();
    let store = Store::open(&database).await.unwrap();
    let summary = SessionSummary {
        id: SessionId::from(SESSION),
        title: "A long session".to_owned(),
        workspace: home.display().to_string(),
        state: SessionState::Idle,
        created_ms: 1,
        updated_ms: 1,
        message_count: 0,
    };
    let from = Provenance::Import("bench:1".into());
    let messages = (0..count).map(message).collect();
    store
        .add_session(&summary, from, messages, 1)
        .await
        .unwrap();
    store.close().await;
}

async fn open(home: &Path) {
    let id = SessionId::from(SESSION);
    let started = Instant::now();
    let engine = Engine::open(Home::below(home), Options::default())
        .await
        .unwrap();
    let view = engine.open_session(&id).await.unwrap();
    let is_whole = |message: &Message| !format!("{message:?}").contains("was lost");
    assert!(!view.messages.is_empty() && view.messages.iter().all(is_whole));
    say("open", started.elapsed());
    let query = ShelfQuery {
        words: "parser".into(),
        ..ShelfQuery::default()
    };
    let started = Instant::now();
    let page = engine.search(&query).await.unwrap();
    assert!(!page.hits.is_empty());
    say("search", started.elapsed());
    say_size("memory", peak_bytes());
    engine.shutdown().await;
}

fn message(number: usize) -> Message {
    let id = format!("c{}", number / 4);
    let text = format!("The parser of part {number} reads a token and gives it to the next.");
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
            Block::ToolResult(ToolResult::plain(id.into(), Outcome::Ok, text.repeat(4))),
        ),
        _ => (Role::Assistant, Block::Text { text }),
    };
    Message {
        id: MessageId::from(format!("m{number}")),
        turn_id: TurnId::from(format!("t{}", number / 4)),
        role,
        // Only what a person said begins an exchange.
        origin: match number % 4 {
            0 => Origin::Typed,
            _ => Origin::Program,
        },
        blocks: vec![block].into(),
        created_ms: number as u64,
    }
}
