#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use super::*;
use crate::Web;
use crate::server::{Send, Server, answer};

fn query(text: &str) -> Query {
    Query {
        text: text.to_owned(),
        count: 5,
        site: None,
    }
}

fn engine(config: SearchConfig) -> Engine {
    Engine::new(config).unwrap()
}

fn searxng() -> SearchConfig {
    SearchConfig::Searxng {
        base_url: "http://search.home.arpa/".to_owned(),
    }
}

fn keyed() -> [SearchConfig; 2] {
    let key = SearchKey::new(" secret-key-1 \n");
    [SearchConfig::Brave(key.clone()), SearchConfig::Tavily(key)]
}

/// What comes of an answer of an engine of the user's own.
async fn found(parts: Vec<Send>) -> (Result<Vec<Hit>, WebError>, Vec<String>) {
    let server = Server::start(move |_| parts.clone()).await;
    let web = Web::towards(server.address());
    web.set_search(Some(searxng())).unwrap();
    let cancel = CancellationToken::new();
    let engine = web.engine().unwrap();
    let hits = web.search(&engine, &query("rust & tokio"), &cancel).await;
    (hits, server.requests())
}

fn json_answer(body: &Value) -> Vec<Send> {
    let headers = ["Content-Type: application/json"];
    answer("200 OK", &headers, body.to_string().as_bytes())
}

#[tokio::test]
async fn results_are_cleaned_and_counted() {
    let many = (0..30).map(|number| {
        json!({"title": format!("{number}"), "url": format!("https://x.example/{number}"), "content": "c"})
    });
    let mut results = vec![
        json!({
            "title": "<b>Tokio</b> &amp; friends\n",
            "url": "https://tokio.rs/",
            "content": "An\u{200b} <strong>async</strong>\nruntime\u{1b}[2J",
        }),
        json!({"title": "no address", "content": "x"}),
        json!({"title": "script", "url": "javascript:alert(1)"}),
        json!({"title": "file", "url": "file:///etc/passwd"}),
        json!("nonsense"),
        json!({"url": "http://untitled.example/a", "content": "x".repeat(9000)}),
        json!({"title": "long", "url": format!("http://x.example/{}", "a".repeat(3000))}),
    ];
    results.extend(many);
    let (hits, requests) = found(json_answer(&json!({ "results": results }))).await;
    let hits = hits.unwrap();
    assert_eq!(hits.len(), 5);
    assert_eq!(
        hits[0],
        Hit {
            title: "Tokio & friends".to_owned(),
            url: "https://tokio.rs/".to_owned(),
            snippet: "An async runtime[2J".to_owned(),
        }
    );
    assert_eq!(hits[1].title, "untitled.example");
    assert_eq!(hits[1].snippet.chars().count(), SNIPPET_CHARS + 1);
    assert_eq!(hits[2].title, "0");
    assert!(requests[0].starts_with("GET /search?q=rust+%26+tokio&format=json HTTP/1.1\r\n"));
}

#[tokio::test]
async fn what_goes_wrong_is_told() {
    for (parts, words) in [
        (
            answer("403 Forbidden", &[], b""),
            "add `json` to `search.formats`",
        ),
        (
            answer("500 Broken", &[], b""),
            "500 (the fault is on its side",
        ),
        (
            answer("302 Found", &["Location: http://evil.example/"], b""),
            "302",
        ),
        (answer("200 OK", &[], b"<html>"), "no JSON"),
        (
            answer("200 OK", &[], &vec![b' '; ANSWER_BYTES + 1]),
            "larger than",
        ),
    ] {
        let (hits, requests) = found(parts).await;
        let error = hits.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert_eq!(requests.len(), 1);
    }
    for empty in [json!({"results": []}), json!({}), json!([1]), json!(null)] {
        let (hits, _) = found(json_answer(&empty)).await;
        assert_eq!(hits.unwrap(), []);
    }
}

#[test]
fn each_engine_is_asked_in_its_own_way() {
    let site = Query {
        site: Some(Host::parse("docs.rs").unwrap()),
        count: 99,
        ..query("a b")
    };
    let [brave, tavily] = keyed().map(engine);
    let asked = brave.backend.ask(&site);
    assert_eq!(
        asked.url.as_str(),
        "https://api.search.brave.com/res/v1/web/search?q=a+b+site%3Adocs.rs&count=20&text_decorations=false"
    );
    let key = &asked.headers["x-subscription-token"];
    assert!(key.is_sensitive() && key == "secret-key-1");
    let asked = tavily.backend.ask(&site);
    assert_eq!(asked.url.as_str(), "https://api.tavily.com/search");
    let key = &asked.headers["authorization"];
    assert!(key.is_sensitive() && key == "Bearer secret-key-1");
    assert_eq!(
        asked.body.unwrap(),
        json!({"query": "a b", "max_results": 20, "include_domains": ["docs.rs"]})
    );
    let asked = engine(searxng()).backend.ask(&site);
    assert_eq!(
        asked.url.as_str(),
        "http://search.home.arpa/search?q=a+b+site%3Adocs.rs&format=json"
    );
    for (engine, answer) in [
        (
            brave,
            json!({"web": {"results": [{"title": "t", "url": "https://a.io/", "description": "s"}]}}),
        ),
        (
            tavily,
            json!({"results": [{"title": "t", "url": "https://a.io/", "content": "s"}]}),
        ),
    ] {
        let hit = clean(engine.backend.results(&answer).remove(0)).unwrap();
        assert_eq!((hit.title.as_str(), hit.snippet.as_str()), ("t", "s"));
        assert!(!engine.is_the_users_own());
        assert!(
            engine
                .backend
                .refused(StatusCode::UNAUTHORIZED)
                .contains("the key")
        );
    }
}

#[test]
fn a_key_is_never_printed() {
    for config in keyed() {
        assert!(!format!("{config:?} {:?}", engine(config.clone())).contains("secret"));
    }
    assert_eq!(SearchKey::new("a\nb").header(""), None);
}

#[test]
fn an_engine_needs_a_place_with_a_name() {
    let web = Web::new();
    assert!(web.engine().is_none());
    for base_url in [
        "https://searx.example/sub/",
        "http://search.home.arpa:8888/search",
    ] {
        let base_url = base_url.to_owned();
        web.set_search(Some(SearchConfig::Searxng { base_url }))
            .unwrap();
        assert!(web.engine().unwrap().is_the_users_own());
    }
    assert_eq!(web.engine().unwrap().host().as_str(), "search.home.arpa");
    for base_url in ["", "localhost:8888", "http://127.0.0.1:8888", "file:///x"] {
        let base_url = base_url.to_owned();
        assert!(
            web.set_search(Some(SearchConfig::Searxng { base_url }))
                .is_err()
        );
        assert!(web.engine().is_none());
    }
    web.set_search(None).unwrap();
    assert!(web.engine().is_none());
}
