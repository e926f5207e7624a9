#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;
use std::time::{Duration, Instant};

use super::*;
use crate::bash::{Decision, judge_command, lex};

fn read(text: &str) -> Script {
    let mut script = Script::default();
    lex::lex(text, lex::Base::At(0), Origin::Top, 0, &mut script);
    script
}

type Reader = fn(&str, &Script) -> Result<(), String>;

const READERS: [Reader; 2] = [tree_sitter::confirm, brush::confirm];

#[test]
fn both_grammars_confirm_what_our_reader_sees() {
    for text in [
        "ls",
        "ls -la 'my dir' \"a b\" c\\ d",
        "cat é.txt | grep 'ü ö' && echo \"ß\" 2>/dev/null",
        "ls; pwd || echo no; ls",
        "ls;",
        "cat < README.md 2>&1 | wc -l >/dev/null",
        "ls &>/dev/null",
        "find . \\( -name '*.rs' -o -name {} \\) # all",
        "[ -f x ] && echo a=b",
        "echo a[0] *.[ch] ~/x",
        "d=src e='a b'; ls \"$d\" ${e}x -$d | grep \"a ${d} $e\"",
        "# nothing",
        "seq 1 99999999999 2>&1 | tail -n 10000000000",
        "\tls\t-l\n",
        "(ls é; pwd) && ! grep x y; time ls",
        "if [ -f x ]; then ls 'a b'; elif ! ls; then { pwd; }; else ls; fi | wc",
        "for f in a 'b c' {1..2}; do echo \"$f\" ${f} $?; done\nls",
        "[[ ! -f x && a == b* || 1 -eq 2 ]] || echo $((1+2)) {a,b}",
        "ls\npwd # x\n\nls |\n wc -l &&\n ls",
        "cat <<< 'a b' | wc -l",
        "cat <<'E' x\n$(id) é\nE\nls é",
    ] {
        for reader in READERS {
            assert_eq!(reader(text, &read(text)), Ok(()), "{text:?}");
        }
    }
}

/// What each grammar is shown is not what our reader read.
#[test]
fn any_difference_is_found_by_each_grammar() {
    for (text, other) in [
        ("ls a b", "ls ab"),
        ("ls a; ls b", "ls a "),
        ("ls 'a b'", "ls 'a' b"),
        ("echo é a", "echo e  a"),
        ("d=x", "d-x"),
        ("ls x", "ls"),
        ("(ls a)", "(ls) a"),
        ("if ls; then pwd; fi", "if ls; then ls ; fi"),
        ("for f in a b; do ls; done", "for f in a ; do ls; done   "),
        ("for f in a; do ls; done", "for f in a; do pw; done x"),
    ] {
        for reader in READERS {
            assert!(reader(text, &read(other)).is_err(), "{text:?} {other:?}");
            assert!(reader(other, &read(text)).is_err(), "{other:?} {text:?}");
        }
    }
}

/// brush is asked about words as a whole; tree-sitter about variables too.
#[test]
fn tree_sitter_sees_the_same_variables() {
    for (text, other) in [
        ("ls \"$d\"", "ls \"dd\""),
        ("ls \"$d\"", "ls '$d' "),
        ("ls a$d", "ls $ad"),
        ("ls \\$d", "ls  $d"),
    ] {
        assert!(
            tree_sitter::confirm(text, &read(other)).is_err(),
            "{text:?}"
        );
        assert!(
            tree_sitter::confirm(other, &read(text)).is_err(),
            "{other:?}"
        );
    }
}

/// tree-sitter is asked about words only; brush about the rest too.
#[test]
fn brush_sees_how_commands_are_joined_and_redirected() {
    for (text, other) in [
        ("ls && pwd", "ls || pwd"),
        ("ls | cat", "ls ; cat"),
        ("ls 1>/x", "ls 2>/x"),
        ("ls  >/x", "ls  </x"),
        ("ls >>/x", "ls > /x"),
        ("ls a /x", "ls a>/x"),
        ("for f in a; do ls; done", "for g in a; do ls; done"),
        ("{ ls; pwd; }", "{ ls  pwd; }"),
        ("[[ a == b ]]", "[[ a && bcd ]]"),
        ("ls a <<< x", "ls a  <  x"),
        ("cat <<'E'\nx\nE", "cat <<'E'\ny\nE"),
    ] {
        assert!(brush::confirm(text, &read(other)).is_err(), "{text:?}");
        assert!(brush::confirm(other, &read(text)).is_err(), "{other:?}");
    }
}

#[test]
fn brush_confirms_plain_commands_only() {
    for text in [
        "ls &",
        "f() { ls; }",
        "((1))",
        "cat <(ls)",
        "cat <<E\n$x\nE",
        "cat <<E\n`ls`\nE",
        "cat <<E\na\\\nb\nE",
        "cat <<-'E'\nx\nE",
        "ls |& cat",
        "coproc ls",
        "time -p ls",
        "(ls &)",
        "for f; do ls; done",
        "until ls; do ls; done",
        "case x in x) ls;; esac",
        "for ((;;)); do ls; done",
        "[[ -v x ]]",
        "[[ ( -f x ) ]]",
        "ls 'a",
        "ls \"a",
        "ls $(",
    ] {
        assert!(brush::confirm(text, &read(text)).is_err(), "{text:?}");
    }
}

/// A backslash between words is shown to the grammars as blanks.
#[test]
fn lines_joined_between_words_are_confirmed() {
    for text in [
        "ls \\\n -l",
        "echo a \\\nb \\\n| wc -l",
        "cat <<'E' \\\n x\na \\\nE\nE",
    ] {
        assert_eq!(confirm(text, &read(text)), Ok(()), "{text:?}");
    }
    let text = "ls \\\n -l";
    assert!(
        confirm(text, &read("ls     -l")).is_err(),
        "no fold was seen"
    );
}

/// The grammar would panic on these.
#[test]
fn brush_is_never_shown_a_descriptor_too_long() {
    for text in [
        "ls 99999999999>/dev/null",
        "ls 99999999999>&1",
        "ls 0000000000000002>&1",
        "ls 99999999999</dev/null",
    ] {
        assert!(brush::confirm(text, &read(text)).is_err(), "{text:?}");
        let verdict = judge_command(text, Path::new("/w"));
        assert_eq!(verdict.decision, Decision::Ask, "{text:?}");
    }
}

/// Far more than any text should take, also on a busy machine.
const LIMIT: Duration = Duration::from_secs(2);

#[test]
fn knotty_texts_are_answered_in_time() {
    const LONG: usize = 1_500;
    let nests = [
        "(",
        "{ ",
        "$(",
        "${",
        "$((",
        "`",
        "[[ ",
        "[",
        "((",
        "<(",
        "a=(",
        "!(",
        "@(a|",
        "x[",
        "x[''",
        "x[\\a",
        "x[\"\"",
        "\"$(",
        "'",
        "\"",
        "$'",
        "{a,",
        "<<A ",
        "<<<",
        "if ",
        "while ",
        "case x in ",
        "! ",
        "time ",
        "f() { ",
        "|",
        "&&",
        ";",
        "\\",
        "a[$((",
        "~",
        "*",
        "2>&1 ",
    ];
    let mut texts: Vec<String> = Vec::new();
    for nest in nests {
        for start in ["", "echo ", "x=", "echo \"", "echo x["] {
            texts.push(format!("{start}{} z", nest.repeat(LONG / nest.len())));
        }
    }
    let deep = |open: &str, close: &str| format!("{}ls{}", open.repeat(1_000), close.repeat(1_000));
    texts.extend([deep("( ", " )"), deep("{ ", "; }"), deep("$(", ")")]);
    texts.extend([deep("echo x[", "]"), deep("echo @(", ")"), deep("`", "`")]);
    let few = |open: &str, close: &str| format!("{}ls{}", open.repeat(13), close.repeat(13));
    texts.extend([
        few("{ ", "; }"),
        few("( ", " )"),
        few("if ls; then ", "; fi"),
    ]);
    texts.extend([
        few("for f in a; do ", "; done"),
        few("! { ", "; }"),
        few("time ", ""),
    ]);
    for text in texts {
        let start = Instant::now();
        std::hint::black_box(judge_command(&text, Path::new("/w")));
        let took = start.elapsed();
        assert!(took < LIMIT, "{took:?} {text:.60}");
    }
}

/// As many words, brackets and bytes as are ever read.
#[test]
fn long_plain_texts_are_answered_in_time() {
    let brackets = format!("echo {} z", "x[''".repeat(8));
    let words = format!("echo {}", "a ".repeat(4_990));
    let globs = format!("echo {}", "x[a]\\b".repeat(1_600));
    let quotes = format!("echo {}", "'a'\"b\"".repeat(1_600));
    let values = format!("a=1;a=2;a=3;a=4;{}", "$a \"$a\";".repeat(1_000));
    let doubled = format!("a=xx;{} ls $a", "a=$a$a;".repeat(1_000));
    let names: String = (1..800)
        .map(|n| format!("b{n}=$b{0}$b{0};", n - 1))
        .collect();
    let chained = format!("b0=xx;{names} ls $b799");
    let long = format!("a={};ls {}", "x".repeat(1_900), "$a".repeat(4_000));
    let long_words = format!("a={};touch {}", "x".repeat(1_900), "$a ".repeat(2_600));
    let all = [
        brackets, words, globs, quotes, values, doubled, chained, long, long_words,
    ];
    for text in all {
        let start = Instant::now();
        std::hint::black_box(judge_command(&text, Path::new("/w")));
        let took = start.elapsed();
        assert!(took < LIMIT, "{took:?} {text:.60}");
    }
}

/// What random lines are made of.
const PIECES: &[&str] = &[
    "ls",
    "echo",
    "a",
    "b1",
    "é",
    "x[",
    "]",
    "[",
    "*",
    "?",
    "~",
    "=",
    "x=",
    "+=",
    "1",
    "2",
    "99",
    " ",
    " ",
    " ",
    " ",
    "\t",
    "'",
    "'a b'",
    "\"",
    "\"a b\"",
    "\\",
    "\\ ",
    "''",
    "-",
    "--",
    "/",
    ".",
    "|",
    "||",
    "&&",
    ";",
    ">/dev/null",
    ">",
    "<",
    "2>&1",
    ">&2",
    "&>/dev/null",
    ">|",
    "#",
    "!",
    "{}",
    "{",
    "}",
    "%",
    "@",
    "^",
    ":",
    ",",
    "[[",
    "]]",
    "if",
    "in",
    "time",
    "\n",
    "$",
    "$x",
    "${x}",
    "\"$x\"",
    "x=1;",
    "(",
    ")",
    "$(",
    "`",
];

/// Lines that look like commands and mostly are none, the same in every run.
#[test]
fn random_lines_crash_no_grammar_and_are_read_alike() {
    let mut random = fastrand::Rng::with_seed(5);
    let mut confirmed = 0;
    for _ in 0..5_000 {
        let line: String = (0..random.usize(1..14))
            .map(|_| PIECES[random.usize(..PIECES.len())])
            .collect();
        let script = read(&line);
        let by_brush = brush::confirm(&line, &script);
        if script.shapes.is_empty() && tree_sitter::confirm(&line, &script).is_ok() {
            // Words that are reserved somewhere else it does not read at all.
            assert_ne!(by_brush, Err(DIFFERENT.to_owned()), "{line:?}");
            confirmed += usize::from(by_brush.is_ok());
        }
    }
    assert!(confirmed > 500, "{confirmed}");
}
