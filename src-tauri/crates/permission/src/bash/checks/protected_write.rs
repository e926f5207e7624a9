//! Writes to places that govern programs, whatever does the writing.

mod loaded;

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::Hits;
use crate::bash::Subject;
use crate::bash::path_in;
use crate::bash::script::Leaf;
use crate::bash::word::Word;
use crate::path::{Ground, Place};

/// Programs whose operands they create, change or remove.
const CHANGERS: &[&str] = &[
    "rm",
    "rmdir",
    "unlink",
    "mv",
    "tee",
    "touch",
    "mkdir",
    "truncate",
    "chmod",
    "chown",
    "chgrp",
    "chattr",
    "shred",
    "sponge",
    "sed",
    "gsed",
    "perl",
    "ed",
    "ex",
    "vi",
    "vim",
    "nvim",
    "nano",
    "emacs",
    "patch",
    "unzip",
    "tar",
    "dd",
    "ln",
    "link",
    "split",
    "csplit",
    "curl",
    "wget",
    "git",
    "setfacl",
    "xattr",
    "mkfifo",
    "mknod",
    "ssh-keygen",
    "crudini",
    "jq",
    "yq",
    "gpg",
    "openssl",
    "python",
    "python3",
    "node",
    "ruby",
    "code",
    "xxd",
    "sort",
    "uniq",
    "awk",
    "gawk",
    "find",
    "fd",
    "xargs",
    "setcap",
    "sqlite3",
    "augtool",
    "ansible",
    "trash",
    "visudo",
    "sudoedit",
    "crontab",
    "install",
    "cp",
    "rsync",
    "scp",
    "gcp",
    "ditto",
];
/// Programs of these copy: only the last operand is changed.
const COPIERS: &[&str] = &["cp", "install", "rsync", "scp", "gcp", "ditto", "ln"];
/// Of these only the value of an option is written.
const FETCHERS: &[&str] = &["curl", "wget"];
/// Places that pass on what is written to them.
const STREAMS: &[&str] = &[
    "/dev/null",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
    "/dev/full",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    // A place is compared with the guarded ones once, however often it is named.
    let mut seen: HashSet<(&str, &[PathBuf])> = HashSet::new();
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        let targets = leaf
            .redirects
            .iter()
            .filter(|redirect| redirect.writes())
            .filter_map(|redirect| redirect.target.as_ref());
        for word in targets {
            judge(subject, leaf, word, &word.text, hits);
        }
        // The schema read the program to the end and found it harmless.
        let settled = reading.listed && reading.refused.is_empty();
        for (word, text) in written_by_program(leaf) {
            if !settled {
                judge(subject, leaf, word, text, hits);
            }
        }
        if !leaf.is(CHANGERS) || reads_only(leaf) {
            continue;
        }
        let copies = leaf.is(COPIERS);
        let operands: Vec<&Word> = leaf.operands().collect();
        let from = if copies {
            operands.len().saturating_sub(1)
        } else {
            0
        };
        for word in operands.iter().skip(from).filter(|_| !leaf.is(FETCHERS)) {
            let text = path_in(&word.text);
            if let Some(text) = text.filter(|text| seen.insert((text, &leaf.folders))) {
                judge(subject, leaf, word, text, hits);
            }
        }
        into_folder(subject, leaf, &operands, hits);
        for pair in leaf.args().windows(2) {
            if let [option, value] = pair
                && option.text.starts_with('-')
                && let Some(text) = path_in(&value.text)
            {
                judge(subject, leaf, value, text, hits);
            }
        }
        for word in leaf.options() {
            if let Some(text) = path_in(&word.text) {
                judge(subject, leaf, word, text, hits);
            }
        }
    }
}

/// More files than this no program text is searched for.
const FILE_LIMIT: usize = 100;

/// Files a `sed` program names behind `w`, an `awk` program between quotes.
fn written_by_program(leaf: &Leaf) -> Vec<(&Word, &str)> {
    let is_sed = leaf.is(&["sed", "gsed"]);
    let is_awk = leaf.is(&["awk", "gawk", "mawk", "nawk"]);
    let mut files = Vec::new();
    for word in leaf.args().iter().filter(|_| is_sed || is_awk) {
        if is_awk {
            let texts = word.text.split('"').skip(1).step_by(2);
            files.extend(texts.take(FILE_LIMIT).map(|text| (word, text)));
            continue;
        }
        for line in word.text.lines() {
            let writes = line.match_indices(['w', 'W']).take(FILE_LIMIT);
            let rests = writes.filter_map(|(at, _)| line.get(at + 1..));
            files.extend(rests.map(|rest| (word, rest.trim())));
        }
    }
    files
}

/// `sed -n`, `find` without actions and the like name files they only read.
fn reads_only(leaf: &Leaf) -> bool {
    match leaf.name().as_str() {
        "sed" | "gsed" => !leaf.options().any(|word| word.text.contains('i')),
        "find" | "fd" => !leaf.has_arg(&[
            "-delete", "-exec", "-execdir", "-ok", "-okdir", "-fprint", "-fprintf", "-fls", "-x",
            "-X",
        ]),
        "jq" | "awk" | "gawk" | "sort" | "uniq" | "xxd" | "perl" => {
            !leaf
                .options()
                .any(|word| word.text.contains('i') || word.text.contains('o'))
                && leaf.operands().count() < 2
        }
        "git" => !leaf.has_arg(&[
            "rm",
            "mv",
            "clean",
            "checkout",
            "restore",
            "config",
            "apply",
            "worktree",
            "init",
            "clone",
            "submodule",
        ]),
        _ => false,
    }
}

/// `cp .bashrc ~`: the target is a folder, the name comes from the source.
fn into_folder(subject: &Subject<'_>, leaf: &Leaf, operands: &[&Word], hits: &mut Hits) {
    if !leaf.is(COPIERS) && !leaf.is(&["mv"]) {
        return;
    }
    let Some((target, sources)) = operands.split_last() else {
        return;
    };
    for source in sources {
        let name = source.text.rsplit('/').next().unwrap_or_default();
        judge(
            subject,
            leaf,
            target,
            &format!("{}/{name}", target.text),
            hits,
        );
    }
}

fn judge(subject: &Subject<'_>, leaf: &Leaf, word: &Word, text: &str, hits: &mut Hits) {
    if STREAMS.contains(&text)
        || text.starts_with("/dev/fd/")
        || text.starts_with("/dev/tcp")
        || text.starts_with("/dev/udp")
        || text.contains("://")
    {
        return;
    }
    for place in subject.places(leaf, text) {
        let shown = place.resolved.display();
        if let Some(why) = place.protected() {
            hits.guarded(word.span(), format!("It changes `{shown}`: {why}."));
        } else if let Some(why) = why_loaded(&place, subject.ground) {
            hits.danger(word.span(), format!("It changes `{shown}`: {why}."));
        }
    }
}

/// Why a command that changes this place is looked at twice.
pub(super) fn why_guarded(place: &Place, ground: &Ground) -> Option<&'static str> {
    place.protected().or_else(|| why_loaded(place, ground))
}

fn why_loaded(place: &Place, ground: &Ground) -> Option<&'static str> {
    let moved = place.requested != place.resolved;
    loaded::loaded(&place.resolved, ground).or_else(|| {
        moved
            .then(|| loaded::loaded(&place.requested, ground))
            .flatten()
    })
}

/// True for a home folder itself.
pub(super) fn is_home(path: &Path, ground: &Ground) -> bool {
    loaded::below_home(path, ground).is_some_and(|rest| rest.as_os_str().is_empty())
}

/// True for what lies in a home folder.
pub(super) fn in_home(path: &Path, ground: &Ground) -> bool {
    loaded::below_home(path, ground).is_some()
}
