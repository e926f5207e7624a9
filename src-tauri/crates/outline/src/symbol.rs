//! The nouns of an outline.

use schemars::JsonSchema;
use serde::Deserialize;

/// What a symbol is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Function,
    Method,
    Class,
    Struct,
    Enum,
    Variant,
    Trait,
    Interface,
    Impl,
    Module,
    Constant,
    Type,
    Field,
    Macro,
    Test,
    Heading,
}

impl Kind {
    /// Every kind, in the order of the enum.
    pub const ALL: [Self; 16] = [
        Self::Function,
        Self::Method,
        Self::Class,
        Self::Struct,
        Self::Enum,
        Self::Variant,
        Self::Trait,
        Self::Interface,
        Self::Impl,
        Self::Module,
        Self::Constant,
        Self::Type,
        Self::Field,
        Self::Macro,
        Self::Test,
        Self::Heading,
    ];

    /// Its name, as in queries and in a tool's input.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Method => "method",
            Self::Class => "class",
            Self::Struct => "struct",
            Self::Enum => "enum",
            Self::Variant => "variant",
            Self::Trait => "trait",
            Self::Interface => "interface",
            Self::Impl => "impl",
            Self::Module => "module",
            Self::Constant => "constant",
            Self::Type => "type",
            Self::Field => "field",
            Self::Macro => "macro",
            Self::Test => "test",
            Self::Heading => "heading",
        }
    }

    /// True for what is part of a type and nothing of its own.
    #[must_use]
    pub const fn is_part(self) -> bool {
        matches!(self, Self::Field | Self::Variant)
    }

    /// True for what has statements in it.
    pub(crate) const fn is_callable(self) -> bool {
        matches!(self, Self::Function | Self::Method | Self::Test)
    }

    /// True for what has methods in it.
    pub(crate) const fn has_methods(self) -> bool {
        matches!(
            self,
            Self::Class | Self::Struct | Self::Enum | Self::Trait | Self::Interface | Self::Impl
        )
    }
}

/// One definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Symbol {
    pub name: String,
    pub kind: Kind,
    /// From 1.
    pub first_line: usize,
    /// From 1, inclusive.
    pub last_line: usize,
    /// The text up to the body, in one line.
    pub signature: String,
    /// The first line of the comment above it, or of its docstring.
    pub doc: Option<String>,
    /// What is defined in it.
    pub children: Vec<Symbol>,
}

/// Why an outline is not complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cut {
    /// The source is larger than [`SOURCE_BYTES`](crate::SOURCE_BYTES).
    Size,
    /// The time was used up, or the caller stopped it.
    Time,
    /// There are more symbols than were asked for.
    Symbols,
    /// Symbols nested too deep were left out.
    Depth,
}

/// What a file defines.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Outline {
    pub symbols: Vec<Symbol>,
    /// `None` when nothing is missing.
    pub cut: Option<Cut>,
}

impl Outline {
    pub(crate) fn cut(cut: Cut) -> Self {
        Self {
            symbols: Vec::new(),
            cut: Some(cut),
        }
    }
}
