#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::time::{Duration, SystemTime};

use serde_json::{Value, json};

use crate::door::{Door, assert_says};

fn door() -> Door {
    let door = Door::new();
    let names = [
        "main.rs",
        "src/lib.rs",
        "src/deep/mod.rs",
        "src/app.ts",
        ".github/ci.yml",
        ".env",
        "target/out.rs",
        ".git/config.rs",
        "docs/a b.md",
    ];
    for name in names {
        door.put(name, "");
    }
    door.put(".gitignore", "target\n");
    door
}

async fn found(door: &Door, input: Value) -> Vec<String> {
    let output = door.run("glob", input).await;
    let mut files: Vec<String> =
        serde_json::from_value(output.details.unwrap()["files"].clone()).unwrap();
    files.sort();
    files
}

#[tokio::test]
async fn patterns_find_what_they_name() {
    let door = door();
    let cases: [(&str, &[&str]); 11] = [
        ("*.rs", &["main.rs", "src/deep/mod.rs", "src/lib.rs"]),
        ("**/*.rs", &["main.rs", "src/deep/mod.rs", "src/lib.rs"]),
        ("./*.rs", &["main.rs", "src/deep/mod.rs", "src/lib.rs"]),
        ("src/*.rs", &["src/lib.rs"]),
        (
            "src/**/*.{rs,ts}",
            &["src/app.ts", "src/deep/mod.rs", "src/lib.rs"],
        ),
        ("main.rs", &["main.rs"]),
        ("*b.md", &["docs/a b.md"]),
        (".github/**", &[".github/ci.yml"]),
        (".*", &[".env", ".gitignore"]),
        ("target/**", &[]),
        ("**/{.env,x}", &[".env"]),
    ];
    for (pattern, expected) in cases {
        assert_eq!(
            found(&door, json!({"pattern": pattern})).await,
            expected,
            "{pattern}"
        );
    }
    assert_eq!(
        found(&door, json!({"pattern": "*.rs", "path": "src"})).await,
        ["src/deep/mod.rs", "src/lib.rs"]
    );
    assert_eq!(
        found(&door, json!({"pattern": "*.yml", "path": ".github"})).await,
        [".github/ci.yml"]
    );
}

#[tokio::test]
async fn the_newest_comes_first() {
    let door = Door::new();
    for (age, name) in [(30, "old"), (10, "new"), (20, "b"), (20, "a")] {
        let file = std::fs::File::create(door.put(name, "")).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000 - age))
            .unwrap();
    }
    assert_eq!(
        door.ok("glob", json!({"pattern": "*"})).await,
        "new\na\nb\nold\n"
    );
}

#[tokio::test]
async fn too_many_files_are_cut_and_counted() {
    let door = Door::new();
    for number in 0..1005 {
        door.put(&format!("d{}/f{number}.txt", number % 7), "");
    }
    let said = door.ok("glob", json!({"pattern": "*.txt"})).await;
    assert!(
        said.ends_with("(5 files more; narrow the pattern.)\n"),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1001);
}

#[tokio::test]
async fn nothing_found_is_told() {
    let said = door().ok("glob", json!({"pattern": "*.zig"})).await;
    assert_says(&said, &["No file matches `*.zig`", "`.gitignore`"]);
}

#[tokio::test]
async fn bad_patterns_and_folders_are_told() {
    let door = door();
    for (input, words) in [
        (json!({"pattern": ""}), "empty"),
        (json!({"pattern": "[a"}), "cannot be used"),
        (json!({"pattern": "{a,b"}), "cannot be used"),
        (json!({"pattern": "/etc/*"}), "`path`"),
        (json!({"pattern": "../*"}), "`path`"),
        (json!({"pattern": "{".repeat(2000)}), "longer than"),
        (json!({"pattern": "*", "path": "gone"}), "does not exist"),
    ] {
        assert_says(&door.failed("glob", input).await, &[words]);
    }
}

#[cfg(unix)]
#[tokio::test]
async fn links_are_not_followed() {
    let door = Door::new();
    door.put("a/x.rs", "");
    std::os::unix::fs::symlink("..", door.workspace.join("a/up")).unwrap();
    std::os::unix::fs::symlink("/etc", door.workspace.join("etc")).unwrap();
    assert_eq!(found(&door, json!({"pattern": "**"})).await, ["a/x.rs"]);
    assert_says(
        &door
            .failed("glob", json!({"pattern": "*", "path": "etc"}))
            .await,
        &["leads through a link to `/etc`"],
    );
}
