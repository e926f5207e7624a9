//! Which symbols are worth their line, and how a line looks.

use outline::{Kind, Language, Symbol};

/// What is shown of the symbols of one file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Detail<'a> {
    /// Levels.
    pub(super) depth: usize,
    pub(super) kinds: Option<&'a [Kind]>,
    pub(super) docs: Docs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Docs {
    Shown,
    LeftOut,
}

impl Detail<'_> {
    /// Whether a symbol is shown, for itself or for what lies in it.
    pub(super) fn wants(&self, symbol: &Symbol) -> bool {
        self.is_asked_for(symbol.kind)
            || self.depth > 1 && {
                let below = self.below();
                symbol.children.iter().any(|child| below.wants(child))
            }
    }

    fn is_asked_for(&self, kind: Kind) -> bool {
        match self.kinds {
            Some(kinds) => kinds.contains(&kind),
            None => !kind.is_part(),
        }
    }

    fn below(&self) -> Self {
        Self {
            depth: self.depth - 1,
            ..*self
        }
    }
}

/// A symbol and what lies in it, a line each.
pub(super) fn write(symbol: &Symbol, detail: Detail<'_>, indent: usize, out: &mut String) {
    if detail.depth == 0 || !detail.wants(symbol) {
        return;
    }
    let lines = match symbol.last_line {
        last if last == symbol.first_line => last.to_string(),
        last => format!("{}-{last}", symbol.first_line),
    };
    out.push_str(&format!(
        "{}{lines}  {}",
        "  ".repeat(indent),
        symbol.signature
    ));
    if let (Docs::Shown, Some(doc)) = (detail.docs, &symbol.doc) {
        out.push_str(&format!("  — {doc}"));
    }
    out.push('\n');
    for child in &symbol.children {
        write(child, detail.below(), indent + 1, out);
    }
}

/// What an overview shows first: what others can use, types before functions
/// before the rest.
pub(super) fn importance(symbol: &Symbol, language: Language) -> (bool, u8, usize) {
    let weight = match symbol.kind {
        Kind::Class | Kind::Struct | Kind::Enum | Kind::Trait | Kind::Interface => 0,
        Kind::Function | Kind::Method | Kind::Impl => 1,
        Kind::Type | Kind::Macro | Kind::Module => 2,
        Kind::Constant | Kind::Heading => 3,
        Kind::Field | Kind::Variant | Kind::Test => 4,
    };
    (is_private(symbol, language), weight, symbol.first_line)
}

/// Private as far as the signature and the name tell.
fn is_private(symbol: &Symbol, language: Language) -> bool {
    let says = |word: &str| symbol.signature.split(' ').any(|part| part == word);
    match language {
        Language::Rust => symbol.kind != Kind::Impl && !symbol.signature.starts_with("pub"),
        Language::JavaScript | Language::TypeScript | Language::Tsx => !says("export"),
        Language::Go => !symbol.name.starts_with(char::is_uppercase),
        Language::Zig => !says("pub"),
        Language::Elixir => says("defp") || says("defmacrop"),
        Language::C | Language::Cpp => says("static"),
        _ => symbol.name.starts_with('_') || says("private") || says("local"),
    }
}
