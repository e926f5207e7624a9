//! brush's grammar must see the same commands as our own reader: as many of
//! them, joined in the same way, each with the same words and redirections.
//!
//! The grammar has its own limits: some texts make it stop with a panic or
//! try exponentially many readings. Those it is never shown; they ask.

use brush_parser::ast::{
    AndOr, AndOrList, Command, CommandPrefixOrSuffixItem as Item, CompoundCommand, CompoundList,
    ExtendedTestExpr, IoFileRedirectKind as Kind, IoFileRedirectTarget as Target, IoHereDocument,
    IoRedirect, Pipeline, PipelineTimed, Program, RedirectList, SeparatorOperator, SimpleCommand,
    UnaryPredicate, Word,
};
use brush_parser::{ParserOptions, parse_tokens, uncached_tokenize_str};

use super::{DIFFERENT, own_leaves};
use crate::bash::lex::condition::terms;
use crate::bash::script::{Join, Leaf, LeafKind, Redirect, Script};
use crate::bash::word;

/// What is more than plain commands ends the comparison.
const NOT_PLAIN: &str = "it is more than plain commands";

/// Longer numbers before a redirection make the grammar panic.
const DESCRIPTOR_DIGITS: usize = 9;
/// The grammar tries two readings for every bracket of a word that begins
/// like `name[`.
const BRACKET_LIMIT: usize = 8;

/// Confirms that brush reads `text` as `script` says.
pub(super) fn confirm(text: &str, script: &Script) -> Result<(), String> {
    if has_long_descriptor(text) || has_many_brackets(text) {
        return Err("it is too knotty for the second shell grammar".to_owned());
    }
    let options = ParserOptions::default();
    // Its cache would keep commands, and lock.
    let tokens = uncached_tokenize_str(text, &options.tokenizer_options())
        .map_err(|_| "the second shell grammar cannot read it")?;
    let program =
        parse_tokens(&tokens, &options).map_err(|_| "the second shell grammar cannot read it")?;
    let source = Source::new(text);
    let mut theirs = Line::default();
    source.program(&program, &mut theirs)?;
    let mut ours: Option<Vec<Seen>> = own_leaves(script).map(seen).collect();
    if script.is_compound() {
        // Each command is judged as if it ran, whatever stands before it.
        let all = ours.iter_mut().flatten().chain(&mut theirs.commands);
        all.for_each(|seen| seen.before = Join::Then);
    }
    let ours = ours.map(|commands| Line {
        commands,
        heredocs: script.heredocs.clone(),
    });
    match ours {
        Some(ours) if ours == theirs => Ok(()),
        _ => Err(DIFFERENT.to_owned()),
    }
}

/// A whole line as a reader sees it.
#[derive(Debug, Default, PartialEq)]
struct Line {
    commands: Vec<Seen>,
    /// Texts of the here-documents.
    heredocs: Vec<String>,
}

/// One command as a reader sees it; words are byte ranges of the text.
#[derive(Debug, PartialEq)]
struct Seen {
    kind: LeafKind,
    before: Join,
    /// The variable of a loop.
    binds: Option<String>,
    assignments: Vec<(usize, usize)>,
    words: Vec<(usize, usize)>,
    redirects: Vec<SeenRedirect>,
}

/// Descriptor, operator and target of a redirection.
type SeenRedirect = (Option<i32>, &'static str, (usize, usize));

/// A leaf of our reader; `None` when it has what brush must not see in it.
fn seen(leaf: &Leaf) -> Option<Seen> {
    let redirect = |redirect: &Redirect| {
        let descriptor = match &redirect.descriptor {
            None => None,
            Some(digits) => Some(digits.parse::<i32>().ok()?),
        };
        let target = redirect.target.as_ref()?;
        Some((descriptor, redirect.operator, (target.start, target.end)))
    };
    let range = |word: &word::Word| (word.start, word.end);
    let words: Vec<(usize, usize)> = match leaf.kind {
        LeafKind::Command => leaf.words.iter().map(range).collect(),
        LeafKind::Loop => leaf.words.iter().skip(3).map(range).collect(),
        LeafKind::Condition => {
            let (_, words) = leaf.args().split_last()?;
            let operands = terms(words)?.into_iter().flat_map(|term| term.operands);
            operands.map(range).collect()
        }
    };
    let binds = leaf.words.get(1).map(|word| word.text.clone());
    Some(Seen {
        kind: leaf.kind,
        before: sequence(leaf.before),
        binds: binds.filter(|_| leaf.kind == LeafKind::Loop),
        assignments: leaf.assignments.iter().map(range).collect(),
        words,
        redirects: leaf.redirects.iter().map(redirect).collect::<Option<_>>()?,
    })
}

fn blank(kind: LeafKind, before: Join) -> Seen {
    Seen {
        kind,
        before,
        binds: None,
        assignments: Vec::new(),
        words: Vec::new(),
        redirects: Vec::new(),
    }
}

/// `;`, a new line and the beginning of all are the same to it.
fn sequence(join: Join) -> Join {
    match join {
        Join::Start | Join::Newline => Join::Then,
        join => join,
    }
}

/// The text brush read. It counts characters, we count bytes.
struct Source<'a> {
    text: &'a str,
    /// Where each character begins, and the end; empty when all are bytes.
    starts: Vec<usize>,
}

impl<'a> Source<'a> {
    fn new(text: &'a str) -> Self {
        let starts = if text.is_ascii() {
            Vec::new()
        } else {
            let starts = text.char_indices().map(|(at, _)| at);
            starts.chain(std::iter::once(text.len())).collect()
        };
        Self { text, starts }
    }

    fn byte(&self, index: usize) -> Option<usize> {
        if self.starts.is_empty() {
            Some(index)
        } else {
            self.starts.get(index).copied()
        }
    }

    /// Where a word stands; it must be just what is written there.
    fn range(&self, word: &Word) -> Result<(usize, usize), &'static str> {
        let place = word.loc.as_ref().and_then(|place| {
            let start = self.byte(place.start.index)?;
            Some((start, self.byte(place.end.index)?))
        });
        place
            .and_then(|(start, end)| {
                // Behind the name of a here-document it counts the blanks
                // before a word to the word.
                let read = self.text.get(start..end)?;
                let bare = read.trim_start_matches([' ', '\t']);
                (bare == word.value).then_some((end - bare.len(), end))
            })
            .ok_or(DIFFERENT)
    }

    fn program(&self, program: &Program, seen: &mut Line) -> Result<(), &'static str> {
        for list in &program.complete_commands {
            self.commands(list, seen)?;
        }
        Ok(())
    }

    fn commands(&self, list: &CompoundList, seen: &mut Line) -> Result<(), &'static str> {
        for item in &list.0 {
            match item.1 {
                SeparatorOperator::Sequence => self.list(&item.0, seen)?,
                SeparatorOperator::Async => return Err(NOT_PLAIN),
            }
        }
        Ok(())
    }

    fn list(&self, list: &AndOrList, seen: &mut Line) -> Result<(), &'static str> {
        self.pipeline(&list.first, Join::Then, seen)?;
        for next in &list.additional {
            match next {
                AndOr::And(pipeline) => self.pipeline(pipeline, Join::And, seen)?,
                AndOr::Or(pipeline) => self.pipeline(pipeline, Join::Or, seen)?,
            }
        }
        Ok(())
    }

    fn pipeline(
        &self,
        pipeline: &Pipeline,
        before: Join,
        seen: &mut Line,
    ) -> Result<(), &'static str> {
        // `time -p` is more than our reader knows.
        if matches!(pipeline.timed, Some(PipelineTimed::TimedWithPosixOutput(_))) {
            return Err(NOT_PLAIN);
        }
        let mut before = before;
        for command in &pipeline.seq {
            match command {
                Command::Simple(command) => {
                    let command = self.command(command, before, seen)?;
                    seen.commands.push(command);
                }
                Command::ExtendedTest(test, None) => {
                    let mut words = Vec::new();
                    self.test(&test.expr, &mut words)?;
                    seen.commands.push(Seen {
                        words,
                        ..blank(LeafKind::Condition, before)
                    });
                }
                Command::Compound(compound, redirects) => {
                    self.compound(compound, before, seen)?;
                    self.redirects(redirects.as_ref(), seen)?;
                }
                _ => return Err(NOT_PLAIN),
            }
            before = Join::Pipe;
        }
        Ok(())
    }

    fn compound(
        &self,
        compound: &CompoundCommand,
        before: Join,
        seen: &mut Line,
    ) -> Result<(), &'static str> {
        match compound {
            CompoundCommand::BraceGroup(group) => self.commands(&group.list, seen),
            CompoundCommand::Subshell(group) => self.commands(&group.list, seen),
            CompoundCommand::IfClause(clause) => {
                self.commands(&clause.condition, seen)?;
                self.commands(&clause.then, seen)?;
                let others = clause.elses.iter().flatten();
                let mut lists =
                    others.flat_map(|other| other.condition.iter().chain([&other.body]));
                lists.try_for_each(|list| self.commands(list, seen))
            }
            CompoundCommand::ForClause(clause) => {
                let values = clause.values.as_ref().ok_or(NOT_PLAIN)?;
                seen.commands.push(Seen {
                    binds: Some(clause.variable_name.clone()),
                    words: values
                        .iter()
                        .map(|word| self.range(word))
                        .collect::<Result<_, _>>()?,
                    ..blank(LeafKind::Loop, before)
                });
                self.commands(&clause.body.list, seen)
            }
            CompoundCommand::WhileClause(clause) => {
                self.commands(&clause.0, seen)?;
                self.commands(&clause.1.list, seen)
            }
            _ => Err(NOT_PLAIN),
        }
    }

    /// What stands behind a group: a command of nothing but redirections.
    fn redirects(&self, list: Option<&RedirectList>, seen: &mut Line) -> Result<(), &'static str> {
        let Some(list) = list else { return Ok(()) };
        let mut bare = blank(LeafKind::Command, Join::Then);
        for redirect in &list.0 {
            bare.redirects.push(self.redirect(redirect, seen)?);
        }
        seen.commands.push(bare);
        Ok(())
    }

    /// The operands of a condition.
    fn test(
        &self,
        test: &ExtendedTestExpr,
        words: &mut Vec<(usize, usize)>,
    ) -> Result<(), &'static str> {
        match test {
            ExtendedTestExpr::And(left, right) | ExtendedTestExpr::Or(left, right) => {
                self.test(left, words)?;
                self.test(right, words)
            }
            ExtendedTestExpr::Not(inner) => self.test(inner, words),
            ExtendedTestExpr::UnaryTest(
                UnaryPredicate::ShellOptionEnabled
                | UnaryPredicate::ShellVariableIsSetAndAssigned
                | UnaryPredicate::ShellVariableIsSetAndNameRef,
                _,
            )
            | ExtendedTestExpr::Parenthesized(_) => Err(NOT_PLAIN),
            ExtendedTestExpr::UnaryTest(_, word) => {
                words.push(self.range(word)?);
                Ok(())
            }
            ExtendedTestExpr::BinaryTest(_, left, right) => {
                words.push(self.range(left)?);
                words.push(self.range(right)?);
                Ok(())
            }
        }
    }

    fn command(
        &self,
        command: &SimpleCommand,
        before: Join,
        line: &mut Line,
    ) -> Result<Seen, &'static str> {
        let mut seen = blank(LeafKind::Command, before);
        for item in command.prefix.iter().flat_map(|prefix| &prefix.0) {
            match item {
                Item::AssignmentWord(_, word) => seen.assignments.push(self.range(word)?),
                Item::IoRedirect(redirect) => seen.redirects.push(self.redirect(redirect, line)?),
                _ => return Err(NOT_PLAIN),
            }
        }
        if let Some(word) = &command.word_or_name {
            seen.words.push(self.range(word)?);
        }
        for item in command.suffix.iter().flat_map(|suffix| &suffix.0) {
            match item {
                // Behind the program's name an assignment is a word.
                Item::Word(word) | Item::AssignmentWord(_, word) => {
                    seen.words.push(self.range(word)?);
                }
                Item::IoRedirect(redirect) => seen.redirects.push(self.redirect(redirect, line)?),
                Item::ProcessSubstitution(..) => return Err(NOT_PLAIN),
            }
        }
        Ok(seen)
    }

    fn redirect(
        &self,
        redirect: &IoRedirect,
        line: &mut Line,
    ) -> Result<SeenRedirect, &'static str> {
        match redirect {
            IoRedirect::HereString(descriptor, word) => Ok((*descriptor, "<<<", self.range(word)?)),
            IoRedirect::HereDocument(descriptor, document)
                if !document.remove_tabs && is_left_alone(document) =>
            {
                line.heredocs.push(document.doc.value.clone());
                Ok((*descriptor, "<<", self.range(&document.here_end)?))
            }
            IoRedirect::File(
                descriptor,
                kind,
                Target::Filename(word) | Target::Duplicate(word),
            ) => Ok((*descriptor, operator(kind), self.range(word)?)),
            IoRedirect::OutputAndError(word, false) => Ok((None, "&>", self.range(word)?)),
            IoRedirect::OutputAndError(word, true) => Ok((None, "&>>", self.range(word)?)),
            _ => Err(NOT_PLAIN),
        }
    }
}

/// Bash puts nothing in the place of any part of it.
fn is_left_alone(document: &IoHereDocument) -> bool {
    !document.requires_expansion || !document.doc.value.contains(['$', '`', '\\'])
}

fn operator(kind: &Kind) -> &'static str {
    match kind {
        Kind::Read => "<",
        Kind::Write => ">",
        Kind::Append => ">>",
        Kind::ReadAndWrite => "<>",
        Kind::Clobber => ">|",
        Kind::DuplicateInput => "<&",
        Kind::DuplicateOutput => ">&",
    }
}

/// A number right before `<` or `>` that no descriptor can have.
fn has_long_descriptor(text: &str) -> bool {
    text.match_indices(['<', '>']).any(|(at, _)| {
        let before = text.get(..at).unwrap_or_default().bytes().rev();
        before.take_while(u8::is_ascii_digit).count() > DESCRIPTOR_DIGITS
    })
}

/// Looks at the raw text, since the grammar may cut it into other words.
fn has_many_brackets(text: &str) -> bool {
    let is_break = |c: char| c.is_whitespace() || ";&|<>()".contains(c);
    let is_subscript = |part: &str| {
        part.split_once('[').is_some_and(|(name, _)| {
            name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
                && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        })
    };
    text.matches('[').count() > BRACKET_LIMIT && text.split(is_break).any(is_subscript)
}
