//! What holds for all tools.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use protocol::Outcome;
use serde_json::{Value, json};
use tool::Tool;
use web::Web;

use crate::door::{Door, assert_says};
use crate::site::Site;

/// Files below `src` that are no tools.
const OTHER_FILES: [&str; 14] = [
    "lib",
    "call",
    "contents",
    "diff",
    "disk",
    "door",
    "draft",
    "notebook",
    "place",
    "secret_mark",
    "source",
    "site",
    "text",
    "walk",
];

fn all() -> Vec<Arc<dyn Tool>> {
    crate::all(&Web::new())
}

fn files(extension: &str) -> BTreeSet<String> {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src")
        .read_dir()
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .filter(|name| !OTHER_FILES.contains(&name.as_str()) && name != "tests")
        .collect()
}

#[test]
fn every_file_is_a_tool_of_the_table_with_a_prompt_and_tests() {
    let table: Vec<&str> = all().iter().map(|tool| tool.name()).collect();
    let names: BTreeSet<String> = table.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(names.len(), table.len(), "names are unique");
    assert_eq!(files("rs"), names);
    assert_eq!(files("md"), names);
    for name in names {
        let tests = format!("src/{name}/tests.rs");
        assert!(
            Path::new(env!("CARGO_MANIFEST_DIR")).join(&tests).is_file(),
            "{tests} is missing"
        );
    }
}

#[test]
fn what_models_are_told_is_known() {
    let told: Vec<Value> = all()
        .iter()
        .map(|tool| json!({"name": tool.name(), "read_only": tool.read_only(), "input": tool.input_schema()}))
        .collect();
    insta::assert_snapshot!("schemas", serde_json::to_string_pretty(&told).unwrap());
}

#[test]
fn prompts_are_short_and_every_field_is_explained() {
    for tool in all() {
        let prompt = tool.prompt();
        assert!(
            (60..1600).contains(&prompt.len()),
            "{}: {}",
            tool.name(),
            prompt.len()
        );
        assert!(!prompt.contains('!'), "{}", tool.name());
        let schema = tool.input_schema();
        for (field, about) in schema["properties"].as_object().unwrap() {
            assert!(about["description"].is_string(), "{}.{field}", tool.name());
        }
    }
}

/// An input of every tool that works in a workspace with `a.txt`.
fn good_inputs() -> Vec<(&'static str, Value)> {
    vec![
        ("read", json!({"path": "a.txt"})),
        ("read_many", json!({"paths": ["a.txt"]})),
        ("write", json!({"path": "new.txt", "content": "x\n"})),
        (
            "edit",
            json!({"path": "a.txt", "old_text": "one", "new_text": "1"}),
        ),
        (
            "multi_edit",
            json!({"path": "a.txt", "edits": [{"old_text": "one", "new_text": "1"}]}),
        ),
        (
            "apply_patch",
            json!({"patch": "*** Begin Patch\n*** Update File: a.txt\n-one\n+1\n*** End Patch"}),
        ),
        (
            "notebook_edit",
            json!({"path": "n.ipynb", "action": "delete", "cell": 1}),
        ),
        ("move", json!({"from": "a.txt", "to": "b.txt"})),
        ("copy", json!({"from": "a.txt", "to": "b.txt"})),
        ("mkdir", json!({"path": "new"})),
        ("delete", json!({"path": "a.txt"})),
        ("list_dir", json!({})),
        ("tree", json!({})),
        ("glob", json!({"pattern": "*.txt"})),
        ("grep", json!({"pattern": "one"})),
        ("code_outline", json!({})),
        ("symbol_search", json!({"name": "one"})),
        ("bash", json!({"command": "true"})),
        ("job_list", json!({})),
        ("job_output", json!({"id": "job-1"})),
        ("job_kill", json!({"id": "job-1"})),
        ("web_search", json!({"query": "rust"})),
        ("web_fetch", json!({"url": "http://docs.example/a"})),
        (
            "download",
            json!({"url": "http://docs.example/a", "path": "a.bin"}),
        ),
        (
            "todo",
            json!({"todos": [{"text": "a", "state": "pending"}]}),
        ),
        ("ask_user", json!({"question": "Which?"})),
    ]
}

#[tokio::test]
async fn every_tool_works_once() {
    assert_eq!(good_inputs().len(), all().len());
    let site = Site::open();
    for (name, input) in good_inputs() {
        let door = Door::towards(&site);
        door.put("a.txt", "one\n");
        if name == "notebook_edit" {
            door.put("n.ipynb", crate::notebook::NOTEBOOK);
        }
        *door.user.answer.lock().unwrap() = Some("this".to_owned());
        let lasting = json!({"command": "sleep 1000", "background": true});
        if name.starts_with("job_") {
            door.ok("bash", lasting).await;
        }
        door.ok(name, input).await;
    }
}

#[test]
fn what_a_card_shows_comes_from_the_plan() {
    let door = Door::towards(&Site::open());
    let said: Vec<String> = good_inputs()
        .into_iter()
        .map(|(name, input)| {
            let plan = door.plan(name, &input).unwrap();
            format!("{} | {} | {}", plan.title, plan.subject, plan.question)
        })
        .collect();
    insta::assert_snapshot!(said.join("\n"), @"
    Read | a.txt | Read `a.txt`?
    Read | a.txt | Read `a.txt`?
    Write | new.txt | Write `new.txt`?
    Edit | a.txt | Edit `a.txt`?
    Edit | a.txt | Edit `a.txt`?
    Patch | a.txt | Change `a.txt`?
    Edit | n.ipynb | Edit `n.ipynb`?
    Move | a.txt → b.txt | Move `a.txt` to `b.txt`?
    Copy | a.txt → b.txt | Copy `a.txt` to `b.txt`?
    Make folder | new | Make folder `new`?
    Delete | a.txt | Delete `a.txt`?
    List | . | List `.`?
    List | . | List `.`?
    Find | *.txt | Find files like `*.txt` in `.`?
    Search | one | Search `.` for `one`?
    Outline | . | Outline `.`?
    Find symbol | one | Look in `.` for the symbol `one`?
    Run | true | Run this command?
    Jobs | background jobs | List the background jobs?
    Look at | job-1 | Look at a background job?
    Stop | job-1 | Stop a background job?
    Search | rust | Search the web with SearXNG (`search.example`)?
    Fetch | http://docs.example/a | Fetch this page of `docs.example`?
    Download | http://docs.example/a | Download this file of `docs.example` to `a.bin`?
    Plan | 1 step | Update the plan?
    Ask | Which? | Ask you a question?
    ");
}

/// `good` with each field of another type, missing, or one too many.
fn misshapen(good: &Value) -> Vec<Value> {
    let mut bad = vec![json!(null), json!([]), json!("text"), json!(7)];
    let with = |field: &str, value: Value| {
        let mut input = good.clone();
        input[field] = value;
        input
    };
    for field in good.as_object().unwrap().keys() {
        let others = [json!(null), json!(7), json!({"a": 1}), json!(true)];
        let others = others
            .into_iter()
            .filter(|value| !(value.is_number() && good[field].is_number()));
        bad.extend(others.map(|value| with(field, value)));
        let mut input = good.clone();
        input.as_object_mut().unwrap().shift_remove(field);
        bad.push(input);
    }
    bad.push(with("no_such_field", json!(1)));
    bad
}

#[test]
fn inputs_of_the_wrong_shape_are_refused_in_words() {
    let door = Door::towards(&Site::open());
    for (name, good) in good_inputs() {
        for input in misshapen(&good) {
            let error = door
                .plan(name, &input)
                .expect_err(&format!("{name}: {input}"))
                .to_string();
            assert!(
                error.starts_with("The input does not fit this tool: "),
                "{error}"
            );
        }
    }
}

#[tokio::test]
async fn a_cancelled_turn_runs_nothing() {
    let site = Site::open();
    for (name, input) in good_inputs() {
        let door = Door::towards(&site);
        door.put("a.txt", "one\n");
        door.ctx.cancel.cancel();
        let output = door.run(name, input).await;
        assert_eq!(output.outcome, Outcome::Cancelled, "{name}");
        assert_eq!(door.tree(), ["a.txt"], "{name}");
        assert_eq!(door.get("a.txt"), "one\n", "{name}");
    }
    assert!(site.requests().is_empty());
}

/// What was judged, and what is then asked for.
fn swapped() -> Vec<(&'static str, Value, Value)> {
    vec![
        (
            "read",
            json!({"path": "other.txt"}),
            json!({"path": "a.txt"}),
        ),
        (
            "write",
            json!({"path": "other.txt", "content": "x"}),
            json!({"path": "b.txt", "content": "x"}),
        ),
        (
            "edit",
            json!({"path": "other.txt", "old_text": "one", "new_text": "1"}),
            json!({"path": "a.txt", "old_text": "one", "new_text": "1"}),
        ),
        (
            "multi_edit",
            json!({"path": "other.txt", "edits": [{"old_text": "one", "new_text": "1"}]}),
            json!({"path": "a.txt", "edits": [{"old_text": "one", "new_text": "1"}]}),
        ),
        (
            "apply_patch",
            json!({"patch": "*** Delete File: other.txt"}),
            json!({"patch": "*** Delete File: a.txt"}),
        ),
        (
            "read_many",
            json!({"paths": ["other.txt"]}),
            json!({"paths": ["other.txt", "a.txt"]}),
        ),
    ]
}

/// The same for tools that handle files as a whole, look for them, or run.
fn swapped_places() -> Vec<(&'static str, Value, Value)> {
    vec![
        (
            "notebook_edit",
            json!({"path": "other.ipynb", "action": "delete", "cell": 1}),
            json!({"path": "n.ipynb", "action": "delete", "cell": 1}),
        ),
        (
            "move",
            json!({"from": "a.txt", "to": "other.txt"}),
            json!({"from": "a.txt", "to": "b.txt"}),
        ),
        (
            "copy",
            json!({"from": "other.txt", "to": "b.txt"}),
            json!({"from": "a.txt", "to": "b.txt"}),
        ),
        ("mkdir", json!({"path": "other"}), json!({"path": "new"})),
        (
            "delete",
            json!({"path": "other.txt"}),
            json!({"path": "a.txt"}),
        ),
        ("list_dir", json!({"path": "sub"}), json!({})),
        ("tree", json!({"path": "sub"}), json!({})),
        (
            "glob",
            json!({"pattern": "*", "path": "sub"}),
            json!({"pattern": "*"}),
        ),
        (
            "grep",
            json!({"pattern": "one", "path": "sub"}),
            json!({"pattern": "one"}),
        ),
        ("code_outline", json!({"path": "sub"}), json!({})),
        (
            "symbol_search",
            json!({"name": "one", "path": "sub"}),
            json!({"name": "one"}),
        ),
        (
            "bash",
            json!({"command": "true"}),
            json!({"command": "touch ran"}),
        ),
    ]
}

/// The same for tools that talk to other machines.
fn swapped_hosts() -> Vec<(&'static str, Value, Value)> {
    vec![
        (
            "web_fetch",
            json!({"url": "http://other.example/a"}),
            json!({"url": "http://docs.example/a"}),
        ),
        (
            "download",
            json!({"url": "http://other.example/a", "path": "a.bin"}),
            json!({"url": "http://docs.example/a", "path": "a.bin"}),
        ),
        (
            "download",
            json!({"url": "http://docs.example/a", "path": "b.bin"}),
            json!({"url": "http://docs.example/a", "path": "a.bin"}),
        ),
    ]
}

#[tokio::test]
async fn a_grant_for_something_else_opens_nothing() {
    let site = Site::open();
    for (name, judged, input) in [swapped(), swapped_places(), swapped_hosts()].concat() {
        let door = Door::towards(&site);
        door.put("a.txt", "one\n");
        let output = door.run_granted_for(name, judged, input).await;
        assert_eq!(output.outcome, Outcome::Failed, "{name}");
        assert_says(&output.content, &["something else", "nothing was done"]);
        assert_eq!(door.tree(), ["a.txt"], "{name}");
    }
    assert!(site.requests().is_empty());
}

#[tokio::test]
async fn a_vanished_workspace_is_told() {
    for (name, input) in good_inputs() {
        let needs_none = ["todo", "ask_user", "write", "mkdir", "download"].contains(&name);
        if needs_none || name.starts_with("web_") || name.starts_with("job_") {
            continue;
        }
        let door = Door::new();
        std::fs::remove_dir(&door.workspace).unwrap();
        let said = door.failed(name, input).await;
        assert!(
            said.contains("not exist") || said.contains("any more"),
            "{name}: {said}"
        );
    }
}
