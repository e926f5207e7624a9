//! The same commands with braces, wildcards and the variable of the home folder
//! replaced, so that a dangerous path is seen however it is spelled.
//!
//! What comes out serves the search for dangers only: the command as it is
//! written asks anyway.

use globset::{GlobBuilder, GlobMatcher};

use crate::bash::names::among;
use crate::bash::script::{Leaf, Origin, Script};
use crate::bash::word::{Live, Word};

/// How many words one pair of braces may become.
const LIMIT: usize = 32;
/// How many of them are looked at one by one.
const CHOICES: usize = 8;
/// How many leaves are looked at.
const LEAVES: usize = 200;

/// Places a wildcard may aim at. A path is here for all that are like it.
const AIMS: &[&str] = &[
    "/etc/shadow",
    "/etc/sudoers",
    "/etc/passwd",
    "/etc/ssh/ssh_host_rsa_key",
    ".git/hooks/pre-commit",
    ".git/config",
    ".env",
    ".env.local",
    ".npmrc",
    ".netrc",
    "~/.ssh/id_rsa",
    "~/.ssh/id_ed25519",
    "~/.ssh/authorized_keys",
    "~/.ssh/config",
    "~/.aws/credentials",
    "~/.bashrc",
    "~/.profile",
    "~/.zshrc",
    "~/.netrc",
    "~/.gnupg",
    "~/.kube/config",
    "~/.docker/config.json",
    "~/.git-credentials",
    "~/.config/gh/hosts.yml",
    "/root/.ssh/id_rsa",
    "/root/.bashrc",
    "/home/user/.ssh/id_rsa",
    "/proc/self/environ",
];
/// These only show names, which a wildcard may well stand for.
const LISTERS: &str =
    "ls dir stat find du test [ echo printf basename dirname realpath readlink tree file wc cd";

pub(super) fn add(script: &mut Script) {
    let mut variants = Vec::new();
    for leaf in script.leaves.iter().take(LEAVES) {
        let mut variant = leaf.clone();
        variant.origin = Origin::Wrapped;
        let lists = among(LISTERS, &leaf.name());
        let choices: Vec<Vec<Word>> = leaf
            .words
            .iter()
            .map(|word| replaced(word, lists))
            .collect();
        variant.words = choices.iter().flatten().cloned().collect();
        for redirect in &mut variant.redirects {
            redirect.target = redirect
                .target
                .take()
                .map(|word| replaced(&word, lists).swap_remove(0));
        }
        let words = |leaf: &Leaf| {
            leaf.words
                .iter()
                .map(|w| w.text.clone())
                .collect::<Vec<_>>()
        };
        let targets = |leaf: &Leaf| -> Vec<Option<String>> {
            let targets = leaf.redirects.iter().map(|redirect| &redirect.target);
            targets
                .map(|word| Some(word.as_ref()?.text.clone()))
                .collect()
        };
        if words(&variant) != words(leaf) || targets(&variant) != targets(leaf) {
            variants.extend(one_of_each(&variant, &choices));
            variants.push(variant);
        }
    }
    script.leaves.append(&mut variants);
}

/// The leaf with one choice at a time, as the last word alone may count.
fn one_of_each(leaf: &Leaf, choices: &[Vec<Word>]) -> Vec<Leaf> {
    let most = choices.iter().map(Vec::len).max().unwrap_or(0);
    let numbers = (0..most.min(CHOICES)).filter(|_| most > 1);
    numbers
        .map(|number| {
            let mut one = leaf.clone();
            let picked = choices
                .iter()
                .map(|words| words.get(number).or(words.last()));
            one.words = picked.flatten().cloned().collect();
            one
        })
        .collect()
}

/// All words that one becomes; always one at least.
fn replaced(word: &Word, lists: bool) -> Vec<Word> {
    let mut texts = vec![word.text.clone()];
    // Where the line does not set it anew it is the home folder.
    if word.has(&Live::Parameter("HOME".to_owned())) {
        texts = vec![word.text.replace("${HOME}", "~").replace("$HOME", "~")];
    }
    if word.has(&Live::Brace) {
        texts = texts.iter().flat_map(|text| braces(text, 0)).collect();
    }
    texts.truncate(LIMIT);
    if word.has(&Live::Glob) && !lists {
        for text in &mut texts {
            if let Some(aim) = aim(text) {
                *text = aim;
            }
        }
    }
    let fresh = texts.into_iter().map(|text| Word {
        live: if text == word.text {
            word.live.clone()
        } else {
            Vec::new()
        },
        text,
        ..word.clone()
    });
    fresh.collect()
}

/// `{a,b}` as bash multiplies it out.
fn braces(text: &str, depth: usize) -> Vec<String> {
    let whole = vec![text.to_owned()];
    let Some((open, close, commas)) = pair(text).filter(|_| depth < 6) else {
        return whole;
    };
    let mut cuts = vec![open];
    cuts.extend(commas);
    cuts.push(close);
    let (head, tail) = (&text[..open], &text[close + 1..]);
    let parts = cuts
        .windows(2)
        .filter_map(|cut| text.get(cut.first()? + 1..*cut.get(1)?));
    parts
        .flat_map(|part| braces(&format!("{head}{part}{tail}"), depth + 1))
        .take(LIMIT)
        .collect()
}

/// The first pair of braces with a comma right in it.
fn pair(text: &str) -> Option<(usize, usize, Vec<usize>)> {
    for (open, _) in text.match_indices('{') {
        let (mut depth, mut commas) = (0_usize, Vec::new());
        for (at, c) in text.char_indices().skip_while(|(at, _)| *at < open) {
            match c {
                '{' => depth += 1,
                ',' if depth == 1 => commas.push(at),
                '}' if depth == 1 && commas.is_empty() => break,
                '}' if depth == 1 => return Some((open, at, commas)),
                '}' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    None
}

/// The guarded place a wildcard may stand for.
fn aim(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split('/').collect();
    // `*` alone matches anything, hidden files excepted.
    if parts
        .iter()
        .all(|part| part.chars().all(|c| "*?.".contains(c)))
    {
        return None;
    }
    let home = text.replacen("/root/", "~/", 1);
    let matchers: Vec<(&str, Option<GlobMatcher>)> = home
        .split('/')
        .map(|part| {
            let wild = part.contains(['*', '?', '[']);
            let glob = wild.then(|| GlobBuilder::new(part).build().ok());
            (part, glob.flatten().map(|glob| glob.compile_matcher()))
        })
        .collect();
    AIMS.iter().find_map(|aim| {
        let known: Vec<&str> = aim.split('/').collect();
        let known = known.get(..parts.len())?;
        let fits = known.iter().zip(&matchers).all(|(known, (part, matcher))| {
            let hidden = !known.starts_with('.') || part.starts_with('.');
            let matches = || matcher.as_ref().is_some_and(|one| one.is_match(known));
            hidden && (known == part || matches())
        });
        // What goes on below a folder stays as it is written.
        fits.then(|| known.join("/"))
    })
}
