#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use serde_json::json;

use crate::door::{Door, assert_says};

async fn patched(door: &Door, patch: &str) -> String {
    door.ok("apply_patch", json!({ "patch": patch })).await
}

async fn refused(door: &Door, patch: &str) -> String {
    let before = door.tree();
    let said = door.failed("apply_patch", json!({ "patch": patch })).await;
    assert_eq!(door.tree(), before, "{said}");
    said
}

fn in_envelope(body: &str) -> String {
    format!("*** Begin Patch\n{body}\n*** End Patch\n")
}

#[tokio::test]
async fn several_files_change_in_one_call() {
    let door = Door::new();
    door.put(
        "src/a.rs",
        "fn a() {\n    one();\n    two();\n}\n\nfn b() {\n    one();\n}\n",
    );
    door.put("old.txt", "gone\n");
    door.put("from.txt", "x\ny\n");
    let said = patched(
        &door,
        &in_envelope(
            "*** Update File: src/a.rs\n@@ fn b() {\n-    one();\n+    three();\n*** Add File: new/c.txt\n+first\n+\n+third\n*** Delete File: old.txt\n*** Update File: from.txt\n*** Move to: to/there.txt\n@@\n x\n-y\n+z",
        ),
    )
    .await;
    assert_says(
        &said,
        &[
            "Changed `src/a.rs`: 1 line added, 1 removed.",
            "Created `new/c.txt`: 3 lines added, 0 removed.",
            "Deleted `old.txt`: 0 lines added, 1 removed.",
            "Moved to `to/there.txt`: 1 line added, 1 removed.",
        ],
    );
    assert_eq!(
        door.get("src/a.rs"),
        "fn a() {\n    one();\n    two();\n}\n\nfn b() {\n    three();\n}\n"
    );
    assert_eq!(door.get("new/c.txt"), "first\n\nthird\n");
    assert_eq!(door.get("to/there.txt"), "x\nz\n");
    assert_eq!(
        door.tree(),
        ["new", "new/c.txt", "src", "src/a.rs", "to", "to/there.txt"]
    );
}

#[tokio::test]
async fn a_card_gets_every_file() {
    let door = Door::new();
    door.put("a", "1\n");
    let patch = in_envelope("*** Update File: a\n-1\n+2\n*** Add File: b\n+b");
    let output = door.run("apply_patch", json!({ "patch": patch })).await;
    let files = output.details.unwrap()["files"].clone();
    let told: Vec<String> = files
        .as_array()
        .unwrap()
        .iter()
        .map(|file| {
            format!(
                "{} {} +{} -{}",
                file["path"], file["created"], file["added"], file["removed"]
            )
        })
        .collect();
    assert_eq!(told, ["\"a\" false +1 -1", "\"b\" true +1 -0"]);
}

#[tokio::test]
async fn when_one_part_does_not_fit_nothing_changes() {
    let door = Door::new();
    door.put("a", "one\ntwo\nthree\ntwo\n");
    door.put("b", "b\n");
    let first = "*** Update File: b\n-b\n+B\n";
    for (part, words) in [
        (
            "*** Update File: a\n one\n-zwei\n+2",
            vec![
                "Part 1",
                "`a`",
                "fits at line 1",
                "line 2",
                "`two` and not `zwei`",
            ],
        ),
        (
            "*** Update File: a\n-four\n+4",
            vec!["first line, `four`, is not in"],
        ),
        (
            "*** Update File: a\n-two\n+2",
            vec!["several places (lines 2, 4)"],
        ),
        (
            "*** Update File: a\n@@ five\n-two\n+2",
            vec!["`five`, is not in the rest"],
        ),
        (
            "*** Update File: a\n two\n-end",
            vec!["fits at line 2", "`three` and not `end`"],
        ),
        ("*** Update File: a\n+lost", vec!["says where nothing goes"]),
        ("*** Update File: c\n-x\n+y", vec!["`c` does not exist"]),
        ("*** Delete File: c", vec!["`c` does not exist"]),
        ("*** Add File: a\n+x", vec!["`a` exists already"]),
        (
            "*** Update File: a\n*** Move to: b2/../b\n@@\n-three\n+3",
            vec!["`b` stands in the patch twice"],
        ),
        ("*** Update File: a\n one\n", vec!["leave `a` as it is"]),
    ] {
        let said = refused(&door, &in_envelope(&format!("{first}{part}"))).await;
        assert_says(&said, &words);
        assert_eq!(
            (door.get("a").as_str(), door.get("b").as_str()),
            ("one\ntwo\nthree\ntwo\n", "b\n"),
            "{said}"
        );
    }
}

#[tokio::test]
async fn what_is_no_patch_is_told_by_line() {
    let door = Door::new();
    door.put("a", "a\n");
    for (patch, words) in [
        ("", "empty"),
        ("hello", "Line 1 of the patch is neither"),
        ("*** Begin Patch\n*** End Patch", "this one has 0"),
        (
            "*** Begin Patch\n*** Upend File: a",
            "Line 2 of the patch should be",
        ),
        (
            "*** Begin Patch\n*** Add File: b\nno plus",
            "Line 3 of the patch should be",
        ),
        (
            "*** Begin Patch\n*** Update File: a\n*** End Patch",
            "without a change",
        ),
        (
            "*** Begin Patch\n*** Delete File: a\n*** End Patch\nmore",
            "stands behind",
        ),
        (
            "*** Begin Patch\n*** Update File: a\n@@ x\n*** End Patch",
            "should belong to the part",
        ),
        (
            "--- a/a\n+++ b/a\n@@ whatever @@\n-a",
            "like `@@ -12,5 +12,6 @@`",
        ),
        ("diff --git a/p b/p\nGIT binary patch\n", "no text"),
        (
            "*** Begin Patch\n*** Delete File: a\n*** Update File: ./a\n-a\n+b\n*** End Patch",
            "in the patch twice",
        ),
    ] {
        assert_says(&refused(&door, patch).await, &[words]);
    }
}

#[tokio::test]
async fn a_unified_diff_is_a_patch_too() {
    let door = Door::new();
    let numbered: String = (1..=20).map(|n| format!("{}\n", n % 5)).collect();
    door.put("src/a.txt", &numbered);
    door.put("gone.txt", "x\n");
    door.put("name.txt", "same\n");
    let diff = "diff --git a/src/a.txt b/src/a.txt\nindex 1..2 100644\n--- a/src/a.txt\n+++ b/src/a.txt\n@@ -10,3 +10,3 @@ fn whatever\n 0\n-1\n+eleven\n 2\ndiff --git a/gone.txt b/gone.txt\ndeleted file mode 100644\n--- a/gone.txt\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\ndiff --git a/name.txt b/other.txt\nsimilarity index 100%\nrename from name.txt\nrename to other.txt\ndiff --git a/new.txt b/new.txt\nnew file mode 100644\n--- /dev/null\n+++ b/new.txt\n@@ -0,0 +1,2 @@\n+one\n+two\n\\ No newline at end of file\n";
    patched(&door, diff).await;
    // The lines stand there four times; the number says which are meant.
    let lines: Vec<String> = door.get("src/a.txt").lines().map(str::to_owned).collect();
    let changed: Vec<usize> = (0..20).filter(|at| lines[*at] == "eleven").collect();
    assert_eq!(changed, [10]);
    assert_eq!(door.get("new.txt"), "one\ntwo");
    assert_eq!(door.get("other.txt"), "same\n");
    assert_eq!(door.tree(), ["new.txt", "other.txt", "src", "src/a.txt"]);
}

#[tokio::test]
async fn ends_of_lines_and_files_stay() {
    let cases: &[(&str, &str, &str)] = &[
        (
            "a\r\nb\r\nc\r\n",
            " a\n-b\n+B\n+b2\n c",
            "a\r\nB\r\nb2\r\nc\r\n",
        ),
        ("a\nb", "-b\n+B", "a\nB"),
        ("a\nb", " b\n+c", "a\nb\nc"),
        ("a\nb", "+c\n*** End of File", "a\nb\nc"),
        ("a\nb\n", "+c\n*** End of File", "a\nb\nc\n"),
        ("a\nb\n", "-b", "a\n"),
        ("a\r\nb\nc\n", " a\n b\n-c\n+C", "a\nb\nC\n"),
        ("\u{feff}a\nb\n", "-a\n+A\n b", "\u{feff}A\nb\n"),
        ("a  \nb\n", "-a\n+A\n b", "A\nb\n"),
        ("a\n\nb\n", " a\n\n-b\n+B", "a\n\nB\n"),
        ("", "+x\n*** End of File", "x\n"),
    ];
    for (old, body, new) in cases {
        let door = Door::new();
        door.put("f", old);
        patched(
            &door,
            &in_envelope(&format!("*** Update File: f\n@@\n{body}")),
        )
        .await;
        assert_eq!(door.get("f"), *new, "{old:?} {body:?}");
    }
    for (old, body, new) in [
        ("a\nb", "-b\n\\ No newline at end of file\n+b", "a\nb\n"),
        ("a\nb\n", "-b\n+b\n\\ No newline at end of file", "a\nb"),
        (
            "a\nb",
            "-b\n\\ No newline at end of file\n+c\n\\ No newline at end of file",
            "a\nc",
        ),
    ] {
        let door = Door::new();
        door.put("f", old);
        patched(
            &door,
            &format!("--- a/f\n+++ b/f\n@@ -1,2 +1,2 @@\n a\n{body}\n"),
        )
        .await;
        assert_eq!(door.get("f"), new, "{old:?} {body:?}");
    }
}

#[tokio::test]
async fn a_block_of_markdown_around_it_does_no_harm() {
    let door = Door::new();
    door.put("a", "a\n");
    patched(
        &door,
        "```diff\n*** Begin Patch\n*** Update File: a\n-a\n+b\n*** End Patch\n```\n",
    )
    .await;
    assert_eq!(door.get("a"), "b\n");
}

#[cfg(unix)]
#[tokio::test]
async fn a_moved_file_keeps_its_mode() {
    use std::os::unix::fs::PermissionsExt;
    let door = Door::new();
    let path = door.put("run.sh", "#!/bin/sh\necho a\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
    let patch = "*** Update File: run.sh\n*** Move to: bin/run.sh\n@@\n-echo a\n+echo b";
    patched(&door, &in_envelope(patch)).await;
    let mode = std::fs::metadata(door.workspace.join("bin/run.sh"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o755);
}

#[test]
fn every_file_is_judged() {
    let door = Door::new();
    let patch = in_envelope(
        "*** Update File: a\n*** Move to: b\n@@\n-x\n+y\n*** Delete File: c\n*** Add File: ~/d\n+d\n*** Add File: e\n+e",
    );
    let plan = door
        .plan("apply_patch", &json!({ "patch": patch }))
        .unwrap();
    assert_eq!(plan.accesses.len(), 5);
    assert_says(&plan.question, &["Change `a`, `b`, `c` and 2 more files?"]);
}
