//! Adds the commands that hide inside other commands: behind `timeout 5`,
//! in the text of `sh -c`, in a here-document for a shell.
//!
//! It would rather see a command too many than one too few: every word of
//! a wrapper after its own name may be where the inner command begins. The
//! extra leaves serve the search for dangers only; where a wrapper is plain, what
//! it runs stands in its place.

mod strangers;
mod variants;

use super::lex::{Base, DEPTH_LIMIT, lex};
use super::names;
use super::schema;
use super::script::{Join, Leaf, Origin, Script, Shape};
use super::word::{Live, Word};

/// How many command lines within command lines we follow.
const ROUNDS: usize = 6;
/// How many words of a wrapper may begin the inner command.
const STARTS: usize = 24;
/// How many words of a tail are looked at where it may be no command.
const GUESS: usize = 48;
/// Unfolding ends when a line has grown to this many leaves.
const LEAF_LIMIT: usize = 2_000;
/// Or to so many words: each tail of a wrapper holds most of them again.
const WORD_LIMIT: usize = 20_000;

/// Programs one of whose words is a whole command line.
const TEXT_RUNNERS: &[&str] = &[
    "eval",
    "su",
    "runuser",
    "watch",
    "script",
    "flock",
    "ssh",
    "parallel",
    "env",
    "trap",
    "alias",
    "xargs",
    "docker",
    "podman",
    "kubectl",
    "screen",
    "tmux",
    "sudo",
    "doas",
    "systemd-run",
    "entr",
    "hyperfine",
    "rsync",
    "scp",
    "tar",
    "sshpass",
    "nix-shell",
    "complete",
    "bind",
    "timeout",
    "nohup",
    "setsid",
    "exec",
    "command",
    "builtin",
    "busybox",
    "expect",
    "crontab",
    "at",
];

/// Bash joins lines before it reads anything else, so an operator may stand
/// across two of them: the joined text is read too.
pub(super) fn join_lines(text: &str, script: &mut Script) {
    const BEGINS: [&str; 6] = ["$", "<", ">", "&", "(", "="];
    let split = |begin: &str| text.contains(&format!("{begin}\\\n"));
    if !BEGINS.into_iter().any(split) {
        return;
    }
    let mut line = Leaf::new(Join::Start, Origin::Reentry);
    line.span.end = text.len();
    reenter(&line, &text.replace("\\\n", ""), script);
}

/// Puts the command that a plain wrapper runs in the wrapper's place, so that
/// every check sees it; the line as it was written stays among the leaves.
pub(super) fn unwrap(script: &mut Script) {
    let mut written = Vec::new();
    for leaf in &mut script.leaves {
        while let Some(at) = schema::inner_at(leaf).filter(|_| schema::read(leaf).listed) {
            let mut whole = leaf.clone();
            whole.origin = Origin::Wrapped;
            written.push(whole);
            leaf.words.drain(..at);
        }
    }
    script.leaves.append(&mut written);
}

/// Unfolds every leaf of the script, and what that brings to light.
pub(super) fn unfold(script: &mut Script) {
    hand_on(script);
    variants::add(script);
    let mut from = 0;
    let mut counted = 0;
    let mut words = 0;
    for _ in 0..ROUNDS {
        let upto = script.leaves.len();
        for index in from..upto {
            let added = script.leaves.get(counted..).unwrap_or_default();
            words += added.iter().map(|leaf| leaf.words.len()).sum::<usize>();
            counted = script.leaves.len();
            let Some(leaf) = script.leaves.get(index).cloned() else {
                continue;
            };
            if counted > LEAF_LIMIT || words > WORD_LIMIT {
                // What is not seen is not known to be harmless.
                script.shapes.push((Shape::TooDeep, leaf.span));
                return;
            }
            unfold_leaf(&leaf, script);
        }
        if script.leaves.len() == upto {
            return;
        }
        from = upto;
    }
}

/// Adds what runners run where bash would still change a word of it, so that
/// its variants are looked at too.
fn hand_on(script: &mut Script) {
    let mut found = Vec::new();
    for leaf in &script.leaves {
        if leaf.words.iter().all(Word::plain) {
            continue;
        }
        for mut inner in leaf.handed_on() {
            inner.origin = Origin::Wrapped;
            found.push(inner);
        }
    }
    script.leaves.append(&mut found);
}

fn unfold_leaf(leaf: &Leaf, script: &mut Script) {
    let name = leaf.name();
    if leaf.words.is_empty() {
        return;
    }
    if names::WRAPPERS.contains(&name.as_str()) && leaf.origin != Origin::Wrapped {
        inner_commands(leaf, 1, script);
    }
    if !names::is_shell(&name) && runs_after(&name).is_none() {
        strangers::look(leaf, script);
    }
    if let Some(marks) = runs_after(&name)
        && let Some(at) = leaf
            .words
            .iter()
            .position(|word| marks.contains(&word.text.as_str()))
    {
        inner_commands(leaf, at + 1, script);
        texts(leaf, at + 1, script);
    }
    let shell = names::is_shell(&name);
    if shell || TEXT_RUNNERS.contains(&name.as_str()) {
        texts(leaf, 1, script);
    }
    if shell
        || matches!(name.as_str(), "source" | ".")
        || leaf.words.iter().any(|word| names::is_shell(&word.text))
    {
        for body in &leaf.bodies {
            reenter(leaf, body, script);
        }
        for redirect in leaf
            .redirects
            .iter()
            .filter(|redirect| redirect.operator == "<<<")
        {
            if let Some(word) = &redirect.target {
                reenter(leaf, &word.text, script);
            }
        }
    }
    for assignment in &leaf.assignments {
        if let Some((_, value)) = assignment
            .text
            .split_once('=')
            .filter(|(name, value)| name.ends_with("COMMAND") && !value.is_empty())
        {
            reenter(leaf, value, script);
        }
    }
}

/// The words after which these programs run the rest as a command; before
/// them nothing is one.
fn runs_after(name: &str) -> Option<&'static [&'static str]> {
    match name {
        "find" | "gfind" => Some(&["-exec", "-execdir", "-ok", "-okdir"]),
        "fd" | "fdfind" => Some(&["-x", "-X", "--exec", "--exec-batch"]),
        "git" => Some(&[
            "-c",
            "run",
            "foreach",
            "-x",
            "--exec",
            "config",
            "filter-branch",
            "--upload-pack",
            "alias",
        ]),
        _ => None,
    }
}

/// Every place in a wrapper's words where its command may begin.
fn inner_commands(leaf: &Leaf, from: usize, script: &mut Script) {
    for at in from..leaf.words.len().min(from + STARTS) {
        inner_command(leaf, at, script);
    }
}

/// The command that may begin at the word `at`.
fn inner_command(leaf: &Leaf, at: usize, script: &mut Script) {
    let Some((first, rest)) = leaf.words.get(at..).and_then(<[_]>::split_first) else {
        return;
    };
    let option = first.text.starts_with('-') || first.text.contains('=');
    if option || first.text.is_empty() || first.text.bytes().all(|b| b.is_ascii_digit()) {
        return;
    }
    let mut inner = Leaf::new(leaf.before, Origin::Wrapped);
    let most = if leaf.guessed { GUESS } else { usize::MAX };
    inner.words = std::iter::once(first)
        .chain(rest)
        .take(most)
        .cloned()
        .collect();
    inner.redirects.clone_from(&leaf.redirects);
    inner.bodies.clone_from(&leaf.bodies);
    inner.after = leaf.after;
    inner.guessed = leaf.guessed;
    inner.span = leaf.span;
    script.leaves.push(inner);
}

/// Every word of a text runner that could be a command line.
fn texts(leaf: &Leaf, from: usize, script: &mut Script) {
    let eval = matches!(leaf.name().as_str(), "eval" | "trap");
    if eval {
        let line = leaf
            .args()
            .iter()
            .map(|word| word.text.as_str())
            .collect::<Vec<_>>()
            .join(" ");
        reenter(leaf, &line, script);
    }
    for word in leaf.words.iter().skip(from) {
        let text = word.text.as_str();
        let line = text.contains([' ', ';', '|', '&', '\n', '$', '`', '(', '<', '>', '\t']);
        let only_live = word.has(&Live::Substitution) && !word.text.contains(' ');
        if line && !only_live && !text.starts_with("--") {
            reenter(leaf, text, script);
        } else if let Some((_, value)) = text
            .split_once('=')
            .filter(|(_, value)| value.contains(' '))
        {
            reenter(leaf, value, script);
        }
    }
}

fn reenter(leaf: &Leaf, text: &str, script: &mut Script) {
    // What a text holds may lead to the same text again.
    let piped = leaf.before == Join::Pipe;
    let key = (leaf.span.start, leaf.guessed, piped, text.to_owned());
    if !script.reentered.insert(key) {
        return;
    }
    let from = script.leaves.len();
    let shapes = script.shapes.len();
    lex(
        text,
        Base::Within(leaf.span),
        Origin::Reentry,
        DEPTH_LIMIT / 2,
        script,
    );
    for found in script.leaves.iter_mut().skip(from) {
        found.guessed |= leaf.guessed;
    }
    // A text that turns out not to be a command line is no broken line.
    let found = script.shapes.split_off(shapes);
    script.shapes.extend(
        found
            .into_iter()
            .filter(|(shape, _)| matches!(shape, Shape::Function(_) | Shape::TooDeep)),
    );
    if let Some(first) = script.leaves.get_mut(from)
        && first.before == Join::Start
        && piped
    {
        first.before = Join::Pipe;
    }
}
