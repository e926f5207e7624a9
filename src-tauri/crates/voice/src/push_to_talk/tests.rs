#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::ErrorKind;

use super::*;

fn info() -> ErrorInfo {
    ErrorInfo::new(ErrorKind::Microphone, "Gone.", "Plug it in.")
}

fn press(at_ms: u64) -> Event {
    Event::Pressed { at_ms }
}

fn release(at_ms: u64) -> Event {
    Event::Released { at_ms }
}

fn text(take: Take) -> Event {
    Event::Transcribed(take, "hello".to_owned())
}

fn name(state: &VoiceState) -> &'static str {
    match state {
        VoiceState::Idle => "idle",
        VoiceState::Listening { ready: false, .. } => "opening",
        VoiceState::Listening { ready: true, .. } => "listening",
        VoiceState::Transcribing => "transcribing",
        VoiceState::Error { .. } => "error",
        VoiceState::Disabled => "disabled",
    }
}

/// A machine brought to the named state with take 1.
fn machine(state: &str) -> PushToTalk {
    let mut machine = PushToTalk::new();
    let events: &[Event] = match state {
        "idle" => &[],
        "opening" => &[press(1_000)],
        "listening" => &[press(1_000), Event::CaptureReady(1)],
        "transcribing" => &[press(1_000), Event::CaptureReady(1), release(2_000)],
        "error" => &[
            press(1_000),
            Event::CaptureFailed(1, info()),
            release(1_010),
        ],
        "disabled" => &[Event::Disabled],
        other => panic!("no state {other}"),
    };
    for event in events {
        machine.handle(event.clone());
    }
    assert_eq!(name(machine.state()), state);
    machine
}

#[track_caller]
fn check(from: &str, event: Event, to: &str, effects: &[Effect]) {
    let mut machine = machine(from);
    let got = machine.handle(event.clone());
    assert_eq!(name(machine.state()), to, "{from} + {event:?}");
    assert_eq!(got, effects, "{from} + {event:?}");
}

const ALL: [&str; 6] = [
    "idle",
    "opening",
    "listening",
    "transcribing",
    "error",
    "disabled",
];

#[test]
fn a_press_starts_and_a_release_transcribes() {
    use Effect::{Abort, Cue as C, DiscardCapture, StartCapture, Transcribe};
    check("idle", press(5_000), "opening", &[StartCapture(1)]);
    check("error", press(5_000), "opening", &[StartCapture(2)]);
    check(
        "transcribing",
        press(5_000),
        "opening",
        &[Abort(1), StartCapture(2)],
    );
    check(
        "opening",
        Event::CaptureReady(1),
        "listening",
        &[C(Cue::Start)],
    );
    check(
        "listening",
        release(2_000),
        "transcribing",
        &[Transcribe(1), C(Cue::Stop)],
    );
    check(
        "listening",
        release(1_149),
        "idle",
        &[DiscardCapture(1), Effect::Hint(Hint::HoldTheKey)],
    );
    check(
        "listening",
        release(1_150),
        "transcribing",
        &[Transcribe(1), C(Cue::Stop)],
    );
    check(
        "opening",
        release(1_100),
        "idle",
        &[DiscardCapture(1), Effect::Hint(Hint::HoldTheKey)],
    );
    check(
        "opening",
        release(3_000),
        "idle",
        &[DiscardCapture(1), Effect::Hint(Hint::StillStarting)],
    );
    for state in ["idle", "transcribing", "error"] {
        check(state, release(9_000), state, &[]);
    }
}

#[test]
fn key_repeat_and_double_presses_do_nothing() {
    for state in ["opening", "listening"] {
        check(state, press(1_030), state, &[]);
        check(state, press(60_000), state, &[]);
    }
}

#[test]
fn a_cancel_is_not_undone_by_the_still_held_key() {
    let mut machine = machine("listening");
    machine.handle(Event::Cancelled);
    let mut at_ms = 1_500;
    for _ in 0..50 {
        assert_eq!(machine.handle(press(at_ms)), []);
        assert_eq!(machine.state(), &VoiceState::Idle);
        at_ms += 30;
    }
    machine.handle(release(at_ms));
    assert_eq!(machine.handle(press(at_ms + 10)), [Effect::StartCapture(2)]);
}

#[test]
fn a_lost_release_does_not_lock_the_key_for_ever() {
    let mut machine = machine("listening");
    machine.handle(Event::Cancelled);
    assert_eq!(machine.handle(press(9_000)), [Effect::StartCapture(2)]);
}

#[test]
fn cancel_ends_every_state_quietly() {
    use Effect::{Abort, Cue as C, DiscardCapture};
    check("idle", Event::Cancelled, "idle", &[]);
    check("opening", Event::Cancelled, "idle", &[DiscardCapture(1)]);
    check(
        "listening",
        Event::Cancelled,
        "idle",
        &[DiscardCapture(1), C(Cue::Stop)],
    );
    check("transcribing", Event::Cancelled, "idle", &[Abort(1)]);
    check("error", Event::Cancelled, "idle", &[]);
}

#[test]
fn the_microphone_may_fail_or_vanish() {
    for event in [
        Event::CaptureFailed(1, info()),
        Event::CaptureLost(1, info()),
    ] {
        for state in ["opening", "listening", "transcribing"] {
            check(state, event.clone(), "error", &[Effect::Cue(Cue::Error)]);
        }
        for state in ["idle", "error"] {
            check(state, event.clone(), state, &[]);
        }
    }
}

#[test]
fn outcomes_count_only_while_transcribing() {
    let deliver = [Effect::Deliver("hello".to_owned())];
    let quiet = [Effect::Hint(Hint::NothingHeard)];
    let error = [Effect::Cue(Cue::Error)];
    check("transcribing", text(1), "idle", &deliver);
    check("transcribing", Event::Silence(1), "idle", &quiet);
    check(
        "transcribing",
        Event::TranscribeFailed(1, info()),
        "error",
        &error,
    );
    check(
        "transcribing",
        Event::DeadMicrophone(1, info()),
        "error",
        &error,
    );
    for state in ["idle", "opening", "listening", "error"] {
        for event in [
            text(1),
            Event::Silence(1),
            Event::TranscribeFailed(1, info()),
            Event::DeadMicrophone(1, info()),
        ] {
            check(state, event, state, &[]);
        }
    }
}

#[test]
fn events_of_an_older_recording_are_ignored() {
    for state in ALL {
        for event in [
            text(7),
            Event::Silence(7),
            Event::TranscribeFailed(7, info()),
            Event::DeadMicrophone(7, info()),
            Event::CaptureReady(7),
            Event::CaptureFailed(7, info()),
            Event::CaptureLost(7, info()),
            Event::CaptureFull(7),
        ] {
            check(state, event, state, &[]);
        }
    }
}

#[test]
fn nothing_stays_open_or_transcribing_for_ever() {
    use Effect::{Abort, Cue as C, DiscardCapture};
    let timeout = || Event::TimedOut(info());
    check(
        "opening",
        timeout(),
        "error",
        &[DiscardCapture(1), C(Cue::Error)],
    );
    check(
        "listening",
        timeout(),
        "error",
        &[DiscardCapture(1), C(Cue::Error)],
    );
    check(
        "transcribing",
        timeout(),
        "error",
        &[Abort(1), C(Cue::Error)],
    );
    check("idle", timeout(), "idle", &[]);
    check("error", timeout(), "error", &[]);
}

#[test]
fn a_recording_that_is_full_is_transcribed() {
    let effects = [
        Effect::Hint(Hint::TooLong),
        Effect::Transcribe(1),
        Effect::Cue(Cue::Stop),
    ];
    check("listening", Event::CaptureFull(1), "transcribing", &effects);
    for state in ["idle", "transcribing", "error"] {
        check(state, Event::CaptureFull(1), state, &[]);
    }
}

#[test]
fn a_retry_works_from_rest_only() {
    check(
        "error",
        Event::Retry,
        "transcribing",
        &[Effect::TranscribeKept(2)],
    );
    check(
        "idle",
        Event::Retry,
        "transcribing",
        &[Effect::TranscribeKept(1)],
    );
    for state in ["opening", "listening", "transcribing"] {
        check(state, Event::Retry, state, &[]);
    }
}

#[test]
fn switching_off_ends_what_runs_and_refuses_presses() {
    use Effect::{Abort, Cue as C, DiscardCapture};
    check("opening", Event::Disabled, "disabled", &[DiscardCapture(1)]);
    check(
        "listening",
        Event::Disabled,
        "disabled",
        &[DiscardCapture(1), C(Cue::Stop)],
    );
    check("transcribing", Event::Disabled, "disabled", &[Abort(1)]);
    check("error", Event::Disabled, "disabled", &[]);
    let mut machine = machine("idle");
    machine.handle(Event::Disabled);
    assert_eq!(
        machine.handle(press(5_000)),
        [Effect::Hint(Hint::SwitchedOff)]
    );
    machine.handle(release(6_000));
    machine.handle(Event::Enabled);
    assert_eq!(machine.handle(press(7_000)), [Effect::StartCapture(1)]);
}

#[test]
fn muted_means_no_cue_in_any_state() {
    for state in ALL {
        for event in [
            Event::CaptureReady(1),
            release(3_000),
            Event::Cancelled,
            Event::CaptureLost(1, info()),
            Event::TimedOut(info()),
            Event::Disabled,
        ] {
            let mut machine = machine(state);
            machine.handle(Event::Muted);
            let effects = machine.handle(event);
            assert!(
                !effects
                    .iter()
                    .any(|effect| matches!(effect, Effect::Cue(_)))
            );
        }
    }
    let mut machine = machine("opening");
    machine.handle(Event::Muted);
    machine.handle(Event::Unmuted);
    assert_eq!(
        machine.handle(Event::CaptureReady(1)),
        [Effect::Cue(Cue::Start)]
    );
}

#[test]
fn the_state_reads_as_a_tagged_object() {
    let json = |state: &VoiceState| serde_json::to_string(state).unwrap();
    assert_eq!(json(&VoiceState::Idle), r#"{"state":"idle"}"#);
    assert_eq!(
        json(machine("listening").state()),
        r#"{"state":"listening","since_ms":1000,"ready":true}"#
    );
    assert!(
        json(machine("error").state())
            .starts_with(r#"{"state":"error","info":{"kind":"microphone""#)
    );
}

fn random_event(rng: &mut fastrand::Rng, now: u64, take: Take) -> Event {
    let take = take.saturating_sub(rng.u64(0..2));
    match rng.u8(0..18) {
        0..=2 => press(now),
        3..=5 => release(now),
        6 => Event::Cancelled,
        7 | 8 => Event::CaptureReady(take),
        9 => Event::CaptureFailed(take, info()),
        10 => Event::CaptureLost(take, info()),
        11 => text(take),
        12 => Event::TranscribeFailed(take, info()),
        13 => Event::Silence(take),
        14 => Event::TimedOut(info()),
        15 => Event::Retry,
        16 => [
            Event::Enabled,
            Event::Disabled,
            Event::Muted,
            Event::Unmuted,
        ][rng.usize(0..4)]
        .clone(),
        _ => Event::CaptureFull(take),
    }
}

/// What the outside world looks like if it obeys every effect.
#[derive(Default)]
struct World {
    recording: Option<Take>,
    working: Option<Take>,
}

impl World {
    /// A device that ended by itself tells so before the machine hears it.
    fn before(&mut self, event: &Event) {
        match event {
            Event::CaptureFailed(take, _) | Event::CaptureLost(take, _) => {
                self.recording = self.recording.filter(|open| open != take);
                self.working = self.working.filter(|open| open != take);
            }
            Event::Transcribed(take, _)
            | Event::Silence(take)
            | Event::TranscribeFailed(take, _) => {
                self.working = self.working.filter(|open| open != take);
            }
            _ => {}
        }
    }

    fn obey(&mut self, effect: &Effect) {
        match effect {
            Effect::StartCapture(take) => {
                assert_eq!(self.recording, None, "two recordings at once");
                self.recording = Some(*take);
            }
            Effect::Transcribe(take) => {
                assert_eq!(self.recording.take(), Some(*take));
                assert_eq!(self.working, None, "two transcriptions at once");
                self.working = Some(*take);
            }
            Effect::TranscribeKept(take) => {
                assert_eq!(self.working, None);
                self.working = Some(*take);
            }
            Effect::DiscardCapture(take) => assert_eq!(self.recording.take(), Some(*take)),
            Effect::Abort(take) => assert_eq!(self.working.take(), Some(*take)),
            Effect::Deliver(_) | Effect::Hint(_) | Effect::Cue(_) => {}
        }
    }
}

#[test]
fn any_walk_keeps_machine_and_world_in_step() {
    for seed in 0..300 {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut machine = PushToTalk::new();
        let mut world = World::default();
        let mut now = 10_000;
        for _ in 0..400 {
            now += rng.u64(0..700);
            let event = random_event(&mut rng, now, machine.take());
            let before = machine.state().clone();
            world.before(&event);
            let effects = machine.handle(event.clone());
            effects.iter().for_each(|effect| world.obey(effect));
            let delivers = effects
                .iter()
                .any(|effect| matches!(effect, Effect::Deliver(_)));
            assert!(
                !delivers || before == VoiceState::Transcribing,
                "text out of nowhere"
            );
            let (recording, working) = match machine.state() {
                VoiceState::Listening { .. } => (Some(machine.take()), None),
                VoiceState::Transcribing => (None, Some(machine.take())),
                VoiceState::Idle | VoiceState::Error { .. } | VoiceState::Disabled => (None, None),
            };
            assert_eq!(
                (world.recording, world.working),
                (recording, working),
                "seed {seed} {event:?}"
            );
        }
        machine.handle(Event::Cancelled);
        machine.handle(Event::Enabled);
        assert_eq!(machine.state(), &VoiceState::Idle);
    }
}
