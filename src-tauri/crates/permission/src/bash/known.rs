//! Puts in what bash would put in, where that is certain: the words of plain
//! braces, the folder, the status of a command, sums of numbers.
//!
//! All that is judged later is what the program gets. What is not certain
//! stays as it is written, and asks.

mod brace;

use std::path::Path;

use super::script::{Leaf, LeafKind, Origin, Script};
use super::variables::is_one_word;
use super::word::{Expansion, Live, Word};

/// Stands for the number that a variable or a sum becomes.
const SOME_NUMBER: &str = "0";

/// Fills in the words of every command; the line runs in `folder`.
pub(super) fn fill(script: &mut Script, folder: &Path) {
    let sets = |word: &Word| word.text.contains("PWD=") || word.text == "PWD";
    let moves = script.words().any(sets)
        || script
            .leaves
            .iter()
            .any(|leaf| leaf.is(&["cd", "pushd", "popd", "chdir"]));
    let folder = folder.to_str().filter(|_| !moves);
    let own = script
        .leaves
        .iter_mut()
        .filter(|leaf| leaf.origin == Origin::Top);
    for leaf in own {
        if leaf.kind != LeafKind::Condition {
            leaf.words = brace::expanded(std::mem::take(&mut leaf.words));
        }
        values(leaf, folder);
    }
}

fn values(leaf: &mut Leaf, folder: Option<&str>) {
    let compares = leaf.is(&["test", "["]) || leaf.kind == LeafKind::Condition;
    let counts = compares || leaf.is(&["echo"]);
    // The first word of `printf` is its program.
    let plain = |at: usize| leaf.words.get(at).is_some_and(Word::plain);
    let prints = leaf.is(&["printf"]) && plain(1) && !leaf.first_arg().starts_with('-');
    if !plain(0) {
        return;
    }
    for (at, word) in leaf.words.iter_mut().enumerate().skip(1) {
        let written = word.text.clone();
        word.fill(|expansion| match &expansion.live {
            Live::Substitution if written.get(expansion.at.clone()) == Some("$(pwd)") => folder
                .filter(|folder| expansion.quoted || is_one_word(folder))
                .map(str::to_owned),
            Live::Number => counts.then(|| SOME_NUMBER.to_owned()),
            Live::Parameter(name) if matches!(name.as_str(), "?" | "#") => {
                (counts || prints && at > 1).then(|| SOME_NUMBER.to_owned())
            }
            Live::Parameter(name) if name == "PWD" => folder
                .filter(|folder| expansion.quoted || is_one_word(folder))
                .map(str::to_owned),
            _ => None,
        });
    }
}

/// Puts `value` in the place of the variable `name` in all that a command
/// gets. A wildcard stands for one file after the other, so it needs quotes.
pub(super) fn bind(leaf: &mut Leaf, name: &str, value: &Word) {
    let is_wild = value.has(&Live::Glob);
    let is_word = !is_wild && is_one_word(&value.text);
    let known = |expansion: &Expansion| {
        let fits = expansion.name() == Some(name) && (expansion.quoted || is_word);
        fits.then(|| value.text.clone())
    };
    let targets = leaf.redirects.iter_mut();
    let targets = targets.filter_map(|redirect| redirect.target.as_mut());
    // What stands beside it must not be taken for a wildcard.
    let beside = |word: &Word| {
        let bare = word.text.replace(&format!("${name}"), "");
        is_wild
            && bare
                .replace(&format!("${{{name}}}"), "")
                .contains(['*', '?', '[', '\\', '{'])
    };
    let words = leaf.words.iter_mut().skip(1).chain(targets);
    for word in words.filter(|word| !beside(word)) {
        let first = word.expansions.first().is_some_and(|one| one.at.start == 0);
        if word.fill(known) > 0 && is_wild {
            word.live.push(Live::Glob);
            word.one_file = true;
            word.starts_wild |= first && value.starts_wild;
        }
    }
}
