//! Guarded places as the output of any program: behind `-o` and its like, as
//! the folder something is unpacked into, or as an operand of a program
//! nobody described.

use std::collections::HashSet;
use std::path::PathBuf;

use super::Hits;
use super::protected_write::why_guarded;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::path_in;
use crate::bash::script::Leaf;
use crate::bash::word::Word;

/// Options whose value is written.
const SHORT: &[&str] = &["-o", "-O", "-C", "-d", "-w", "-a"];
const LONG: &[&str] = &[
    "--out",
    "--output",
    "--outfile",
    "--out-file",
    "--output-file",
    "--output-document",
    "--output-dir",
    "--outdir",
    "--out-dir",
    "--log-file",
    "--logfile",
    "--directory",
    "--dest",
    "--destination",
    "--target-dir",
    "--target-directory",
    "--prefix",
    "--install-dir",
    "--root",
    "--dir",
    "--save",
    "--write",
    "--append",
];
/// They put many files where they are told.
const UNPACKERS: &[&str] = &[
    "tar", "gtar", "bsdtar", "unzip", "7z", "7za", "7zz", "cpio", "unrar", "ar", "rpm2cpio",
];
/// They read what they are given.
const READERS: &[&str] = &[
    "less",
    "more",
    "most",
    "bat",
    "batcat",
    "view",
    "gh",
    "open",
    "xdg-open",
    "shellcheck",
    "yamllint",
    "actionlint",
    "jsonlint",
    "hadolint",
    "zcat",
    "diff",
    "vimdiff",
    "delta",
    "source",
    ".",
    "exec",
    "for",
    "case",
    "select",
    "export",
    "alias",
    "base64",
    "md5",
    "shasum",
    "sha256sum",
    "nm",
    "ldd",
    "man",
    "eval",
    "[[",
    "sleep",
    "kill",
    "ssh",
    "scp",
    "rsync",
    "make",
    "ls",
    "mdcat",
    "glow",
    "tokei",
    "cloc",
    "scc",
    "hexyl",
    "exa",
    "eza",
    "lsd",
    "set",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    // The tails of a wrapper hold the same words again and again.
    let mut seen: HashSet<(&str, &[PathBuf])> = HashSet::new();
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        let settled = reading.listed && reading.refused.is_empty();
        if settled || leaf.guessed || leaf.is(&["echo", "printf"]) {
            continue;
        }
        for (word, value) in outputs(leaf) {
            judge(subject, leaf, word, &value, hits);
        }
        let described = reading.listed
            || leaf.is(READERS)
            || leaf.is(&["git"]) && !leaf.has_arg(&["clone", "init", "worktree", "bundle"])
            || names::is_shell(&leaf.name())
            || names::WRAPPERS.contains(&leaf.name().as_str()) && !leaf.is(&["script"]);
        for word in leaf.operands().filter(|_| !described) {
            if let Some(text) =
                path_in(&word.text).filter(|text| seen.insert((text, &leaf.folders)))
            {
                judge_operand(subject, leaf, word, text, hits);
            }
        }
    }
}

/// The values of options that name an output.
fn outputs(leaf: &Leaf) -> Vec<(&Word, String)> {
    let mut found = Vec::new();
    for (at, word) in leaf.words.iter().enumerate() {
        let text = word.text.as_str();
        let (head, value) = match text.split_once('=') {
            Some((head, value)) => (head, Some(value)),
            None => (text, None),
        };
        let short = SHORT.iter().find(|option| text.starts_with(**option));
        if LONG.contains(&head) || SHORT.contains(&text) {
            let next = leaf.words.get(at + 1).map(|word| word.text.as_str());
            found.extend(value.or(next).map(|value| (word, value.to_owned())));
        } else if let Some(option) = short.filter(|_| !text.starts_with("--")) {
            let value = text.get(option.len()..).unwrap_or_default();
            found.push((word, value.trim_start_matches('=').to_owned()));
        } else if let Some(cluster) = text.strip_prefix('-').filter(|_| text.ends_with('o')) {
            let next = leaf.words.get(at + 1).filter(|_| !cluster.starts_with('-'));
            found.extend(next.map(|next| (word, next.text.clone())));
        }
    }
    found
}

fn judge(subject: &Subject<'_>, leaf: &Leaf, word: &Word, value: &str, hits: &mut Hits) {
    if value.is_empty() || value.contains("://") || value.starts_with("/dev/") {
        return;
    }
    for place in subject.places(leaf, value) {
        if let Some(why) = why_guarded(&place, subject.ground) {
            hits.guarded(
                word.span(),
                format!("It writes to `{}`: {why}.", place.resolved.display()),
            );
        }
        let home = super::protected_write::is_home(&place.requested, subject.ground)
            || place.requested.parent().is_none();
        if home && leaf.is(UNPACKERS) {
            hits.danger(word.span(), "It unpacks over what programs obey there.");
        }
    }
}

fn judge_operand(subject: &Subject<'_>, leaf: &Leaf, word: &Word, text: &str, hits: &mut Hits) {
    for place in subject.places(leaf, text) {
        // Most of the system's files are only read: what is in the workspace
        // or the home is what an operand may change.
        let own = place.inside || super::protected_write::in_home(&place.requested, subject.ground);
        if let Some(why) = why_guarded(&place, subject.ground).filter(|_| own) {
            hits.danger(
                word.span(),
                format!("It may change `{}`: {why}.", place.resolved.display()),
            );
        }
    }
}
