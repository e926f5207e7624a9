//! The first reader: cuts a command line into leaf commands and decodes
//! their words, with everything nested in them.
//!
//! It never fails. What it cannot read it marks as broken and reads on, so
//! that a danger behind the unreadable part is still seen. Only a line it
//! read without any mark, and which the other readers confirm, can be
//! called plain.

pub(super) mod condition;
mod words;

use protocol::Span;

use super::script::{Join, Leaf, LeafKind, Origin, Redirect, Script, Shape};
use super::word::Word;

/// How deep things may nest before we stop looking.
pub(super) const DEPTH_LIMIT: usize = 24;

const KEYWORDS: &[&str] = &[
    "if", "then", "else", "elif", "fi", "while", "until", "do", "done", "{", "}", "!", "time",
    "coproc", "[[",
];

/// Bash marks quoted characters with these while it works, and mistakes those
/// in the text for its own.
const BASH_OWN: &[char] = &['\u{1}', '\u{7f}'];

/// Where the spans of a piece of text lie in the whole command.
#[derive(Debug, Clone, Copy)]
pub(super) enum Base {
    /// The text is part of the command, from this byte on.
    At(usize),
    /// The text was decoded out of this part.
    Within(Span),
}

/// Reads `text` into `script`.
pub(super) fn lex(text: &str, base: Base, origin: Origin, depth: usize, script: &mut Script) {
    let mut lexer = Lexer {
        text,
        bytes: text.as_bytes(),
        pos: 0,
        base,
        depth,
        script,
        bodies: Vec::new(),
    };
    if text.contains(BASH_OWN) {
        lexer.mark(Shape::Broken("a character bash uses for itself"), 0);
    }
    lexer.commands(Stop::End, origin);
    if !lexer.bodies.is_empty() {
        lexer.mark(Shape::Heredoc, 0);
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stop {
    End,
    Paren,
}

struct Lexer<'a> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    base: Base,
    depth: usize,
    script: &'a mut Script,
    /// Here-documents announced on this line: delimiter, quoted, dashed.
    bodies: Vec<(String, bool, bool)>,
}

/// The leaf being read.
struct Draft {
    leaf: Leaf,
    origin: Origin,
}

impl Draft {
    /// Nothing came yet behind an operator that needs a command.
    fn awaits_command(&self) -> bool {
        self.leaf.is_empty() && matches!(self.leaf.before, Join::And | Join::Or | Join::Pipe)
    }
}

impl Lexer<'_> {
    fn peek(&self, ahead: usize) -> u8 {
        self.bytes.get(self.pos + ahead).copied().unwrap_or(0)
    }

    fn at_end(&self) -> bool {
        self.pos >= self.bytes.len()
    }

    fn starts(&self, text: &str) -> bool {
        self.bytes
            .get(self.pos..)
            .is_some_and(|rest| rest.starts_with(text.as_bytes()))
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    fn span(&self, start: usize, end: usize) -> Span {
        match self.base {
            // Whole characters: half of one cannot be shown.
            Base::At(offset) => Span {
                start: offset + self.text.floor_char_boundary(start),
                end: offset + self.text.ceil_char_boundary(end),
            },
            Base::Within(span) => span,
        }
    }

    fn mark(&mut self, shape: Shape, start: usize) {
        let span = self.span(
            start,
            self.pos.max(start + 1).min(self.bytes.len().max(start)),
        );
        self.script.shapes.push((shape, span));
    }

    /// Reads commands until the end or the closing parenthesis.
    fn commands(&mut self, stop: Stop, origin: Origin) {
        if self.depth >= DEPTH_LIMIT {
            self.mark(Shape::TooDeep, self.pos);
            self.pos = self.bytes.len();
            return;
        }
        self.depth += 1;
        let mut draft = Draft {
            leaf: Leaf::new(Join::Start, origin),
            origin,
        };
        while !self.at_end() {
            match self.peek(0) {
                b' ' | b'\t' => self.pos += 1,
                b'#' => self.comment(),
                b'\\' if self.peek(1) == b'\n' => {
                    self.continuation();
                    self.pos += 2;
                }
                b')' if stop == Stop::Paren => break,
                b'\n' | b';' | b'&' | b'|' | b'(' | b')' if !self.starts("&>") => {
                    self.operator(&mut draft)
                }
                _ if self.redirect(&mut draft) => {}
                _ => self.next_word(&mut draft),
            }
        }
        if draft.awaits_command() && !self.script.after_group {
            self.mark(
                Shape::Broken("an operator without a command after it"),
                self.pos,
            );
        }
        self.finish(&mut draft, Join::End);
        self.depth -= 1;
    }

    /// A backslash before the end of the line. A blank before it keeps the
    /// words apart, whatever stands behind it.
    fn continuation(&mut self) {
        let before = self.pos.checked_sub(1).and_then(|at| self.bytes.get(at));
        match (before, self.base) {
            (Some(b' ' | b'\t'), Base::At(offset)) => self.script.folds.push(offset + self.pos),
            _ => self.mark(Shape::Continuation, self.pos),
        }
    }

    fn comment(&mut self) {
        while !self.at_end() && self.peek(0) != b'\n' {
            self.pos += 1;
        }
    }

    fn finish(&mut self, draft: &mut Draft, join: Join) {
        let mut leaf = std::mem::replace(&mut draft.leaf, Leaf::new(join, draft.origin));
        leaf.after = join;
        if !leaf.is_empty() {
            self.script.leaves.push(leaf);
        }
    }

    fn operator(&mut self, draft: &mut Draft) {
        let start = self.pos;
        let (length, join) = match (self.peek(0), self.peek(1)) {
            (b'\n', _) => (1, Join::Newline),
            (b'&', b'&') => (2, Join::And),
            (b'|', b'|') => (2, Join::Or),
            (b'|', b'&') => (2, Join::Pipe),
            (b'|', _) => (1, Join::Pipe),
            (b'&', _) => (1, Join::Background),
            (b';', b';') => (if self.peek(2) == b'&' { 3 } else { 2 }, Join::Case),
            (b';', b'&') => (2, Join::Case),
            (b';', _) => (1, Join::Then),
            _ => return self.parenthesis(draft),
        };
        self.pos += length;
        match join {
            Join::Newline if !self.bodies.is_empty() => self.read_bodies(draft),
            Join::Background => self.mark(Shape::Background, start),
            Join::Case => self.mark(Shape::Broken("`;;` outside of a case"), start),
            Join::Pipe if length == 2 => self.mark(Shape::PipeAll, start),
            _ => {}
        }
        let dangling = draft.leaf.is_empty() && !matches!(join, Join::Newline);
        if dangling && !self.script.after_group {
            self.mark(
                Shape::Broken("an operator without a command before it"),
                start,
            );
        }
        self.script.after_group = false;
        // Behind `|`, `&&` and `||` the command goes on in the next line.
        if join != Join::Newline || !draft.awaits_command() {
            self.finish(draft, join);
        }
    }

    fn parenthesis(&mut self, draft: &mut Draft) {
        let start = self.pos;
        self.pos += 1;
        if self.slice(start, start + 1) == ")" {
            self.mark(
                Shape::Broken("a closing parenthesis without an opening one"),
                start,
            );
            self.script.after_group = true;
            return self.finish(draft, Join::Group);
        }
        if !draft.leaf.is_empty() {
            let name = draft
                .leaf
                .words
                .first()
                .map(|word| word.text.clone())
                .unwrap_or_default();
            let rest = self.text.get(self.pos..).unwrap_or_default();
            let blanks = rest.len() - rest.trim_start().len();
            if rest.trim_start().starts_with(')') {
                self.pos += blanks + 1;
                self.mark(Shape::Function(name), start);
                draft.leaf = Leaf::new(Join::Group, draft.origin);
                self.script.after_group = true;
            } else {
                self.mark(
                    Shape::Broken("a parenthesis in the middle of a command"),
                    start,
                );
                self.finish(draft, Join::Group);
            }
            return;
        }
        let shape = if self.peek(0) == b'(' {
            Shape::Arithmetic
        } else {
            Shape::Subshell
        };
        self.mark(shape, start);
        let inner = Leaf::new(draft.leaf.before, draft.origin);
        self.commands(Stop::Paren, draft.origin);
        draft.leaf = inner;
        if self.peek(0) == b')' {
            self.pos += 1;
        } else {
            self.mark(Shape::Broken("a parenthesis is never closed"), start);
        }
        self.script.after_group = true;
    }

    /// Reads the bodies of all here-documents announced on the line above.
    fn read_bodies(&mut self, draft: &mut Draft) {
        for (delimiter, quoted, dashed) in std::mem::take(&mut self.bodies) {
            let start = self.pos;
            let (end, closed) = self.body_end(&delimiter, dashed);
            let body = self.slice(start, end).to_owned();
            // Without quotes bash replaces what stands behind these.
            let changes = !quoted && body.contains(['$', '`', '\\']);
            if !closed || changes {
                self.mark(Shape::Heredoc, start);
            }
            self.script.heredocs.push(body.clone());
            if !quoted {
                let mut word = Word::default();
                self.nested(&body, start, |inner| inner.quoted_text(&mut word));
            }
            let before = self
                .script
                .leaves
                .last_mut()
                .filter(|_| draft.leaf.is_empty());
            before.unwrap_or(&mut draft.leaf).bodies.push(body);
        }
    }

    /// Moves behind the closing line of a here-document; gives back where
    /// its body ends, and whether there is such a line.
    fn body_end(&mut self, delimiter: &str, dashed: bool) -> (usize, bool) {
        loop {
            let start = self.pos;
            let rest = self.text.get(start..).unwrap_or_default();
            let line = rest.split('\n').next().unwrap_or_default();
            let shown = if dashed {
                line.trim_start_matches('\t')
            } else {
                line
            };
            let done = shown == delimiter;
            self.pos = (start + line.len() + 1).min(self.bytes.len());
            if done {
                return (start, true);
            }
            if self.at_end() {
                return (self.pos, false);
            }
        }
    }

    /// Runs `read` on a piece of this text that lies at `start`.
    fn nested(&mut self, text: &str, start: usize, mut read: impl FnMut(&mut Lexer<'_>)) {
        let base = match self.base {
            Base::At(offset) => Base::At(offset + start),
            within @ Base::Within(_) => within,
        };
        let mut inner = Lexer {
            text,
            bytes: text.as_bytes(),
            pos: 0,
            base,
            depth: self.depth + 1,
            script: &mut *self.script,
            bodies: Vec::new(),
        };
        if inner.depth < DEPTH_LIMIT {
            read(&mut inner);
        } else {
            inner.mark(Shape::TooDeep, 0);
        }
    }

    /// Reads a redirection if one stands here.
    fn redirect(&mut self, draft: &mut Draft) -> bool {
        let start = self.pos;
        let descriptor = self.descriptor();
        let after = self.pos;
        const OPERATORS: &[&str] = &[
            "&>>", "&>", "<<<", "<<-", "<<", "<>", "<&", "<", ">>", ">|", ">&", ">",
        ];
        let Some(operator) = OPERATORS.iter().find(|operator| self.starts(operator)) else {
            self.pos = start;
            return false;
        };
        if matches!(*operator, "<" | ">") && self.peek(1) == b'(' && after == start {
            return false;
        }
        self.pos += operator.len();
        while matches!(self.peek(0), b' ' | b'\t') {
            self.pos += 1;
        }
        let target = if self.word_here() {
            Some(self.word())
        } else {
            None
        };
        if target.is_none() {
            self.mark(Shape::Broken("a redirection without a target"), start);
        }
        if operator.starts_with("<<") && *operator != "<<<" {
            let raw = target.as_ref().map(|word| self.written(word));
            let is_plain = raw.is_some_and(|raw| is_plain_delimiter(raw) || is_name(raw));
            if *operator == "<<-" || !is_plain {
                self.mark(Shape::Heredoc, start);
            }
            if let Some(word) = &target {
                self.bodies
                    .push((word.text.clone(), word.quoted, *operator == "<<-"));
            }
        }
        let span = self.span(start, self.pos);
        draft.leaf.cover(span);
        draft.leaf.redirects.push(Redirect {
            descriptor,
            operator,
            target,
            span,
        });
        true
    }

    /// A word of this text as it stands there; nothing when the text was
    /// decoded out of something else.
    fn written(&self, word: &Word) -> &str {
        match self.base {
            Base::At(offset) => self.slice(
                word.start.saturating_sub(offset),
                word.end.saturating_sub(offset),
            ),
            Base::Within(_) => "",
        }
    }

    /// A file descriptor right before a redirection: digits or `{name}`. A
    /// number no descriptor can have is a word, and so are other braces.
    fn descriptor(&mut self) -> Option<String> {
        let start = self.pos;
        let rest = self.bytes.get(start..).unwrap_or_default();
        let length = rest
            .iter()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'{' | b'}'))
            .count();
        let written = self.slice(start, start + length);
        let number = written.parse::<i32>().is_ok();
        let name = written
            .strip_prefix('{')
            .and_then(|inner| inner.strip_suffix('}'));
        let redirects = matches!(rest.get(length), Some(b'<' | b'>'));
        if !redirects || !(number || name.is_some_and(is_name)) {
            return None;
        }
        let written = written.to_owned();
        self.pos += length;
        Some(written)
    }

    fn word_here(&self) -> bool {
        let process = matches!(self.peek(0), b'<' | b'>') && self.peek(1) == b'(';
        process || !(self.at_end() || is_meta(self.peek(0)))
    }

    fn next_word(&mut self, draft: &mut Draft) {
        let word = self.word();
        if draft.leaf.is_empty()
            && word.text == "[["
            && !word.quoted
            && self.condition(draft, &word)
        {
            return;
        }
        let leaf = &mut draft.leaf;
        leaf.cover(word.span());
        if leaf.words.is_empty() && !word.quoted && KEYWORDS.contains(&word.text.as_str()) {
            self.script
                .shapes
                .push((Shape::Keyword(word.text.clone()), word.span()));
            self.script.after_group = true;
            return;
        }
        if leaf.words.is_empty() && is_assignment(self.text, &word, self.base) {
            if word.text.ends_with('=') && self.peek(0) == b'(' {
                self.array();
            }
            leaf.assignments.push(word);
            return;
        }
        if leaf.words.is_empty()
            && !word.quoted
            && matches!(word.text.as_str(), "for" | "case" | "select" | "function")
        {
            if word.text == "for" && leaf.is_empty() {
                leaf.kind = LeafKind::Loop;
            }
            self.script
                .shapes
                .push((Shape::Keyword(word.text.clone()), word.span()));
        }
        leaf.words.push(word);
        if leaf.words.len() == 2
            && leaf
                .words
                .first()
                .is_some_and(|first| first.text == "function" && !first.quoted)
        {
            let (name, span) = (
                leaf.words.pop().map(|word| word.text).unwrap_or_default(),
                leaf.span,
            );
            self.script.shapes.push((Shape::Function(name), span));
            self.script.after_group = true;
            draft.leaf = Leaf::new(Join::Group, draft.origin);
        }
    }

    fn array(&mut self) {
        let start = self.pos;
        self.pos += 1;
        self.mark(Shape::Broken("an array"), start);
        self.commands(Stop::Paren, Origin::Nested);
        self.pos += 1;
    }
}

/// `'EOF'` or `"EOF"`: bash then leaves the text alone, and all readers agree
/// on where it ends.
fn is_plain_delimiter(raw: &str) -> bool {
    let inner = ['\'', '"']
        .iter()
        .find_map(|quote| raw.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.is_some_and(is_name)
}

fn is_meta(b: u8) -> bool {
    matches!(
        b,
        b' ' | b'\t' | b'\n' | b';' | b'&' | b'|' | b'(' | b')' | b'<' | b'>'
    )
}

/// `NAME=…`, `NAME+=…`, `NAME[…]=…` with the name unquoted.
fn is_assignment(text: &str, word: &Word, base: Base) -> bool {
    let raw = match base {
        Base::At(offset) => text
            .get(word.start.saturating_sub(offset)..word.end.saturating_sub(offset))
            .unwrap_or_default(),
        Base::Within(_) => word.text.as_str(),
    };
    let Some((name, _)) = raw.split_once('=') else {
        return false;
    };
    let name = name.strip_suffix('+').unwrap_or(name);
    let name = name.split('[').next().unwrap_or(name);
    is_name(name)
}

/// What bash takes as the name of a variable.
fn is_name(text: &str) -> bool {
    let mut chars = text.chars();
    chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_')
        && chars.all(|c| c.is_ascii_alphanumeric() || c == '_')
}
