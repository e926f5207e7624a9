//! The interface: one place that speaks to the shell, nothing fetched from
//! elsewhere, components that stay small, no test left out.

use super::source::has_word;
use super::{File, complaints, hold, root};

const MAX_COMPONENT_LINES: usize = 300;
const MAX_SCRIPT_LINES: usize = 600;

fn shell_imports(file: &File) -> Vec<String> {
    let is_door = file.path.starts_with("ui/src/ipc/");
    if !file.path.starts_with("ui/src/") || is_door || !file.text.contains("@tauri-apps") {
        return Vec::new();
    }
    vec!["`@tauri-apps` is spoken in ui/src/ipc only".to_owned()]
}

/// Names of XML vocabularies are not addresses: nothing is fetched from them.
const NAMES_NOT_ADDRESSES: &[&str] = &["http://www.w3.org/"];

/// What makes a page load something. In scripts an address may also be a link
/// that the user's browser opens.
const LOADS: &[&str] = &[
    "fetch(",
    "import",
    "src=",
    "srcset=",
    "url(",
    "<link",
    "EventSource(",
    "WebSocket(",
];

fn remote_addresses(file: &File) -> Vec<String> {
    if !file.path.starts_with("ui/") || file.is_test() {
        return Vec::new();
    }
    let loads = |line: &str| {
        file.has_extension(&["css", "html"]) || LOADS.iter().any(|word| line.contains(word))
    };
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| loads(line) && has_remote_address(line))
        .map(|(index, line)| format!("line {}: `{}` reaches out", index + 1, line.trim()))
        .collect()
}

fn has_remote_address(line: &str) -> bool {
    let starts = line.match_indices("http").map(|(at, _)| &line[at..]);
    starts
        .filter(|rest| rest.starts_with("http://") || rest.starts_with("https://"))
        .any(|rest| {
            !NAMES_NOT_ADDRESSES
                .iter()
                .any(|name| rest.starts_with(name))
        })
}

/// The one file nobody writes or reads by hand: it is as long as the Rust
/// types it mirrors, and a test of the shell holds it equal to them.
const GENERATED: &str = "ui/src/ipc/types.ts";

fn sizes(file: &File) -> Vec<String> {
    if !file.path.starts_with("ui/") || file.is_test() || file.path == GENERATED {
        return Vec::new();
    }
    let limit = match file.has_extension(&["svelte"]) {
        true => MAX_COMPONENT_LINES,
        false => MAX_SCRIPT_LINES,
    };
    let count = file.text.lines().count();
    if count <= limit {
        return Vec::new();
    }
    vec![format!("{count} lines; {limit} is the limit")]
}

fn leftovers(file: &File) -> Vec<String> {
    let calls = [".skip(", ".only(", ".todo(", "xit(", "xdescribe("];
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    file.text
        .lines()
        .enumerate()
        .filter(|(_, line)| {
            let is_comment = ["//", "/*", "<!--", "* "]
                .iter()
                .any(|open| line.contains(open));
            let is_left_out = file.is_test() && calls.iter().any(|call| line.contains(call));
            let is_marked = is_comment && marks.iter().any(|mark| has_word(line, mark));
            is_left_out || is_marked
        })
        .map(|(index, line)| format!("line {}: `{}`", index + 1, line.trim()))
        .collect()
}

#[test]
fn one_folder_speaks_to_the_shell() {
    hold(&["ts", "svelte"], shell_imports);
    let import = "import { invoke } from '@tauri-apps/api/core';";
    let check = |path: &str, count: usize| {
        assert_eq!(complaints(path, import, shell_imports), count, "{path}");
    };
    check("ui/src/chat/composer.svelte", 1);
    check("ui/src/ipc/tauri.ts", 0);
}

#[test]
fn nothing_is_fetched_from_elsewhere() {
    hold(&["ts", "svelte", "css", "html"], remote_addresses);
    let check = |text: &str, count: usize| {
        let found = complaints("ui/src/app.css", text, remote_addresses);
        assert_eq!(found, count, "{text}");
    };
    check("@import url('https://fonts.example/css');", 1);
    check("<svg xmlns=\"http://www.w3.org/2000/svg\">", 0);
    check("@font-face { src: url('./inter.woff2'); }", 0);
    let script = |text: &str| complaints("ui/src/a.ts", text, remote_addresses);
    assert_eq!(script("await fetch('https://example.org')"), 1);
    assert_eq!(script("const page = 'https://example.org';"), 0);
}

#[test]
fn components_and_scripts_stay_small() {
    hold(&["ts", "svelte", "css"], sizes);
    let long = "<p>line</p>\n".repeat(MAX_COMPONENT_LINES + 1);
    assert_eq!(complaints("ui/src/a.svelte", &long, sizes), 1);
    assert_eq!(complaints("ui/src/a.ts", &long, sizes), 0);
}

#[test]
fn no_interface_test_is_left_out() {
    hold(&["ts", "svelte", "css"], leftovers);
    assert_eq!(complaints("ui/a.test.ts", "it.skip('x')", leftovers), 1);
    assert_eq!(complaints("ui/a.ts", "list.skip(1)", leftovers), 0);
    let bad = format!("// {} later", concat!("TO", "DO"));
    assert_eq!(complaints("ui/a.svelte", &bad, leftovers), 1);
}

/// The page may talk to the app and to nobody else, and runs no text as code.
#[test]
fn the_content_policy_is_strict() {
    let text = std::fs::read_to_string(root().join("tauri.conf.json")).unwrap();
    let config: serde_json::Value = serde_json::from_str(&text).unwrap();
    let policy = config["app"]["security"]["csp"]
        .as_object()
        .expect("one entry for each directive");
    assert_eq!(policy["default-src"], "'self'");
    for (directive, sources) in policy {
        let sources = sources.as_str().expect("sources in one line");
        let loose = sources.split(' ').find(|source| is_loose(source));
        assert_eq!(loose, None, "`{directive}` lets something in");
    }
    let scripts = policy.get("script-src").unwrap_or(&policy["default-src"]);
    assert!(!scripts.to_string().contains("unsafe-inline"), "{scripts}");
    assert_eq!(config["app"]["withGlobalTauri"], false);
}

/// The app's own bridge is the only address; a page of text runs no text.
fn is_loose(source: &str) -> bool {
    let is_address = source.contains("//") || source.ends_with("tp:") || source.ends_with("tps:");
    let is_own = source == "http://ipc.localhost";
    source.contains("unsafe-eval") || source.contains('*') || (is_address && !is_own)
}

#[test]
fn a_loose_source_is_seen() {
    let check = |source: &str, expected: bool| assert_eq!(is_loose(source), expected, "{source}");
    check("'self'", false);
    check("data:", false);
    check("http://ipc.localhost", false);
    check("'unsafe-eval'", true);
    check("https:", true);
    check("*", true);
    check("https://example.org", true);
}
