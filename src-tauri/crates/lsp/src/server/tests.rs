#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::PathBuf;
use std::time::Duration;

use serde_json::{Value, json};

use super::{FileEvent, Server, Settled};
use crate::edit::{Change, apply};
use crate::error::LspError;
use crate::fake::{FAKES, Fake, Stage};
use crate::finding::At;

const LIMIT: Duration = Duration::from_secs(5);

/// A root with one file, `a.fake`.
struct Root(tempfile::TempDir);

impl Root {
    fn with(text: &str) -> Self {
        let root = Self(tempfile::tempdir().unwrap());
        root.write("a.fake", text);
        root
    }

    fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.path().canonicalize().unwrap().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    fn path(&self) -> PathBuf {
        self.0.path().canonicalize().unwrap().join("a.fake")
    }

    async fn server(&self, stage: &Stage) -> Server {
        Server::start(&FAKES[0], self.0.path(), stage)
            .await
            .unwrap()
    }
}

fn name(line: usize, name: &str) -> At {
    At::Name {
        line,
        name: name.to_owned(),
    }
}

fn range(line: u32, from: u32, to: u32) -> Value {
    json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}})
}

async fn publish(fake: &mut Fake, uri: &Value, version: Value, messages: &[&str]) {
    let items: Vec<Value> = messages
        .iter()
        .map(|message| json!({"range": range(0, 0, 1), "message": message}))
        .collect();
    let params = json!({"uri": uri, "version": version, "diagnostics": items});
    fake.notice("textDocument/publishDiagnostics", params).await;
}

#[tokio::test(start_paused = true)]
async fn it_is_greeted_and_sent_away() {
    let stage = Stage::default().with(|mut fake| async move {
        let hello = fake.greet(json!({})).await;
        let params = &hello["params"];
        let uri = params["rootUri"].as_str().unwrap();
        assert!(uri.starts_with("file:///") && !uri.ends_with('/'), "{uri}");
        assert_eq!(params["workspaceFolders"][0]["uri"], params["rootUri"]);
        assert_eq!(params["processId"], Value::Null);
        assert_eq!(params["initializationOptions"], json!({"opted": true}));
        let encodings = &params["capabilities"]["general"]["positionEncodings"];
        assert_eq!(encodings, &json!(["utf-8", "utf-32", "utf-16"]));
        let goodbye = fake.expect("shutdown").await;
        assert_eq!(goodbye.get("params"), None);
        fake.answer(&goodbye, Value::Null).await;
        assert_eq!(fake.expect("exit").await.get("params"), None);
    });
    let root = Root::with("");
    let server = root.server(&stage).await;
    let lacking = server.hover(&root.path(), &name(1, "x")).await.unwrap_err();
    assert_eq!(
        lacking.to_string(),
        "`fake-server` does not offer information on names."
    );
    server.shutdown().await;
    assert!(server.ended().is_some());
    stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn a_bad_start_is_an_error_in_words() {
    let stage = Stage::default()
        .with(|mut fake| async move {
            let hello = fake.expect("initialize").await;
            let capabilities = json!({"positionEncoding": "utf-7"});
            fake.answer(&hello, json!({"capabilities": capabilities}))
                .await;
            fake.stay().await;
        })
        .with(|mut fake| async move {
            let hello = fake.expect("initialize").await;
            fake.answer(&hello, json!("hello")).await;
            fake.stay().await;
        })
        .with(|fake| async move { drop(fake) })
        .with(|fake| async move {
            // Says nothing at all.
            tokio::time::sleep(Duration::from_secs(600)).await;
            drop(fake);
        });
    let root = Root::with("");
    for expected in [
        "a unit that was not offered",
        "could not be read",
        "ended",
        "did not answer `initialize` within 60 seconds",
        "is not installed. Install it with `fake install`.",
    ] {
        let started = Server::start(&FAKES[0], root.0.path(), &stage).await;
        let words = started.err().unwrap().to_string();
        assert!(words.contains(expected), "{words}");
    }
}

#[tokio::test(start_paused = true)]
async fn what_it_asks_is_answered_and_gives_it_no_power() {
    let stage = Stage::default().with(|mut fake| async move {
        fake.greet(json!({})).await;
        let items = json!({"items": [
            {"section": "fake.deep"}, {"section": "fake.none"}, {"scopeUri": "file:///"}, {"section": ""},
        ]});
        let all = json!({"fake": {"deep": {"value": 7}}});
        let cases = [
            ("workspace/configuration", items, json!([{"value": 7}, null, all, all])),
            ("workspace/configuration", json!({"items": 3}), json!([])),
            ("client/registerCapability", json!({}), Value::Null),
            ("window/workDoneProgress/create", json!({"token": 1}), Value::Null),
            ("window/showMessageRequest", json!({"actions": []}), Value::Null),
        ];
        for (method, params, expected) in cases {
            fake.say(json!({"jsonrpc": "2.0", "id": method, "method": method, "params": params})).await;
            let answer = fake.hear().await;
            assert_eq!((&answer["id"], &answer["result"]), (&json!(method), &expected));
        }
        fake.say(json!({"jsonrpc": "2.0", "id": 1, "method": "workspace/workspaceFolders"})).await;
        let answer = fake.hear().await;
        assert_eq!(answer["result"].as_array().unwrap().len(), 1);
        let edit = json!({"edit": {"changes": {"file:///etc/passwd": []}}});
        fake.say(json!({"jsonrpc": "2.0", "id": 2, "method": "workspace/applyEdit", "params": edit})).await;
        assert_eq!(fake.hear().await["result"]["applied"], false);
        fake.say(json!({"jsonrpc": "2.0", "id": 3, "method": "made/up"})).await;
        assert_eq!(fake.hear().await["error"]["code"], -32601);
        fake.stay().await;
    });
    let root = Root::with("");
    let server = root.server(&stage).await;
    tokio::time::sleep(LIMIT).await;
    server.shutdown().await;
    stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn positions_are_in_the_units_the_server_chose() {
    for (chosen, column, definition) in [
        (Some("utf-8"), 9, range(1, 5, 8)),
        (Some("utf-16"), 6, range(1, 3, 6)),
        (None, 6, range(1, 3, 6)),
        (Some("utf-32"), 5, range(1, 2, 5)),
    ] {
        let stage = Stage::default().with(move |mut fake| async move {
            fake.greet(json!({
                "definitionProvider": true,
                "renameProvider": {},
                "positionEncoding": chosen,
            }))
            .await;
            let opened = fake.expect("textDocument/didOpen").await;
            let document = &opened["params"]["textDocument"];
            assert_eq!(document["languageId"], "fake");
            // Without the byte order mark.
            assert_eq!(document["text"], "é🦀 = one\r\n🦀 one\r\n");
            let asked = fake.expect("textDocument/definition").await;
            assert_eq!(
                asked["params"]["position"],
                json!({"line": 0, "character": column})
            );
            let place = json!({"uri": document["uri"], "range": definition});
            fake.answer(
                &asked,
                json!([place, place, {"uri": "jdt://no/file", "range": definition}]),
            )
            .await;
            let asked = fake.expect("textDocument/rename").await;
            let edit = json!({"range": definition, "newText": "two"});
            let uri = document["uri"].as_str().unwrap();
            fake.answer(&asked, json!({"changes": {uri: [edit]}})).await;
            fake.stay().await;
        });
        // A line before would be two units longer in UTF-8.
        let text = "\u{feff}é🦀 = one\r\n🦀 one\r\n";
        let root = Root::with(text);
        let server = root.server(&stage).await;
        let found = server
            .definition(&root.path(), &name(1, "one"))
            .await
            .unwrap();
        let [place] = found.items.as_slice() else {
            panic!("{found:?}");
        };
        assert_eq!((place.span.start.line, place.span.start.column), (2, 3));
        assert_eq!(place.span.end.column, 6);
        assert_eq!(place.preview, "🦀 one");
        let changes = server
            .rename(&root.path(), &name(1, "one"), "two")
            .await
            .unwrap();
        let [Change::Edit(edit)] = changes.steps.as_slice() else {
            panic!("{changes:?}");
        };
        let renamed = apply(text, &edit.replacements).unwrap();
        assert_eq!(renamed, "\u{feff}é🦀 = one\r\n🦀 two\r\n");
        server.shutdown().await;
        stage.done().await;
    }
}

/// Answers the next hover, and what was told of documents before it.
async fn until_hover(fake: &mut Fake) -> Vec<String> {
    let mut told = Vec::new();
    loop {
        let message = fake.hear().await;
        let (method, params) = (message["method"].as_str().unwrap(), &message["params"]);
        if method == "textDocument/hover" {
            fake.answer(&message, json!({"contents": "*"})).await;
            return told;
        }
        let document = &params["textDocument"];
        let name = |text: &str| text.rsplit('/').next().unwrap().to_owned();
        let (method, file) = (name(method), name(document["uri"].as_str().unwrap()));
        let changed = params["contentChanges"][0]["text"].as_str();
        let text = document["text"].as_str().or(changed).unwrap_or("-");
        told.push(format!("{method} {file} {} {text}", document["version"]));
    }
}

#[tokio::test(start_paused = true)]
async fn documents_follow_the_disk() {
    let stage = Stage::default().with(|mut fake| async move {
        fake.greet(json!({"hoverProvider": true})).await;
        let mut told = Vec::new();
        for _ in 0..5 {
            told.extend(until_hover(&mut fake).await);
        }
        assert_eq!(
            told,
            [
                "didOpen a.fake 1 one",
                // Nothing for the same text again.
                "didChange a.fake 2 two",
                "didSave a.fake null -",
                // It changed before another was asked for.
                "didChange a.fake 3 three!",
                "didSave a.fake null -",
                "didOpen b.fake 1 one",
                "didClose a.fake null -",
            ]
        );
        let watched = fake.expect("workspace/didChangeWatchedFiles").await;
        assert_eq!(watched["params"]["changes"][0]["type"], 3);
        fake.stay().await;
    });
    let root = Root::with("one");
    let path = root.path();
    let server = root.server(&stage).await;
    let hover = async |path: &PathBuf, word: &str| {
        let hover = server.hover(path, &name(1, word)).await.unwrap();
        assert_eq!(hover.unwrap().text, "*");
    };
    hover(&path, "one").await;
    hover(&path, "one").await;
    root.write("a.fake", "two");
    hover(&path, "two").await;
    let other = root.write("b.fake", "one");
    root.write("a.fake", "three!");
    hover(&other, "one").await;
    std::fs::remove_file(&path).unwrap();
    hover(&other, "one").await;
    let gone = server.hover(&path, &name(1, "one")).await.unwrap_err();
    assert!(gone.to_string().contains("cannot be found"), "{gone}");
    server.files_changed(&[(path, FileEvent::Deleted)]).unwrap();
    server.shutdown().await;
    stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_shown_to_a_server_is_not() {
    let stage = Stage::default().with(|mut fake| async move {
        fake.greet(json!({"hoverProvider": true})).await;
        fake.stay().await;
    });
    let root = Root::with("one");
    let server = root.server(&stage).await;
    let folder = root.0.path().join("folder.fake");
    std::fs::create_dir(&folder).unwrap();
    let binary = root.0.path().join("b.fake");
    std::fs::write(&binary, b"\xff\xfe").unwrap();
    let large = root.write("large.fake", &"x".repeat(5_000_000));
    let cases = [
        (folder, "is not a regular file"),
        (binary, "is not UTF-8 text"),
        (large, "too many for a language server"),
        (root.0.path().join("none.fake"), "cannot be found"),
        (root.write("a.txt", "x"), "No language server is known"),
    ];
    for (path, expected) in cases {
        let refused = server.hover(&path, &name(1, "x")).await.unwrap_err();
        assert!(refused.to_string().contains(expected), "{refused}");
    }
}

#[tokio::test(start_paused = true)]
async fn problems_are_of_the_text_that_is_on_disk() {
    let stage = Stage::default().with(|mut fake| async move {
        fake.greet(json!({})).await;
        let opened = fake.expect("textDocument/didOpen").await;
        let uri = opened["params"]["textDocument"]["uri"].clone();
        publish(&mut fake, &uri, json!(1), &["quick"]).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        publish(&mut fake, &uri, json!(1), &["quick", "slow"]).await;
        fake.expect("textDocument/didSave").await;
        // Of the text before: too late to count.
        publish(&mut fake, &uri, json!(1), &["old"]).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        publish(&mut fake, &uri, json!(2), &["new"]).await;
        // Without a version, the order tells.
        fake.expect("textDocument/didSave").await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        publish(&mut fake, &uri, Value::Null, &[]).await;
        // And nothing at all.
        fake.expect("textDocument/didSave").await;
        fake.expect("textDocument/didSave").await;
    });
    let root = Root::with("one");
    let server = root.server(&stage).await;
    let problems = async || {
        let problems = server.problems(&root.path(), LIMIT).await?;
        let words: Vec<String> = problems.items.into_iter().map(|one| one.message).collect();
        Ok::<_, LspError>((words, problems.is_settled))
    };
    let words = |list: &[&str]| list.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
    assert_eq!(problems().await, Ok((words(&["quick", "slow"]), true)));
    // Nothing changed, so nothing is waited for.
    assert_eq!(problems().await, Ok((words(&["quick", "slow"]), true)));
    root.write("a.fake", "two");
    assert_eq!(problems().await, Ok((words(&["new"]), true)));
    root.write("a.fake", "three");
    assert_eq!(problems().await, Ok((vec![], true)));
    root.write("a.fake", "four");
    assert_eq!(problems().await, Ok((vec![], false)));
    root.write("a.fake", "five");
    // It dies instead of an answer.
    let died = problems().await.unwrap_err();
    assert!(died.to_string().contains("ended"), "{died}");
    stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn problems_are_asked_for_where_that_is_offered() {
    let stage = Stage::default().with(|mut fake| async move {
        let provider = json!({"identifier": "us", "interFileDependencies": true, "workspaceDiagnostics": false});
        fake.greet(json!({"diagnosticProvider": provider})).await;
        let asked = fake.expect("textDocument/diagnostic").await;
        assert_eq!(asked["params"]["identifier"], "us");
        let again = json!({"code": -32802, "message": "busy", "data": {"retriggerRequest": true}});
        fake.say(json!({"jsonrpc": "2.0", "id": asked["id"], "error": again})).await;
        let asked = fake.expect("textDocument/diagnostic").await;
        // What it tells as well is known once only.
        let uri = asked["params"]["textDocument"]["uri"].clone();
        publish(&mut fake, &uri, Value::Null, &["asked", "told"]).await;
        let items = json!([{"range": range(0, 0, 1), "message": "asked", "severity": null}, {"wrong": true}]);
        fake.answer(&asked, json!({"kind": "full", "items": items})).await;
        let asked = fake.expect("textDocument/diagnostic").await;
        fake.answer(&asked, json!("nonsense")).await;
        fake.stay().await;
    });
    let root = Root::with("one");
    let server = root.server(&stage).await;
    let problems = server.problems(&root.path(), LIMIT).await.unwrap();
    assert!(problems.is_settled);
    let words: Vec<&str> = problems
        .items
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(words, ["asked", "told"]);
    let all = server.all_problems().await.unwrap();
    assert_eq!(all.items, problems.items);
    let wrong = server.problems(&root.path(), LIMIT).await.unwrap_err();
    assert!(matches!(wrong, LspError::Unreadable { .. }), "{wrong}");
    server.shutdown().await;
    stage.done().await;
}

#[tokio::test(start_paused = true)]
async fn one_can_wait_until_the_project_is_read() {
    let stage = Stage::default().with(|mut fake| async move {
        fake.greet(json!({})).await;
        let progress = |token: Value, value: Value| json!({"token": token, "value": value});
        let begin = json!({"kind": "begin", "title": "Indexing", "percentage": 0});
        fake.notice("$/progress", progress(json!("a"), begin)).await;
        let report = json!({"kind": "report", "message": "3/9", "percentage": 1e30});
        fake.notice("$/progress", progress(json!("a"), report))
            .await;
        for nonsense in [
            json!(null),
            json!([]),
            progress(json!({}), json!({"kind": "else"})),
        ] {
            fake.notice("$/progress", nonsense).await;
        }
        tokio::time::sleep(Duration::from_secs(20)).await;
        fake.notice("$/progress", progress(json!("a"), json!({"kind": "end"})))
            .await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let begin = json!({"kind": "begin", "title": "More"});
        fake.notice("$/progress", progress(json!(2), begin)).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        fake.notice("$/progress", progress(json!(2), json!({"kind": "end"})))
            .await;
        tokio::time::sleep(Duration::from_secs(10)).await;
        // Jobs that never end.
        for token in 0..1000 {
            let begin = json!({"kind": "begin", "title": "x".repeat(1000)});
            fake.notice("$/progress", progress(json!(token), begin))
                .await;
        }
        tokio::time::sleep(Duration::from_secs(100)).await;
    });
    let root = Root::with("one");
    let server = root.server(&stage).await;
    assert_eq!(server.settle(Duration::from_secs(10)).await, Settled::Busy);
    let indexing = server.indexing().unwrap();
    assert_eq!(
        (indexing.what.as_str(), indexing.percent),
        ("Indexing: 3/9", Some(100))
    );
    let start = tokio::time::Instant::now();
    assert_eq!(server.settle(Duration::from_secs(60)).await, Settled::Quiet);
    // Both jobs, and the quiet after the second.
    assert!(
        start.elapsed() > Duration::from_millis(12_900),
        "{:?}",
        start.elapsed()
    );
    assert_eq!(server.indexing(), None);
    tokio::time::sleep(Duration::from_secs(20)).await;
    assert_eq!(server.settle(LIMIT).await, Settled::Busy);
    assert_eq!(server.indexing().unwrap().what.len(), 120);
}
