#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::{Access, Outcome};
use serde_json::json;

use super::placing::Placing;
use crate::door::{Door, assert_says};
use crate::site::Site;

const BYTES: &str = "http://docs.example/bytes";
const DIGEST: &str = "40aff2e9d2d8922e47afd4648e6967497158785fbd1da870e7110266bf944880";

#[tokio::test]
async fn a_file_comes_whole_with_its_digest() {
    let door = Door::towards(&Site::open());
    let input = json!({"url": BYTES, "path": "a/b/c.bin", "sha256": DIGEST.to_uppercase()});
    let output = door.run("download", input).await;
    assert_eq!(
        output.content,
        format!("Downloaded {BYTES} to `a/b/c.bin`: 256 bytes, SHA-256 {DIGEST}.")
    );
    let expected: Vec<u8> = (0..=255).collect();
    let path = door.workspace.join("a/b/c.bin");
    assert_eq!(std::fs::read(&path).unwrap(), expected);
    assert_eq!(door.tree(), ["a", "a/b", "a/b/c.bin"]);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let plain = door.put("plain", "");
        let mode = |path| std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&path), mode(&plain));
    }
}

#[tokio::test]
async fn what_fails_leaves_nothing() {
    let door = Door::towards(&Site::open());
    let other = DIGEST.replace('4', "5");
    for (input, words) in [
        (
            json!({"url": BYTES, "path": "a/b", "sha256": other}),
            "it was not kept",
        ),
        (
            json!({"url": "http://docs.example/none", "path": "a/b"}),
            "404",
        ),
        (
            json!({"url": "http://docs.example/away", "path": "a/b"}),
            "redirects to",
        ),
        (json!({"url": BYTES, "path": "a/"}), "names a folder"),
        (
            json!({"url": BYTES, "path": "a", "sha256": "12"}),
            "64 hexadecimal digits",
        ),
        (
            json!({"url": "http://10.0.0.1/", "path": "a"}),
            "is an address",
        ),
    ] {
        assert_says(&door.failed("download", input).await, &[words]);
        assert!(door.tree().is_empty(), "{words}: {:?}", door.tree());
    }
}

#[tokio::test]
async fn a_stop_leaves_nothing() {
    let door = Door::towards(&Site::open());
    let cancel = door.ctx.cancel.clone();
    let stop = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        cancel.cancel();
    };
    let input = json!({"url": "http://docs.example/never", "path": "a/b"});
    let (output, ()) = tokio::join!(door.run("download", input), stop);
    assert_eq!(output.outcome, Outcome::Cancelled);
    assert!(door.tree().is_empty(), "{:?}", door.tree());
}

#[tokio::test]
async fn nothing_is_ever_replaced() {
    let site = Site::open();
    let door = Door::towards(&site);
    door.put("a", "mine");
    std::fs::create_dir(door.workspace.join("folder")).unwrap();
    for path in ["a", "folder"] {
        let said = door
            .failed("download", json!({"url": BYTES, "path": path}))
            .await;
        assert_says(&said, &["exists", "another name"]);
    }
    assert_eq!(door.get("a"), "mine");
    assert!(site.requests().is_empty());
    // Also when it comes while the download is under way.
    let path = door.workspace.join("b");
    let placing = Placing::begin(path.clone(), "b".to_owned()).unwrap();
    std::fs::write(&path, "theirs").unwrap();
    placing.finish().unwrap_err();
    assert_eq!(door.get("b"), "theirs");
    assert_eq!(door.tree(), ["a", "b", "folder"]);
}

#[cfg(unix)]
#[tokio::test]
async fn no_link_is_followed() {
    let site = Site::open();
    let door = Door::towards(&site);
    let outside = door.workspace.with_file_name("outside");
    std::fs::create_dir(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, door.workspace.join("link")).unwrap();
    std::os::unix::fs::symlink(outside.join("new"), door.workspace.join("dangling")).unwrap();
    for path in ["link/a", "dangling"] {
        let said = door
            .failed("download", json!({"url": BYTES, "path": path}))
            .await;
        assert_says(&said, &["link"]);
    }
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
    assert!(site.requests().is_empty());
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_known_before() {
    let door = Door::new();
    let placing = Placing::begin(door.workspace.join("a"), "a".to_owned()).unwrap();
    let free = rustix::fs::statvfs(&door.workspace).unwrap();
    let free = free.f_bavail * free.f_frsize;
    assert!(placing.room() < free, "{} of {free}", placing.room());
    drop(placing);
    assert!(door.tree().is_empty());
}

#[test]
fn both_the_host_and_the_file_are_judged() {
    let door = Door::new();
    let plan = door
        .plan("download", &json!({"url": BYTES, "path": "a/b"}))
        .unwrap();
    let path = door.workspace.join("a/b").display().to_string();
    let host = "docs.example".to_owned();
    assert_eq!(
        plan.accesses,
        [Access::Connect { host }, Access::Write { path }]
    );
}
