//! The app is killed without warning, again and again, in the middle of a
//! turn: what it acknowledged is there afterwards, and the session goes on.

use std::time::Duration;

use protocol::{Message, SessionId};
use serde_json::json;
use store::Store;
use testkit::{ModelServer, Reply, Script};

use crate::app::{App, Home, app_pid};
use crate::desktop::{Desktop, wait_for};

/// As the issue of durability asks: fifty deaths at random points.
const ROUNDS: usize = 50;

/// A turn of several steps: a command, then an answer that takes its time.
/// After a death the next request carries the mended results as well.
fn script() -> Script {
    Script::from_fn(|request| {
        let asked = request.last_text();
        if asked.contains("finish") {
            Reply::text("Everything is still here.")
        } else if asked.contains("round") {
            Reply::tool("bash", json!({ "command": "sleep 0.1; echo step" }))
        } else {
            Reply::text("One moment, this is a long answer that streams for a while. ").paced_ms(40)
        }
    })
}

#[test]
fn fifty_deaths_lose_nothing_that_was_acknowledged() {
    let desktop = Desktop::start("crash");
    let server = ModelServer::start_blocking(script());
    let home = Home::trusting(
        "provider = \"anthropic\"\npermission_mode = \"bypass\"\npet_shown = false\n",
    );
    let url = server.base_url();
    let mut acknowledged: Vec<String> = Vec::new();
    let mut session: Option<String> = None;

    for round in 0..ROUNDS {
        let app = App::answered_from(&url, &desktop, &home, &[]);
        let id = session.get_or_insert_with(|| start_session(&app)).clone();
        let text = format!("round {round}");
        let submitted = app.invoke(
            "session_submit",
            json!({ "sessionId": id, "text": text, "origin": "typed" }),
        );
        submitted.unwrap_or_else(|error| panic!("round {round}: {error}"));
        acknowledged.push(text);
        // Anywhere from "just submitted" to "long done".
        std::thread::sleep(Duration::from_millis(random_below(900)));
        kill(&home);
        drop(app);
        let messages = stored(&home, &id);
        for text in &acknowledged {
            let kept = messages
                .iter()
                .filter(|message| message.text() == *text)
                .count();
            assert_eq!(kept, 1, "round {round}: `{text}` is there once");
        }
    }

    let app = App::answered_from(&url, &desktop, &home, &[]);
    let id = session.unwrap();
    app.invoke(
        "session_submit",
        json!({ "sessionId": id, "text": "finish", "origin": "typed" }),
    )
    .unwrap();
    wait_for("the last answer", || {
        let messages = stored(&home, &id);
        messages
            .last()
            .is_some_and(|message| message.text() == "Everything is still here.")
            .then_some(())
    });
    desktop.screenshot("after");
}

fn start_session(app: &App) -> String {
    let summary = app
        .invoke("session_start", json!({ "workspace": null }))
        .unwrap();
    summary["id"].as_str().unwrap().to_owned()
}

fn kill(home: &Home) {
    let pid = app_pid(home).expect("the app runs");
    // SAFETY: plain system call on a process this test started.
    let killed = unsafe { libc::kill(i32::try_from(pid).unwrap(), libc::SIGKILL) };
    assert_eq!(killed, 0);
    wait_for("the app to be gone", || {
        app_pid(home).is_none().then_some(())
    });
}

fn stored(home: &Home, session: &str) -> Vec<Message> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(async {
        let store = Store::open(&home.path().join("data/sessions.db"))
            .await
            .unwrap();
        let messages = store.messages(&SessionId::from(session)).await.unwrap();
        store.close().await;
        messages
    })
}

/// From the hash seed that the standard library draws from the system.
fn random_below(limit: u64) -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    RandomState::new().build_hasher().finish() % limit
}
