#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;

use super::message::{METHOD_NOT_FOUND, Refusal};
use super::{Listener, Peer};
use crate::error::{Fault, LspError};
use crate::fake::{Fake, pair};

const LIMIT: Duration = Duration::from_secs(10);

/// Counts what it hears.
#[derive(Default)]
struct Ear {
    heard: AtomicU64,
}

impl Listener for Ear {
    fn hear(&self, _method: &str, _params: &str) {
        self.heard.fetch_add(1, Ordering::SeqCst);
    }

    fn reply(&self, method: &str, _params: &str) -> Result<Value, Refusal> {
        match method {
            "known" => Ok(json!(1)),
            _ => Err(Refusal {
                code: METHOD_NOT_FOUND,
                message: "no".to_owned(),
            }),
        }
    }

    fn ended(&self) {}
}

fn talk() -> (Peer, Fake, Arc<Ear>) {
    let (connection, fake) = pair();
    let ear = Arc::new(Ear::default());
    let listener: Arc<dyn Listener> = Arc::clone(&ear) as _;
    (Peer::new("fake", connection, listener), fake, ear)
}

async fn ask(peer: &Peer, method: &str) -> Result<Value, LspError> {
    let answer = peer.request(method, Some(&json!({})), LIMIT).await?;
    Ok(serde_json::from_str(answer.get()).unwrap())
}

fn fault(error: LspError) -> Fault {
    match error {
        LspError::Broken { fault, .. } => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(start_paused = true)]
async fn answers_find_their_questions_in_any_order() {
    let (peer, mut fake, _) = talk();
    let server = async {
        let one = fake.hear().await;
        let two = fake.hear().await;
        assert_eq!(
            (&one["method"], &two["method"]),
            (&json!("one"), &json!("two"))
        );
        fake.answer(&json!({"id": 999}), json!("nobody asked"))
            .await;
        fake.answer(&json!({"id": "text"}), json!("nobody asked"))
            .await;
        fake.answer(&two, json!("second")).await;
        fake.answer(&two, json!("twice")).await;
        fake.answer(&one, Value::Null).await;
        fake.answer(&one, json!("twice")).await;
        let three = fake.hear().await;
        let refusal = json!({"code": -32000, "message": "x".repeat(5000)});
        fake.say(json!({"jsonrpc": "2.0", "id": three["id"], "error": refusal}))
            .await;
    };
    let client = async {
        let (one, two) = tokio::join!(ask(&peer, "one"), ask(&peer, "two"));
        assert_eq!((one, two), (Ok(Value::Null), Ok(json!("second"))));
        let refused = ask(&peer, "three").await.unwrap_err();
        let LspError::Refused { code, message, .. } = refused else {
            panic!("{refused:?}");
        };
        assert_eq!((code, message.len()), (-32000, 1000));
    };
    tokio::join!(server, client);
}

#[tokio::test(start_paused = true)]
async fn a_late_answer_is_taken_back_and_harms_nobody() {
    let (peer, mut fake, _) = talk();
    let server = async {
        let slow = fake.expect("slow").await;
        let cancel = fake.expect("$/cancelRequest").await;
        assert_eq!(cancel["params"]["id"], slow["id"]);
        fake.answer(&slow, json!("late")).await;
        let dropped = fake.expect("dropped").await;
        let cancel = fake.expect("$/cancelRequest").await;
        assert_eq!(cancel["params"]["id"], dropped["id"]);
        let quick = fake.expect("quick").await;
        fake.answer(&quick, json!("here")).await;
    };
    let client = async {
        let late = ask(&peer, "slow").await.unwrap_err();
        assert_eq!(
            late.to_string(),
            "`fake` did not answer `slow` within 10 seconds. It may still be reading the project; try again."
        );
        let moment = Duration::from_millis(10);
        assert!(
            tokio::time::timeout(moment, ask(&peer, "dropped"))
                .await
                .is_err()
        );
        assert_eq!(ask(&peer, "quick").await, Ok(json!("here")));
    };
    tokio::join!(server, client);
}

#[tokio::test(start_paused = true)]
async fn nonsense_ends_the_conversation_for_everybody() {
    let cases: [(&[u8], &str); 5] = [
        (b"hello there\r\n\r\n", "`hello there`"),
        (b"Content-Length: 3\r\n\r\n{}x", "not JSON-RPC"),
        (b"Content-Length: 2\r\n\r\n[]", "not JSON-RPC"),
        (b"Content-Length: 1\r\n\r\n\xff", "not JSON-RPC"),
        (b"Content-Length: 99999999\r\n\r\n{}", "99999999 bytes"),
    ];
    for (bytes, expected) in cases {
        let (peer, mut fake, _) = talk();
        let server = async {
            fake.hear().await;
            fake.hear().await;
            fake.raw(bytes).await;
        };
        let (one, two, ()) = tokio::join!(ask(&peer, "one"), ask(&peer, "two"), server);
        let words = one.unwrap_err().to_string();
        assert!(words.contains(expected), "{words}");
        assert!(two.is_err());
        assert!(ask(&peer, "later").await.is_err());
        // The process was ended, though it would have gone on.
        tokio::time::timeout(LIMIT, ended(&fake)).await.unwrap();
    }
}

async fn ended(fake: &Fake) {
    while !fake.killed.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_death_is_told_with_the_last_words() {
    let (peer, mut fake, _) = talk();
    let server = async {
        fake.hear().await;
        let flood = "é".repeat(10_000);
        fake.stderr.write_all(flood.as_bytes()).await.unwrap();
        fake.stderr
            .write_all(b"\npanicked at 'ouch'\n")
            .await
            .unwrap();
        fake.raw(b"Content-Length: 100\r\n\r\n{\"half").await;
        drop(fake);
    };
    let (died, ()) = tokio::join!(ask(&peer, "one"), server);
    let words = died.unwrap_err().to_string();
    assert!(
        words.starts_with("`fake` ended. Its last words: "),
        "{words}"
    );
    assert!(words.ends_with("panicked at 'ouch'"), "{words}");
    assert!(words.len() < 3000);
}

#[tokio::test(start_paused = true)]
async fn silence_is_a_hang_and_slowness_is_not() {
    let (peer, mut fake, _) = talk();
    for _ in 0..6 {
        assert!(matches!(
            ask(&peer, "slow").await,
            Err(LspError::TimedOut { .. })
        ));
        fake.notice("alive", json!({})).await;
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    for _ in 0..2 {
        assert!(matches!(
            ask(&peer, "slow").await,
            Err(LspError::TimedOut { .. })
        ));
    }
    assert!(peer.error().is_none());
    assert!(ask(&peer, "slow").await.is_err());
    assert_eq!(fault(ask(&peer, "slow").await.unwrap_err()), Fault::Hung);
}

#[tokio::test(start_paused = true)]
async fn a_flood_is_heard_to_its_end() {
    let (peer, mut fake, ear) = talk();
    let server = async {
        let asked = fake.hear().await;
        for number in 0..50_000 {
            fake.notice("flood", json!(number)).await;
        }
        fake.answer(&asked, json!("after it")).await;
    };
    let (answer, ()) = tokio::join!(ask(&peer, "one"), server);
    assert_eq!(answer, Ok(json!("after it")));
    assert_eq!(ear.heard.load(Ordering::SeqCst), 50_000);
}

#[tokio::test(start_paused = true)]
async fn a_server_that_asks_and_does_not_listen_is_left() {
    let (peer, mut fake, _) = talk();
    let server = async {
        for number in 0..100_000 {
            let question = json!({"jsonrpc": "2.0", "id": number, "method": "known"});
            fake.say(question).await;
        }
    };
    let (answer, ()) = tokio::join!(ask(&peer, "one"), server);
    assert_eq!(fault(answer.unwrap_err()), Fault::Deaf);
}

#[tokio::test(start_paused = true)]
async fn questions_are_answered_with_their_own_id() {
    let (_peer, mut fake, _) = talk();
    for id in [json!(1), json!("one"), json!(null), json!(1.5)] {
        fake.say(json!({"jsonrpc": "2.0", "id": id, "method": "known"}))
            .await;
        if id.is_null() {
            // By JSON-RPC it is no question, but for an id that is there.
            continue;
        }
        assert_eq!(
            fake.hear().await,
            json!({"jsonrpc": "2.0", "id": id, "result": 1})
        );
    }
    fake.say(json!({"jsonrpc": "2.0", "id": 2, "method": "else", "params": [1]}))
        .await;
    assert_eq!(
        fake.hear().await,
        json!({"jsonrpc": "2.0", "id": 2, "error": {"code": -32601, "message": "no"}})
    );
}

#[tokio::test(start_paused = true)]
async fn only_so_many_wait() {
    let (peer, fake, _) = talk();
    let mut waiting: Vec<_> = (0..64).map(|_| Box::pin(ask(&peer, "slow"))).collect();
    std::future::poll_fn(|cx| {
        let mut answers = waiting.iter_mut().map(|one| one.as_mut().poll(cx));
        assert!(answers.all(|answer| answer.is_pending()));
        std::task::Poll::Ready(())
    })
    .await;
    let refused = ask(&peer, "more").await;
    assert_eq!(refused, Err(LspError::Busy { server: "fake" }));
    drop(fake);
}

#[tokio::test(start_paused = true)]
async fn dropping_it_ends_the_process() {
    let (peer, fake, _) = talk();
    drop(peer);
    tokio::time::sleep(Duration::from_millis(10)).await;
    assert!(fake.killed.load(Ordering::SeqCst));
}
