//! Git commands that lose work or change what others see.

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

fn why(leaf: &Leaf) -> Option<&'static str> {
    if !leaf.is(&["git"]) {
        return None;
    }
    let lost = "It throws away changes or history.";
    let others = "It changes or removes what others see.";
    let verb = super::git_program::verb(leaf)?;
    match verb {
        "push" => {
            let forced = leaf.short('f')
                || leaf.options().any(|word| {
                    [
                        "--force",
                        "--mirror",
                        "--delete",
                        "--prune",
                        "--force-with-lease",
                        "--no-verify",
                    ]
                    .iter()
                    .any(|option| word.text.starts_with(option))
                });
            let refspec = leaf.operands().any(|word| {
                word.text.starts_with('+') || (word.text.starts_with(':') && word.text.len() > 1)
            });
            // A place instead of the name of a remote.
            let elsewhere = leaf.operands().nth(1).is_some_and(|word| {
                word.text.contains("://") || word.text.contains('@') && word.text.contains(':')
            });
            (forced || refspec || elsewhere || leaf.short('d')).then_some(others)
        }
        "reset" => (leaf.long("hard") || leaf.long("merge") || leaf.long("keep")).then_some(lost),
        "clean" => (leaf.short('f')
            || leaf.short('x')
            || leaf.short('X')
            || leaf.long("force")
            || !leaf.short('n'))
        .then_some(lost),
        "checkout" => (leaf.has_arg(&["--", ".", "-f", "--force"]) || leaf.has_arg_start("-B"))
            .then_some(lost),
        "restore" => (!leaf.has_arg(&["--staged", "-S"]) || leaf.has_arg(&["--worktree", "-W"]))
            .then_some(lost),
        "switch" => leaf
            .has_arg(&["-f", "--force", "--discard-changes", "-C"])
            .then_some(lost),
        "branch" => (leaf.short('D')
            || leaf.short('d')
            || leaf.long("delete")
            || leaf.short('f')
            || leaf.short('M'))
        .then_some(lost),
        "tag" => (leaf.short('d') || leaf.short('f') || leaf.long("delete")).then_some(lost),
        "stash" => leaf.has_arg(&["drop", "clear"]).then_some(lost),
        "rebase" | "filter-branch" | "filter-repo" | "replace" | "fast-import" => {
            Some("It rewrites history.")
        }
        "commit" => leaf.long("amend").then_some("It rewrites history."),
        "reflog" => leaf.has_arg(&["expire", "delete"]).then_some(lost),
        "update-ref" | "symbolic-ref" | "prune" => Some(lost),
        "gc" => leaf.has_arg_start("--prune").then_some(lost),
        "rm" => (leaf.short('r') || leaf.short('f')).then_some(lost),
        "worktree" => leaf.has_arg(&["remove", "prune"]).then_some(lost),
        "remote" => leaf
            .has_arg(&["add", "set-url", "remove", "rm"])
            .then_some("It changes where the code is sent to."),
        "submodule" => leaf.has_arg(&["deinit"]).then_some(lost),
        "read-tree" | "checkout-index" => Some(lost),
        _ => None,
    }
}
