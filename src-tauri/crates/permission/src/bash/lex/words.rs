//! Reads one word: quotes, escapes, and everything the shell would put in
//! its place.

use super::{Base, DEPTH_LIMIT, Lexer, Stop, is_meta, is_name, lex};
use crate::bash::script::{Origin, Shape};
use crate::bash::word::{Expansion, Live, Word, ansi_c};

/// Longer sums are not read.
const NUMBER_LENGTH: usize = 40;

impl Lexer<'_> {
    /// Reads one word; the caller made sure that one begins here.
    pub(super) fn word(&mut self) -> Word {
        let start = self.pos;
        let mut word = Word::default();
        while !self.at_end() {
            let b = self.peek(0);
            let process = matches!(b, b'<' | b'>') && self.peek(1) == b'(';
            if is_meta(b) && !process {
                break;
            }
            match b {
                b'<' | b'>' => self.substitution(&mut word, Live::Process, false),
                b'\\' if self.peek(1) == b'\n' => {
                    self.mark(Shape::Continuation, self.pos);
                    self.pos += 2;
                }
                b'\\' if self.pos + 1 >= self.bytes.len() => {
                    self.pos += 1;
                    self.mark(Shape::Broken("it ends in a backslash"), start);
                }
                b'\\' => {
                    word.quoted = true;
                    self.pos += 1;
                    self.plain_char(&mut word);
                }
                b'\'' => self.single_quoted(&mut word),
                b'"' => self.double_quoted(&mut word),
                b'$' => self.dollar(&mut word, false),
                b'`' => self.backtick(&mut word),
                _ => self.unquoted_char(&mut word, start),
            }
        }
        let span = self.span(start, self.pos);
        (word.start, word.end) = (span.start, span.end);
        if word.text == "{}" && !word.quoted {
            word.live.clear();
        }
        word
    }

    fn unquoted_char(&mut self, word: &mut Word, start: usize) {
        match self.peek(0) {
            b'*' | b'?' | b'[' => {
                word.starts_wild |= self.pos == start;
                // A lone `[` is the test command.
                if !(self.peek(0) == b'['
                    && self.pos == start
                    && (self.pos + 1 >= self.bytes.len() || is_meta(self.peek(1))))
                {
                    word.live.push(Live::Glob);
                }
            }
            // Nothing between them: bash leaves both as they are.
            b'{' if self.peek(1) == b'}' => self.plain_char(word),
            b'}' if word.text.ends_with('{') && self.pos > start => {}
            b'{' | b'}' => word.live.push(Live::Brace),
            b'~' if self.pos == start => {
                let home = self.pos + 1 >= self.bytes.len()
                    || self.peek(1) == b'/'
                    || is_meta(self.peek(1));
                word.live.push(if home { Live::Home } else { Live::Tilde });
            }
            b'~' if word.text.ends_with(['=', ':']) => word.live.push(Live::Tilde),
            _ => {}
        }
        self.plain_char(word);
    }

    fn plain_char(&mut self, word: &mut Word) {
        if let Some(c) = self
            .text
            .get(self.pos..)
            .and_then(|rest| rest.chars().next())
        {
            word.text.push(c);
            self.pos += c.len_utf8();
        } else {
            self.pos += 1;
        }
    }

    fn single_quoted(&mut self, word: &mut Word) {
        let start = self.pos;
        word.quoted = true;
        self.pos += 1;
        let body = self.text.get(self.pos..).unwrap_or_default();
        match body.find('\'') {
            Some(length) => {
                word.text.push_str(self.slice(self.pos, self.pos + length));
                self.pos += length + 1;
            }
            None => {
                word.text.push_str(body);
                self.pos = self.bytes.len();
                self.mark(Shape::Broken("a quote is never closed"), start);
            }
        }
    }

    fn double_quoted(&mut self, word: &mut Word) {
        let start = self.pos;
        word.quoted = true;
        self.pos += 1;
        while !self.at_end() {
            if self.peek(0) == b'"' {
                self.pos += 1;
                return;
            }
            self.quoted_char(word);
        }
        self.mark(Shape::Broken("a quote is never closed"), start);
    }

    /// All that is left, as between double quotes.
    pub(super) fn quoted_text(&mut self, word: &mut Word) {
        while !self.at_end() {
            self.quoted_char(word);
        }
    }

    /// One character, escape or expansion as between double quotes.
    fn quoted_char(&mut self, word: &mut Word) {
        match (self.peek(0), self.peek(1)) {
            (b'\\', b'\n') => {
                self.mark(Shape::Continuation, self.pos);
                self.pos += 2;
            }
            (b'\\', b'$' | b'`' | b'"' | b'\\') => {
                self.pos += 1;
                self.plain_char(word);
            }
            (b'$', _) => self.dollar(word, true),
            (b'`', _) => self.backtick(word),
            _ => self.plain_char(word),
        }
    }

    fn dollar(&mut self, word: &mut Word, in_quotes: bool) {
        let start = self.pos;
        match self.peek(1) {
            b'(' if self.peek(2) == b'(' => {
                if let Some(length) = self.number() {
                    self.pos += length;
                    self.expansion(word, start, in_quotes, Live::Number);
                } else {
                    self.substitution(word, Live::Arithmetic, in_quotes);
                }
            }
            b'(' => self.substitution(word, Live::Substitution, in_quotes),
            b'[' => {
                self.pos += 2;
                self.until(b']', word, in_quotes);
                word.live.push(Live::Arithmetic);
                self.keep(word, start);
            }
            b'{' => {
                self.pos += 2;
                let inner = self.until(b'}', word, in_quotes);
                self.parameter(word, inner, start, in_quotes);
            }
            b'\'' | b'"' if !in_quotes => self.dollar_quote(word),
            b if b.is_ascii_alphanumeric()
                || matches!(b, b'_' | b'@' | b'*' | b'#' | b'?' | b'-' | b'$' | b'!') =>
            {
                self.pos += 2;
                let named = b.is_ascii_alphabetic() || b == b'_';
                while named && (self.peek(0).is_ascii_alphanumeric() || self.peek(0) == b'_') {
                    self.pos += 1;
                }
                let name = self.slice(start + 1, self.pos).to_owned();
                self.parameter(word, name, start, in_quotes);
            }
            _ => self.plain_char(word),
        }
    }

    fn parameter(&mut self, word: &mut Word, inner: String, start: usize, quoted: bool) {
        if is_name(&inner) || matches!(inner.as_str(), "?" | "#") {
            self.expansion(word, start, quoted, Live::Parameter(inner));
        } else {
            word.live.push(Live::Parameter(inner));
            self.keep(word, start);
        }
    }

    /// Keeps a live part, and where it stands.
    fn expansion(&mut self, word: &mut Word, start: usize, quoted: bool, live: Live) {
        let from = word.text.len();
        self.keep(word, start);
        word.live.push(live.clone());
        word.expansions.push(Expansion {
            live,
            at: from..word.text.len(),
            span: self.span(start, self.pos),
            quoted,
        });
    }

    /// The length of a `$((…))` made of numbers and signs alone.
    fn number(&self) -> Option<usize> {
        let rest = self.text.get(self.pos..)?.strip_prefix("$((")?;
        let (inner, _) = rest.split_once("))")?;
        let is_plain = |b: u8| b.is_ascii_digit() || b" +-*/%".contains(&b);
        let numbers = inner.len() <= NUMBER_LENGTH && inner.bytes().all(is_plain);
        (numbers && inner.contains(|c: char| c.is_ascii_digit())).then_some(inner.len() + 5)
    }

    /// Keeps a live part in the word's text as it is written.
    fn keep(&mut self, word: &mut Word, start: usize) {
        let written = self.slice(start, self.pos).to_owned();
        word.text.push_str(&written);
    }

    fn dollar_quote(&mut self, word: &mut Word) {
        let start = self.pos;
        word.live.push(Live::Dollar);
        self.pos += 1;
        if self.peek(0) == b'"' {
            return self.double_quoted(word);
        }
        word.quoted = true;
        self.pos += 1;
        let body = self.pos;
        while !self.at_end() && self.peek(0) != b'\'' {
            self.pos += if self.peek(0) == b'\\' { 2 } else { 1 };
        }
        let inner = self.slice(body, self.pos.min(self.bytes.len())).to_owned();
        self.pos = (self.pos + 1).min(self.bytes.len());
        match ansi_c(&inner) {
            Some(text) => word.text.push_str(&text),
            None => {
                word.text.push_str(&inner);
                self.mark(Shape::Broken("an escape nobody can be sure of"), start);
            }
        }
    }

    /// Reads to `close`, looking into what is nested on the way.
    fn until(&mut self, close: u8, word: &mut Word, in_quotes: bool) -> String {
        let start = self.pos;
        let mut scratch = Word::default();
        self.depth += 1;
        while !self.at_end() && self.depth < DEPTH_LIMIT {
            match self.peek(0) {
                b if b == close => {
                    let inner = self.slice(start, self.pos).to_owned();
                    self.pos += 1;
                    self.depth -= 1;
                    word.live.append(&mut scratch.live);
                    return inner;
                }
                b'\\' => self.pos += 2,
                b'\'' if !in_quotes => self.single_quoted(&mut scratch),
                b'"' => self.double_quoted(&mut scratch),
                _ => self.quoted_char(&mut scratch),
            }
        }
        self.depth -= 1;
        self.pos = self.pos.min(self.bytes.len());
        self.mark(Shape::Broken("a brace is never closed"), start);
        word.live.append(&mut scratch.live);
        self.slice(start, self.pos).to_owned()
    }

    /// `$(…)`, `$((…))`, `<(…)`, `>(…)`: reads the commands inside.
    pub(super) fn substitution(&mut self, word: &mut Word, live: Live, quoted: bool) {
        let start = self.pos;
        self.pos += 2;
        let origin = if live == Live::Process {
            Origin::Process
        } else {
            Origin::Nested
        };
        let bodies = std::mem::take(&mut self.bodies);
        let after_group = std::mem::take(&mut self.script.after_group);
        self.commands(Stop::Paren, origin);
        self.bodies = bodies;
        self.script.after_group = after_group;
        if self.peek(0) == b')' {
            self.pos += 1;
        } else {
            self.mark(Shape::Broken("a substitution is never closed"), start);
        }
        if live == Live::Substitution {
            self.expansion(word, start, quoted, live);
        } else {
            word.live.push(live);
            self.keep(word, start);
        }
    }

    fn backtick(&mut self, word: &mut Word) {
        let start = self.pos;
        self.pos += 1;
        let (inner, closed) = self.backtick_body();
        word.live.push(Live::Substitution);
        if !closed {
            self.mark(Shape::Broken("a backtick is never closed"), start);
        }
        let span = self.span(start, self.pos);
        lex(
            &inner,
            Base::Within(span),
            Origin::Nested,
            self.depth,
            self.script,
        );
        self.keep(word, start);
    }

    /// What stands between backticks with its escapes undone, and whether
    /// they are closed.
    fn backtick_body(&mut self) -> (String, bool) {
        let mut inner = String::new();
        while let Some(c) = self
            .text
            .get(self.pos..)
            .and_then(|rest| rest.chars().next())
        {
            self.pos += c.len_utf8();
            match c {
                '`' => return (inner, true),
                '\\' if matches!(self.peek(0), b'`' | b'\\' | b'$') => {
                    inner.push(char::from(self.peek(0)));
                    self.pos += 1;
                }
                c => inner.push(c),
            }
        }
        (inner, false)
    }
}
