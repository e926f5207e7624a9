#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::{Answer, Outcome, PermissionMode, ToolCall};
use serde_json::json;

use crate::door::{Door, assert_says};
use crate::site::Site;

#[tokio::test]
async fn a_page_comes_with_its_address_and_title() {
    let door = Door::towards(&Site::open());
    let output = door
        .run("web_fetch", json!({"url": "http://docs.example/a#part"}))
        .await;
    assert_eq!(
        output.content,
        "http://docs.example/a\nA\n\n# Hello\n\nSee [b](http://docs.example/b).\n\
         (1 character that nobody sees left out of the page.)\n"
    );
    let details = output.details.unwrap();
    assert_eq!(details["url"], "http://docs.example/a");
    assert_eq!(details["title"], "A");
    let raw = json!({"url": "http://docs.example/a", "raw": true});
    assert_says(&door.ok("web_fetch", raw).await, &["<h1>Hello</h1>"]);
    let empty = json!({"url": "http://docs.example/empty"});
    assert_says(&door.ok("web_fetch", empty).await, &["made by a script"]);
}

#[tokio::test]
async fn a_long_page_comes_in_parts() {
    let site = Site::open();
    let door = Door::towards(&site);
    let (mut offset, mut words) = (0, 0);
    loop {
        let input = json!({"url": "http://docs.example/long", "offset": offset});
        let output = door.run("web_fetch", input).await;
        assert_eq!(output.outcome, Outcome::Ok);
        assert!(output.content.len() < tool::OUTPUT_LIMIT_BYTES);
        words += output.content.matches("some words here").count();
        let details = output.details.unwrap();
        assert_eq!(details["start"], offset);
        offset = details["end"].as_u64().unwrap();
        let more = format!("Call again with `offset` {offset} for more");
        if details["end"] == details["bytes"] {
            assert_says(&output.content, &["This is the end"]);
            break;
        }
        assert_says(&output.content, &[&more]);
    }
    assert_eq!(words, 5000);
    assert_eq!(site.requests(), ["docs.example/long"]);
    let beyond = json!({"url": "http://docs.example/long", "offset": offset});
    assert_says(&door.failed("web_fetch", beyond).await, &["nothing begins"]);
}

#[tokio::test]
async fn what_is_not_fetched_is_told_with_what_to_do() {
    let site = Site::open();
    let door = Door::towards(&site);
    for (url, words) in [
        (
            "http://docs.example/away",
            "redirects to http://other.example/a ;",
        ),
        (
            "http://docs.example/pdf",
            "a PDF document, not text; `download`",
        ),
        ("http://docs.example/none", "404"),
        ("http://127.0.0.1/", "is an address; name the host"),
        ("http://localhost/", "`localhost`"),
        ("http://u:p@docs.example/", "with a login"),
        ("file:///etc/passwd", "only `http://` and `https://`"),
        ("docs.example", "write it like"),
    ] {
        let said = door.failed("web_fetch", json!({"url": url})).await;
        assert_says(&said, &[words]);
    }
    assert_eq!(site.requests().len(), 3);
}

#[tokio::test]
async fn a_stop_ends_it() {
    let door = Door::towards(&Site::open());
    let cancel = door.ctx.cancel.clone();
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        cancel.cancel();
    };
    let fetch = door.run("web_fetch", json!({"url": "http://docs.example/never"}));
    let (output, ()) = tokio::join!(fetch, stop);
    assert_eq!(output.outcome, Outcome::Cancelled);
}

#[test]
fn the_gate_asks_by_host_and_knows_where_it_comes_from() {
    let door = Door::towards(&Site::open());
    for (name, url, path) in [
        ("web_fetch", "http://docs.example/a", None),
        ("web_search", "http://search.example", None),
        ("download", "http://docs.example/a", Some("a.bin")),
    ] {
        let input = match (name, path) {
            ("web_search", _) => json!({"query": "rust"}),
            (_, Some(path)) => json!({"url": url, "path": path}),
            _ => json!({"url": url}),
        };
        let plan = door.plan(name, &input).unwrap();
        let call = ToolCall {
            id: "call".into(),
            name: name.to_owned(),
            input,
        };
        let mut gate = permission::Gate::new(door.workspace.clone());
        let verdict = gate.judge(&call, &plan, PermissionMode::Ask);
        let permission::Verdict::Ask(request) = verdict else {
            panic!("{name} is not asked about: {verdict:?}");
        };
        let grant = gate.settle(&request, &Answer::AllowOnce).unwrap();
        let host = url.split('/').nth(2).unwrap();
        let source = format!("what `{host}` sent");
        assert_eq!(grant.source(), Some(source.as_str()), "{name}");
        // What was read from outside makes the next one ask under any mode.
        let verdict = gate.judge(&call, &plan, PermissionMode::Bypass);
        assert!(matches!(verdict, permission::Verdict::Ask(_)), "{name}");
        let verdict = gate.judge(&call, &plan, PermissionMode::Plan);
        assert!(matches!(verdict, permission::Verdict::Deny(_)), "{name}");
    }
}
