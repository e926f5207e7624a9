//! Coding agents started or told to act without asking.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<String> {
    const LOOSE: &[&str] = &[
        "--dangerously-skip-permissions",
        "--dangerously-bypass-approvals-and-sandbox",
        "--yolo",
        "--full-auto",
        "--trust-all-tools",
        "--allow-all-tools",
        "--allow-dangerously-skip-permissions",
        "--yes-always",
        "bypassPermissions",
        "--no-sandbox",
        "bypass",
    ];
    let loose = leaf.args().iter().find(|word| {
        LOOSE.contains(&word.text.split('=').next_back().unwrap_or_default())
            || LOOSE.contains(&word.text.as_str())
    });
    if let Some(word) = loose {
        return Some(format!("`{}` takes away a guard.", word.text));
    }
    let agent = leaf.is(&[
        "claude",
        "codex",
        "gemini",
        "cursor-agent",
        "opencode",
        "aider",
        "goose",
        "fam",
        "familiar",
        "qwen",
        "amp",
        "crush",
    ]);
    let changes = leaf.has_arg(&["mcp", "config", "permissions", "install", "plugin"])
        && leaf.has_arg(&["add", "set", "add-json", "install", "allow", "remove"]);
    let unasked = leaf.is(&["cursor-agent"]) && leaf.has_arg(&["-f", "--force"]);
    if unasked {
        return Some("It lets another agent act without asking.".to_owned());
    }
    (agent && changes).then(|| format!("It changes what `{}` may do.", leaf.name()))
}
