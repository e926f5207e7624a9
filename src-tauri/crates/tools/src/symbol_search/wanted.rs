//! The name that is looked for, and how well another fits it.

#[cfg(test)]
mod tests;

use grep_regex::{RegexMatcher, RegexMatcherBuilder};
use outline::{Kind, Symbol};
use tool::InputError;

use super::Input;

/// Names shorter than this are near to everything.
const NEAR_CHARS: usize = 3;

/// How far a name may be from what is wanted, for each of its characters.
const COST_PER_CHAR: usize = 3;

/// What leaving out characters costs within a word; at the start of a word it
/// costs nothing but the characters.
const BREAK_COST: usize = 3;

/// How well a name fits, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Exact,
    /// In other case.
    Folded,
    Prefix,
    Part,
    /// Holds the characters in order; how far it is.
    Near(usize),
}

/// What is looked for.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) name: String,
    folded: String,
    /// What the symbol lies in.
    container: Option<String>,
    pub(super) kind: Option<Kind>,
    is_case_sensitive: bool,
    pub(super) with_uses: bool,
}

impl Wanted {
    pub(super) fn new(input: &Input) -> Result<Self, InputError> {
        let text = input.name.trim().trim_end_matches("()");
        let (container, name) = split(text);
        if name.is_empty() {
            return Err(InputError(format!(
                "`{}` names no symbol; give a name like `run` or `Type.run`.",
                input.name
            )));
        }
        Ok(Self {
            name: name.to_owned(),
            folded: name.to_lowercase(),
            container: container.map(str::to_lowercase),
            kind: input.kind,
            is_case_sensitive: input.case_sensitive == Some(true),
            with_uses: input.references == Some(true),
        })
    }

    /// Finds out fast whether a text holds the name at all.
    pub(super) fn matcher(&self) -> Result<RegexMatcher, InputError> {
        RegexMatcherBuilder::new()
            .fixed_strings(true)
            .case_insensitive(!self.is_case_sensitive)
            .build(&self.name)
            .map_err(|error| InputError(format!("The name cannot be searched: {error}.")))
    }

    /// Finds out fast whether a text has a word that holds the characters of
    /// the name in order. Reading all files instead takes some twenty times as
    /// long.
    pub(super) fn near_matcher(&self) -> Result<RegexMatcher, InputError> {
        let characters = self.folded.chars().filter(|c| *c != '_');
        let escaped: Vec<String> = characters
            .map(|c| match c {
                _ if c.is_alphanumeric() => c.to_string(),
                _ => format!("\\x{{{:x}}}", u32::from(c)),
            })
            .collect();
        RegexMatcherBuilder::new()
            .unicode(false)
            .case_insensitive(true)
            .build(&escaped.join(r"[\w$\x80-\xff]*"))
            .map_err(|error| InputError(format!("The name cannot be searched: {error}.")))
    }

    /// How well a symbol fits; `None` when it does not hold the name.
    pub(super) fn rank(&self, symbol: &Symbol, parent: Option<&Symbol>) -> Option<Rank> {
        if !self.is_of_kind(symbol) || !self.is_contained(symbol, parent) {
            return None;
        }
        if symbol.name == self.name {
            return Some(Rank::Exact);
        }
        let rank = |name: &str, wanted: &str| {
            if name == wanted {
                Some(Rank::Folded)
            } else if name.starts_with(wanted) {
                Some(Rank::Prefix)
            } else {
                name.contains(wanted).then_some(Rank::Part)
            }
        };
        if self.is_case_sensitive {
            rank(&symbol.name, &self.name)
        } else {
            rank(&symbol.name.to_lowercase(), &self.folded)
        }
    }

    /// With uses only the name itself counts.
    pub(super) fn takes(&self, rank: &Rank) -> bool {
        !self.with_uses || *rank <= Rank::Folded
    }

    /// How far a name is that only holds the characters in order.
    pub(super) fn distance(&self, symbol: &Symbol) -> Option<usize> {
        let wanted: Vec<char> = self.folded.chars().filter(|c| *c != '_').collect();
        if wanted.len() < NEAR_CHARS || !self.is_of_kind(symbol) {
            return None;
        }
        distance(&symbol.name, &wanted).filter(|cost| *cost <= wanted.len() * COST_PER_CHAR)
    }

    fn is_of_kind(&self, symbol: &Symbol) -> bool {
        self.kind.is_none_or(|kind| kind == symbol.kind)
    }

    /// Lies in the container, or names it in its signature: a method of Go,
    /// or one that C++ defines outside of its class.
    fn is_contained(&self, symbol: &Symbol, parent: Option<&Symbol>) -> bool {
        let Some(container) = &self.container else {
            return true;
        };
        let is_parent = parent.is_some_and(|parent| parent.name.to_lowercase() == *container);
        let mut words = symbol
            .signature
            .split(|c: char| !c.is_alphanumeric() && c != '_');
        is_parent || words.any(|word| word.to_lowercase() == *container)
    }
}

/// `A::b`, `A.b` and `A#b` are `b` in `A`.
fn split(text: &str) -> (Option<&str>, &str) {
    let is_name =
        |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | ':' | '#' | '?' | '!');
    let Some(at) = text
        .rfind(['.', ':', '#'])
        .filter(|_| text.chars().all(is_name))
    else {
        return (None, text);
    };
    let container = text[..at].trim_end_matches(['.', ':', '#']);
    let container = container.rsplit(['.', ':', '#']).next().unwrap_or_default();
    let name = &text[at + 1..];
    // `#sides` is the whole name of a private field in JavaScript.
    match container {
        "" if at == 0 => (None, text),
        "" => (None, name),
        _ => (Some(container), name),
    }
}

/// The cost of what is left out of `name` so that `wanted` remains: the
/// characters between the first and the last one, and more for leaving the
/// middle of a word. Taken at the first place where it fits.
fn distance(name: &str, wanted: &[char]) -> Option<usize> {
    let mut left = wanted.iter().peekable();
    let mut cost = 0;
    let mut skipped = 0;
    let mut before: Option<char> = None;
    for c in name.chars() {
        let is_start = before.is_none_or(|before| {
            !before.is_alphanumeric() || before.is_lowercase() && c.is_uppercase()
        });
        before = Some(c);
        let is_hit = left
            .peek()
            .is_some_and(|next| c.to_lowercase().eq([**next]));
        if !is_hit {
            skipped += usize::from(c != '_');
            continue;
        }
        let is_begun = left.len() < wanted.len();
        if skipped > 0 {
            cost += if is_start { 0 } else { BREAK_COST };
            cost += if is_begun { skipped } else { 1 };
        }
        skipped = 0;
        left.next();
    }
    left.peek()
        .is_none()
        .then_some(cost + usize::from(skipped > 0))
}
