use protocol::{ErrorInfo, ErrorKind, EventKind, StopReason, TurnId, Usage};

use super::{escape, shorten, words};

fn finished(reason: StopReason, error: Option<ErrorInfo>) -> EventKind {
    EventKind::TurnFinished {
        turn_id: TurnId::from("t"),
        reason,
        error,
        usage: Usage::default(),
        duration_ms: 1,
    }
}

#[test]
fn an_answer_is_announced_with_its_first_words() {
    let (summary, body) =
        words(&finished(StopReason::Done, None), "All 12 tests\npass.").unwrap_or_default();
    assert_eq!(
        (summary, body.as_str()),
        ("Familiar has an answer", "All 12 tests pass.")
    );
}

#[test]
fn what_the_user_stopped_is_not_announced() {
    assert_eq!(words(&finished(StopReason::Cancelled, None), ""), None);
}

#[test]
fn a_failure_says_what_happened() {
    let error = ErrorInfo::new(
        ErrorKind::Unreachable,
        "The provider cannot be reached.",
        "Check the network.",
    );
    let (_, body) = words(&finished(StopReason::Failed, Some(error)), "").unwrap_or_default();
    assert_eq!(body, "The provider cannot be reached.");
}

#[test]
fn long_bodies_are_cut_and_markup_stays_text() {
    assert_eq!(shorten(&"x".repeat(500)).chars().count(), super::LONGEST);
    assert_eq!(escape("<b>&</b>"), "&lt;b&gt;&amp;&lt;/b&gt;");
}
