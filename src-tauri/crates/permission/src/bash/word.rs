//! One word of a command, decoded to the text the program would receive,
//! with all that bash would still do to it.

use std::ops::Range;

use protocol::Span;

/// Something bash does to a word before the program sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Live {
    /// `$x`, `${…}`; holds what stands between the braces.
    Parameter(String),
    /// `$(…)` or backticks.
    Substitution,
    /// `<(…)` or `>(…)`.
    Process,
    /// `$((…))` or `$[…]`.
    Arithmetic,
    /// `$((…))` of nothing but digits and signs: a number.
    Number,
    /// An unquoted brace.
    Brace,
    /// An unquoted `*`, `?` or `[`.
    Glob,
    /// A leading `~` or `~/`: the home folder.
    Home,
    /// Any other `~` that bash may replace.
    Tilde,
    /// `$'…'` or `$"…"`.
    Dollar,
}

/// A variable in a word, by its name alone: `$x` or `${x}`, a number that bash
/// computes, or the output of `$(…)`.
#[derive(Debug, Clone)]
pub(crate) struct Expansion {
    pub(crate) live: Live,
    /// Where it stands in the decoded text.
    pub(crate) at: Range<usize>,
    /// Where it stands in the command.
    pub(crate) span: Span,
    /// Between double quotes: it stays one word, whatever it holds.
    pub(crate) quoted: bool,
}

/// A decoded word.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    pub(crate) start: usize,
    pub(crate) end: usize,
    /// The decoded text; live parts stand in it as they are written.
    pub(crate) text: String,
    /// What bash would still replace.
    pub(crate) live: Vec<Live>,
    /// The variables and numbers among it, from left to right.
    pub(crate) expansions: Vec<Expansion>,
    /// Any part of it was quoted or escaped.
    pub(crate) quoted: bool,
    /// The word's first character is an unquoted wildcard.
    pub(crate) starts_wild: bool,
    /// Its wildcard stands for one file after the other, in a loop.
    pub(crate) one_file: bool,
}

impl Word {
    pub(crate) fn span(&self) -> Span {
        Span {
            start: self.start,
            end: self.end,
        }
    }

    /// True when the text is exactly what the program gets.
    pub(crate) fn plain(&self) -> bool {
        self.live.is_empty()
    }

    /// True when only the home folder and wildcards stand between the text
    /// and what the program gets.
    pub(crate) fn nearly_plain(&self) -> bool {
        self.live
            .iter()
            .all(|live| matches!(live, Live::Home | Live::Glob))
    }

    pub(crate) fn has(&self, wanted: &Live) -> bool {
        self.live.contains(wanted)
    }

    /// How many variables bash would still put in.
    pub(crate) fn parameters(&self) -> usize {
        let is_parameter = |live: &&Live| matches!(live, Live::Parameter(_));
        self.live.iter().filter(is_parameter).count()
    }

    /// True when its wildcard matches nothing for bash that it does not for us:
    /// no escapes, and between brackets nothing but letters and digits.
    pub(crate) fn simply_wild(&self) -> bool {
        let mut parts = self.text.split('[');
        let plain = |text: &str| !text.contains(['\\', '{', '}', ']']);
        let head = parts.next().is_none_or(plain);
        let sets = parts.all(|part| {
            part.split_once(']').is_some_and(|(set, rest)| {
                let is_set = !set.is_empty() && set.bytes().all(|b| b.is_ascii_alphanumeric());
                is_set && plain(rest)
            })
        });
        // A quoted `*` only matches less than an open one, a bracket does not.
        let open = !self.quoted || self.one_file || !self.text.contains('[');
        open && head && sets
    }

    /// True when the output of a command is part of it, at a known place.
    pub(crate) fn holds_output(&self) -> bool {
        let mut expansions = self.expansions.iter();
        expansions.any(|expansion| expansion.live == Live::Substitution)
    }

    /// True when each variable and each command in it has a known place.
    pub(crate) fn is_all_known(&self) -> bool {
        let is_open = |live: &&Live| matches!(live, Live::Parameter(_) | Live::Substitution);
        let known = self.expansions.iter();
        let known = known.filter(|expansion| is_open(&&expansion.live));
        known.count() == self.live.iter().filter(is_open).count()
    }

    /// True when what the word becomes is decided elsewhere.
    pub(crate) fn computed(&self) -> bool {
        let hidden = |live: &Live| {
            matches!(
                live,
                Live::Parameter(_)
                    | Live::Substitution
                    | Live::Process
                    | Live::Arithmetic
                    | Live::Number
            )
        };
        self.live.iter().any(hidden)
    }
}

impl Expansion {
    /// The name, when it is a variable.
    pub(crate) fn name(&self) -> Option<&str> {
        match &self.live {
            Live::Parameter(name) => Some(name),
            _ => None,
        }
    }
}

impl Word {
    /// Puts values in the place of variables and numbers, as far as `value`
    /// knows them; gives back how many bytes came in.
    pub(crate) fn fill(&mut self, value: impl Fn(&Expansion) -> Option<String>) -> usize {
        if self.expansions.is_empty() {
            return 0;
        }
        let mut added = 0;
        let mut text = String::with_capacity(self.text.len());
        let mut from = 0;
        for mut expansion in std::mem::take(&mut self.expansions) {
            let Expansion { at, live, .. } = &expansion;
            text.push_str(self.text.get(from..at.start).unwrap_or_default());
            from = at.end;
            let begin = text.len();
            let place = self.live.iter().position(|other| other == live);
            if let Some((known, place)) = value(&expansion).zip(place) {
                text.push_str(&known);
                added += known.len();
                self.live.remove(place);
                continue;
            }
            text.push_str(self.text.get(at.clone()).unwrap_or_default());
            expansion.at = begin..text.len();
            self.expansions.push(expansion);
        }
        text.push_str(self.text.get(from..).unwrap_or_default());
        self.text = text;
        added
    }
}

/// Decodes the inside of `$'…'`; `None` at an escape we do not know.
pub(super) fn ansi_c(text: &str) -> Option<String> {
    let mut out: Vec<u8> = Vec::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if c != '\\' {
            push(&mut out, c);
            continue;
        }
        match rest.next()? {
            'a' => out.push(7),
            'b' => out.push(8),
            'e' | 'E' => out.push(27),
            'f' => out.push(12),
            'n' => out.push(b'\n'),
            'r' => out.push(b'\r'),
            't' => out.push(b'\t'),
            'v' => out.push(11),
            c @ ('\\' | '\'' | '"' | '?') => push(&mut out, c),
            'x' => out.push(u8::try_from(number(&mut rest, 16, 2)?).ok()?),
            'u' => push(&mut out, char::from_u32(number(&mut rest, 16, 4)?)?),
            'U' => push(&mut out, char::from_u32(number(&mut rest, 16, 8)?)?),
            'c' => out.push(control(&mut rest)?),
            c @ '0'..='7' => {
                let head = c.to_digit(8)?;
                let tail_len = rest.clone().take(2).take_while(|c| c.is_digit(8)).count();
                let tail = if tail_len == 0 {
                    0
                } else {
                    number(&mut rest, 8, tail_len)?
                };
                let value = head * 8_u32.pow(u32::try_from(tail_len).ok()?) + tail;
                out.push(u8::try_from(value & 0xff).ok()?);
            }
            _ => return None,
        }
    }
    // Bash ends the text at a zero byte.
    String::from_utf8(out)
        .ok()
        .filter(|text| !text.contains('\0'))
}

/// The character behind `\c`: what the control key makes of it.
fn control(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<u8> {
    match rest.next()? {
        '?' => Some(0x7f),
        '\\' => {
            // Two backslashes stand for one here.
            rest.next_if_eq(&'\\');
            Some(0x1c)
        }
        // Of longer characters bash takes the first byte alone.
        c => u8::try_from(c)
            .ok()
            .filter(u8::is_ascii)
            .map(|byte| byte & 0x1f),
    }
}

fn push(out: &mut Vec<u8>, c: char) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

fn number(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    limit: usize,
) -> Option<u32> {
    let mut value: Option<u32> = None;
    for _ in 0..limit {
        let Some(digit) = rest.peek().and_then(|c| c.to_digit(radix)) else {
            break;
        };
        value = Some(value.unwrap_or(0).checked_mul(radix)?.checked_add(digit)?);
        rest.next();
    }
    value
}
