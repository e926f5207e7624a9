//! Commands in the words of programs nobody described: runners of tasks,
//! of containers and of other machines, interpreters, debuggers.
//!
//! Instead of a list of all of them: any tail of the words, any text and any
//! quoted part of it may be a command. What is dangerous as a command is a
//! danger here; everything else says nothing.

use super::{inner_command, reenter};
use crate::bash::names::{self, among};
use crate::bash::schema;
use crate::bash::script::{Leaf, Origin, Script};
use crate::bash::word::Word;

/// How many words may begin a command.
const STARTS: usize = 24;
/// How many parts of one text are looked at, and how long they may be.
const PARTS: usize = 64;
const TEXT_LIMIT: usize = 4_000;

/// Their words and texts are file names, messages or content.
const SAYERS: &str = "git hg svn mkdir touch cp mv rm ln chmod chown tee dd sponge install rmdir code \
    kill pkill killall export declare typeset local readonly alias unset set read let history less more man apropos \
    whatis open xdg-open type hash umask ulimit shopt bindkey complete";
/// The next word is a message to people.
const MESSAGES: &str =
    "-m --message --title --body --notes --description --subject --comment --reason";
/// Of these clients also the short forms of a title and a body.
const WRITERS: &str = "gh glab hub tea jj sl az jira linear todoist";
/// These make the words behind an installer's name a command after all.
const RUNS: &str = "exec x run run-script dlx -c --command develop shell -e --exec --run watch";
/// Names behind these are packages or targets, not programs.
const ADDS: &str = "install add i get update upgrade remove uninstall in -S -Sy -Syu test check build bench clippy";

pub(super) fn look(leaf: &Leaf, script: &mut Script) {
    let name = leaf.name();
    let heads = matches!(leaf.origin, Origin::Wrapped);
    if heads || schema::knows(&name) || among(SAYERS, &name) {
        return;
    }
    let mut guess = leaf.clone();
    guess.guessed = true;
    let leaf = &guess;
    if !names_packages(leaf, &name) && !names::WRAPPERS.contains(&name.as_str()) {
        tails(leaf, script);
    }
    let mut message = false;
    for word in leaf.args().iter().take(STARTS) {
        if !message {
            text(leaf, &word.text, script);
        }
        message = among(MESSAGES, &word.text)
            || (among(WRITERS, &name) && matches!(word.text.as_str(), "-t" | "-b"));
    }
    for body in &leaf.bodies {
        text(leaf, body, script);
    }
    let fed = leaf
        .redirects
        .iter()
        .filter(|redirect| redirect.operator == "<<<");
    for word in fed.filter_map(|redirect| redirect.target.as_ref()) {
        text(leaf, &word.text, script);
        reenter(leaf, &word.text, script);
    }
    // A text that is a whole command stands as one word in code.
    if let Some(first) = leaf
        .words
        .first()
        .filter(|_| leaf.origin == Origin::Reentry)
    {
        text(leaf, &first.text, script);
    }
}

fn names_packages(leaf: &Leaf, name: &str) -> bool {
    let installs = names::INSTALLERS.contains(&name) || names::BUILDERS.contains(&name);
    let mut args = leaf.args().iter().map(|word| word.text.as_str());
    if !installs {
        return false;
    }
    let adds = args.clone().take(2).any(|text| among(ADDS, text));
    adds || !args.any(|text| among(RUNS, text))
}

/// Every tail of the words that may be a command with arguments.
fn tails(leaf: &Leaf, script: &mut Script) {
    // A lone word may be anything, but behind `--` it is the program.
    let lone = matches!(leaf.words.as_slice(), [.., dashes, _] if dashes.text == "--");
    let most = leaf.words.len().saturating_sub(usize::from(!lone));
    for at in 1..most.min(STARTS) {
        inner_command(leaf, at, script);
    }
}

/// A text: as a command line, and every quoted part of it as one.
fn text(leaf: &Leaf, text: &str, script: &mut Script) {
    let text = match text
        .strip_prefix("--")
        .and_then(|rest| rest.split_once('='))
    {
        Some((_, value)) => value,
        None => text,
    };
    // `--args="rm,-rf,src"`
    if text.contains(",-") && !text.contains(' ') {
        reenter(leaf, &text.replace(',', " "), script);
    }
    if text.len() > TEXT_LIMIT || !text.contains([' ', '\t', '(', '"', '\'', '\n', '!']) {
        return;
    }
    reenter(leaf, text.trim_start_matches(['!', '=']), script);
    if let Some((_, value)) = text
        .split_once('=')
        .filter(|(_, value)| value.contains(' '))
    {
        reenter(leaf, value.trim_start_matches(['"', '\'', '[']), script);
    }
    let parts = || text.split(['"', '\'', '`']).take(PARTS);
    for part in parts().filter(|part| part.contains([' ', '\t'])) {
        reenter(leaf, part.trim_start_matches('!'), script);
    }
    // `["rm", "-rf", "src"]`: a command as a list of texts.
    let mut listed = Leaf::new(leaf.before, Origin::Reentry);
    listed.span = leaf.span;
    listed.guessed = true;
    listed.words = parts()
        .skip(1)
        .step_by(2)
        .filter(|part| !part.is_empty())
        .map(|part| Word {
            start: leaf.span.start,
            end: leaf.span.end,
            text: part.to_owned(),
            ..Word::default()
        })
        .collect();
    if listed.words.len() > 1 {
        tails(&listed, script);
        script.leaves.push(listed);
    }
}
