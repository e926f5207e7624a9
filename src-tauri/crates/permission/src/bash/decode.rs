//! A command line as the programs in it would get it, for whoever has to look
//! at words and not at dangers.
//!
//! It says too much rather than too little: behind a wrapper every word that
//! may begin a command begins one. It runs nothing and judges nothing.

use std::path::{Path, PathBuf};

use super::script::{Join, Leaf, Origin, Script, Shape};
use super::word::Word;
use super::{flow, lex, unfold};
use crate::path::Ground;

/// A command line, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedLine {
    /// Every command in it, hidden ones too.
    pub commands: Vec<DecodedCommand>,
    /// False when a part of it could not be made out.
    pub whole: bool,
}

/// One command with its words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedCommand {
    /// The program's name, then its arguments.
    pub words: Vec<DecodedWord>,
    /// `NAME=value` before the program's name.
    pub assignments: Vec<DecodedWord>,
    /// Texts of its here-documents and here-strings.
    pub input: Vec<String>,
    /// It reads something else: a pipe or a file.
    pub reads_elsewhere: bool,
    /// Every folder it may run in.
    pub folders: Vec<PathBuf>,
}

/// One word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DecodedWord {
    /// What the program gets, as far as that is known.
    pub text: String,
    /// False when bash would still replace a part of it.
    pub known: bool,
}

impl DecodedCommand {
    /// The program's name without its folder, lower case.
    #[must_use]
    pub fn program(&self) -> String {
        let word = self.words.first();
        word.map(|word| super::script::base_name(&word.text))
            .unwrap_or_default()
    }
}

/// Takes `command` apart as run in `folder` of a session in `workspace`.
#[must_use]
pub fn decode_command(command: &str, workspace: &Path, folder: &Path) -> DecodedLine {
    let mut script = Script::default();
    lex::lex(command, lex::Base::At(0), Origin::Top, 0, &mut script);
    unfold::join_lines(command, &mut script);
    unfold::unfold(&mut script);
    flow::follow(&mut script, &Ground::new(workspace), folder);
    let unclear = |shape: &Shape| {
        matches!(
            shape,
            Shape::Broken(_) | Shape::TooDeep | Shape::Function(_)
        )
    };
    DecodedLine {
        whole: !script.shapes.iter().any(|(shape, _)| unclear(shape)),
        commands: script
            .leaves
            .iter()
            .filter(|leaf| !leaf.is_empty())
            .map(decoded)
            .collect(),
    }
}

fn decoded(leaf: &Leaf) -> DecodedCommand {
    let words = |words: &[Word]| words.iter().map(word).collect();
    let here_strings = leaf
        .redirects
        .iter()
        .filter(|redirect| redirect.operator == "<<<")
        .filter_map(|redirect| redirect.target.as_ref());
    let known_strings = here_strings.clone().filter(|word| word.plain());
    DecodedCommand {
        words: words(&leaf.words),
        assignments: words(&leaf.assignments),
        input: leaf
            .bodies
            .iter()
            .cloned()
            .chain(known_strings.map(|word| word.text.clone()))
            .collect(),
        reads_elsewhere: leaf.before == Join::Pipe
            || leaf
                .redirects
                .iter()
                .any(|redirect| redirect.operator == "<")
            || here_strings.clone().any(|word| !word.plain()),
        folders: leaf.folders.clone(),
    }
}

fn word(word: &Word) -> DecodedWord {
    DecodedWord {
        text: word.text.clone(),
        known: word.plain(),
    }
}

#[cfg(test)]
mod tests;
