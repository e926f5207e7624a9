use super::*;

#[test]
fn a_command_shows_as_a_line_to_paste() {
    let shown = Invocation::new("npm")
        .args(&["run", "it's here", ""])
        .env("CI", "a b")
        .within("/some where")
        .to_string();
    assert_eq!(
        shown,
        r"cd '/some where' && CI='a b' npm run 'it'\''s here' ''"
    );
}

#[test]
fn a_missing_program_is_named_with_its_line() {
    let failure = Invocation::new("no-such-program-here")
        .args(&["now"])
        .run()
        .unwrap_err()
        .to_string();
    assert!(failure.contains("no-such-program-here now"), "{failure}");
    assert!(failure.contains("could not be started"), "{failure}");
}

#[test]
fn a_failed_command_says_how_it_ended_and_what_it_said() {
    let failure = Invocation::new("cargo")
        .args(&["no-such-subcommand"])
        .output()
        .unwrap_err()
        .to_string();
    assert!(failure.contains("exit"), "{failure}");
    assert!(failure.contains("no such command"), "{failure}");
}
