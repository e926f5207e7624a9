#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::io;

use std::path::Path;

use super::{FILE_BYTES, Loaded, Step, explain, load, replace_all};
use crate::call::Stop;
use crate::door::{Door, assert_says};

/// One step alone.
fn replace(real: &Path, name: &str, bytes: &[u8], before: Option<Loaded>) -> Result<(), Stop> {
    replace_all(&[step(real, name, Some(bytes), before)])
}

fn step(real: &Path, name: &str, bytes: Option<&[u8]>, before: Option<Loaded>) -> Step {
    Step {
        real: real.to_owned(),
        name: name.to_owned(),
        before,
        bytes: bytes.map(<[u8]>::to_vec),
        like: None,
    }
}

fn why<T>(result: Result<T, Stop>) -> String {
    match result {
        Err(Stop::Failed(why)) => why,
        Err(Stop::Cancelled) => panic!("cancelled"),
        Ok(_) => panic!("it worked"),
    }
}

#[test]
fn every_trouble_with_a_disk_has_words() {
    for (kind, words) in [
        (io::ErrorKind::StorageFull, "disk is full"),
        (io::ErrorKind::QuotaExceeded, "quota"),
        (io::ErrorKind::ReadOnlyFilesystem, "read-only"),
        (io::ErrorKind::PermissionDenied, "not permit"),
        (io::ErrorKind::NotADirectory, "not a folder"),
        (io::ErrorKind::InvalidFilename, "too long"),
    ] {
        assert_says(&explain(&kind.into(), "a.txt"), &["`a.txt`", words]);
    }
}

#[test]
fn a_file_changed_in_between_is_not_replaced() {
    let door = Door::new();
    let path = door.put("a.txt", "old\n");
    let before = load(&path, "a.txt").unwrap();
    std::fs::write(&path, "theirs, longer\n").unwrap();
    assert_says(
        &why(replace(&path, "a.txt", b"mine\n", before)),
        &["changed by somebody else", "Read it again"],
    );
    assert_eq!(door.get("a.txt"), "theirs, longer\n");

    let before = load(&path, "a.txt").unwrap();
    std::fs::remove_file(&path).unwrap();
    why(replace(&path, "a.txt", b"mine\n", before));
    assert!(
        door.tree().is_empty(),
        "what was deleted stays deleted: {:?}",
        door.tree()
    );

    let path = door.put("b.txt", "appeared\n");
    assert_says(
        &why(replace(&path, "b.txt", b"mine\n", None)),
        &["changed by somebody else"],
    );
    assert_eq!(door.get("b.txt"), "appeared\n");
    assert_eq!(door.tree(), ["b.txt"]);
}

#[cfg(unix)]
#[test]
fn a_link_swapped_in_is_not_followed() {
    use std::os::unix::fs::symlink;
    let door = Door::new();
    let outside = door.workspace.with_file_name("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("a.txt"), "theirs\n").unwrap();

    // The file became a link, then its folder did.
    let path = door.put("sub/a.txt", "old\n");
    let before = load(&path, "a").unwrap();
    std::fs::remove_file(&path).unwrap();
    symlink(outside.join("a.txt"), &path).unwrap();
    why(replace(&path, "a", b"mine\n", before.clone()));
    why(load(&path, "a"));

    std::fs::remove_dir_all(door.workspace.join("sub")).unwrap();
    symlink(&outside, door.workspace.join("sub")).unwrap();
    why(replace(&path, "a", b"mine\n", before));
    why(replace(
        &door.workspace.join("sub/new.txt"),
        "a",
        b"mine\n",
        None,
    ));
    why(replace(
        &door.workspace.join("sub/deep/new.txt"),
        "a",
        b"mine\n",
        None,
    ));
    if cfg!(target_os = "linux") {
        why(load(&path, "a"));
    }
    assert_eq!(
        std::fs::read_to_string(outside.join("a.txt")).unwrap(),
        "theirs\n"
    );
    assert_eq!(outside.read_dir().unwrap().count(), 1);
}

#[test]
fn readers_see_the_old_or_the_new_file_and_nothing_else() {
    let door = Door::new();
    let (old, new) = ("a".repeat(200_000), "b".repeat(300_000));
    let path = door.put("a.txt", &old);
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let seen = std::fs::read_to_string(&path).unwrap();
                assert!(
                    seen == old || seen == new,
                    "a mixture of {} bytes",
                    seen.len()
                );
            }
        });
        for round in 0..20 {
            let before = load(&path, "a.txt").unwrap();
            let content = if round % 2 == 0 { &new } else { &old };
            replace(&path, "a.txt", content.as_bytes(), before).unwrap();
        }
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        reader.join().unwrap();
    });
    assert_eq!(door.tree(), ["a.txt"]);
}

#[test]
fn a_failure_leaves_neither_files_nor_folders() {
    let door = Door::new();
    door.put("file", "x");
    let too_long = door.workspace.join("new/deep").join("n".repeat(300));
    why(replace(&too_long, "n", b"x", None));
    why(replace(&door.workspace.join("file/below"), "n", b"x", None));
    assert_eq!(door.tree(), ["file"]);
}

#[test]
fn a_file_larger_than_the_limit_is_refused_at_once() {
    let door = Door::new();
    let path = door.put("big", "");
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(5 << 30)
        .unwrap();
    assert_says(&why(load(&path, "big")), &["5.0 GiB", "16.0 MiB", "`grep`"]);
    std::fs::File::options()
        .write(true)
        .open(&path)
        .unwrap()
        .set_len(FILE_BYTES)
        .unwrap();
    assert_eq!(
        load(&path, "big").unwrap().unwrap().bytes.len() as u64,
        FILE_BYTES
    );
}

#[test]
fn several_files_change_together_or_not_at_all() {
    let door = Door::new();
    let (a, b, c) = (
        door.put("a", "a\n"),
        door.put("b", "b\n"),
        door.put("c", "c\n"),
    );
    let fresh = door.workspace.join("new/deep/d");
    let steps = |door: &Door| {
        vec![
            step(&a, "a", Some(b"A\n"), load(&a, "a").unwrap()),
            step(&fresh, "d", Some(b"d\n"), None),
            step(&b, "b", None, load(&b, "b").unwrap()),
            step(
                &c,
                "c",
                Some(b"C\n"),
                load(&door.workspace.join("c"), "c").unwrap(),
            ),
        ]
    };
    // The last one cannot change: somebody was faster.
    let planned = steps(&door);
    std::fs::write(&c, "theirs\n").unwrap();
    assert_says(&why(replace_all(&planned)), &["`c`", "somebody else"]);
    assert_eq!(door.tree(), ["a", "b", "c"]);
    let held = ["a", "b", "c"].map(|name| door.get(name));
    assert_eq!(held, ["a\n", "b\n", "theirs\n"]);

    replace_all(&steps(&door)).unwrap();
    assert_eq!(door.tree(), ["a", "c", "new", "new/deep", "new/deep/d"]);
    let held = ["a", "c", "new/deep/d"].map(|name| door.get(name));
    assert_eq!(held, ["A\n", "C\n", "d\n"]);
}

#[cfg(unix)]
#[test]
fn what_was_done_is_put_back_when_a_later_step_fails() {
    use std::os::unix::fs::PermissionsExt;
    let door = Door::new();
    let (a, b) = (door.put("a", "a\n"), door.put("b", "b\n"));
    std::fs::set_permissions(&a, std::fs::Permissions::from_mode(0o750)).unwrap();
    // Prepared beside each other, but a folder stands where the second goes.
    let blocked = door.workspace.join("x/y");
    let steps = vec![
        step(&a, "a", Some(b"A\n"), load(&a, "a").unwrap()),
        step(&b, "b", None, load(&b, "b").unwrap()),
        step(&door.workspace.join("x"), "x", Some(b"x\n"), None),
        step(&blocked, "y", Some(b"y\n"), None),
    ];
    why(replace_all(&steps));
    assert_eq!((door.get("a"), door.get("b")), ("a\n".into(), "b\n".into()));
    let mode = std::fs::metadata(&a).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode, 0o750);
    assert_eq!(door.tree(), ["a", "b"]);
}
