#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use super::*;

fn decode(command: &str) -> DecodedLine {
    decode_command(command, Path::new("/w"), Path::new("/w"))
}

/// The words of every command of this program.
fn words(command: &str, program: &str) -> Vec<Vec<String>> {
    let line = decode(command);
    let of_program = line.commands.iter().filter(|one| one.program() == program);
    of_program
        .map(|one| one.words.iter().map(|word| word.text.clone()).collect())
        .collect()
}

#[test]
fn words_are_as_the_program_gets_them() {
    let cases = [
        ("git commit -m 'a b'", vec!["git", "commit", "-m", "a b"]),
        (
            "git commit -m \"a\"' b'",
            vec!["git", "commit", "-m", "a b"],
        ),
        (
            "cd x && /usr/bin/git tag v1",
            vec!["/usr/bin/git", "tag", "v1"],
        ),
        ("bash -c 'git tag v1'", vec!["git", "tag", "v1"]),
        ("timeout 5 git tag v1", vec!["git", "tag", "v1"]),
        ("echo $(git tag v1)", vec!["git", "tag", "v1"]),
    ];
    for (command, expected) in cases {
        let found = words(command, "git");
        assert!(
            found.contains(&expected.iter().map(|word| (*word).to_owned()).collect()),
            "{command}: {found:?}"
        );
    }
}

#[test]
fn what_bash_would_still_replace_is_not_known() {
    for (command, known) in [
        ("git tag v1", true),
        ("git tag 'v$1'", true),
        ("git tag v$X", false),
        ("git tag $(cat x)", false),
        ("git tag v*", false),
    ] {
        let line = decode(command);
        let git = line.commands.iter().find(|one| one.program() == "git");
        let word = git.and_then(|one| one.words.last()).unwrap();
        assert_eq!(word.known, known, "{command}");
    }
}

#[test]
fn input_is_known_from_here_documents_and_strings_only() {
    let cases = [
        ("git commit -F - <<'EOF'\nOne\nEOF", vec!["One\n"], false),
        ("git commit -F - <<< 'One'", vec!["One"], false),
        ("cat x | git commit -F -", vec![], true),
        ("git commit -F - < x", vec![], true),
        ("git commit -F - <<< \"$X\"", vec![], true),
    ];
    for (command, input, elsewhere) in cases {
        let line = decode(command);
        let git = line
            .commands
            .iter()
            .find(|one| one.program() == "git")
            .unwrap();
        assert_eq!(git.input, input, "{command}");
        assert_eq!(git.reads_elsewhere, elsewhere, "{command}");
    }
}

#[test]
fn a_broken_line_is_said_to_be_one() {
    assert!(decode("git tag v1").whole);
    for command in [
        "git tag 'v1",
        "git tag v1 &&",
        "git tag v1 |\n",
        "git tag $'v\\0'",
        "git tag $'\\cé'",
        "git tag v\u{1}",
        "git tag v\u{7f}",
    ] {
        assert!(!decode(command).whole, "{command:?}");
    }
}

#[test]
fn control_keys_are_spelled_as_in_bash() {
    for (written, word) in [
        ("$'\\c?'", "\u{7f}"),
        ("$'\\c\\\\n'", "\u{1c}n"),
        ("$'\\ca'", "\u{1}"),
    ] {
        let found = words(&format!("git {written}"), "git");
        assert_eq!(found, [["git", word]], "{written}");
    }
}

#[test]
fn only_what_can_be_a_descriptor_is_none_of_the_words() {
    for (command, expected) in [
        ("git 2>&1", vec!["git"]),
        ("git {fd}>&1", vec!["git"]),
        ("git 2147483648>&1", vec!["git", "2147483648"]),
        ("git {7a}>&1", vec!["git", "{7a}"]),
    ] {
        assert_eq!(words(command, "git"), [expected], "{command}");
    }
}
