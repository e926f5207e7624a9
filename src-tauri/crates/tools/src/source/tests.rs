#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::sync::Mutex;
use std::time::Duration;

use super::{Unread, each_within, load};
use crate::door::{Door, assert_says};
use crate::walk::Start;

#[test]
fn sources_are_told_from_other_files() {
    let door = Door::new();
    let check = |name: &str, content: &[u8], expected: Option<&str>| {
        let loaded = load(&door.put(name, content), name.to_owned());
        let language = loaded.ok().map(|source| source.language.name());
        assert_eq!(language, expected, "{name}");
    };
    check("a.rs", b"fn a() {}", Some("Rust"));
    check("b.py", b"caf\xe9 = 1\n", Some("Python"));
    check("run", b"#!/bin/bash\nx() { :; }\n", Some("Bash"));
    check("notes", b"#include", None);
    check("c.txt", b"#!/bin/bash\n", None);
    check("d.c", b"int a;\0", None);
    check("folder/x.txt", b"", None);
    let folder = load(&door.workspace.join("folder"), "folder".to_owned());
    assert!(matches!(folder, Err(Unread::Unknown)));
    let large = load(
        &door.put("large.c", vec![b'x'; 5 * 1024 * 1024]),
        String::new(),
    );
    assert!(matches!(large, Err(Unread::TooLarge)));
}

#[cfg(unix)]
#[test]
fn a_pipe_is_not_waited_for() {
    let door = Door::new();
    let pipe = door.workspace.join("pipe.rs");
    rustix::fs::mkfifoat(rustix::fs::CWD, &pipe, rustix::fs::Mode::RWXU).unwrap();
    assert!(matches!(load(&pipe, String::new()), Err(Unread::Unknown)));
}

#[test]
fn what_is_not_read_is_told() {
    let door = Door::new();
    door.put("a.rs", "fn a() {}");
    door.put("server.key", "key");
    door.put("large.c", vec![b'x'; 5 * 1024 * 1024]);
    door.put("wp-config.php", "<?php function key() {}\n");
    let start = Start::of(None, &door.ctx).unwrap();
    let run = |time: Duration| {
        let seen = Mutex::new(Vec::new());
        let missed = each_within(time, &start, &door.ctx, |source| {
            seen.lock().unwrap().push(source.name);
        });
        (seen.into_inner().unwrap(), missed.unwrap().notes())
    };
    let (seen, notes) = run(Duration::from_secs(60));
    assert_eq!(seen, ["a.rs"]);
    assert_says(
        &notes,
        &[
            "(1 file that may hold secrets left out",
            "(1 file left out as too large.)",
        ],
    );
    let (seen, notes) = run(Duration::ZERO);
    assert!(seen.is_empty());
    assert_says(&notes, &["(2 files not read, as it took too long"]);
}
