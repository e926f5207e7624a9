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
    assert!(!decode("git tag 'v1").whole);
}
