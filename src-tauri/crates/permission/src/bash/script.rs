//! What a command line is made of: leaf commands, how they are joined, and
//! the marks the first reader left.

use std::collections::HashSet;
use std::path::PathBuf;

use protocol::Span;

use super::names::among;
use super::word::Word;

/// They run the program that the first word names which is not theirs.
const RUNNERS: &str = "timeout gtimeout nice ionice env command builtin exec sudo doas nohup setsid stdbuf \
    unbuffer xargs chrt taskset caffeinate";

/// A whole command line, flat: every leaf command at any depth.
#[derive(Debug, Clone, Default)]
pub(crate) struct Script {
    pub(crate) leaves: Vec<Leaf>,
    pub(crate) shapes: Vec<(Shape, Span)>,
    /// Where a backslash joins two lines between words.
    pub(crate) folds: Vec<usize>,
    /// Texts of all here-documents, as they stand.
    pub(crate) heredocs: Vec<String>,
    /// Groups, conditions and loops were read and found plain.
    pub(super) compound: bool,
    /// Texts of words that were read as command lines, and how.
    pub(super) reentered: HashSet<(usize, bool, bool, String)>,
    /// The last thing read was a group, so an operator may follow.
    pub(super) after_group: bool,
}

/// Something in the line that is more than leaves joined by operators.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Shape {
    Continuation,
    Background,
    PipeAll,
    Subshell,
    Arithmetic,
    /// A here-document whose text bash changes, or that may end elsewhere.
    Heredoc,
    Keyword(String),
    Function(String),
    Broken(&'static str),
    TooDeep,
}

/// How a leaf is joined to its neighbour.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Join {
    Start,
    End,
    And,
    Or,
    Then,
    Pipe,
    Background,
    Newline,
    Case,
    Group,
}

/// What a leaf is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LeafKind {
    /// A command with its words.
    Command,
    /// `[[ … ]]`.
    Condition,
    /// `for x in a b`, without the body.
    Loop,
}

/// Where a leaf stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Origin {
    /// In the line itself.
    Top,
    /// In a substitution or another nested part.
    Nested,
    /// In `<(…)` or `>(…)`.
    Process,
    /// In a text that a shell is told to run.
    Reentry,
    /// Behind a program that runs it: `timeout 5 …`.
    Wrapped,
}

/// A redirection.
#[derive(Debug, Clone)]
pub(crate) struct Redirect {
    pub(crate) descriptor: Option<String>,
    pub(crate) operator: &'static str,
    pub(crate) target: Option<Word>,
    pub(crate) span: Span,
}

/// One simple command.
#[derive(Debug, Clone)]
pub(crate) struct Leaf {
    pub(crate) kind: LeafKind,
    pub(crate) words: Vec<Word>,
    pub(crate) assignments: Vec<Word>,
    pub(crate) redirects: Vec<Redirect>,
    /// Bodies of its here-documents.
    pub(crate) bodies: Vec<String>,
    pub(crate) before: Join,
    pub(crate) after: Join,
    pub(crate) origin: Origin,
    /// It may be no command at all, but a text that reads like one.
    pub(crate) guessed: bool,
    pub(crate) span: Span,
    /// Every folder it may run in.
    pub(crate) folders: Vec<PathBuf>,
    /// It only sets variables that stay in this line, or reads them, and their
    /// uses are resolved.
    pub(crate) settled: bool,
}

impl Redirect {
    /// True when it can create or change a file, or open a socket.
    pub(crate) fn writes(&self) -> bool {
        !matches!(self.operator, "<" | "<&" | "<<" | "<<-" | "<<<") && !self.duplicates()
    }

    /// `2>&1`, `>&-`: only points one descriptor at another.
    pub(crate) fn duplicates(&self) -> bool {
        let descriptor = |word: &Word| {
            let text = word.text.strip_suffix('-').unwrap_or(&word.text);
            word.plain() && text.bytes().all(|b| b.is_ascii_digit())
        };
        matches!(self.operator, ">&" | "<&") && self.target.as_ref().is_some_and(descriptor)
    }
}

impl Leaf {
    pub(crate) fn new(before: Join, origin: Origin) -> Self {
        Self {
            kind: LeafKind::Command,
            words: Vec::new(),
            assignments: Vec::new(),
            redirects: Vec::new(),
            bodies: Vec::new(),
            before,
            after: Join::End,
            origin,
            guessed: false,
            span: Span { start: 0, end: 0 },
            folders: Vec::new(),
            settled: false,
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty() && self.assignments.is_empty() && self.redirects.is_empty()
    }

    /// Only `NAME=value`, nothing to run.
    pub(crate) fn only_sets(&self) -> bool {
        self.words.is_empty() && self.redirects.is_empty() && !self.assignments.is_empty()
    }

    /// True when the value of this variable still has to be put in.
    pub(super) fn uses(&self, name: &str) -> bool {
        let targets = self.redirects.iter();
        let targets = targets.filter_map(|redirect| redirect.target.as_ref());
        let mut words = self.words.iter().chain(&self.assignments).chain(targets);
        words.any(|word| word.expansions.iter().any(|one| one.name() == Some(name)))
    }

    /// Widens the leaf's span by one of its parts.
    pub(super) fn cover(&mut self, span: Span) {
        if self.span.end == 0 {
            self.span.start = span.start;
        }
        self.span.end = self.span.end.max(span.end);
    }

    /// The program's name without its folder, lower case.
    pub(crate) fn name(&self) -> String {
        self.words
            .first()
            .map(|word| base_name(&word.text))
            .unwrap_or_default()
    }

    pub(crate) fn is(&self, names: &[&str]) -> bool {
        !self.words.is_empty() && names.contains(&self.name().as_str())
    }

    /// The words after the program's name.
    pub(crate) fn args(&self) -> &[Word] {
        self.words.get(1..).unwrap_or_default()
    }

    /// The words as the program gets them.
    pub(crate) fn argv(&self) -> Vec<&str> {
        self.words.iter().map(|word| word.text.as_str()).collect()
    }

    pub(crate) fn first_arg(&self) -> &str {
        self.args().first().map_or("", |word| word.text.as_str())
    }

    /// True when some argument is one of these texts.
    pub(crate) fn has_arg(&self, wanted: &[&str]) -> bool {
        self.args()
            .iter()
            .any(|word| wanted.contains(&word.text.as_str()))
    }

    /// True when some argument starts with this text.
    pub(crate) fn has_arg_start(&self, start: &str) -> bool {
        self.args().iter().any(|word| word.text.starts_with(start))
    }

    /// True when a short option stands alone or in a cluster.
    pub(crate) fn short(&self, letter: char) -> bool {
        let cluster = |text: &str| {
            text.strip_prefix('-')
                .is_some_and(|rest| !rest.starts_with('-') && rest.contains(letter))
        };
        self.options().any(|word| cluster(&word.text))
    }

    /// True when a long option, or an abbreviation of it, is given.
    pub(crate) fn long(&self, name: &str) -> bool {
        self.options().any(|word| {
            let head = word.text.split('=').next().unwrap_or_default();
            head.len() > 3 && head.starts_with("--") && format!("--{name}").starts_with(head)
        })
    }

    /// Where the program stands that a runner is told to run.
    fn run_at(&self) -> Option<usize> {
        let is_own = |word: &&Word| {
            let text = word.text.as_str();
            let number = text.trim_end_matches(['s', 'm', 'h', 'd']);
            let is_number = number.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            text.starts_with('-') || is_number || (word.plain() && text.contains('='))
        };
        let at = 1 + self.args().iter().take_while(is_own).count();
        (at < self.words.len() && among(RUNNERS, &self.name())).then_some(at)
    }

    /// The command that a runner is told to run, and what that one runs.
    pub(crate) fn handed_on(&self) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        while let Some(at) = all.last().unwrap_or(self).run_at() {
            let mut inner = all.last().unwrap_or(self).clone();
            inner.words.drain(..at);
            all.push(inner);
        }
        all
    }

    /// Arguments that look like options, up to `--`.
    pub(crate) fn options(&self) -> impl Iterator<Item = &Word> {
        self.args()
            .iter()
            .take_while(|word| word.text != "--")
            .filter(|word| word.text.starts_with('-') && word.text.len() > 1)
    }

    /// Arguments that do not look like options, and all after `--`.
    pub(crate) fn operands(&self) -> impl Iterator<Item = &Word> {
        let mut after = false;
        self.args().iter().filter(move |word| {
            if !after && word.text == "--" {
                after = true;
                return false;
            }
            after || !word.text.starts_with('-') || word.text == "-"
        })
    }
}

/// The last part of a path, lower case; Windows' `.exe` is left out.
pub(crate) fn base_name(text: &str) -> String {
    let base = text.rsplit('/').next().unwrap_or(text).to_ascii_lowercase();
    base.strip_suffix(".exe").map(str::to_owned).unwrap_or(base)
}

impl Script {
    /// True when it is more than commands joined by operators, so that what
    /// stands before a command says little about whether it runs.
    pub(crate) fn is_compound(&self) -> bool {
        self.compound
            || self
                .shapes
                .iter()
                .any(|(shape, _)| matches!(shape, Shape::Keyword(_) | Shape::Subshell))
    }

    /// All words of all leaves, their assignments and their targets.
    pub(crate) fn words(&self) -> impl Iterator<Item = &Word> {
        self.leaves.iter().flat_map(|leaf| {
            let targets = leaf
                .redirects
                .iter()
                .filter_map(|redirect| redirect.target.as_ref());
            leaf.words.iter().chain(&leaf.assignments).chain(targets)
        })
    }
}
