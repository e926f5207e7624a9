//! Files removed or overwritten for good.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::{Leaf, Origin};
use crate::bash::word::{Live, Word};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

const REMOVES: &str = "It removes files for good.";

fn why(leaf: &Leaf) -> Option<&'static str> {
    let target = leaf.operands().last().map_or("", |word| word.text.as_str());
    match leaf.name().as_str() {
        "rm" | "grm" | "unlink" | "rmdir" => removes_much(leaf).then_some(REMOVES),
        "mv" => move_loses(leaf, target),
        "shred" | "srm" | "wipe" | "scrub" | "bleachbit" | "rimraf" | "trash-empty" => {
            Some(REMOVES)
        }
        "npx" | "bunx" => leaf.has_arg(&["rimraf", "del-cli"]).then_some(REMOVES),
        "find" | "gfind" => leaf
            .has_arg(&["-delete"])
            .then_some("It removes every file it finds."),
        "truncate" => Some("It cuts files off."),
        "rsync" => {
            let option = |word: &Word| {
                word.text.starts_with("--del") || word.text == "--remove-source-files"
            };
            leaf.options()
                .any(option)
                .then_some("It removes files that are not in the source.")
        }
        "cp" => {
            let empty = leaf
                .operands()
                .next()
                .is_some_and(|word| word.text == "/dev/null");
            empty.then_some("It empties a file.")
        }
        "dd" => leaf
            .has_arg_start("of=")
            .then_some("It overwrites raw data."),
        "docker" | "podman" => leaf
            .has_arg(&["prune"])
            .then_some("It removes containers, images or volumes."),
        "fdupes" | "jdupes" | "rdfind" => {
            (leaf.short('d') || leaf.long("delete") || leaf.has_arg(&["-deleteduplicates"]))
                .then_some(REMOVES)
        }
        "rename" | "prename" | "mmv" | "zmv" | "detox" => leaf
            .args()
            .iter()
            .any(|word| word.has(&Live::Glob) || word.text.starts_with("s/"))
            .then_some("It renames many files at once, maybe over others."),
        "bfg" => Some("It rewrites history."),
        "hg" => (leaf.has_arg(&["update", "up", "checkout", "co"])
            && (leaf.short('C') || leaf.long("clean")))
        .then_some("It throws away changes."),
        "xargs" | "gxargs" | "parallel" => leaf
            .has_arg(&["rm", "unlink", "shred", "rmdir"])
            .then_some(REMOVES),
        "env" => leaf
            .has_arg_start("-S")
            .then_some("It runs the text of an option as a command."),
        "gio" | "trash" => leaf.has_arg(&["trash", "--empty"]).then_some(REMOVES),
        "rd" | "del" | "erase" | "remove-item" | "format" => {
            (leaf.origin != Origin::Wrapped).then_some(REMOVES)
        }
        _ => None,
    }
}

/// More than single files named one by one, or without a question.
fn removes_much(leaf: &Leaf) -> bool {
    let forced = "rRf".chars().any(|letter| leaf.short(letter))
        || leaf.long("recursive")
        || leaf.long("force");
    let open = leaf
        .args()
        .iter()
        .any(|word| word.has(&Live::Glob) || word.computed());
    let far = leaf
        .operands()
        .any(|word| word.text.starts_with(['/', '~']) || word.text.contains(".."));
    forced || open || far
}

fn move_loses(leaf: &Leaf, target: &str) -> Option<&'static str> {
    if target.starts_with("/dev/") {
        return Some(REMOVES);
    }
    let base = leaf
        .operands()
        .any(|word| matches!(word.text.as_str(), "~" | "/" | "/home" | "$HOME" | "/etc"));
    base.then_some("It moves a folder everything depends on.")
}
