#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::io;

use super::{FILE_BYTES, explain, load, replace};
use crate::call::Stop;
use crate::door::{Door, assert_says};

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
        &why(replace(&path, "a.txt", b"mine\n", before.as_ref())),
        &["changed by somebody else", "Read it again"],
    );
    assert_eq!(door.get("a.txt"), "theirs, longer\n");

    let before = load(&path, "a.txt").unwrap();
    std::fs::remove_file(&path).unwrap();
    why(replace(&path, "a.txt", b"mine\n", before.as_ref()));
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
    why(replace(&path, "a", b"mine\n", before.as_ref()));
    why(load(&path, "a"));

    std::fs::remove_dir_all(door.workspace.join("sub")).unwrap();
    symlink(&outside, door.workspace.join("sub")).unwrap();
    why(replace(&path, "a", b"mine\n", before.as_ref()));
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
            replace(&path, "a.txt", content.as_bytes(), before.as_ref()).unwrap();
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
