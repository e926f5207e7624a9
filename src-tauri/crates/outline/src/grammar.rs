//! The grammar of each language and the query that finds definitions in its
//! trees, compiled once when first needed.

use std::sync::OnceLock;

use tree_sitter::Query;

use crate::Language;
use crate::symbol::Kind;

/// How comments look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Comments {
    Slashes,
    Hashes,
    Dashes,
}

/// What a capture of a query stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Name,
    /// Where the signature ends.
    Body,
    Definition(Kind),
    /// A function that is only declared; within another it is none.
    Prototype,
    /// For a predicate only.
    Condition,
}

pub(crate) struct Grammar {
    pub(crate) language: tree_sitter::Language,
    pub(crate) query: Query,
    /// What each capture of the query stands for, by its index.
    pub(crate) roles: Vec<Role>,
}

/// The grammar of a language. `None` for Markdown, which has none here.
pub(crate) fn of(language: Language) -> Option<&'static Grammar> {
    static GRAMMARS: [OnceLock<Option<Grammar>>; Language::Zig as usize + 1] =
        [const { OnceLock::new() }; Language::Zig as usize + 1];
    GRAMMARS[language as usize]
        .get_or_init(|| compile(language))
        .as_ref()
}

pub(crate) fn comments(language: Language) -> Comments {
    match language {
        Language::Bash | Language::Elixir | Language::Python | Language::Ruby => Comments::Hashes,
        Language::Lua => Comments::Dashes,
        _ => Comments::Slashes,
    }
}

/// A query that does not fit its grammar gives none; a test holds that all fit.
fn compile(language: Language) -> Option<Grammar> {
    let (grammar, patterns) = parts(language)?;
    let query = Query::new(&grammar, &patterns.concat()).ok()?;
    let roles = query.capture_names().iter().map(|name| role(name));
    Some(Grammar {
        roles: roles.collect(),
        query,
        language: grammar,
    })
}

fn role(capture: &str) -> Role {
    match capture {
        "name" => Role::Name,
        "body" => Role::Body,
        "prototype" => Role::Prototype,
        _ => Kind::ALL
            .into_iter()
            .find(|kind| kind.name() == capture)
            .map_or(Role::Condition, Role::Definition),
    }
}

pub(crate) fn parts(
    language: Language,
) -> Option<(tree_sitter::Language, &'static [&'static str])> {
    const BASH: &str = include_str!("../queries/bash.scm");
    const C: &str = include_str!("../queries/c.scm");
    const CPP: &str = include_str!("../queries/cpp.scm");
    const C_SHARP: &str = include_str!("../queries/c_sharp.scm");
    const ECMA: &str = include_str!("../queries/ecma.scm");
    const ELIXIR: &str = include_str!("../queries/elixir.scm");
    const GO: &str = include_str!("../queries/go.scm");
    const JAVA: &str = include_str!("../queries/java.scm");
    const JAVASCRIPT: &str = include_str!("../queries/javascript.scm");
    const KOTLIN: &str = include_str!("../queries/kotlin.scm");
    const LUA: &str = include_str!("../queries/lua.scm");
    const PHP: &str = include_str!("../queries/php.scm");
    const PYTHON: &str = include_str!("../queries/python.scm");
    const RUBY: &str = include_str!("../queries/ruby.scm");
    const RUST: &str = include_str!("../queries/rust.scm");
    const TYPESCRIPT: &str = include_str!("../queries/typescript.scm");
    const ZIG: &str = include_str!("../queries/zig.scm");
    let (function, patterns): (_, &[&str]) = match language {
        Language::Bash => (tree_sitter_bash::LANGUAGE, &[BASH]),
        Language::C => (tree_sitter_c::LANGUAGE, &[C]),
        Language::CSharp => (tree_sitter_c_sharp::LANGUAGE, &[C_SHARP]),
        Language::Cpp => (tree_sitter_cpp::LANGUAGE, &[CPP, C]),
        Language::Elixir => (tree_sitter_elixir::LANGUAGE, &[ELIXIR]),
        Language::Go => (tree_sitter_go::LANGUAGE, &[GO]),
        Language::Java => (tree_sitter_java::LANGUAGE, &[JAVA]),
        Language::JavaScript => (tree_sitter_javascript::LANGUAGE, &[ECMA, JAVASCRIPT]),
        Language::Kotlin => (tree_sitter_kotlin_ng::LANGUAGE, &[KOTLIN]),
        Language::Lua => (tree_sitter_lua::LANGUAGE, &[LUA]),
        Language::Php => (tree_sitter_php::LANGUAGE_PHP, &[PHP]),
        Language::Python => (tree_sitter_python::LANGUAGE, &[PYTHON]),
        Language::Ruby => (tree_sitter_ruby::LANGUAGE, &[RUBY]),
        Language::Rust => (tree_sitter_rust::LANGUAGE, &[RUST]),
        Language::Tsx => (tree_sitter_typescript::LANGUAGE_TSX, &[ECMA, TYPESCRIPT]),
        Language::TypeScript => (
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT,
            &[ECMA, TYPESCRIPT],
        ),
        Language::Zig => (tree_sitter_zig::LANGUAGE, &[ZIG]),
        Language::Markdown => return None,
    };
    Some((function.into(), patterns))
}
