#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use fastrand::Rng;

use super::*;
use crate::bash::lex;
use crate::bash::tests::oracle::printed;

fn resolved(line: &str) -> Script {
    let mut script = Script::default();
    lex::lex(line, lex::Base::At(0), Origin::Top, 0, &mut script);
    resolve(&mut script);
    script
}

#[test]
fn a_value_is_put_in_where_it_is_certain() {
    for (line, words) in [
        ("d=src; ls \"$d\"", vec!["ls", "src"]),
        ("d=src; ls a${d}b", vec!["ls", "asrcb"]),
        ("d=src; ls '$d'\"$d\"foo", vec!["ls", "$dsrcfoo"]),
        ("d='a b'; ls \"$d\"", vec!["ls", "a b"]),
        ("d='a b'; ls $d", vec!["ls", "$d"]),
        ("d=src; ls $dfoo", vec!["ls", "$dfoo"]),
        ("ls && d=src && ls \"$d\"", vec!["ls", "src"]),
        ("ls && d=src; ls \"$d\"", vec!["ls", "$d"]),
        ("d=a; ls && d=b || ls \"$d\"", vec!["ls", "$d"]),
        ("d=a; ls \"$d${e:-b}\"", vec!["ls", "$d${e:-b}"]),
    ] {
        let script = resolved(line);
        assert_eq!(script.leaves.last().unwrap().argv(), words, "{line}");
    }
}

/// Variables, their quotes, and what changes them, in any order.
const PIECES: &[&str] = &[
    "a=x",
    "a=y/z",
    "a='p q'",
    "a='*'",
    "a=",
    "a=-n",
    "b=$a",
    "b=\"$a.$b\"",
    "b=${a}k",
    "a+=k",
    "a[0]=k",
    "c=1 b=2",
    "a=$b c=$a",
    "a=~",
    "b=x:~",
    "true",
    "false",
    "a=t true",
    "a=t printf '%s\\0' '#at' \"$a\"",
];
const WORDS: &[&str] = &[
    "$a",
    "\"$a\"",
    "${a}",
    "\"${b}\"",
    "$b",
    "-$c",
    "\"$a\"x",
    "'$a'$a",
    "$a$b",
    "\"$a $b\"",
    "x",
    "\\$a\"$a\"",
    "$ax",
];
const JOINS: &[&str] = &["; ", "; ", "; ", " && ", " && ", " || ", " | "];

fn random_line(random: &mut Rng) -> String {
    let mut line = ["", "a=x; b=y; c=z; "][random.usize(..2)].to_owned();
    for at in 0..random.usize(2..8) {
        if at > 0 {
            line += JOINS[random.usize(..JOINS.len())];
        }
        if random.bool() {
            let piece = PIECES[random.usize(..PIECES.len())];
            line += &piece.replace("#at", &format!("#{at}"));
            continue;
        }
        line += &format!("printf '%s\\0' '#{at}'");
        for _ in 0..random.usize(1..4) {
            line += &format!(" {}", WORDS[random.usize(..WORDS.len())]);
        }
    }
    line
}

/// The words bash gave to the command with this number, if it ran.
fn given<'a>(printed: &'a [String], number: &str) -> Option<&'a [String]> {
    let from = printed.iter().position(|word| word == number)?;
    let rest = &printed[from + 1..];
    let end = rest.iter().position(|word| word.starts_with('#'));
    Some(&rest[..end.unwrap_or(rest.len())])
}

#[test]
fn bash_puts_in_the_same_values() {
    const LINES: usize = 4_000;
    const COMPARED: usize = 1_000;
    let mut random = Rng::with_seed(3);
    let lines: Vec<String> = (0..LINES).map(|_| random_line(&mut random)).collect();
    let mut compared = 0;
    for (line, printed) in lines.iter().zip(printed(&lines)) {
        let script = resolved(line);
        for leaf in &script.leaves {
            let [name, _, number, words @ ..] = leaf.words.as_slice() else {
                continue;
            };
            let is_known = words.iter().all(Word::plain)
                && words
                    .iter()
                    .any(|word| line[word.start..word.end].contains('$'));
            if name.text != "printf" || !is_known {
                continue;
            }
            if let Some(given) = given(&printed, &number.text) {
                let ours: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
                assert_eq!(given, ours, "{line}");
                compared += 1;
            }
        }
    }
    assert!(
        compared > COMPARED,
        "only {compared} commands were compared"
    );
}
