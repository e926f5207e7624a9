#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;

use crate::{Kind, Language, Limits, Symbol, outline, outline_and_references, references};

mod hostile;

const LANGUAGES: [Language; Language::Zig as usize + 1] = [
    Language::Bash,
    Language::C,
    Language::CSharp,
    Language::Cpp,
    Language::Elixir,
    Language::Go,
    Language::Java,
    Language::JavaScript,
    Language::Kotlin,
    Language::Lua,
    Language::Markdown,
    Language::Php,
    Language::Python,
    Language::Ruby,
    Language::Rust,
    Language::Tsx,
    Language::TypeScript,
    Language::Zig,
];

/// A sample of each language: `rust.rs.txt`; its name without `.txt` is what
/// the file would be called.
fn samples() -> Vec<(String, Language, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("test_data");
    let mut samples: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let source = std::fs::read_to_string(&path).unwrap();
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            let language = Language::of(Path::new(&name), &source).unwrap();
            (name, language, source)
        })
        .collect();
    samples.sort_by(|a, b| a.0.cmp(&b.0));
    samples
}

fn write(symbols: &[Symbol], depth: usize, out: &mut String) {
    for symbol in symbols {
        let doc = symbol.doc.as_ref().map(|doc| format!("  // {doc}"));
        out.push_str(&format!(
            "{}{}-{} {} {}: {}{}\n",
            "  ".repeat(depth),
            symbol.first_line,
            symbol.last_line,
            symbol.kind.name(),
            symbol.name,
            symbol.signature,
            doc.unwrap_or_default()
        ));
        write(&symbol.children, depth + 1, out);
    }
}

fn told(language: Language, source: &str) -> String {
    let outline = outline(language, source, &Limits::default());
    let mut out = String::new();
    write(&outline.symbols, 0, &mut out);
    out
}

#[test]
fn every_query_fits_its_grammar() {
    for language in LANGUAGES {
        if let Some((grammar, patterns)) = crate::grammar::parts(language) {
            let query = tree_sitter::Query::new(&grammar, &patterns.concat());
            assert!(query.is_ok(), "{}: {}", language.name(), query.unwrap_err());
        }
    }
}

#[test]
fn every_language_has_a_sample() {
    let samples = samples();
    for language in LANGUAGES {
        let sample = samples.iter().find(|(_, other, _)| *other == language);
        assert!(sample.is_some(), "{}", language.name());
    }
}

#[test]
fn what_each_language_defines_is_found() {
    for (name, language, source) in samples() {
        insta::assert_snapshot!(name, told(language, &source));
    }
}

#[test]
fn kinds_and_languages_are_told_apart_by_name() {
    for kind in Kind::ALL {
        let read: Kind = serde::Deserialize::deserialize(serde::de::value::StrDeserializer::<
            serde::de::value::Error,
        >::new(kind.name()))
        .unwrap();
        assert_eq!(read, kind);
    }
    let check = |name: &str, source: &str, expected: Option<Language>| {
        assert_eq!(
            Language::of(Path::new(name), source),
            expected,
            "{name}: {source}"
        );
    };
    check("a/B.RS", "", Some(Language::Rust));
    check("a.h", "int add(int);", Some(Language::C));
    check("a.h", "#pragma once\nnamespace a {", Some(Language::Cpp));
    check("Rakefile", "", Some(Language::Ruby));
    check(".bashrc", "", Some(Language::Bash));
    check(
        "run",
        "#!/usr/bin/env -S A=1 python3.12 -u\n",
        Some(Language::Python),
    );
    check("run", "#!/bin/sh\n", Some(Language::Bash));
    check("run", "#! /usr/bin/node", Some(Language::JavaScript));
    check("run", "#!", None);
    check("run", "#!/usr/bin/env", None);
    check("run", "echo", None);
    check("notes.txt", "#!/bin/sh", Some(Language::Bash));
    check("", "", None);
    assert_eq!(Language::of_name(Path::new("run")), None);
}

fn used(language: Language, source: &str, name: &str) -> Vec<String> {
    let used = references(language, source, name, &Limits::default());
    assert_eq!(used.cut, None);
    let line = |one: &crate::Reference| match &one.within {
        Some(within) => format!("{} {within}", one.line),
        None => one.line.to_string(),
    };
    used.found.iter().map(line).collect()
}

#[test]
fn uses_come_with_the_symbol_they_lie_in() {
    let source = "\
use crate::helper;
struct Shape;
impl Shape {
    /// helper
    fn area(&self) -> f64 {
        let text = \"helper\"; // helper
        assert_eq!(helper(1), self.helper());
        helper_of(2)
    }
    fn helper(&self) -> f64 { 0.0 }
}
mod tests {
    fn outer() { fn inner() { super::helper(3); } }
}
";
    assert_eq!(
        used(Language::Rust, source, "helper"),
        ["1", "7 Shape.area", "13 tests.outer.inner"]
    );
    assert_eq!(used(Language::Rust, source, "Shape"), ["3 Shape"]);
    assert!(used(Language::Rust, source, "nothing").is_empty());
    let limits = Limits::default();
    let both = outline_and_references(Language::Rust, source, "helper", &limits);
    assert_eq!(both.0, outline(Language::Rust, source, &limits));
    assert_eq!(
        both.1,
        references(Language::Rust, source, "helper", &limits)
    );
    let none = outline_and_references(Language::Rust, source, "", &limits);
    assert_eq!((none.0, none.1.found.len()), (both.0, 0));
    assert!(used(Language::Rust, source, "").is_empty());
    assert!(used(Language::Markdown, "# helper", "helper").is_empty());
}

#[test]
fn uses_are_found_in_every_language() {
    let check = |language: Language, source: &str, name: &str, expected: &[&str]| {
        assert_eq!(
            used(language, source, name),
            expected,
            "{}",
            language.name()
        );
    };
    let python = "def f():\n    return g('g')  # g\n\ndef g(x): pass\n";
    check(Language::Python, python, "g", &["2 f"]);
    let tsx = "const A = () => <B title=\"B\">B</B>;\nlet b: B = x.B;\n";
    check(Language::Tsx, tsx, "B", &["1 A", "2 b"]);
    let bash = "f() { g g; }\ng() { echo g; }\n";
    check(Language::Bash, bash, "g", &["1 f"]);
    let ruby = "class A\n  def f = g(:g, 'g') + B.g\nend\n";
    check(Language::Ruby, ruby, "g", &["2 A.f"]);
    let go = "package a\nfunc (s *S) F() { s.G(); fmt.G() }\nfunc (s *S) G() {}\n";
    check(Language::Go, go, "G", &["2 F"]);
    let cpp = "int A::f() { return g() + \"g\"[0]; }\nint A::g() { return 1; }\n";
    check(Language::Cpp, cpp, "g", &["1 f"]);
    let php = "g <?php function f() { return g('g') . $g; } // g\n";
    check(Language::Php, php, "g", &["1 f"]);
    let java = "class A { void f() { g(); } void g() {} }\n";
    check(Language::Java, java, "g", &["1 A.f"]);
    let c_sharp = "class A {\n void F() => G($\"G\");\n void G() {} }\n";
    check(Language::CSharp, c_sharp, "G", &["2 A.F"]);
}
