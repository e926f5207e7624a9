//! A provider behind TLS: whom the program trusts, and what it says of others.

use std::process::Output;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use testkit::Reply;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::fam::Fam;

/// Speaks TLS on a port of its own and hands the bytes to a plain server.
struct Front {
    url: String,
    /// The certificate of the authority that signed the front's, as a file.
    authority: tempfile::NamedTempFile,
    _runtime: tokio::runtime::Runtime,
}

impl Front {
    fn before(plain_url: &str) -> Self {
        let (config, authority) = signed_for("localhost");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let listener = runtime
            .block_on(TcpListener::bind(("127.0.0.1", 0)))
            .unwrap();
        let port = listener.local_addr().unwrap().port();
        let behind = plain_url.trim_start_matches("http://").to_owned();
        runtime.spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), behind));
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), authority).unwrap();
        Self {
            url: format!("https://localhost:{port}"),
            authority: file,
            _runtime: runtime,
        }
    }
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, behind: String) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let (acceptor, behind) = (acceptor.clone(), behind.clone());
        connections.spawn(async move {
            // A client that does not trust us goes away in the handshake.
            if let Ok(mut outside) = acceptor.accept(stream).await {
                let mut inside = TcpStream::connect(behind).await.unwrap();
                let _ended = copy_bidirectional(&mut outside, &mut inside).await;
            }
        });
    }
}

/// A server's end with a certificate for this name, and the certificate of
/// the authority that signed it, as PEM.
fn signed_for(name: &str) -> (ServerConfig, String) {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()])
        .unwrap()
        .signed_by(&key, &authority)
        .unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (config, authority.pem())
}

/// `fam run` against a server behind TLS, once the given is in the environment.
fn hello(environment: impl Fn(&Front) -> Option<String>) -> (Output, usize) {
    let fam = Fam::new(vec![Reply::text("Hello over TLS.")]);
    let front = Front::before(&fam.server.base_url());
    let mut command = fam.command(&["run", "hello"]);
    command
        .env("ANTHROPIC_BASE_URL", &front.url)
        .env("FAMILIAR_FLAGS", "-background_titles")
        .env("NO_PROXY", "localhost")
        .env_remove("SSL_CERT_DIR")
        .env_remove("SSL_CERT_FILE");
    if let Some(file) = environment(&front) {
        command.env("SSL_CERT_FILE", file);
    }
    let output = command.output().unwrap();
    (output, fam.server.requests().len())
}

#[test]
fn an_authority_that_the_user_names_is_trusted() {
    let (output, requests) = hello(|front| Some(front.authority.path().display().to_string()));
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(String::from_utf8_lossy(&output.stdout).contains("Hello over TLS."));
    assert_eq!(requests, 1);
}

#[test]
fn an_unknown_authority_is_refused_before_a_word_is_sent() {
    let (output, requests) = hello(|_| None);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("certificate"), "{errors}");
    assert!(errors.contains("SSL_CERT_FILE"), "{errors}");
    assert_eq!(requests, 0);
}
