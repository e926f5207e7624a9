//! The tools in the window: what a call asks for before it is allowed, and
//! what its card shows afterwards.

use serde_json::{Value, json};
use testkit::{ModelServer, Reply};

use crate::app::{App, Home};
use crate::desktop::Desktop;

const PATCH: &str = "*** Begin Patch
*** Update File: src/main.rs
@@ fn main() {
-    println!(\"one\");
+    greet(\"two\");
*** Add File: src/greet.rs
+pub fn greet(whom: &str) {
+    println!(\"hello {whom}\");
+}
*** Delete File: old.txt
*** End Patch
";

fn calls() -> Vec<(&'static str, Value)> {
    vec![
        ("tree", json!({})),
        ("read_many", json!({ "paths": ["src/main.rs", "old.txt"] })),
        ("apply_patch", json!({ "patch": PATCH })),
        (
            "multi_edit",
            json!({ "path": "src/main.rs", "edits": [
                { "old_text": "fn main", "new_text": "mod greet;\n\nfn main" },
                { "old_text": "greet(\"two\")", "new_text": "greet::greet(\"you\")" },
            ] }),
        ),
        ("copy", json!({ "from": "src", "to": "copy" })),
        ("move", json!({ "from": "copy", "to": "backup" })),
        (
            "bash",
            json!({ "command": "echo listening; exec sleep 1000", "background": true }),
        ),
        ("job_output", json!({ "id": "job-1" })),
        ("job_kill", json!({ "id": "job-1" })),
    ]
}

#[test]
fn tools_say_what_they_do_before_and_after() {
    let desktop = Desktop::start("belt");
    let mut script: Vec<Reply> = calls()
        .into_iter()
        .map(|(name, input)| Reply::tool(name, input))
        .collect();
    script.push(Reply::text("All of it is done."));
    let server = ModelServer::start_blocking(script);
    let home = Home::trusting("provider = \"anthropic\"\npet_shown = false\n");
    let main = "fn main() {\n    println!(\"one\");\n}\n";
    std::fs::create_dir(home.workspace.path("src")).unwrap();
    std::fs::write(home.workspace.path("src/main.rs"), main).unwrap();
    std::fs::write(home.workspace.path("old.txt"), "gone soon\n").unwrap();
    let flags = [("FAMILIAR_FLAGS", "-background_titles")];
    let app = App::answered_from(&server.base_url(), &desktop, &home, &flags);

    app.type_and_send("work");
    app.wait_for_text("[data-testid=ask-preview]", "hello {whom}");
    for question in [
        "Change `src/main.rs`, `src/greet.rs`, `old.txt`?",
        "Edit `src/main.rs`?",
        "Copy `src` to `copy`?",
        "Move `copy` to `backup`?",
        "Run this command?",
    ] {
        app.wait_for_text("[data-testid=ask-card]", question);
        app.wait_for_css("[data-testid=ask-card][data-armed=true]");
        desktop.screenshot(&format!("asked-{}", question.split(' ').next().unwrap()));
        app.click("[data-testid=ask-allow-once]");
    }
    app.wait_for_text("[data-role=assistant]", "All of it is done.");
    desktop.screenshot("2-done");

    let lines = app.texts("[data-testid=tool-line] button b");
    for verb in [
        "Listed", "Read", "Patched", "Edited", "Copied", "Moved", "Ran", "Stopped",
    ] {
        assert!(lines.iter().any(|line| line == verb), "{verb}: {lines:?}");
    }
    let main = std::fs::read_to_string(home.workspace.path("src/main.rs")).unwrap();
    assert_eq!(
        main,
        "mod greet;\n\nfn main() {\n    greet::greet(\"you\");\n}\n"
    );
    assert!(home.workspace.path("backup/greet.rs").exists());
    assert!(!home.workspace.path("old.txt").exists());
    app.bring_into_sight(
        "[data-testid=tool-line][data-tool=apply_patch] [data-testid=changed-file]",
    );
    desktop.screenshot("3-patch-card");
}
