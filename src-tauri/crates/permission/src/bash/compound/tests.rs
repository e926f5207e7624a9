#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use fastrand::Rng;

use super::settle;
use crate::bash::script::{Origin, Script};
use crate::bash::tests::oracle::printed;
use crate::bash::word::Word;
use crate::bash::{known, lex};

fn settled(line: &str) -> Script {
    let mut script = Script::default();
    lex::lex(line, lex::Base::At(0), Origin::Top, 0, &mut script);
    known::fill(&mut script, Path::new("/tmp"));
    settle(&mut script);
    script
}

fn words(script: &Script) -> Vec<Vec<&str>> {
    script.leaves.iter().map(|leaf| leaf.argv()).collect()
}

#[test]
fn a_loop_becomes_its_rounds() {
    let script = settled("(ls; for f in a 'b c'; do cat \"$f\" x$f; wc \"$f\"; done) && ls");
    assert!(!script.compound, "a value that would be split");
    let script = settled("{ ls; for f in a b; do cat \"$f.c\" x$f; wc \"$f\"; done; } && ls $f");
    assert!(script.compound && script.shapes.is_empty());
    assert_eq!(
        words(&script),
        [
            vec!["ls"],
            vec!["cat", "a.c", "xa"],
            vec!["wc", "a"],
            vec!["cat", "b.c", "xb"],
            vec!["wc", "b"],
            vec!["ls", "$f"],
        ]
    );
}

#[test]
fn a_loop_stays_one_when_a_program_might_change_its_variable() {
    for body in ["read f", "mapfile f", "source x", "unknown", "f=x"] {
        let script = settled(&format!("for f in a; do {body}; cat \"$f\"; done"));
        assert!(!script.compound, "{body}");
    }
}

/// Words of a loop in which something is put in.
const BOUND: &[&str] = &[
    "\"$f\"",
    "${f}",
    "\"a${f}b\"",
    "'$f'\"$f\"",
    "\\$f",
    "\"$f $f\"",
    "\"$PWD/$f\"",
];
/// Words that are known everywhere.
const KNOWN: &[&str] = &[
    "x",
    "{a,b}",
    "x{1..3}y",
    "{c,d}{3..1}",
    "-{n,}",
    "\"{a,b}\"",
    "$PWD",
    "{a,b,}=c",
    "{9..11}",
    "'p q'",
];
/// Words that may not be.
const ODD: &[&str] = &[
    "$f",
    "$f$f",
    "\"$g$f\"",
    "$g",
    "a{b",
    "{1..x}",
    "{01..3}",
    "{a,b}\"$f\"",
    "$f{a,b}",
    "{,}",
    "{a}",
    "{1..3..2}",
    "{a..c}",
    "x{a,{b,c}}",
];
const VALUES: &[&str] = &[
    "a",
    "b/c",
    "'d e'",
    "\"x\"",
    "{1..2}",
    "'*'",
    "-n",
    "''",
    "'$g'",
    "a,b",
    "\"{p,q}\"",
    "e\\ f",
];

fn any<'t>(random: &mut Rng, list: &[&'t str]) -> &'t str {
    list[random.usize(..list.len())]
}

fn command(random: &mut Rng, number: &mut usize, in_loop: bool) -> String {
    *number += 1;
    let mut text = format!("printf '%s\\0' '#{number}'");
    for _ in 0..random.usize(1..4) {
        let list = match random.usize(..12) {
            0 => ODD,
            1..6 if in_loop => BOUND,
            _ => KNOWN,
        };
        text += " ";
        text += any(random, list);
    }
    text
}

fn line(random: &mut Rng, depth: usize, number: &mut usize, in_loop: bool) -> String {
    if depth == 0 {
        return command(random, number, in_loop);
    }
    let kind = random.usize(..if in_loop { 6 } else { 12 });
    let looped = in_loop || kind > 5;
    let first = line(random, depth - 1, number, looped);
    let second = line(random, depth - 1, number, in_loop);
    let name = ["f", "f", "f", "g"][random.usize(..4)];
    let values: Vec<&str> = (0..random.usize(1..4))
        .map(|_| any(random, VALUES))
        .collect();
    let values = values.join(" ");
    match kind {
        0 => format!("({first}; {second})"),
        1 => format!("{{ {first}; }} && {second}"),
        2 => format!("if {first}; then {second}; fi"),
        3 => format!("if ! {first}\nthen {second}\nelse {first}; fi"),
        4 => format!("! {first} || {second}"),
        5 => format!("[[ -e x ]] || {second}"),
        6..10 => format!("for {name} in {values}; do {first}; done; {second}"),
        _ => format!("for {name} in {values}\ndo\n{first}\ndone\n{second}"),
    }
}

/// Every word bash hands over is one of those that are judged.
#[test]
fn bash_hands_over_the_words_that_are_judged() {
    const LINES: usize = 3_000;
    const COMPARED: usize = 1_500;
    let mut random = Rng::with_seed(7);
    let lines: Vec<String> = (0..LINES)
        .map(|_| {
            let depth = random.usize(1..3);
            line(&mut random, depth, &mut 0, false)
        })
        .collect();
    let mut compared = 0;
    for (line, printed) in lines.iter().zip(printed(&lines)) {
        let script = settled(line);
        let plain = |words: &[Word]| words.iter().all(Word::plain);
        if !script.shapes.is_empty() || !script.leaves.iter().all(|leaf| plain(&leaf.words)) {
            continue;
        }
        let leaves = script.leaves.iter().filter(|leaf| leaf.is(&["printf"]));
        let ours: Vec<Vec<&str>> = leaves.map(|leaf| leaf.argv().split_off(2)).collect();
        let starts = printed.iter().enumerate();
        let starts = starts.filter(|(_, word)| word.starts_with('#'));
        for (start, _) in starts {
            let rest = printed[start + 1..].iter();
            let more = rest.take_while(|word| !word.starts_with('#')).count();
            let given: Vec<&str> = printed[start..=start + more]
                .iter()
                .map(String::as_str)
                .collect();
            assert!(ours.contains(&given), "{line}\n{given:?}\n{ours:?}");
            compared += 1;
        }
    }
    assert!(compared > COMPARED, "only {compared} were compared");
}
