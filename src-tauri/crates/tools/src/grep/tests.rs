#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Outcome;
use serde_json::{Value, json};
use tool::OUTPUT_LIMIT_BYTES;

use crate::door::{Door, assert_says};

fn door() -> Door {
    let door = Door::new();
    door.put("src/a.rs", "fn alpha() {}\n// todo\nfn beta() {}\n");
    door.put("src/b.ts", "function alpha() {}\r\n");
    door.put("notes.txt", "Alpha (1+1)\nomega\n");
    door.put("target/gen.rs", "fn alpha() {}\n");
    door.put(".env", "ALPHA_KEY=alpha\n");
    door.put("image", b"alpha\0binary alpha\n");
    door.put(".gitignore", "target\n");
    door
}

async fn check(door: &Door, input: Value, expected: &str) {
    assert_eq!(door.ok("grep", input.clone()).await, expected, "{input}");
}

#[tokio::test]
async fn matches_come_with_path_and_line() {
    let door = door();
    check(
        &door,
        json!({"pattern": "alpha"}),
        "src/a.rs:1:fn alpha() {}\nsrc/b.ts:1:function alpha() {}\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "^fn (alpha|beta)"}),
        "src/a.rs:1:fn alpha() {}\nsrc/a.rs:3:fn beta() {}\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "ALPHA", "case_insensitive": true, "glob": "*.txt"}),
        "notes.txt:1:Alpha (1+1)\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "(1+1)", "literal": true}),
        "notes.txt:1:Alpha (1+1)\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "alpha", "path": "src/b.ts"}),
        "src/b.ts:1:function alpha() {}\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "alpha", "path": "src", "glob": "*.rs"}),
        "src/a.rs:1:fn alpha() {}\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "alpha", "path": ".env"}),
        ".env:1:ALPHA_KEY=alpha\n",
    )
    .await;
    let path = door.workspace.join("src").display().to_string();
    check(
        &door,
        json!({"pattern": "beta", "path": path}),
        "src/a.rs:3:fn beta() {}\n",
    )
    .await;
}

#[tokio::test]
async fn names_and_counts_come_alone() {
    let door = door();
    check(
        &door,
        json!({"pattern": "fn", "output": "files"}),
        "src/a.rs\n",
    )
    .await;
    check(
        &door,
        json!({"pattern": "alpha|fn", "output": "count"}),
        "src/a.rs:2\nsrc/b.ts:1\n",
    )
    .await;
}

#[tokio::test]
async fn context_is_marked_and_gaps_are_shown() {
    let door = Door::new();
    let lines: String = (1..=20).map(|number| format!("line {number}\n")).collect();
    door.put("a", lines);
    check(
        &door,
        json!({"pattern": "line (3|12)$", "context": 1}),
        "a-2-line 2\na:3:line 3\na-4-line 4\n--\na-11-line 11\na:12:line 12\na-13-line 13\n",
    )
    .await;
}

#[tokio::test]
async fn hidden_files_are_not_searched_by_a_glob() {
    let said = door()
        .ok("grep", json!({"pattern": "alpha", "glob": ".env"}))
        .await;
    assert_says(&said, &["Nothing in `.` matches", "Hidden files"]);
}

#[tokio::test]
async fn files_that_may_hold_secrets_are_searched_only_by_name() {
    let door = Door::new();
    for name in [
        "a.txt",
        "config/credentials.json",
        "deploy/id_rsa",
        "server.key",
    ] {
        door.put(name, "hunter2\n");
    }
    let note = "(3 files that may hold secrets left out; to search one name it in `path`.)\n";
    check(
        &door,
        json!({"pattern": "hunter"}),
        &format!("a.txt:1:hunter2\n{note}"),
    )
    .await;
    check(
        &door,
        json!({"pattern": "hunter", "path": "server.key"}),
        "server.key:1:hunter2\n",
    )
    .await;
}

#[tokio::test]
async fn line_ends_of_windows_do_not_matter() {
    let door = Door::new();
    door.put("a.txt", "one\r\ntwo\r\n");
    check(&door, json!({"pattern": "^one$"}), "a.txt:1:one\n").await;
    check(
        &door,
        json!({"pattern": "^.{3}$", "output": "count"}),
        "a.txt:2\n",
    )
    .await;
}

#[tokio::test]
async fn the_first_part_in_order_is_shown_whatever_the_threads_do() {
    let door = Door::new();
    for number in 0..300 {
        door.put(
            &format!("d{:02}/f{number:03}.txt", number / 10),
            "hit one\nmiss\nhit two\n",
        );
    }
    let first = door.ok("grep", json!({"pattern": "hit", "limit": 5})).await;
    let expected: String = [
        "0:1:hit one",
        "0:3:hit two",
        "1:1:hit one",
        "1:3:hit two",
        "2:1:hit one",
    ]
    .map(|line| format!("d00/f00{}\n", line.replacen(':', ".txt:", 1)))
    .concat();
    let note =
        "(Only the first 5 lines are shown; there are more. Narrow the search or raise `limit`.)\n";
    assert_eq!(first, format!("{expected}{note}"));
    for _ in 0..10 {
        assert_eq!(
            door.ok("grep", json!({"pattern": "hit", "limit": 5})).await,
            first
        );
    }
    let files = door
        .run(
            "grep",
            json!({"pattern": "hit", "output": "files", "limit": 2}),
        )
        .await;
    assert_says(
        &files.content,
        &["d00/f000.txt\nd00/f001.txt\n(Only the first 2 files"],
    );
    assert_eq!(files.details.unwrap()["truncated"], true);
    let all = door
        .run("grep", json!({"pattern": "hit", "limit": 600}))
        .await;
    assert_eq!(all.content.lines().count(), 600);
    assert_eq!(
        all.details.unwrap(),
        json!({"files": 300, "matches": 600, "truncated": false})
    );
}

#[tokio::test]
async fn long_lines_show_the_part_around_the_match() {
    let door = Door::new();
    door.put(
        "min.js",
        format!("{}needle{}\n", "é".repeat(200_000), "ü".repeat(200_000)),
    );
    let said = door.ok("grep", json!({"pattern": "needle"})).await;
    assert!(said.len() < 600 && said.starts_with("min.js:1:…"), "{said}");
    assert_says(&said, &["éneedleü", "…"]);
}

#[tokio::test]
async fn a_flood_of_matches_fits_a_result() {
    let door = Door::new();
    for number in 0..50 {
        door.put(
            &format!("f{number}"),
            format!("{}\n", "x".repeat(300)).repeat(2000),
        );
    }
    let output = door
        .run("grep", json!({"pattern": "x", "limit": 2000, "context": 3}))
        .await;
    assert!(output.content.len() <= OUTPUT_LIMIT_BYTES && !output.content.contains("left out"));
    assert_says(&output.content, &["there are more"]);
}

#[tokio::test]
async fn bad_patterns_bring_a_hint() {
    let door = door();
    for (input, words) in [
        (
            json!({"pattern": "alpha("}),
            vec!["cannot be used", "`literal`"],
        ),
        (json!({"pattern": "a\nb"}), vec!["cannot be used"]),
        (
            json!({"pattern": "a\nb", "literal": true}),
            vec!["cannot be used"],
        ),
        (
            json!({"pattern": "((a{1000}){1000}){1000}"}),
            vec!["cannot be used"],
        ),
        (json!({"pattern": ""}), vec!["empty"]),
        (json!({"pattern": "x".repeat(5000)}), vec!["longer than"]),
        (json!({"pattern": "x", "context": 1000}), vec!["`context`"]),
        (json!({"pattern": "x", "limit": 0}), vec!["`limit`"]),
        (json!({"pattern": "x", "limit": 1_000_000}), vec!["`limit`"]),
        (
            json!({"pattern": "x", "output": "json"}),
            vec!["`output`", "`content`"],
        ),
        (
            json!({"pattern": "x", "glob": "[a"}),
            vec!["pattern cannot be used"],
        ),
        (
            json!({"pattern": "x", "path": "gone"}),
            vec!["does not exist"],
        ),
    ] {
        assert_says(&door.failed("grep", input).await, &words);
    }
}

#[tokio::test]
async fn odd_files_do_not_stop_a_search() {
    let door = door();
    door.put("latin.txt", b"caf\xe9 alpha\n");
    door.put("wide.txt", b"\xff\xfea\0l\0p\0h\0a\0");
    #[cfg(unix)]
    rustix::fs::mkfifoat(
        rustix::fs::CWD,
        door.workspace.join("fifo"),
        rustix::fs::Mode::RWXU,
    )
    .unwrap();
    let said = door
        .ok("grep", json!({"pattern": "alpha", "glob": "*.txt"}))
        .await;
    assert_eq!(said, "latin.txt:1:caf\u{fffd} alpha\nwide.txt:1:alpha\n");
}

#[tokio::test]
async fn a_cancel_ends_a_search() {
    let door = Door::new();
    for number in 0..200 {
        door.put(&format!("f{number}"), "x\n".repeat(10_000));
    }
    let cancel = door.ctx.cancel.clone();
    let search = door.run("grep", json!({"pattern": "x", "output": "count"}));
    let (output, ()) = tokio::join!(search, async { cancel.cancel() });
    assert_eq!(output.outcome, Outcome::Cancelled);
}
