#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio_util::sync::CancellationToken;

use super::*;
use crate::{Target, View, Web, WebError};

/// A listener that says how many came in.
fn trap() -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let came = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&came);
    std::thread::spawn(move || {
        for _ in listener.incoming() {
            count.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, came)
}

async fn fetched(reach: Reach) -> WebError {
    let web = Web::by(reach.clone(), reach);
    let target = Target::parse("http://docs.rs/").unwrap();
    let cancel = CancellationToken::new();
    web.fetch(&target, View::Readable, &cancel)
        .await
        .unwrap_err()
}

#[tokio::test]
async fn a_name_server_that_changes_its_mind_leads_nowhere() {
    let (inside, came) = trap();
    // Nobody listens there any more: a second answer would be welcome.
    let outside = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for first in [outside, inside] {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let reach = Reach {
            // The first answer passes for public, all others lead inside.
            may_be: Arc::new(move |address| address == outside),
            ..Reach::looking_up(move |_| match count.fetch_add(1, Ordering::SeqCst) {
                0 => vec![first],
                _ => vec![inside],
            })
        };
        let error = fetched(reach).await;
        assert_eq!(asked.load(Ordering::SeqCst), 1, "looked up again: {error}");
        match first == inside {
            true => assert!(matches!(error, WebError::Private { .. }), "{error}"),
            false => assert!(matches!(error, WebError::Unreachable { .. }), "{error}"),
        }
    }
    assert_eq!(came.load(Ordering::SeqCst), 0, "somebody came in");
}

#[tokio::test]
async fn the_same_name_is_looked_at_anew_each_time() {
    let (inside, came) = trap();
    let server = crate::server::Server::start(|_| crate::server::html("first")).await;
    let (address, asked) = (server.address(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&asked);
    let reach = Reach {
        may_be: Arc::new(move |found| found == address),
        ..Reach::looking_up(move |_| match count.fetch_add(1, Ordering::SeqCst) {
            0 => vec![address],
            _ => vec![inside],
        })
    };
    let web = Web::by(reach.clone(), reach);
    let cancel = CancellationToken::new();
    let at = |path: &str| Target::parse(&format!("http://docs.rs/{path}")).unwrap();
    let page = web.fetch(&at("one"), View::Readable, &cancel).await;
    assert_eq!(page.unwrap().text, "first");
    let error = web.fetch(&at("two"), View::Readable, &cancel).await;
    assert!(matches!(error.unwrap_err(), WebError::Private { .. }));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    assert_eq!(came.load(Ordering::SeqCst), 0, "somebody came in");
}

#[tokio::test]
async fn one_private_address_of_many_refuses_all() {
    let (inside, came) = trap();
    let public: SocketAddr = "1.1.1.1:0".parse().unwrap();
    for answers in [vec![inside], vec![public, inside], vec![inside, public]] {
        let reach = Reach::looking_up(move |_| answers.clone());
        let error = fetched(reach).await;
        assert!(matches!(error, WebError::Private { .. }), "{error}");
        assert!(error.to_string().contains("`docs.rs`"), "{error}");
    }
    let many = vec![public; ADDRESSES + 1];
    let error = fetched(Reach::looking_up(move |_| many.clone())).await;
    assert!(matches!(error, WebError::Private { .. }), "{error}");
    let error = fetched(Reach::looking_up(|_| Vec::new())).await;
    assert!(matches!(error, WebError::Unreachable { .. }), "{error}");
    assert_eq!(came.load(Ordering::SeqCst), 0, "somebody came in");
}

#[test]
fn an_address_of_this_machine_is_known() {
    assert!(is_own("127.0.0.1".parse().unwrap()));
    assert!(!is_own("192.0.2.1".parse().unwrap()));
    // Whatever address this machine talks to others from is its own.
    let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
    if socket.connect("192.0.2.1:443").is_ok() {
        assert!(is_own(socket.local_addr().unwrap().ip()));
    }
}

#[test]
fn the_system_is_asked_without_a_port() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let found = runtime.block_on(look_up(Host::parse("familiar.invalid").unwrap()));
    assert!(found.is_err() || found.unwrap().iter().all(|address| address.port() == 0));
}
