#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::Resolve;

use super::*;
use crate::reach::{NotReached, Reach};

/// Fewer would leave a family out.
const LEAST: usize = 80;

struct Case {
    verdict: String,
    url: String,
    addresses: Vec<SocketAddr>,
}

fn cases() -> Vec<Case> {
    let lines = include_str!("../../test_data/targets.txt").lines();
    lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| {
            let (verdict, rest) = line.split_once(' ').unwrap();
            let (url, addresses) = match verdict {
                "allow" | "private" => rest.trim().rsplit_once(' ').unwrap(),
                _ => (rest.trim(), ""),
            };
            let addresses = addresses.split(',').filter(|text| !text.is_empty());
            Case {
                verdict: verdict.to_owned(),
                url: unescaped(url.trim()),
                addresses: addresses
                    .map(|text| SocketAddr::new(text.parse::<IpAddr>().unwrap(), 0))
                    .collect(),
            }
        })
        .collect()
}

fn unescaped(text: &str) -> String {
    let mut text = text
        .replace("\\t", "\t")
        .replace("\\n", "\n")
        .replace("\\0", "\0");
    while let Some((before, rest)) = text.split_once("\\u{") {
        let (digits, after) = rest.split_once('}').unwrap();
        let c = char::from_u32(u32::from_str_radix(digits, 16).unwrap()).unwrap();
        text = format!("{before}{c}{after}");
    }
    text
}

async fn verdict(case: &Case) -> &'static str {
    let target = match Target::parse(&case.url) {
        Ok(target) => target,
        Err(error) => {
            return match error {
                TargetError::Shape { .. } => "shape",
                TargetError::Scheme { .. } => "scheme",
                TargetError::Characters => "characters",
                TargetError::Long => "long",
                TargetError::User => "user",
                TargetError::Host(_) => "host",
                TargetError::Port { .. } => "port",
            };
        }
    };
    let addresses = case.addresses.clone();
    let reach = Reach::looking_up(move |_| addresses.clone());
    let found = reach.resolve(target.host().as_str().parse().unwrap()).await;
    match found {
        Ok(found) => {
            let found: Vec<SocketAddr> = found.collect();
            assert_eq!(found, case.addresses, "{}", case.url);
            "allow"
        }
        Err(error) => {
            let error = error.downcast::<NotReached>().unwrap();
            assert!(matches!(*error, NotReached::Private), "{error}");
            "private"
        }
    }
}

#[tokio::test]
async fn urls_are_told_apart() {
    let cases = cases();
    assert!(cases.len() >= LEAST, "only {}", cases.len());
    let mut wrong = Vec::new();
    for case in &cases {
        let said = verdict(case).await;
        if said != case.verdict {
            wrong.push(format!("{:?}: {said}, not {}", case.url, case.verdict));
        }
    }
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

#[test]
fn the_host_that_is_judged_is_the_one_that_is_asked() {
    for case in cases() {
        if let Ok(target) = Target::parse(&case.url) {
            // What the HTTP client reads out of the same URL.
            let read = reqwest::Url::parse(target.url().as_str()).unwrap();
            assert_eq!(read.host_str(), Some(target.host().as_str()));
            let request = reqwest::Request::new(reqwest::Method::GET, read);
            assert_eq!(request.url().as_str(), target.to_string());
            assert!(target.url().fragment().is_none());
        }
    }
}

#[test]
fn a_url_has_a_bound() {
    let long = format!("https://docs.rs/{}", "a".repeat(URL_BYTES));
    assert_eq!(Target::parse(&long), Err(TargetError::Long));
    let fits = &long[..URL_BYTES];
    assert!(Target::parse(fits).is_ok());
}

#[test]
fn redirects_are_covered_by_the_host_that_was_judged() {
    for (from, location, expected) in [
        ("http://docs.rs/a", "/b", true),
        ("http://docs.rs/a/", "../c?d", true),
        ("http://docs.rs/a", "http://docs.rs/b", true),
        ("http://docs.rs/a", "http://DOCS.RS:80/b", true),
        ("http://docs.rs/a", "https://docs.rs/a", true),
        ("http://docs.rs/a", "https://docs.rs:443/a", true),
        ("http://docs.rs:8080/a", "//docs.rs:8080/b", true),
        ("https://docs.rs/a", "http://docs.rs/a", false),
        ("http://docs.rs/a", "http://docs.rs:8080/a", false),
        ("http://docs.rs/a", "https://docs.rs:8443/a", false),
        ("http://docs.rs:8080/a", "https://docs.rs/a", false),
        ("http://docs.rs/a", "http://www.docs.rs/a", false),
        ("http://docs.rs/a", "//evil.example/", false),
        ("http://docs.rs/a", "https://docs.rs.evil.example/", false),
    ] {
        let from = Target::parse(from).unwrap();
        let next = from.join(location).unwrap();
        assert_eq!(from.covers(&next), expected, "{from} → {next}");
    }
    let from = Target::parse("http://docs.rs/a").unwrap();
    for location in [
        "http://127.0.0.1/",
        "http://localhost/",
        "file:///etc/passwd",
        "http://u:p@docs.rs/",
        "//[::1]/",
        "\\\\evil.example",
        "http://docs.rs:22/",
        "a\nb",
    ] {
        assert!(from.join(location).is_err(), "{location}");
    }
}
