//! The audit ledger and the trust in folders, as scripts use them.

use serde_json::Value;
use testkit::Reply;

use crate::fam::{Fam, bash};

fn json(fam: &Fam, arguments: &[&str]) -> Value {
    let output = fam.call(arguments);
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_ledger_that_was_meddled_with_is_found_out() {
    let fam = Fam::new(vec![bash("ls"), bash("touch made"), Reply::text("Done.")]);
    let ran = fam.call(&["run", "go"]);
    assert_eq!(ran.status.code(), Some(3), "nobody could allow the second");
    let check = json(&fam, &["audit", "verify", "--json"]);
    assert_eq!(check["broken"], Value::Null);
    let entries = json(&fam, &["audit", "--json"]);
    let kinds: Vec<&str> = entries
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        [
            "call_refused",
            "call_answered",
            "call_ended",
            "call_allowed"
        ]
    );
    let head = entries[0]["hash"].as_str().unwrap();
    assert_eq!(check["head"], head);
    let known = fam.call(&["audit", "verify", "--head", head]);
    assert!(known.status.success());
    let strange = fam.call(&["audit", "verify", "--head", "c0ffee"]);
    assert_eq!(strange.status.code(), Some(1));

    let database = fam.home().join("data/sessions.db");
    let raw = rusqlite::Connection::open(database).unwrap();
    raw.execute_batch(
        "DROP TRIGGER audit_is_never_changed;
         UPDATE audit SET detail = 'It runs: the user said yes.' WHERE kind = 'call_refused';",
    )
    .unwrap();
    drop(raw);
    let output = fam.call(&["audit", "verify"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(words.contains("does not hold at entry 4"), "{words}");
}

#[test]
fn a_folder_is_restricted_until_it_is_trusted() {
    let fam = Fam::new(Vec::<Reply>::new());
    let servers = r#"{"mcpServers": {"x": {"command": "evil", "args": ["--now"]}}}"#;
    std::fs::write(fam.workspace.path(".mcp.json"), servers).unwrap();
    let view = json(&fam, &["trust", "--json"]);
    assert_eq!(view["trusted"], false);
    assert_eq!(view["found"][0]["detail"], "x: evil --now");
    let view = json(&fam, &["trust", "--give", "--json"]);
    assert_eq!(view["trusted"], true);
    let list = String::from_utf8(fam.call(&["trust", "--list"]).stdout).unwrap();
    let folder = fam.workspace.root().canonicalize().unwrap();
    assert!(list.contains(folder.to_str().unwrap()), "{list}");
    let view = json(&fam, &["trust", "--revoke", "--json"]);
    assert_eq!(view["trusted"], false);
    let again = fam.call(&["trust", "--revoke"]);
    assert_eq!(again.status.code(), Some(1));
    let gone = fam.call(&["trust", "/nowhere/at/all"]);
    assert_eq!(gone.status.code(), Some(1));
}
