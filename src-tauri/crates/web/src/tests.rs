//! The whole way from a URL to a text, against a real server with every
//! fault a server can have.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::io::Write;
use std::time::{Duration, Instant};

use tokio_util::sync::CancellationToken;

use crate::server::{Send, Server, answer, head, html, redirect, text};
use crate::{Page, Target, View, Web, WebError};

fn target(path: &str) -> Target {
    Target::parse(&format!("http://docs.example/{path}")).unwrap()
}

async fn fetch(web: &Web, path: &str) -> Result<std::sync::Arc<Page>, WebError> {
    let cancel = CancellationToken::new();
    web.fetch(&target(path), View::Readable, &cancel).await
}

/// What comes of a page that a server answers for.
async fn fetched(
    answer: impl Fn(&str) -> Vec<Send> + std::marker::Send + Sync + 'static,
) -> (Result<std::sync::Arc<Page>, WebError>, Vec<String>) {
    let server = Server::start(answer).await;
    let page = fetch(&Web::towards(server.address()), "").await;
    (page, server.requests())
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed.write_all(bytes).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn a_page_comes_as_markdown_and_the_request_tells_little() {
    let (page, requests) = fetched(|_| {
        html("<title>The page</title><h1>Title</h1><p>One <a href='/two'>two</a>.</p>")
    })
    .await;
    let page = page.unwrap();
    assert_eq!(page.title.as_deref(), Some("The page"));
    assert_eq!(page.text, "# Title\n\nOne [two](http://docs.example/two).");
    assert_eq!(page.url.as_str(), "http://docs.example/");
    let request = requests[0].to_lowercase();
    let names: Vec<&str> = request
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["accept", "accept-encoding", "user-agent", "host"]);
    assert!(request.contains("user-agent: familiar/"), "{request}");
    assert!(request.contains("host: docs.example\r\n"), "{request}");
}

#[tokio::test]
async fn other_texts_come_as_they_are() {
    for (kind, body) in [
        ("application/json", "{\"a\": [1, 2]}"),
        ("text/markdown", "# <b>Title</b>\n"),
        ("text/plain; charset=latin1", "a < b\n"),
    ] {
        let (page, _) = fetched(move |_| {
            answer(
                "200 OK",
                &[&format!("Content-Type: {kind}")],
                body.as_bytes(),
            )
        })
        .await;
        assert_eq!(page.unwrap().text, body);
    }
    let server = Server::start(|_| html("<p>a</p>")).await;
    let cancel = CancellationToken::new();
    let web = Web::towards(server.address());
    let page = web.fetch(&target(""), View::Source, &cancel).await.unwrap();
    assert_eq!(page.text, "<p>a</p>");
    let (page, _) = fetched(|_| text("a\u{200b}b\u{202e}c")).await;
    let page = page.unwrap();
    assert_eq!((page.text.as_str(), page.invisible_count), ("abc", 2));
}

#[tokio::test]
async fn what_is_no_text_is_named_before_it_is_read() {
    let (page, _) = fetched(|_| {
        vec![
            head(&["Content-Type: application/pdf", "Content-Length: 9999999"]),
            Send::Silence,
        ]
    })
    .await;
    let error = page.unwrap_err().to_string();
    assert_eq!(
        error,
        "it is a PDF document, not text; `download` saves it to a file"
    );
    let (page, _) = fetched(|_| answer("200 OK", &[], b"\x7fELF\0\0")).await;
    assert!(matches!(page.unwrap_err(), WebError::NotText { .. }));
}

#[tokio::test]
async fn redirects_stay_on_the_host() {
    let server = Server::start(|path| match path {
        "/" => redirect("/one"),
        "/one" => redirect("http://docs.example/two#part"),
        "/two" => text("there"),
        "/away" => redirect("http://other.example/x?y=z"),
        "/same-name-below" => redirect("http://www.docs.example/"),
        "/private" => redirect("http://127.0.0.1:1/"),
        "/metadata" => redirect("http://169.254.169.254/latest/meta-data/"),
        "/local" => redirect("http://localhost/"),
        "/file" => redirect("file:///etc/passwd"),
        "/user" => redirect("http://u:p@docs.example/"),
        "/nowhere" => answer("302 Found", &[], b""),
        "/port" => redirect("http://docs.example:1234/"),
        "/safe" => redirect("https://docs.example:444/"),
        path => redirect(path),
    })
    .await;
    let web = Web::towards(server.address());
    let page = fetch(&web, "").await.unwrap();
    assert_eq!(page.text, "there");
    assert_eq!(page.url.as_str(), "http://docs.example/two");
    for (path, words) in [
        (
            "away",
            "redirects to http://other.example/x?y=z ; fetch that if you want it",
        ),
        ("same-name-below", "redirects to http://www.docs.example/ ;"),
        ("port", "redirects to http://docs.example:1234/ ;"),
        ("safe", "redirects to https://docs.example:444/ ;"),
        (
            "private",
            "something that is not fetched: `127.0.0.1` is an address",
        ),
        (
            "metadata",
            "something that is not fetched: `169.254.169.254` is an address",
        ),
        ("local", "something that is not fetched: `localhost`"),
        ("file", "only `http://` and `https://`"),
        ("user", "nothing is fetched with a login"),
        ("nowhere", "does not say where to"),
        ("circle", "more than 5 times"),
    ] {
        let error = fetch(&web, path).await.unwrap_err().to_string();
        assert!(error.contains(words), "{path}: {error}");
    }
    let circles = server.requests().into_iter();
    let circles = circles
        .filter(|request| request.contains("/circle"))
        .count();
    assert_eq!(circles, 6);
}

#[tokio::test]
async fn a_no_is_told() {
    for (status, words) in [
        ("404 Not Found", "404 (there is nothing at this address)"),
        ("401 Unauthorized", "401 (it wants a login"),
        ("503 Busy", "503 (the fault is on its side"),
        ("204 No Content", ""),
        ("304 Not Modified", "304"),
        ("418 Teapot", "418"),
    ] {
        let (page, _) = fetched(move |_| answer(status, &["Set-Cookie: a=b"], b"x")).await;
        match page {
            Ok(page) => assert_eq!((page.text.as_str(), words), ("", "")),
            Err(error) => assert!(error.to_string().contains(words), "{error}"),
        }
    }
}

#[tokio::test]
async fn a_page_is_unpacked_and_has_a_bound() {
    let packed = gzip(b"packed text");
    let whole = packed.clone();
    let gzipped = ["Content-Type: text/plain", "Content-Encoding: gzip"];
    let (page, _) = fetched(move |_| answer("200 OK", &gzipped, &whole)).await;
    assert_eq!(page.unwrap().text, "packed text");

    let short = packed[..packed.len() - 9].to_vec();
    let (page, _) = fetched(move |_| answer("200 OK", &gzipped, &short)).await;
    assert!(matches!(page.unwrap_err(), WebError::Broken { .. }));

    let (page, _) = fetched(move |_| answer("200 OK", &gzipped, b"no gzip")).await;
    assert!(matches!(page.unwrap_err(), WebError::Broken { .. }));

    let encoding = ["Content-Type: text/plain", "Content-Encoding: br"];
    let (page, _) = fetched(move |_| answer("200 OK", &encoding, b"x")).await;
    assert!(matches!(page.unwrap_err(), WebError::Encoding { .. }));
    let twice = ["Content-Encoding: gzip", "Content-Encoding: gzip"];
    let (page, _) = fetched(move |_| answer("200 OK", &twice, b"x")).await;
    assert!(matches!(page.unwrap_err(), WebError::Encoding { .. }));
}

#[tokio::test]
async fn a_bomb_does_not_go_off() {
    // 64 members of 16 MiB: one GiB out of one MiB.
    let bomb = gzip(&vec![b'x'; 16 << 20]).repeat(64);
    let start = Instant::now();
    let (page, _) = fetched(move |_| {
        answer(
            "200 OK",
            &["Content-Type: text/plain", "Content-Encoding: gzip"],
            &bomb,
        )
    })
    .await;
    let error = page.unwrap_err();
    assert!(matches!(error, WebError::TooLarge { .. }), "{error}");
    assert!(start.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn bodies_without_end_are_left() {
    let chunk = format!("4000\r\n{}\r\n", "x".repeat(0x4000)).into_bytes();
    let ends: [Vec<Send>; 3] = [
        vec![
            head(&["Content-Type: text/plain", "Transfer-Encoding: chunked"]),
            Send::Endless(chunk),
        ],
        vec![
            head(&["Content-Type: text/plain", "Connection: close"]),
            Send::Endless(vec![b'x'; 0x4000]),
        ],
        vec![
            head(&["Content-Type: text/plain", "Content-Length: 5242881"]),
            Send::Silence,
        ],
    ];
    for end in ends {
        let server = Server::start(move |_| end.clone()).await;
        let error = fetch(&Web::towards(server.address()), "")
            .await
            .unwrap_err();
        assert!(matches!(error, WebError::TooLarge { .. }), "{error}");
        assert!(error.to_string().contains("5242880 bytes"), "{error}");
        gone(&server).await;
    }
}

#[tokio::test]
async fn answers_that_lie_about_themselves_are_told() {
    let lies: [Vec<Send>; 5] = [
        vec![
            head(&["Content-Type: text/plain", "Content-Length: 100"]),
            Send::Bytes(b"too short".to_vec()),
        ],
        vec![
            head(&["Content-Type: text/plain", "Transfer-Encoding: chunked"]),
            Send::Bytes(b"5\r\nhello\r\nnonsense\r\n".to_vec()),
        ],
        vec![
            head(&["Content-Length: 5", "Content-Length: 6"]),
            Send::Bytes(b"hello!".to_vec()),
        ],
        vec![Send::Bytes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec())],
        vec![],
    ];
    for lie in lies {
        let (page, _) = fetched(move |_| lie.clone()).await;
        let error = page.unwrap_err();
        assert!(matches!(error, WebError::Broken { .. }), "{error}");
    }
    // What comes behind the length that was said belongs to nobody.
    let (page, _) = fetched(|_| {
        vec![
            head(&["Content-Type: text/plain", "Content-Length: 5"]),
            Send::Bytes(b"hello and more".to_vec()),
        ]
    })
    .await;
    assert_eq!(page.unwrap().text, "hello");
}

#[tokio::test]
async fn heads_without_end_are_left() {
    let line = format!("X-Header: {}\r\n", "x".repeat(1000)).into_bytes();
    let ends: [Vec<Send>; 3] = [
        vec![
            Send::Bytes(b"HTTP/1.1 200 OK\r\n".to_vec()),
            Send::Endless(line),
        ],
        vec![
            Send::Bytes(b"HTTP/1.1 200 OK\r\nX-Header: ".to_vec()),
            Send::Endless(vec![b'x'; 0x4000]),
        ],
        vec![
            Send::Bytes(b"HTTP/1.1 200 OK\r\n".to_vec()),
            Send::Bytes(b"X: y\r\n".repeat(5000)),
            Send::Bytes(b"\r\n".to_vec()),
        ],
    ];
    for end in ends {
        let server = Server::start(move |_| end.clone()).await;
        let error = fetch(&Web::towards(server.address()), "")
            .await
            .unwrap_err();
        assert!(matches!(error, WebError::Broken { .. }), "{error}");
        gone(&server).await;
    }
}

#[tokio::test(start_paused = true)]
async fn slow_servers_are_left() {
    let second = Duration::from_secs(1);
    let cases: [(Vec<Send>, &str); 4] = [
        (vec![Send::Silence], "within 10 seconds"),
        (
            vec![Send::Slowly(b"HTTP/1.1 200 OK\r\n".repeat(9), second)],
            "within 10 seconds",
        ),
        (
            vec![
                head(&["Content-Type: text/plain", "Content-Length: 100"]),
                Send::Slowly(vec![b'x'; 100], second),
            ],
            "within 30 seconds",
        ),
        (
            vec![
                head(&["Content-Type: text/plain", "Transfer-Encoding: chunked"]),
                Send::Slowly(b"1\r\nx\r\n".repeat(100), second / 4),
            ],
            "within 30 seconds",
        ),
    ];
    for (slow, words) in cases {
        let server = Server::start(move |_| slow.clone()).await;
        let web = Web::towards(server.address());
        let start = tokio::time::Instant::now();
        let error = fetch(&web, "").await.unwrap_err().to_string();
        assert!(error.contains(words), "{error}");
        assert!(start.elapsed() < Duration::from_secs(31), "{words}");
    }
}

#[tokio::test]
async fn a_cancel_ends_it_at_once() {
    let heads = [
        vec![Send::Silence],
        vec![
            head(&["Content-Type: text/plain", "Content-Length: 9"]),
            Send::Silence,
        ],
    ];
    for parts in heads {
        let server = Server::start(move |_| parts.clone()).await;
        let web = Web::towards(server.address());
        let cancel = CancellationToken::new();
        let place = target("");
        let stop = async {
            asked(&server).await;
            tokio::time::sleep(Duration::from_millis(50)).await;
            cancel.cancel();
            Instant::now()
        };
        let (page, stopped) = tokio::join!(web.fetch(&place, View::Readable, &cancel), stop);
        assert!(matches!(page.unwrap_err(), WebError::Cancelled));
        assert!(stopped.elapsed() < Duration::from_millis(500));
        gone(&server).await;
    }
}

#[tokio::test]
async fn a_page_is_fetched_once_in_a_while() {
    let server = Server::start(|path| match path {
        "/" => redirect("/there"),
        "/broken" => answer("500 Broken", &[], b""),
        _ => text("there"),
    })
    .await;
    let web = Web::towards(server.address());
    for _ in 0..3 {
        assert_eq!(fetch(&web, "").await.unwrap().text, "there");
        assert_eq!(fetch(&web, "there#part").await.unwrap().text, "there");
    }
    assert_eq!(server.requests().len(), 2);
    for _ in 0..2 {
        fetch(&web, "broken").await.unwrap_err();
    }
    assert_eq!(server.requests().len(), 4);
}

#[tokio::test]
async fn many_at_a_time_wait_their_turn() {
    let server = Server::start(text).await;
    let web = Web::towards(server.address());
    let mut all = tokio::task::JoinSet::new();
    for number in 0..40 {
        let web = web.clone();
        all.spawn(async move { fetch(&web, &number.to_string()).await.unwrap().text.clone() });
    }
    let mut texts = all.join_all().await;
    texts.sort();
    let mut expected: Vec<String> = (0..40).map(|number| format!("/{number}")).collect();
    expected.sort();
    assert_eq!(texts, expected);
}

#[tokio::test]
async fn a_proxy_of_the_environment_is_not_asked() {
    // Read by every other client of this kind. Only this test sets it, to a
    // place where nobody listens, and nothing here goes to a proxy at all.
    let server = Server::start(|_| text("straight")).await;
    let output = tokio::process::Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "tests::a_page_comes_as_markdown_and_the_request_tells_little",
        ])
        .envs([
            ("http_proxy", "http://127.0.0.1:9"),
            ("ALL_PROXY", "http://127.0.0.1:9"),
            ("HTTPS_PROXY", "http://127.0.0.1:9"),
        ])
        .output()
        .await
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        fetch(&Web::towards(server.address()), "")
            .await
            .unwrap()
            .text,
        "straight"
    );
}

async fn asked(server: &Server) {
    while server.requests().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Waits until the server noticed that it was left.
async fn gone(server: &Server) {
    for _ in 0..400 {
        if server.ended() > 0 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the connection stays open");
}
