//! Names: spoken forms, paths that lead out, and what a shell makes of them.

use std::process::Command;

use crate::commander::name::{PathIssue, file_name, inside, looks_like_file, new_name};
use crate::commander::shell::{quote, quote_path};
use crate::commander::wildcard::{any_case, escape};

#[test]
fn spoken_names_are_written_as_files_are() {
    for (said, written) in [
        ("main dot rs", "main.rs"),
        ("main dot R S", "main.rs"),
        ("hello dot text", "hello.txt"),
        ("config dot jason", "config.json"),
        ("style dot C S S", "style.css"),
        ("server dot pie", "server.py"),
        ("src slash main dot rs", "src/main.rs"),
        ("my dash file dot mark down", "my-file.md"),
        ("my hyphen file dot markdown", "my-file.md"),
        ("test underscore parser dot rs", "test_parser.rs"),
        ("read me", "README"),
        ("the file main.rs", "main.rs"),
        ("the tests folder", "tests"),
        ("cargo dot toml", "Cargo.toml"),
        ("makefile", "Makefile"),
        ("dot", "dot"),
        ("notes dot", "notes dot"),
        ("my notes.txt", "notes.txt"),
        ("shopping list.txt", "shopping list.txt"),
    ] {
        assert_eq!(file_name(said), written, "{said}");
    }
    for (said, written) in [
        ("my notes dot text", "my notes.txt"),
        ("a b.txt", "a b.txt"),
        ("a file called x.txt", "x.txt"),
        ("the folder things", "things"),
    ] {
        assert_eq!(new_name(said), written, "{said}");
    }
}

#[test]
fn file_names_are_told_from_nouns() {
    for name in [
        "main.rs", "README", "src/main", "a.b.c", ".env", "Makefile", "x/y.z",
    ] {
        assert!(looks_like_file(name), "{name}");
    }
    for name in [
        "reader",
        "the queue",
        "main loop",
        "",
        ".",
        "and/or maybe",
        "3. item",
    ] {
        assert!(!looks_like_file(name), "{name}");
    }
}

#[test]
fn paths_stay_inside_the_folder() {
    for (path, expected) in [
        ("a/b.txt", Ok("a/b.txt")),
        ("./a/./b", Ok("a/b")),
        ("a/../b", Ok("b")),
        ("a//b/", Ok("a/b")),
        (".", Ok(".")),
        ("-rf", Ok("-rf")),
        ("..", Err(PathIssue::Outside)),
        ("a/../../b", Err(PathIssue::Outside)),
        ("..\\b", Err(PathIssue::Outside)),
        ("/etc/passwd", Err(PathIssue::Absolute)),
        ("~/x", Err(PathIssue::Absolute)),
        ("~root/x", Err(PathIssue::Absolute)),
        ("C:\\x", Err(PathIssue::Absolute)),
        ("a\nb", Err(PathIssue::Unprintable)),
        ("a\u{0}b", Err(PathIssue::Unprintable)),
    ] {
        assert_eq!(inside(path).as_deref(), expected.as_deref(), "{path:?}");
    }
}

const HOSTILE: &[&str] = &[
    "plain.txt",
    "with space.txt",
    "it's.txt",
    "\"double\".txt",
    "`tick`.txt",
    "$(id).txt",
    "$HOME",
    "a;b",
    "a&&b",
    "a|b",
    "a>b",
    "*",
    "?",
    "[x]",
    "~",
    "!x",
    "\\",
    "a\\'b",
    "#x",
    "-rf",
    "--help",
    "ü 🦀",
    "{a,b}",
    "a\tb",
    "=x",
    "%n",
];

#[test]
fn a_shell_sees_every_name_as_one_plain_argument() {
    for name in HOSTILE {
        for shell in ["sh", "bash"] {
            let script = format!("printf '[%s]' {}", quote(name));
            let output = Command::new(shell).args(["-c", &script]).output().unwrap();
            assert_eq!(
                String::from_utf8_lossy(&output.stdout),
                format!("[{name}]"),
                "{shell}: {name}"
            );
        }
        assert!(
            !quote_path(name).trim_start_matches('\'').starts_with('-'),
            "{name}"
        );
    }
}

#[test]
fn patterns_take_signs_literally() {
    for (text, escaped) in [
        ("a*b", "a[*]b"),
        ("[x]", "[[]x[]]"),
        ("{a,b}", "[{]a,b[}]"),
        ("a.rs", "a.rs"),
    ] {
        assert_eq!(escape(text), escaped);
    }
    assert_eq!(any_case("a1 b"), "[aA]1*[bB]");
}
