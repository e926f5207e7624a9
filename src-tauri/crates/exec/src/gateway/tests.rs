#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::net::{IpAddr, SocketAddr};
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::*;

fn host(name: &str) -> Host {
    Host::parse(name).unwrap()
}

fn anywhere(_: IpAddr) -> bool {
    true
}

/// A far end that answers each connection with what it was asked.
fn echo() -> SocketAddr {
    use std::io::{Read, Write};
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut bytes = vec![0; 4096];
            let length = stream.read(&mut bytes).unwrap_or(0);
            let said = String::from_utf8_lossy(&bytes[..length]).into_owned();
            let _ = stream.write_all(format!("asked: {said}").as_bytes());
        }
    });
    address
}

/// All names lead to the far end.
async fn gateway(hosts: &[&str]) -> Gateway {
    let far = echo();
    let hosts: Vec<Host> = hosts.iter().map(|name| host(name)).collect();
    let dial = Dial::fake(move |_, _| vec![far], anywhere);
    Gateway::open(&hosts, &[], &dial).unwrap()
}

async fn ask(gateway: &Gateway, words: &str) -> String {
    let mut stream = UnixStream::connect(gateway.socket()).await.unwrap();
    stream.write_all(words.as_bytes()).await.unwrap();
    let mut said = Vec::new();
    stream.read_to_end(&mut said).await.unwrap();
    String::from_utf8(said).unwrap()
}

#[tokio::test]
async fn what_it_is_open_towards_is_reached_in_both_ways() {
    let gateway = gateway(&["docs.rs"]).await;
    let said = ask(
        &gateway,
        "CONNECT docs.rs:443 HTTP/1.1\r\nHost: docs.rs\r\n\r\nhello",
    )
    .await;
    assert_eq!(
        said,
        "HTTP/1.1 200 Connection established\r\n\r\nasked: hello"
    );
    let request = "GET http://DOCS.rs/a%20b?c=d HTTP/1.1\r\nHost: evil.io\r\n\
                   Proxy-Authorization: secret\r\nProxy-Connection: keep-alive\r\n\
                   Accept: */*\r\n\r\n";
    let said = ask(&gateway, request).await;
    assert_eq!(
        said,
        "asked: GET /a%20b?c=d HTTP/1.1\r\nHost: docs.rs\r\nAccept: */*\r\nConnection: close\r\n\r\n"
    );
    assert!(gateway.refused().is_empty());
}

#[tokio::test]
async fn of_a_connection_only_the_first_request_gets_through() {
    let gateway = gateway(&["docs.rs"]).await;
    let two = "POST http://docs.rs/a HTTP/1.1\r\nContent-Length: 4\r\n\r\nbody\
               GET /b HTTP/1.1\r\nHost: evil.io\r\n\r\n";
    let said = ask(&gateway, two).await;
    assert!(
        said.starts_with("asked: POST /a HTTP/1.1\r\nHost: docs.rs\r\n"),
        "{said}"
    );
    assert!(!said.contains("evil.io") && !said.contains("/b"), "{said}");
}

#[tokio::test]
async fn a_request_may_come_byte_by_byte() {
    let gateway = gateway(&["docs.rs"]).await;
    let mut stream = UnixStream::connect(gateway.socket()).await.unwrap();
    for byte in b"CONNECT docs.rs:443 HTTP/1.1\r\nHost: docs.rs\r\n\r\n" {
        stream.write_all(&[*byte]).await.unwrap();
        tokio::task::yield_now().await;
    }
    stream.write_all(b"hello").await.unwrap();
    let mut said = String::new();
    stream.read_to_string(&mut said).await.unwrap();
    assert!(said.ends_with("asked: hello"), "{said}");
}

#[tokio::test]
async fn its_socket_is_this_users_alone_and_out_of_sight() {
    let gateway = gateway(&["docs.rs"]).await;
    let folder = gateway.socket().parent().unwrap().to_owned();
    let mode = std::fs::metadata(&folder).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert!(folder.starts_with("/tmp") || folder.starts_with("/run"));
    let everywhere = [PathBuf::from("/")];
    assert!(Gateway::open(&[], &everywhere, &Dial::default()).is_err());
}

#[tokio::test]
async fn everything_else_is_refused_and_told() {
    let gateway = gateway(&["docs.rs"]).await;
    for (request, status) in [
        ("CONNECT evil.io:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT www.docs.rs:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT docs.rs.evil.io:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT docs.rs:22 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT docs.rs:80 HTTP/1.1\r\n\r\n", "403"),
        ("GET http://docs.rs:443/ HTTP/1.1\r\n\r\n", "403"),
        (
            "POST http://docs.rs/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            "400",
        ),
        (
            "POST http://docs.rs/ HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "400",
        ),
        (
            "POST http://docs.rs/ HTTP/1.1\r\nContent-Length: +1\r\n\r\na",
            "400",
        ),
        ("CONNECT docs.rs.:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT docs.rs%00.evil.io:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT 127.0.0.1:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT 0x7f.1:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT [::1]:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT localhost:80 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT u@docs.rs:443 HTTP/1.1\r\n\r\n", "403"),
        ("CONNECT docs.rs HTTP/1.1\r\n\r\n", "400"),
        (
            "GET http://evil.io/ HTTP/1.1\r\nHost: docs.rs\r\n\r\n",
            "403",
        ),
        ("GET http://docs.rs@evil.io/ HTTP/1.1\r\n\r\n", "400"),
        ("GET http://evil.io#docs.rs/ HTTP/1.1\r\n\r\n", "403"),
        ("GET http://evil.io\\@docs.rs/ HTTP/1.1\r\n\r\n", "403"),
        ("GET http://docs.rs:22/ HTTP/1.1\r\n\r\n", "403"),
        ("GET ftp://docs.rs/ HTTP/1.1\r\n\r\n", "400"),
        ("GET file:///etc/passwd HTTP/1.1\r\n\r\n", "400"),
        ("GET / HTTP/1.1\r\nHost: docs.rs\r\n\r\n", "400"),
        ("\u{5}\u{1}\u{0}", "400"),
        ("nonsense\r\n\r\n", "400"),
    ] {
        let said = ask(&gateway, request).await;
        assert!(
            said.starts_with(&format!("HTTP/1.1 {status} ")),
            "{request:?}: {said}"
        );
        assert!(!said.contains("asked:"), "{request:?}: {said}");
    }
    let long = format!("GET http://docs.rs/{} HTTP/1.1\r\n\r\n", "a".repeat(70_000));
    assert!(ask(&gateway, &long).await.starts_with("HTTP/1.1 400 "));
    let refused = gateway.refused();
    for name in [
        "evil.io",
        "www.docs.rs",
        "docs.rs:22",
        "something that is no name",
    ] {
        assert!(
            refused.iter().any(|told| told == name),
            "{name}: {refused:?}"
        );
    }
}

#[tokio::test]
async fn names_that_lead_into_the_house_are_refused_and_never_connected_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let inside = listener.local_addr().unwrap();
    let hosts = [host("docs.rs")];
    let public: SocketAddr = "1.1.1.1:443".parse().unwrap();
    // Of several addresses one is enough to refuse; a second answer of the
    // name server is never asked for.
    for answers in [vec![inside], vec![public, inside]] {
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        let look_up = move |_: &Host, _| {
            count.fetch_add(1, Ordering::SeqCst);
            answers.clone()
        };
        let gateway = Gateway::open(
            &hosts,
            &[],
            &Dial::fake(look_up, protocol::is_public_address),
        )
        .unwrap();
        let said = ask(&gateway, "CONNECT docs.rs:443 HTTP/1.1\r\n\r\n").await;
        assert!(
            said.starts_with("HTTP/1.1 403 ") && said.contains("private"),
            "{said}"
        );
        assert_eq!(gateway.refused(), ["docs.rs"]);
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }
    let none = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(none.is_err(), "somebody came in");
    // The machine's own resolver, with a name of `/etc/hosts`.
    let error = Dial::default().reach(&host("familiar.invalid"), 443).await;
    assert!(matches!(
        error,
        Err(NotReached::Failed(_) | NotReached::Slow)
    ));
}

#[tokio::test]
async fn a_closed_gateway_has_no_connections() {
    let gateway = gateway(&["docs.rs"]).await;
    let socket = gateway.socket();
    let mut stream = UnixStream::connect(&socket).await.unwrap();
    stream
        .write_all(b"CONNECT docs.rs:443 HTTP/1.1\r\n\r\n")
        .await
        .unwrap();
    let mut said = [0; 39];
    stream.read_exact(&mut said).await.unwrap();
    drop(gateway);
    let mut rest = Vec::new();
    let ended = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
    assert!(ended.is_ok(), "the connection stays open");
    assert!(UnixStream::connect(&socket).await.is_err());
    assert!(!socket.exists());
}
