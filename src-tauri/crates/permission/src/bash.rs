//! Reads a shell command and says what is wrong with running it unasked.
//!
//! Bytes first, then our own reader, then one check after the other, then
//! tree-sitter and brush as further opinions. A command is plain only when
//! nothing at all was found. It runs nothing; of the file system it reads
//! links only.

mod bytes;
mod checks;
mod compound;
mod decode;
mod flow;
mod known;
mod lex;
mod login;
pub(crate) mod names;
mod parse;
mod repository;
mod schema;
mod script;
mod unfold;
mod variables;
mod walk;
mod word;

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use protocol::{Finding, Span};
use serde::Serialize;

use crate::path::{Ground, Place};
use schema::Reading;
use script::{Origin, Script};
use word::Word;

pub(crate) use bytes::visible;
pub(crate) use checks::Level;
pub use decode::{DecodedCommand, DecodedLine, DecodedWord, decode_command};

/// What to do with a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// Run it.
    Allow,
    /// Ask the user.
    Ask,
    /// Do not run it.
    Deny,
}

/// What is to be said of one command, without any rule or mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandVerdict {
    /// Allow only for plainly read-only commands; deny only for what is
    /// ruinous whatever the intent.
    pub decision: Decision,
    /// It can destroy, leak or escape.
    pub danger: bool,
    /// Ids of the checks that found something, each once.
    pub checks: Vec<String>,
    /// One sentence: the weightiest finding, or why it is fine.
    pub reason: String,
    /// All findings, the weightiest first.
    pub findings: Vec<Finding>,
}

/// Judges `command` as run in `workspace`. The same command in the same
/// folder always gets the same answer.
#[must_use]
pub fn judge_command(command: &str, workspace: &Path) -> CommandVerdict {
    let ground = Ground::new(workspace);
    let analysis = analyse(command, &ground, ground.root());
    let decision = analysis.decision();
    let findings = analysis.findings();
    let mut checks: Vec<String> = Vec::new();
    for finding in &findings {
        if !checks.contains(&finding.check) {
            checks.push(finding.check.clone());
        }
    }
    CommandVerdict {
        decision,
        danger: findings.iter().any(|finding| finding.danger),
        reason: findings.first().map_or_else(
            || "It only reads, inside the workspace.".to_owned(),
            |finding| finding.reason.clone(),
        ),
        checks,
        findings,
    }
}

/// One thing a check found.
#[derive(Debug, Clone)]
pub(crate) struct Hit {
    pub(crate) check: &'static str,
    pub(crate) level: Level,
    pub(crate) reason: String,
    pub(crate) span: Option<Span>,
    /// Set when an allow rule for this leaf answers the finding.
    pub(crate) leaf: Option<usize>,
}

/// All that was found out about one command.
#[derive(Debug)]
pub(crate) struct Analysis {
    pub(crate) hits: Vec<Hit>,
    pub(crate) script: Script,
    /// True when every word of every leaf is known.
    pub(crate) decoded: bool,
    /// Files and folders it reads, as far as schemas tell.
    pub(crate) reads: Vec<Place>,
    /// Every word that may name a file.
    pub(crate) touches: Vec<Place>,
}

/// What the checks look at.
pub(crate) struct Subject<'a> {
    text: &'a str,
    script: &'a Script,
    ground: &'a Ground,
    readings: &'a [Reading],
    /// What was looked up on disk: most words stand in many leaves.
    known: RefCell<HashMap<(PathBuf, PathBuf), Place>>,
}

/// Reads and checks `command` as run in `cwd`.
pub(crate) fn analyse(command: &str, ground: &Ground, cwd: &Path) -> Analysis {
    let mut script = Script::default();
    lex::lex(command, lex::Base::At(0), Origin::Top, 0, &mut script);
    unfold::join_lines(command, &mut script);
    // The grammars see the line as it is written.
    let written = script.clone();
    known::fill(&mut script, cwd);
    compound::settle(&mut script);
    variables::resolve(&mut script);
    variables::suspect(&mut script);
    unfold::unwrap(&mut script);
    unfold::unfold(&mut script);
    flow::follow(&mut script, ground, cwd);
    let readings: Vec<Reading> = script.leaves.iter().map(schema::read).collect();
    let subject = Subject {
        text: command,
        script: &script,
        ground,
        readings: &readings,
        known: RefCell::default(),
    };
    let mut hits = checks::run(&subject);
    if hits.iter().all(|hit| hit.leaf.is_some()) {
        // Only what looks plain so far needs further opinions.
        if let Err(why) = parse::confirm(command, &written) {
            hits.push(Hit {
                check: parse::CHECK,
                level: Level::Ask,
                reason: why,
                span: None,
                leaf: None,
            });
        }
    }
    hits.sort_by_key(|hit| std::cmp::Reverse(hit.level));
    let decoded = script.words().all(Word::nearly_plain)
        && !script
            .shapes
            .iter()
            .any(|(shape, _)| matches!(shape, script::Shape::Broken(_) | script::Shape::TooDeep));
    let reads = subject.reads().map(|(_, _, place)| place).collect();
    let touches = subject.touches();
    Analysis {
        hits,
        decoded,
        reads,
        touches,
        script,
    }
}

impl Analysis {
    pub(crate) fn decision(&self) -> Decision {
        match self.hits.first().map(|hit| hit.level) {
            None => Decision::Allow,
            Some(Level::Ruin) => Decision::Deny,
            Some(_) => Decision::Ask,
        }
    }

    pub(crate) fn findings(&self) -> Vec<Finding> {
        self.hits.iter().map(Hit::finding).collect()
    }

    /// The leaves of the line itself, by index.
    pub(crate) fn leaf_argv(&self, index: usize) -> Vec<&str> {
        self.script
            .leaves
            .get(index)
            .map(script::Leaf::argv)
            .unwrap_or_default()
    }

    /// Every command in it, hidden ones too, but no mere guesses.
    pub(crate) fn all_argv(&self) -> impl Iterator<Item = Vec<&str>> {
        self.script
            .leaves
            .iter()
            .filter(|leaf| !leaf.words.is_empty() && !leaf.guessed)
            .map(script::Leaf::argv)
    }
}

impl Hit {
    pub(crate) fn finding(&self) -> Finding {
        Finding {
            check: self.check.to_owned(),
            reason: self.reason.clone(),
            danger: self.level >= Level::Danger,
            span: self.span,
        }
    }
}

impl Subject<'_> {
    /// What listed leaves read: the leaf's index, the word, the place from
    /// each folder the leaf may run in.
    fn reads(&self) -> impl Iterator<Item = (usize, &Word, Place)> {
        self.readings
            .iter()
            .zip(&self.script.leaves)
            .enumerate()
            .flat_map(move |(index, (reading, leaf))| {
                let inputs = leaf
                    .redirects
                    .iter()
                    .filter(|redirect| redirect.operator == "<")
                    .filter_map(|redirect| redirect.target.as_ref());
                let inputs = inputs
                    .filter(|word| word.text != "/dev/null")
                    .map(|word| (word, word.text.as_str()));
                let operands = reading
                    .reads
                    .iter()
                    .map(|operand| (&operand.word, operand.text.as_str()));
                operands.chain(inputs).flat_map(move |(word, text)| {
                    self.places(leaf, text)
                        .map(move |place| (index, word, place))
                })
            })
    }

    /// Where `text` leads from every folder the leaf may run in.
    fn places<'t>(
        &'t self,
        leaf: &'t script::Leaf,
        text: &'t str,
    ) -> impl Iterator<Item = Place> + 't {
        let path = self
            .ground
            .expand_home(text)
            .unwrap_or_else(|| Path::new(text).to_path_buf());
        leaf.folders
            .iter()
            .map(move |folder| self.place(&path, folder))
    }

    fn place(&self, path: &Path, folder: &Path) -> Place {
        let key = (folder.to_owned(), path.to_owned());
        let mut known = self.known.borrow_mut();
        let place = known
            .entry(key)
            .or_insert_with(|| self.ground.place(path, folder));
        place.clone()
    }

    /// True when a word of the leaf may name a place outside.
    fn touches_outside(&self, leaf: &script::Leaf) -> bool {
        leaf.args().iter().any(|word| {
            path_in(&word.text)
                .is_some_and(|text| self.places(leaf, text).any(|place| !place.inside))
        })
    }

    /// Every word of every leaf that may name a file, each once.
    fn touches(&self) -> Vec<Place> {
        let mut seen: HashSet<(&str, &[PathBuf])> = HashSet::new();
        let words = self.script.leaves.iter().flat_map(|leaf| {
            let targets = leaf
                .redirects
                .iter()
                .filter_map(|redirect| redirect.target.as_ref());
            leaf.args()
                .iter()
                .chain(targets)
                .map(move |word| (leaf, word))
        });
        words
            .filter_map(|(leaf, word)| Some((leaf, path_in(&word.text)?)))
            .filter(|(leaf, text)| seen.insert((*text, &leaf.folders)))
            .flat_map(|(leaf, text)| self.places(leaf, text))
            .collect()
    }
}

/// The path a word may hold: bare, behind `@`, behind `--option=`.
fn path_in(text: &str) -> Option<&str> {
    let text = match text.strip_prefix("--").or_else(|| text.strip_prefix('-')) {
        Some(option) => option
            .split_once('=')
            .map(|(_, value)| value)
            .or_else(|| option.find(['/', '~', '.']).and_then(|at| option.get(at..)))?,
        None => text,
    };
    let text = match text.split_once('=') {
        Some((_, value)) if !text.starts_with(['/', '.', '~']) => value,
        _ => text,
    };
    let text = text.trim_start_matches(['@', '<']);
    (!text.is_empty() && text.len() < 1_000 && !text.contains(['\n', '\0'])).then_some(text)
}

#[cfg(test)]
mod tests;
