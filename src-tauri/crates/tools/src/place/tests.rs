#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;

use super::{absolute, shown};
use crate::call::Stop;
use crate::door::Door;

#[test]
fn a_path_is_made_absolute_by_spelling() {
    let home = std::env::home_dir().unwrap();
    let home = home.to_str().unwrap();
    let cases = [
        ("a.txt", "/ws/a.txt", "a.txt"),
        ("./a/../b", "/ws/b", "b"),
        (".", "/ws", "."),
        ("/ws/", "/ws", "."),
        ("/etc/passwd", "/etc/passwd", "/etc/passwd"),
        ("../ws-evil/a", "/ws-evil/a", "/ws-evil/a"),
        ("/ws-evil", "/ws-evil", "/ws-evil"),
        ("../../../..", "/", "/"),
        ("~/x", &format!("{home}/x"), &format!("{home}/x")),
        ("~", home, home),
        ("~//etc", &format!("{home}/etc"), &format!("{home}/etc")),
        ("~user/x", "/ws/~user/x", "~user/x"),
        ("a b\tc", "/ws/a b\tc", "a b\tc"),
    ];
    for (text, path, name) in cases {
        let found = absolute(text, Path::new("/ws")).unwrap();
        assert_eq!(found, Path::new(path), "{text}");
        assert_eq!(shown(&found, Path::new("/ws")), name, "{text}");
    }
}

#[test]
fn impossible_paths_are_refused() {
    for text in ["", "  ", "a\0b", &"x".repeat(5000)] {
        assert!(absolute(text, Path::new("/ws")).is_err(), "{text:?}");
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_within_the_workspace_for_reading_only() {
    use std::os::unix::fs::symlink;
    let door = Door::new();
    door.put("real/a.txt", "a");
    let outside = door.workspace.with_file_name("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("secret"), "s").unwrap();
    symlink("real/a.txt", door.workspace.join("file")).unwrap();
    symlink("real", door.workspace.join("folder")).unwrap();
    symlink(&outside, door.workspace.join("out")).unwrap();
    symlink(outside.join("secret"), door.workspace.join("leak")).unwrap();
    symlink("nowhere", door.workspace.join("dangling")).unwrap();
    symlink("loop", door.workspace.join("loop")).unwrap();

    // Path, may be read, may be written.
    let cases = [
        ("real/a.txt", true, true),
        ("real/new.txt", true, true),
        ("new/deep/file", true, true),
        ("file", true, false),
        ("folder/a.txt", true, false),
        ("folder/new.txt", true, false),
        ("out", false, false),
        ("out/secret", false, false),
        ("out/new", false, false),
        ("leak", false, false),
        ("dangling", false, false),
        ("dangling/x", false, false),
        ("loop", false, false),
    ];
    for (text, read, write) in cases {
        let path = absolute(text, &door.workspace).unwrap();
        assert_eq!(
            super::to_read(&path, &door.ctx).is_ok(),
            read,
            "read {text}"
        );
        assert_eq!(
            super::to_write(&path, &door.ctx).is_ok(),
            write,
            "write {text}"
        );
    }
    let path = absolute("out/secret", &door.workspace).unwrap();
    let Err(Stop::Failed(why)) = super::to_read(&path, &door.ctx) else {
        panic!("it was followed")
    };
    assert!(
        why.contains(&outside.join("secret").display().to_string()),
        "{why}"
    );
}

#[cfg(unix)]
#[test]
fn a_workspace_that_is_itself_a_link_works() {
    let mut door = Door::new();
    door.put("a.txt", "a");
    let link = door.workspace.with_file_name("link");
    std::os::unix::fs::symlink(&door.workspace, &link).unwrap();
    door.ctx.workspace = link.clone();
    for text in ["a.txt", "new.txt", "sub/new.txt"] {
        let path = absolute(text, &link).unwrap();
        assert_eq!(
            super::to_read(&path, &door.ctx).unwrap(),
            door.workspace.join(text)
        );
        assert_eq!(
            super::to_write(&path, &door.ctx).unwrap(),
            door.workspace.join(text)
        );
    }
}
