//! The look through a folder's top for what could run or steer something.

use std::io::Read;
use std::path::Path;

use serde_json::Value;

use super::{FoundItem, FoundKind};

/// A larger file is named without a look inside.
const MOST_BYTES: u64 = 256 * 1024;

/// More lines than this of one kind are not told apart.
const MOST_ITEMS: usize = 40;

/// Longest line about an item, in characters.
const LONGEST_DETAIL: usize = 200;

type Look = fn(&Path, &str) -> Vec<String>;

/// What is looked for: kind, path below the folder, and how its lines are
/// read. An empty line stands for the file itself.
const PLACES: &[(FoundKind, &str, Look)] = &[
    (FoundKind::McpServer, ".mcp.json", mcp_servers),
    (FoundKind::McpServer, ".cursor/mcp.json", mcp_servers),
    (FoundKind::McpServer, ".vscode/mcp.json", mcp_servers),
    (FoundKind::McpServer, ".gemini/settings.json", mcp_servers),
    (FoundKind::McpServer, ".codex/config.toml", itself),
    (FoundKind::AgentHooks, ".claude/settings.json", hooks),
    (FoundKind::AgentHooks, ".claude/settings.local.json", hooks),
    (FoundKind::AgentHooks, ".familiar/hooks", itself),
    (FoundKind::AgentHooks, ".familiar/plugins", itself),
    (FoundKind::EditorTask, ".vscode/tasks.json", itself),
    (FoundKind::EditorTask, ".vscode/settings.json", itself),
    (FoundKind::EditorTask, ".zed/tasks.json", itself),
    (FoundKind::EditorTask, ".zed/settings.json", itself),
    (FoundKind::EditorTask, ".idea", itself),
    (FoundKind::EditorTask, ".devcontainer", itself),
    (FoundKind::GitProgram, ".git/hooks", git_hooks),
    (FoundKind::GitProgram, ".git/config", git_programs),
    (FoundKind::GitProgram, ".gitattributes", filters),
    (FoundKind::GitProgram, ".husky", itself),
    (FoundKind::GitProgram, ".githooks", itself),
    (FoundKind::GitProgram, ".pre-commit-config.yaml", itself),
    (FoundKind::GitProgram, "lefthook.yml", itself),
    (FoundKind::GitProgram, ".lefthook.yml", itself),
    (FoundKind::Toolchain, "rust-toolchain.toml", toolchain),
    (FoundKind::Toolchain, ".cargo/config.toml", cargo_programs),
    (FoundKind::Toolchain, ".yarnrc.yml", yarn),
    (FoundKind::Toolchain, ".yarnrc", itself),
    (FoundKind::Toolchain, ".npmrc", npm),
    (FoundKind::Toolchain, "package.json", package_scripts),
    (FoundKind::Toolchain, "gradlew", itself),
    (FoundKind::Toolchain, "mvnw", itself),
    (FoundKind::Environment, ".envrc", itself),
    (FoundKind::Environment, "mise.toml", itself),
    (FoundKind::Environment, ".mise.toml", itself),
    (FoundKind::Environment, ".tool-versions", itself),
    (FoundKind::Settings, ".familiar/settings.toml", itself),
    (FoundKind::Notes, "AGENTS.md", itself),
    (FoundKind::Notes, "CLAUDE.md", itself),
    (FoundKind::Notes, "GEMINI.md", itself),
    (FoundKind::Notes, ".cursorrules", itself),
    (FoundKind::Notes, ".goosehints", itself),
];

/// Everything found in `folder`, in the order of the table.
pub(crate) fn look(folder: &Path) -> Vec<FoundItem> {
    let mut found = Vec::new();
    for (kind, path, lines) in PLACES {
        let place = folder.join(path);
        if place.symlink_metadata().is_err() {
            continue;
        }
        let item = |detail: String| FoundItem {
            kind: *kind,
            path: (*path).to_owned(),
            detail: shown(&detail),
        };
        let text = text_of(&place);
        let lines = lines(&place, &text);
        found.extend(lines.into_iter().take(MOST_ITEMS).map(item));
    }
    found
}

/// One line without anything that could play tricks with the reader's eyes.
fn shown(text: &str) -> String {
    let line: String = text
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    let mut shown: String = line.trim().chars().take(LONGEST_DETAIL).collect();
    if shown.len() < line.trim().len() {
        shown.push('…');
    }
    shown
}

/// Empty for what is no regular file, too large or no text.
fn text_of(path: &Path) -> String {
    let is_file = path
        .symlink_metadata()
        .is_ok_and(|about| about.is_file() && about.len() <= MOST_BYTES);
    let mut text = String::new();
    if is_file && let Ok(file) = std::fs::File::open(path) {
        let read = file.take(MOST_BYTES).read_to_string(&mut text);
        if read.is_err() {
            text.clear();
        }
    }
    text
}

fn itself(_: &Path, _: &str) -> Vec<String> {
    vec![String::new()]
}

/// What could not be read is named all the same.
fn or_itself(lines: Option<Vec<String>>) -> Vec<String> {
    lines.unwrap_or_else(|| vec![String::new()])
}

fn mcp_servers(_: &Path, text: &str) -> Vec<String> {
    or_itself((|| {
        let value: Value = serde_json::from_str(text).ok()?;
        let servers = value.get("mcpServers").or_else(|| value.get("servers"))?;
        let line = |(name, server): (&String, &Value)| {
            let word = |value: &Value| value.as_str().map(str::to_owned);
            let mut words: Vec<String> = server.get("command").and_then(word).into_iter().collect();
            words.extend(server.get("url").and_then(word));
            let arguments = server.get("args").and_then(Value::as_array);
            words.extend(arguments.into_iter().flatten().filter_map(word));
            format!("{name}: {}", words.join(" "))
        };
        Some(servers.as_object()?.iter().map(line).collect())
    })())
}

fn hooks(_: &Path, text: &str) -> Vec<String> {
    or_itself((|| {
        let value: Value = serde_json::from_str(text).ok()?;
        let mut commands = Vec::new();
        strings_under(&value, "command", &mut commands);
        (!commands.is_empty()).then_some(commands)
    })())
}

/// Every string behind `key`, at any depth a parser lets through.
fn strings_under(value: &Value, key: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                match inner.as_str() {
                    Some(text) if name == key => found.push(text.to_owned()),
                    _ => strings_under(inner, key, found),
                }
            }
        }
        Value::Array(list) => {
            for inner in list {
                strings_under(inner, key, found);
            }
        }
        _ => {}
    }
}

fn git_hooks(folder: &Path, _: &str) -> Vec<String> {
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| !name.ends_with(".sample"))
        .collect();
    names.sort();
    names
}

/// Lines of an INI-like file whose key is one of `keys`.
fn lines_with(text: &str, keys: &[&str]) -> Vec<String> {
    let named = |line: &&str| {
        let key = line.split(['=', ':']).next().unwrap_or_default().trim();
        let key = key.trim_matches('"').to_ascii_lowercase();
        keys.contains(&key.as_str())
    };
    text.lines()
        .map(str::trim)
        .filter(named)
        .map(str::to_owned)
        .collect()
}

/// Keys of git's configuration that name a program, or a file with more.
fn git_programs(_: &Path, text: &str) -> Vec<String> {
    let keys = [
        "fsmonitor",
        "hookspath",
        "sshcommand",
        "pager",
        "editor",
        "external",
        "textconv",
        "clean",
        "smudge",
        "process",
        "helper",
        "program",
        "askpass",
        "gitproxy",
        "command",
        "cmd",
        "path",
        "uploadpack",
        "receivepack",
    ];
    lines_with(text, &keys)
}

fn filters(_: &Path, text: &str) -> Vec<String> {
    let names = |line: &&str| {
        ["filter=", "diff=", "merge="]
            .iter()
            .any(|word| line.contains(word))
    };
    text.lines().filter(names).map(str::to_owned).collect()
}

fn toolchain(_: &Path, text: &str) -> Vec<String> {
    lines_with(text, &["path"])
}

fn cargo_programs(_: &Path, text: &str) -> Vec<String> {
    let keys = [
        "runner",
        "linker",
        "rustc",
        "rustc-wrapper",
        "rustc-workspace-wrapper",
        "rustdoc",
        "credential-provider",
        "global-credential-providers",
    ];
    lines_with(text, &keys)
}

fn yarn(_: &Path, text: &str) -> Vec<String> {
    lines_with(text, &["yarnpath", "plugins", "- path"])
}

fn npm(_: &Path, text: &str) -> Vec<String> {
    lines_with(text, &["script-shell", "shell", "node-options", "git"])
}

/// Scripts that a plain installation runs.
fn package_scripts(_: &Path, text: &str) -> Vec<String> {
    let Ok(value) = serde_json::from_str::<Value>(text) else {
        return Vec::new();
    };
    let names = [
        "preinstall",
        "install",
        "postinstall",
        "prepare",
        "prepublish",
        "preprepare",
        "postprepare",
    ];
    let script = |name: &&str| {
        let command = value.get("scripts")?.get(*name)?.as_str()?;
        Some(format!("{name}: {command}"))
    };
    names.iter().filter_map(script).collect()
}
