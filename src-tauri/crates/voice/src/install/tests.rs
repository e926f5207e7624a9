#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use sha2::{Digest, Sha256};

use super::*;
use crate::transcribe::test_model;

/// Serves one answer on loopback and returns its address.
fn serve(head: String, body: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = [0; 4_096];
        let _ = stream.read(&mut request).unwrap();
        // The client hangs up early when it does not like what it gets.
        let _ = stream.write_all(head.as_bytes());
        let _ = stream.write_all(&body);
    });
    format!("http://{address}/model.bin")
}

fn ok(length: usize) -> String {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
}

fn body() -> Vec<u8> {
    (0..3_000_000_u32).map(|n| (n / 7) as u8).collect()
}

fn model(url: String, body: &[u8]) -> CatalogModel {
    CatalogModel {
        name: "test".to_owned(),
        url,
        sha256: download::hex(&Sha256::digest(body)),
        bytes: body.len() as u64,
        licence: "MIT".to_owned(),
        language: "en".to_owned(),
        note: String::new(),
        recommended: false,
    }
}

fn run(model: &CatalogModel, folder: &Path) -> (Result<PathBuf, InstallError>, Vec<Progress>) {
    let told = Arc::new(Mutex::new(Vec::new()));
    let tell = Arc::clone(&told);
    let result = tokio::runtime::Runtime::new().unwrap().block_on(install(
        model,
        folder,
        move |progress| tell.lock().unwrap().push(progress),
        CancellationToken::new(),
    ));
    let told = told.lock().unwrap().clone();
    (result, told)
}

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn a_download_arrives_whole_under_its_name() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("new/models");
    let body = body();
    let model = model(serve(ok(body.len()), body.clone()), &body);
    let (result, told) = run(&model, &folder);
    let path = result.unwrap();
    assert_eq!(path, folder.join("ggml-test.bin"));
    assert_eq!(std::fs::read(path).unwrap(), body);
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    let total = body.len() as u64;
    assert_eq!(
        told.last(),
        Some(&Progress {
            received: total,
            total
        })
    );
    assert!(
        told.windows(2)
            .all(|pair| pair[0].received < pair[1].received)
    );
}

#[test]
fn a_bad_download_is_told_apart_and_leaves_nothing() {
    let body = body();
    let half = body[..body.len() / 2].to_vec();
    let mut flipped = body.clone();
    flipped[1_000_000] ^= 1;
    let mut longer = body.clone();
    longer.extend([0; 100_000]);
    let endless = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n".to_owned();
    let missing = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n".to_owned();
    let cases: [(&str, String, Vec<u8>, &str); 6] = [
        ("cut", ok(body.len()), half.clone(), "cannot be downloaded"),
        ("short", endless.clone(), half, "1500000 bytes where"),
        ("flipped", ok(body.len()), flipped, "checksum differs"),
        (
            "announced longer",
            ok(longer.len()),
            longer.clone(),
            "3100000 bytes where",
        ),
        ("longer", endless, longer, "bytes where"),
        ("missing", missing, Vec::new(), "answered 404"),
    ];
    for (name, head, sent, wanted) in cases {
        let dir = tempfile::tempdir().unwrap();
        let (result, _) = run(&model(serve(head, sent), &body), dir.path());
        let error = result.unwrap_err();
        assert!(error.to_string().contains(wanted), "{name}: {error}");
        assert!(!error.info().hints[0].is_empty());
        assert!(is_empty(dir.path()), "{name}");
    }
}

#[test]
fn an_unreachable_server_and_a_full_disk_are_errors_with_hints() {
    let dir = tempfile::tempdir().unwrap();
    let gone = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let mut model = model(format!("http://{gone}/m.bin"), b"x");
    let error = run(&model, dir.path()).0.unwrap_err();
    assert_eq!(error.info().kind, ErrorKind::Unreachable);
    model.bytes = u64::MAX / 4;
    let error = run(&model, dir.path()).0.unwrap_err();
    assert!(matches!(error, InstallError::DiskFull { .. }), "{error}");
    assert_eq!(error.info().kind, ErrorKind::Disk);
    assert!(is_empty(dir.path()));
}

#[test]
fn a_folder_that_cannot_be_made_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    std::fs::write(&file, "").unwrap();
    let error = run(
        &model("http://127.0.0.1:1/".to_owned(), b"x"),
        &file.join("models"),
    )
    .0
    .unwrap_err();
    assert!(matches!(error, InstallError::Disk { .. }), "{error}");
}

#[test]
fn a_stopped_download_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let body = body();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let model = model(url, &body);
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // An answer before the question is an error of its own.
        let mut request = [0; 4096];
        assert!(stream.read(&mut request).unwrap() > 0);
        stream.write_all(ok(3_000_000).as_bytes()).unwrap();
        stream.write_all(&[0; 1_000]).unwrap();
        stop.cancel();
        stream
    });
    let result = tokio::runtime::Runtime::new().unwrap().block_on(install(
        &model,
        dir.path(),
        |_| {},
        cancel,
    ));
    assert!(matches!(result, Err(InstallError::Cancelled)));
    assert!(is_empty(dir.path()));
    drop(server.join().unwrap());
}

#[test]
fn a_model_file_of_the_user_is_copied_and_listed() {
    let dir = tempfile::tempdir().unwrap();
    let folder = dir.path().join("models");
    let path = install_file(&test_model(), &folder).unwrap();
    std::fs::write(folder.join("ggml-broken.bin"), "no model").unwrap();
    std::fs::write(folder.join("notes.txt"), "hello").unwrap();
    let found = installed(&folder);
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].name, "espeak-commands-q8_0");
    assert_eq!(Path::new(&found[0].path), path);
    assert!(!found[0].multilingual);
    assert_eq!(
        install_file(&path, &folder).unwrap(),
        path,
        "it is there already"
    );
    let error = install_file(&folder.join("notes.txt"), &folder).unwrap_err();
    assert!(matches!(
        error,
        InstallError::Model(VoiceError::ModelDamaged { .. })
    ));
    assert!(installed(Path::new("/nowhere")).is_empty());
}
