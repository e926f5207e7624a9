//! Sources that nobody wrote, or that were written to hurt: what is told may
//! be little, but it is told soon, and nothing ends.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::time::{Duration, Instant};

use super::{LANGUAGES, samples};
use crate::{Cut, Language, Limits, SOURCE_BYTES, Symbol, outline, references};

/// A source may take this long, whatever is in it: far more than the limit of
/// time, for a busy machine without optimisation.
const SOON: Duration = Duration::from_secs(10);

fn survives(language: Language, source: &str) -> Option<Cut> {
    survives_within(Duration::from_millis(30), language, source)
}

fn survives_within(time: Duration, language: Language, source: &str) -> Option<Cut> {
    let limits = Limits {
        time,
        ..Limits::default()
    };
    let start = Instant::now();
    let told = outline(language, source, &limits);
    let used = references(language, source, "a", &limits);
    let name = language.name();
    assert!(start.elapsed() < SOON, "{name}: {:?}", start.elapsed());
    let lines = source.lines().count().max(1);
    check(&told.symbols, lines, name);
    assert!(
        used.found.iter().all(|one| (1..=lines).contains(&one.line)),
        "{name}"
    );
    told.cut
}

fn check(symbols: &[Symbol], lines: usize, language: &str) {
    for symbol in symbols {
        assert!(symbol.first_line >= 1, "{language}: {symbol:?}");
        assert!(
            symbol.first_line <= symbol.last_line,
            "{language}: {symbol:?}"
        );
        assert!(symbol.last_line <= lines, "{language}: {lines} {symbol:?}");
        assert!(
            symbol.signature.chars().count() <= 400,
            "{language}: {symbol:?}"
        );
        assert!(!symbol.signature.contains('\n'), "{language}: {symbol:?}");
        check(&symbol.children, lines, language);
    }
}

#[test]
fn deep_nesting_ends() {
    for language in LANGUAGES {
        for open in ["(", "[", "{", "a(", "fn a() {", "> "] {
            survives(language, &open.repeat(100_000 / open.len()));
        }
    }
}

/// With time enough that the tree is made and walked.
#[test]
fn deep_trees_are_read() {
    for language in [Language::Rust, Language::Python, Language::C] {
        let (open, close) = ("(".repeat(100_000), ")".repeat(100_000));
        let head = if language == Language::Rust {
            "const A: B = "
        } else {
            "b = "
        };
        let deep = format!("{head}{open}a{close};\n");
        survives_within(Duration::from_secs(3), language, &deep);
    }
}

#[test]
fn one_long_line_ends() {
    for language in LANGUAGES {
        let piece = match language {
            Language::Python | Language::Ruby => "a = b(1); ",
            Language::Go => "var a = b(1); ",
            _ => "int a = b(1); ",
        };
        survives(language, &piece.repeat(512 * 1024 / piece.len()));
        let too_large = "x".repeat(5 * 1024 * 1024);
        assert_eq!(survives(language, &too_large), Some(Cut::Size));
    }
    assert_eq!(SOURCE_BYTES, 4 * 1024 * 1024);
}

#[test]
fn random_bytes_end() {
    let mut random = fastrand::Rng::with_seed(7);
    for language in LANGUAGES {
        for _ in 0..6 {
            let bytes: Vec<u8> = std::iter::repeat_with(|| random.u8(..))
                .take(4_000)
                .collect();
            survives(language, &String::from_utf8_lossy(&bytes));
        }
    }
}

/// Samples with pieces cut out, doubled and swapped: half-written sources.
#[test]
fn broken_samples_end() {
    let mut random = fastrand::Rng::with_seed(11);
    for (_, language, source) in samples() {
        let letters: Vec<char> = source.chars().collect();
        for _ in 0..20 {
            let mut broken = letters.clone();
            for _ in 0..random.usize(1..8) {
                damage(&mut broken, &mut random);
            }
            survives(language, &broken.into_iter().collect::<String>());
        }
    }
}

fn damage(letters: &mut Vec<char>, random: &mut fastrand::Rng) {
    if letters.is_empty() {
        return;
    }
    let from = random.usize(..letters.len());
    let to = (from + random.usize(..40)).min(letters.len());
    let piece: Vec<char> = letters[from..to].to_vec();
    match random.u8(..3) {
        0 => drop(letters.drain(from..to)),
        1 => drop(letters.splice(from..from, piece)),
        _ => letters[from..to].reverse(),
    }
}

#[test]
fn broken_source_gives_what_can_be_understood() {
    let source = "fn first() { let x = ; \n}\n\nstruct Half {\n    a: \n\nfn second(a: usize) {}\n";
    let told = outline(Language::Rust, source, &Limits::default());
    let names: Vec<&str> = told
        .symbols
        .iter()
        .map(|symbol| symbol.name.as_str())
        .collect();
    assert!(names.contains(&"first"), "{names:?}");
    assert_eq!(told.cut, None);
}

#[test]
fn used_up_limits_are_told() {
    let source = "fn a() {}\n".repeat(100);
    let run = |limits: &Limits<'_>| outline(Language::Rust, &source, limits);
    let few = run(&Limits {
        symbols: 7,
        ..Limits::default()
    });
    assert_eq!((few.symbols.len(), few.cut), (7, Some(Cut::Symbols)));
    let none = run(&Limits {
        time: Duration::ZERO,
        ..Limits::default()
    });
    assert_eq!((none.symbols.len(), none.cut), (0, Some(Cut::Time)));
    let stopped = run(&Limits {
        is_stopped: &|| true,
        ..Limits::default()
    });
    assert_eq!(stopped.cut, Some(Cut::Time));
    let deep = format!("{}{}", "mod a {\n".repeat(40), "}\n".repeat(40));
    assert_eq!(
        outline(Language::Rust, &deep, &Limits::default()).cut,
        Some(Cut::Depth)
    );
    let headings = "# a\n".repeat(100);
    let few = outline(
        Language::Markdown,
        &headings,
        &Limits {
            symbols: 7,
            ..Limits::default()
        },
    );
    assert_eq!((few.symbols.len(), few.cut), (7, Some(Cut::Symbols)));
    let used = references(
        Language::Rust,
        &"a();\n".repeat(3_000),
        "a",
        &Limits::default(),
    );
    assert_eq!((used.found.len(), used.cut), (1_000, Some(Cut::Symbols)));
}
