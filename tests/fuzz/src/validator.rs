//! The verdict on a command: the same each time, with its reasons, and no
//! looser for what stands beside it.

use permission::{CommandVerdict, Decision, Gate, judge_command};
use protocol::PermissionMode;

use crate::ground::in_project;
use crate::pieces::text;
use crate::probe::{decide, run, spans_fit};

/// Asks wherever it stands.
const DESTRUCTIVE: &str = "rm -rf src";

pub fn validator(data: &[u8]) {
    let command = text(data);
    in_project(|root| {
        let verdict = judge_command(&command, root);
        assert_eq!(verdict, judge_command(&command, root));
        is_sound(&verdict, &command);
        let judged = |command: &str| judge_command(command, root).decision;
        if verdict.decision == Decision::Allow {
            let before = format!("{DESTRUCTIVE}\n{command}");
            assert_ne!(judged(&before), Decision::Allow, "{before:?}");
            // A last backslash takes the next line in.
            let after = format!("{command}\n{DESTRUCTIVE}");
            let joins = command.ends_with('\\');
            assert!(joins || judged(&after) != Decision::Allow, "{after:?}");
        }
        modes_agree(&verdict, &command, &root.to_string_lossy());
    });
}

fn is_sound(verdict: &CommandVerdict, command: &str) {
    let findings = &verdict.findings;
    assert_eq!(findings.is_empty(), verdict.decision == Decision::Allow);
    assert_eq!(
        verdict.danger,
        findings.iter().any(|finding| finding.danger)
    );
    assert!(!verdict.reason.is_empty());
    assert!(findings.iter().all(|finding| !finding.reason.is_empty()));
    assert!(
        verdict
            .checks
            .iter()
            .all(|check| { findings.iter().any(|finding| finding.check == *check) })
    );
    let first_harmless = findings.iter().position(|finding| !finding.danger);
    let last_danger = findings.iter().rposition(|finding| finding.danger);
    if let (Some(harmless), Some(danger)) = (first_harmless, last_danger) {
        assert!(danger < harmless, "the weightiest come first: {findings:?}");
    }
    spans_fit(findings, command);
}

/// Without rules the gate says what the validator says, and no looser mode is
/// stricter.
fn modes_agree(verdict: &CommandVerdict, command: &str, cwd: &str) {
    let gate = Gate::new(cwd.into());
    let [plan, ask, edits, auto, bypass] =
        PermissionMode::ALL.map(|mode| decide(&gate, &run(command, cwd), mode));
    assert_eq!(ask, verdict.decision);
    assert!(plan >= ask && ask >= edits && edits >= bypass && auto == ask);
    assert_eq!(plan == Decision::Allow, ask == Decision::Allow);
    if verdict.decision == Decision::Deny {
        assert_eq!(bypass, Decision::Deny, "{command:?}");
    }
}
