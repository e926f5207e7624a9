//! What a shape of secret is: the literals that give it away, and how the
//! text around such a literal is read. The shapes themselves are in `shapes`.

use std::ops::Range;

/// How far from a literal a pattern is looked for. It bounds the work that a
/// text full of literals can cause; what matches up to this edge is followed
/// to its real end.
const REACH: usize = 1024;

/// The same for whole blocks: a 16384-bit key takes about 13 kB.
const BLOCK_REACH: usize = 64 * 1024;

/// One kind of secret.
#[derive(Clone, Copy)]
pub(crate) struct Shape {
    pub id: &'static str,
    /// What a person reads in the mark.
    pub name: &'static str,
    /// One of these is in every secret of the shape, or right before it.
    pub literals: &'static [&'static str],
    pub letters: Letters,
    pub reading: Reading,
}

/// How a literal may be written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Letters {
    AsWritten,
    /// `token`, `Token` and `TOKEN`; the literal stands in small letters.
    AnyCase,
}

#[derive(Clone, Copy)]
pub(crate) enum Reading {
    Pattern(Pattern),
    /// Given the text and the place of a literal.
    Reader(fn(&str, usize) -> Vec<Secret>),
}

/// A regular expression tried at the literal, and only there.
#[derive(Clone, Copy)]
pub(crate) struct Pattern {
    /// Its first group is the secret; without a group all of it is.
    pub source: &'static str,
    /// How many bytes before the literal the expression begins.
    pub lead: usize,
    pub left: Left,
    pub reach: usize,
    /// What the expression cannot say.
    pub check: fn(&str) -> bool,
}

/// What may stand before a secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Left {
    /// Anything but a letter or digit.
    NoWord,
    /// Also no `-` and no `_`: for what is written in base64 of URLs.
    NoRun,
    /// A digit: the first half of the secret, which may stay.
    Digit,
    Anything,
}

/// A secret that a reader found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Secret {
    pub range: Range<usize>,
    pub name: &'static str,
}

impl Shape {
    /// A token that begins with one of the literals.
    pub const fn token(
        id: &'static str,
        name: &'static str,
        literals: &'static [&'static str],
        source: &'static str,
    ) -> Self {
        let pattern = Pattern {
            source,
            lead: 0,
            left: Left::NoWord,
            reach: REACH,
            check: anything,
        };
        Self {
            id,
            name,
            literals,
            letters: Letters::AsWritten,
            reading: Reading::Pattern(pattern),
        }
    }

    /// A secret known by the words before it, in any case.
    pub const fn named(
        id: &'static str,
        name: &'static str,
        literals: &'static [&'static str],
        source: &'static str,
    ) -> Self {
        let mut shape = Self::token(id, name, literals, source).left(Left::Anything);
        shape.letters = Letters::AnyCase;
        shape
    }

    /// What no expression can read.
    pub const fn read(
        id: &'static str,
        name: &'static str,
        literals: &'static [&'static str],
        reader: fn(&str, usize) -> Vec<Secret>,
    ) -> Self {
        Self {
            id,
            name,
            literals,
            letters: Letters::AnyCase,
            reading: Reading::Reader(reader),
        }
    }

    pub const fn lead(mut self, bytes: usize) -> Self {
        if let Reading::Pattern(ref mut pattern) = self.reading {
            pattern.lead = bytes;
        }
        self
    }

    pub const fn left(mut self, left: Left) -> Self {
        if let Reading::Pattern(ref mut pattern) = self.reading {
            pattern.left = left;
        }
        self
    }

    pub const fn block(mut self) -> Self {
        if let Reading::Pattern(ref mut pattern) = self.reading {
            pattern.reach = BLOCK_REACH;
        }
        self
    }

    pub const fn only_if(mut self, check: fn(&str) -> bool) -> Self {
        if let Reading::Pattern(ref mut pattern) = self.reading {
            pattern.check = check;
        }
        self
    }
}

fn anything(_: &str) -> bool {
    true
}
