//! The look at the raw characters: what nobody can see, and what is longer
//! than anybody reads, never runs unasked and is never shown as it is.

use permission::{Decision, Gate, Verdict, judge_command};
use protocol::PermissionMode;

use crate::ground::in_project;
use crate::pieces::text;
use crate::probe::{ask, run, spans_fit};

/// Longer commands always ask.
const MOST_BYTES: usize = 10_000;

/// One of each kind of what cannot be seen, or moves what can be.
const HIDDEN: &[char] = &[
    '\0',
    '\u{7}',
    '\u{8}',
    '\r',
    '\u{1b}',
    '\u{7f}',
    '\u{85}',
    '\u{9b}',
    '\u{a0}',
    '\u{ad}',
    '\u{34f}',
    '\u{61c}',
    '\u{180e}',
    '\u{200b}',
    '\u{200d}',
    '\u{200f}',
    '\u{2028}',
    '\u{202e}',
    '\u{2060}',
    '\u{2066}',
    '\u{3000}',
    '\u{3164}',
    '\u{fe0f}',
    '\u{feff}',
    '\u{ffa0}',
    '\u{fffb}',
    '\u{e0041}',
    '\u{e0100}',
];

pub fn prepass(data: &[u8]) {
    let command = text(data);
    in_project(|root| {
        let verdict = judge_command(&command, root);
        spans_fit(&verdict.findings, &command);
        if command.chars().any(is_hidden) || command.len() > MOST_BYTES {
            assert_ne!(verdict.decision, Decision::Allow, "{command:?}");
        }
        let seed = data.iter().map(|byte| usize::from(*byte)).sum::<usize>();
        let hiding = with_hidden(&command, seed);
        let decision = judge_command(&hiding, root).decision;
        assert_ne!(decision, Decision::Allow, "{hiding:?}");
        if seed % 64 == 0 && !command.is_empty() {
            let long = command.repeat(MOST_BYTES / command.len() + 1);
            let decision = judge_command(&long, root).decision;
            assert_ne!(decision, Decision::Allow, "{} bytes", long.len());
        }
        is_shown(&hiding, &root.to_string_lossy());
    });
}

fn is_hidden(c: char) -> bool {
    HIDDEN.contains(&c) || (c.is_control() && c != '\n' && c != '\t')
}

/// The same text with a hidden character somewhere in it.
fn with_hidden(command: &str, seed: usize) -> String {
    let hidden = HIDDEN[seed % HIDDEN.len()];
    let at = seed % (command.chars().count() + 1);
    let (before, after): (Vec<_>, Vec<_>) = command
        .chars()
        .enumerate()
        .partition(|(index, _)| *index < at);
    let chars = |part: Vec<(usize, char)>| part.into_iter().map(|(_, c)| c).collect::<String>();
    format!("{}{hidden}{}", chars(before), chars(after))
}

/// Whoever is asked sees what is there.
fn is_shown(command: &str, cwd: &str) {
    let gate = Gate::new(cwd.into());
    match ask(&gate, "bash", run(command, cwd), PermissionMode::Ask) {
        Verdict::Ask(request) => {
            assert!(
                !request.subject.chars().any(is_hidden),
                "{:?}",
                request.subject
            );
        }
        Verdict::Deny(_) => {}
        Verdict::Allow(_) => assert!(command.is_empty(), "{command:?} ran unasked"),
    }
}
