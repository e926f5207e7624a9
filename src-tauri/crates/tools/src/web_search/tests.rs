#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Access;
use serde_json::json;

use crate::door::{Door, assert_says};
use crate::site::Site;

#[tokio::test]
async fn results_come_with_titles_addresses_and_snippets() {
    let site = Site::open();
    let door = Door::towards(&site);
    let output = door
        .run(
            "web_search",
            json!({"query": " rust lang ", "site": "Docs.rs"}),
        )
        .await;
    assert_eq!(
        output.content,
        "1. Rust\n   https://www.rust-lang.org/\n   A language.\n2. Docs\n   https://docs.rs/\n"
    );
    assert_eq!(output.details.unwrap()["engine"], "SearXNG");
    assert_eq!(
        site.requests(),
        ["search.example/search?q=rust+lang+site%3Adocs.rs&format=json"]
    );
    let one = door
        .ok("web_search", json!({"query": "x", "count": 1}))
        .await;
    assert!(one.contains("1. Rust") && !one.contains("2. "), "{one}");
}

#[test]
fn the_host_of_the_engine_is_what_is_judged() {
    let door = Door::towards(&Site::open());
    let plan = door
        .plan("web_search", &json!({"query": "rust", "site": "docs.rs"}))
        .unwrap();
    let host = "search.example".to_owned();
    assert_eq!(plan.accesses, [Access::Connect { host }]);
    assert_eq!(plan.subject, "rust (on docs.rs)");
}

#[tokio::test]
async fn without_an_engine_it_says_how_to_get_one() {
    let said = Door::new()
        .failed("web_search", json!({"query": "rust"}))
        .await;
    assert_says(&said, &["`search_url`", "BRAVE_API_KEY", "TAVILY_API_KEY"]);
}

#[test]
fn queries_have_bounds() {
    let door = Door::towards(&Site::open());
    for (input, words) in [
        (json!({"query": " "}), "`query` is empty"),
        (json!({"query": "x".repeat(401)}), "longer than 400"),
        (json!({"query": "a\nb"}), "more than one line"),
        (json!({"query": "a", "count": 0}), "from 1 to 20"),
        (json!({"query": "a", "count": 21}), "from 1 to 20"),
        (json!({"query": "a", "site": "https://docs.rs"}), "`site`:"),
        (json!({"query": "a", "site": "10.0.0.1"}), "is an address"),
    ] {
        let error = door.plan("web_search", &input).unwrap_err().to_string();
        assert_says(&error, &[words]);
    }
}
