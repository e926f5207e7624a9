#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::{
    Answer, AnsweredBy, EventKind, Outcome, PermissionMode, PermissionRequest, Question, RequestId,
    SessionId, StopReason, ToolCall, ToolResult, TurnId, Usage,
};

use super::*;

#[expect(clippy::large_enum_variant, reason = "a handful of steps per test")]
enum Step {
    In(&'static str, EventKind),
    Gone(&'static str),
    Listening(bool),
    Transcribing(bool),
    Trouble,
    Poked,
    Tick,
}
use Step::{Gone, In, Listening, Poked, Tick, Transcribing, Trouble};

fn turn() -> EventKind {
    EventKind::TurnStarted {
        turn_id: TurnId::from("t"),
        provider: "offline".into(),
        model: "m".into(),
        mode: PermissionMode::default(),
    }
}

fn end(reason: StopReason) -> EventKind {
    EventKind::TurnFinished {
        turn_id: TurnId::from("t"),
        reason,
        error: None,
        usage: Usage::default(),
        duration_ms: 1,
    }
}

fn tool_call(id: &str) -> ToolCall {
    ToolCall {
        id: id.into(),
        name: "bash".into(),
        input: serde_json::json!({}),
    }
}

fn call(id: &str, subject: &str, read_only: bool) -> EventKind {
    EventKind::ToolCallStarted {
        call: tool_call(id),
        title: "Run".into(),
        subject: subject.into(),
        read_only,
    }
}

fn called(id: &str, outcome: Outcome) -> EventKind {
    EventKind::ToolCallFinished {
        result: ToolResult::plain(id.into(), outcome, ""),
    }
}

fn asks(id: &str) -> EventKind {
    EventKind::PermissionAsked {
        request: PermissionRequest {
            id: RequestId::from(id),
            ..testkit::permission_request("touch hello.txt")
        },
    }
}

fn answered(id: &str) -> EventKind {
    EventKind::PermissionAnswered {
        request_id: RequestId::from(id),
        answer: Answer::AllowOnce,
        by: AnsweredBy::Dialog,
    }
}

fn wonders(id: &str) -> EventKind {
    EventKind::QuestionAsked {
        question: Question {
            id: RequestId::from(id),
            text: "Which one?".into(),
            options: Vec::new(),
        },
    }
}

fn told(id: &str) -> EventKind {
    EventKind::QuestionAnswered {
        request_id: RequestId::from(id),
        answer: None,
    }
}

fn step(machine: &mut MoodMachine, at_ms: u64, step: &Step) -> Option<MoodChange> {
    let id = |name: &str| SessionId::from(name);
    match step {
        In(session, kind) => machine.apply(BuddyInput::Agent(&id(session), kind), at_ms),
        Gone(session) => machine.apply(BuddyInput::SessionGone(&id(session)), at_ms),
        Listening(on) => machine.apply(BuddyInput::Listening(*on), at_ms),
        Transcribing(on) => machine.apply(BuddyInput::Transcribing(*on), at_ms),
        Trouble => machine.apply(BuddyInput::Trouble, at_ms),
        Poked => machine.apply(BuddyInput::Poked, at_ms),
        Tick => machine.apply(BuddyInput::Tick, at_ms),
    }
}

fn run(steps: &[(u64, Step)]) -> (MoodMachine, Vec<Mood>) {
    let mut machine = MoodMachine::new(0);
    let mut log = Vec::new();
    for (at_ms, what) in steps {
        let before = machine.look().mood;
        let change = step(&mut machine, *at_ms, what);
        assert_eq!(
            change.is_some(),
            before != machine.look().mood,
            "a change is told, once"
        );
        if let Some(change) = change {
            assert_eq!(
                (change.from, change.to, change.at_ms),
                (before, machine.look().mood, *at_ms)
            );
            log.push(change.to);
        }
    }
    (machine, log)
}

#[track_caller]
fn check(steps: &[(u64, Step)], expected: &[Mood]) {
    assert_eq!(run(steps).1, expected);
}

#[track_caller]
fn check_accent(steps: &[(u64, Step)], mood: Mood, accent: Accent) {
    assert_eq!(run(steps).0.look(), Look { mood, accent });
}

const A: &str = "a";
const B: &str = "b";

#[test]
fn a_spoken_turn_goes_listening_thinking_waiting_working_happy_idle() {
    check(
        &[
            (0, Listening(true)),
            (2_000, Transcribing(true)),
            (2_000, Listening(false)),
            (2_600, In(A, turn())),
            (2_600, Transcribing(false)),
            (3_000, In(A, asks("q"))),
            (5_000, In(A, answered("q"))),
            (5_000, In(A, call("c", "hello.txt", false))),
            (5_010, In(A, called("c", Outcome::Ok))),
            (5_500, Tick),
            (5_900, Tick),
            (6_500, In(A, end(StopReason::Done))),
            (10_499, Tick),
            (10_500, Tick),
        ],
        &[
            Mood::Listening,
            Mood::Thinking,
            Mood::Waiting,
            Mood::Thinking,
            Mood::Working,
            Mood::Thinking,
            Mood::Happy,
            Mood::Idle,
        ],
    );
}

#[test]
fn waiting_ends_only_when_every_question_is_answered() {
    check(
        &[
            (0, In(A, turn())),
            (1, In(A, asks("1"))),
            (2, In(A, wonders("2"))),
            (3, In(A, answered("1"))),
            (4, In(A, told("2"))),
        ],
        &[Mood::Thinking, Mood::Waiting, Mood::Thinking],
    );
}

#[test]
fn a_question_dies_with_its_turn_or_its_session() {
    check(
        &[
            (0, In(A, turn())),
            (1, In(A, asks("1"))),
            (2, In(A, end(StopReason::Cancelled))),
        ],
        &[Mood::Thinking, Mood::Waiting, Mood::Idle],
    );
    check(
        &[(0, In(A, turn())), (1, In(A, asks("1"))), (2, Gone(A))],
        &[Mood::Thinking, Mood::Waiting, Mood::Idle],
    );
}

#[test]
fn what_needs_the_user_wins_over_what_another_session_does() {
    check(
        &[
            (0, In(A, turn())),
            (1, In(A, call("c", "x", false))),
            (2, In(B, turn())),
            (3, In(B, end(StopReason::Done))),
            (4, In(B, turn())),
            (5, In(B, asks("1"))),
            (6, In(A, end(StopReason::Failed))),
            (7, In(B, answered("1"))),
            (8, In(A, turn())),
        ],
        &[
            Mood::Thinking,
            Mood::Working,
            Mood::Waiting,
            Mood::Alarmed,
            Mood::Thinking,
        ],
    );
}

#[test]
fn joy_shows_only_when_no_session_is_busy() {
    check(
        &[
            (0, In(A, turn())),
            (0, In(B, turn())),
            (1_000, In(A, end(StopReason::Done))),
            (2_000, In(B, end(StopReason::Cancelled))),
            (5_000, Tick),
        ],
        &[Mood::Thinking, Mood::Happy, Mood::Idle],
    );
}

#[test]
fn an_alarm_ends_after_twenty_seconds_or_when_the_user_turns_to_it() {
    let failed = || vec![(0, In(A, turn())), (1_000, In(A, end(StopReason::Failed)))];
    for (ending, expected) in [
        (vec![(20_999, Tick)], vec![Mood::Thinking, Mood::Alarmed]),
        (
            vec![(21_000, Tick)],
            vec![Mood::Thinking, Mood::Alarmed, Mood::Idle],
        ),
        (
            vec![(2_000, In(A, turn()))],
            vec![Mood::Thinking, Mood::Alarmed, Mood::Thinking],
        ),
        (
            vec![(2_000, Listening(true))],
            vec![Mood::Thinking, Mood::Alarmed, Mood::Listening],
        ),
        (
            vec![(2_000, Poked)],
            vec![Mood::Thinking, Mood::Alarmed, Mood::Happy],
        ),
    ] {
        let mut steps = failed();
        steps.extend(ending);
        check(&steps, &expected);
    }
}

#[test]
fn each_end_of_a_turn_has_its_mood() {
    for (reason, mood) in [
        (StopReason::Done, Mood::Happy),
        (StopReason::Cancelled, Mood::Idle),
        (StopReason::Refused, Mood::Idle),
        (StopReason::Limit, Mood::Alarmed),
        (StopReason::Unanswered, Mood::Alarmed),
        (StopReason::Failed, Mood::Alarmed),
    ] {
        check(
            &[(0, In(A, turn())), (1, In(A, end(reason)))],
            &[Mood::Thinking, mood],
        );
    }
}

#[test]
fn trouble_outside_a_session_alarms() {
    check(
        &[(0, Trouble), (20_000, Tick)],
        &[Mood::Alarmed, Mood::Idle],
    );
}

#[test]
fn it_sleeps_after_five_quiet_minutes_and_wakes_by_a_poke() {
    check(
        &[
            (299_999, Tick),
            (300_000, Tick),
            (400_000, Poked),
            (402_000, Tick),
            (700_000, Tick),
        ],
        &[Mood::Asleep, Mood::Happy, Mood::Idle, Mood::Asleep],
    );
}

#[test]
fn a_long_turn_never_falls_asleep() {
    check(&[(0, In(A, turn())), (900_000, Tick)], &[Mood::Thinking]);
}

#[test]
fn quick_calls_in_a_row_do_not_flicker() {
    check(
        &[
            (0, In(A, turn())),
            (10, In(A, call("1", "x", false))),
            (20, In(A, called("1", Outcome::Ok))),
            (500, In(A, call("2", "x", false))),
            (510, In(A, called("2", Outcome::Ok))),
            (1_200, Tick),
        ],
        &[Mood::Thinking, Mood::Working],
    );
}

#[test]
fn it_is_proud_when_tests_turn_green_after_red() {
    let tests = |outcomes: &[Outcome], command: &str| {
        let mut steps = vec![(0, In(A, turn()))];
        for outcome in outcomes {
            steps.push((1, In(A, call("c", command, false))));
            steps.push((2, In(A, called("c", *outcome))));
        }
        steps.push((3, In(A, end(StopReason::Done))));
        run(&steps).0.look().accent
    };
    let (red, green) = (Outcome::Failed, Outcome::Ok);
    for (outcomes, command, accent) in [
        (&[red, green][..], "cargo test -p buddy", Accent::Proud),
        (&[red, red, green], "cd ui && npm run test", Accent::Proud),
        (
            &[red, green],
            "./node_modules/.bin/vitest run",
            Accent::Proud,
        ),
        (&[green], "cargo test", Accent::Plain),
        (&[red], "cargo test", Accent::Plain),
        (&[green, red], "cargo test", Accent::Plain),
        (&[red, green, red], "cargo test", Accent::Plain),
        (&[Outcome::Denied, green], "cargo test", Accent::Plain),
        (&[red, green], "cargo build", Accent::Plain),
        (&[red, green], "cat test", Accent::Plain),
    ] {
        assert_eq!(tests(outcomes, command), accent, "{command} {outcomes:?}");
    }
}

#[test]
fn red_tests_are_remembered_into_the_next_turn() {
    check_accent(
        &[
            (0, In(A, turn())),
            (1, In(A, call("c", "pytest -q", false))),
            (2, In(A, called("c", Outcome::Failed))),
            (3, In(A, end(StopReason::Done))),
            (9_000, In(A, turn())),
            (9_001, In(A, call("d", "pytest -q", false))),
            (9_002, In(A, called("d", Outcome::Ok))),
            (9_003, In(A, end(StopReason::Done))),
        ],
        Mood::Happy,
        Accent::Proud,
    );
}

#[test]
fn only_looking_is_searching_until_something_changes() {
    let looks = || vec![(0, In(A, turn())), (1, In(A, call("1", "src", true)))];
    check_accent(&looks(), Mood::Working, Accent::Searching);
    let mut steps = looks();
    steps.push((2, In(B, call("2", "x", false))));
    check_accent(&steps, Mood::Working, Accent::Plain);
}

#[test]
fn an_open_microphone_shows_even_while_waiting() {
    check_accent(
        &[
            (0, In(A, turn())),
            (1, In(A, asks("1"))),
            (2, Listening(true)),
        ],
        Mood::Waiting,
        Accent::Listening,
    );
}

#[test]
fn ticking_when_told_reaches_sleep_in_few_steps() {
    let (mut machine, _) = run(&[
        (0, In(A, turn())),
        (0, In(B, turn())),
        (10, In(A, call("1", "x", false))),
        (20, In(A, called("1", Outcome::Ok))),
        (30, In(A, end(StopReason::Done))),
        (40, In(B, end(StopReason::Failed))),
        (50, Poked),
    ]);
    let mut moods = Vec::new();
    let mut ticks = 0;
    while let Some(at_ms) = machine.next_change_at() {
        ticks += 1;
        assert!(ticks < 10, "each end is told once");
        moods.extend(
            machine
                .apply(BuddyInput::Tick, at_ms)
                .map(|change| change.to),
        );
    }
    assert_eq!(moods, [Mood::Idle, Mood::Asleep]);
}

#[test]
fn sessions_are_bounded_and_the_open_question_stays() {
    let mut machine = MoodMachine::new(0);
    step(&mut machine, 0, &In(A, asks("1")));
    for number in 0..1_000_u64 {
        let id = SessionId::from(format!("s{number}"));
        machine.apply(BuddyInput::Agent(&id, &turn()), number);
    }
    assert_eq!(machine.sessions.len(), MAX_SESSIONS);
    assert_eq!(machine.look().mood, Mood::Waiting);
}

#[test]
fn names_are_stable_for_logs_and_the_window() {
    let moods: Vec<Mood> = Look::ALL.iter().map(|look| look.mood).collect();
    let names = serde_json::to_string(&moods).unwrap();
    assert_eq!(
        names,
        r#"["idle","listening","thinking","working","working","waiting","waiting","happy","happy","alarmed","asleep"]"#
    );
    let change = MoodChange {
        from: Mood::Idle,
        to: Mood::Waiting,
        at_ms: 7,
    };
    assert_eq!(
        serde_json::to_string(&change).unwrap(),
        r#"{"from":"idle","to":"waiting","at_ms":7}"#
    );
}
