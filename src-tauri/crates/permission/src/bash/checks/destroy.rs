//! Files removed or overwritten for good.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    let removes = "It removes files for good.";
    match leaf.name().as_str() {
        "rm" | "grm"
            if leaf.short('r')
                || leaf.short('R')
                || leaf.short('f')
                || leaf.long("recursive")
                || leaf.long("force") =>
        {
            Some(removes)
        }
        "rm" | "unlink"
            if leaf
                .args()
                .iter()
                .any(|word| word.has(&Live::Glob) || word.computed()) =>
        {
            Some(removes)
        }
        "rm" | "unlink" | "rmdir"
            if leaf
                .operands()
                .any(|word| word.text.starts_with(['/', '~']) || word.text.contains("..")) =>
        {
            Some(removes)
        }
        "shred" | "srm" | "wipe" | "scrub" | "bleachbit" | "rimraf" | "trash-empty" => {
            Some(removes)
        }
        "npx" | "bunx" if leaf.has_arg(&["rimraf", "del-cli"]) => Some(removes),
        "find" | "gfind" if leaf.has_arg(&["-delete"]) => Some("It removes every file it finds."),
        "truncate" => Some("It cuts files off."),
        "rsync"
            if leaf.options().any(|word| {
                word.text.starts_with("--del") || word.text == "--remove-source-files"
            }) =>
        {
            Some("It removes files that are not in the source.")
        }
        "mv" if leaf
            .operands()
            .last()
            .is_some_and(|word| word.text == "/dev/null" || word.text.starts_with("/dev/")) =>
        {
            Some(removes)
        }
        "mv" if leaf
            .operands()
            .any(|word| matches!(word.text.as_str(), "~" | "/" | "/home" | "$HOME" | "/etc")) =>
        {
            Some("It moves a folder everything depends on.")
        }
        "cp" if leaf
            .operands()
            .next()
            .is_some_and(|word| word.text == "/dev/null") =>
        {
            Some("It empties a file.")
        }
        "dd" if leaf.has_arg_start("of=") => Some("It overwrites raw data."),
        "docker" | "podman" if leaf.has_arg(&["prune"]) => {
            Some("It removes containers, images or volumes.")
        }
        "gio" | "trash" | "rename" | "prename" if leaf.has_arg(&["trash", "--empty"]) => {
            Some(removes)
        }
        "rd" | "del" | "erase" | "remove-item" | "format"
            if leaf.origin != crate::bash::script::Origin::Wrapped =>
        {
            Some(removes)
        }
        "go" | "cargo" | "make" | "npm" | "gradle" | "mvn" => None,
        _ => None,
    }
}
