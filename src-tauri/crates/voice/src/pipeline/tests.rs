#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod microphone;

use std::path::Path;
use std::time::{Duration, Instant};

use super::*;
use crate::capture::{AfterEnd, Feed, Pace, Stream, WavSource};
use crate::push_to_talk::Hint;
use crate::transcribe::test_model;

const PATIENCE: Duration = Duration::from_secs(90);

fn config() -> VoiceConfig {
    VoiceConfig {
        model_path: test_model(),
        cue_volume: 0.0,
        ..VoiceConfig::default()
    }
}

struct Bench {
    voice: Voice,
    events: VoiceEvents,
    dir: tempfile::TempDir,
}

/// Voice on a microphone into which the text is said as soon as it opens.
fn bench(text: &str, pace: Pace, after: AfterEnd) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("speech.wav");
    testkit::microphone::speak_to_file(text, &path).unwrap();
    bench_on(&path, dir, config(), (pace, after))
}

fn bench_on(
    path: &Path,
    dir: tempfile::TempDir,
    config: VoiceConfig,
    how: (Pace, AfterEnd),
) -> Bench {
    let source = WavSource::new(path, how.0, how.1);
    let (voice, events) = Voice::start_with(config, move || Box::new(source.clone())).unwrap();
    Bench { voice, events, dir }
}

impl Bench {
    fn next(&mut self) -> VoiceEvent {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            match self.events.try_recv() {
                Ok(VoiceEvent::Level { rms }) => assert!((0.0..=1.0).contains(&rms)),
                Ok(event) => return event,
                Err(_) => std::thread::sleep(Duration::from_millis(2)),
            }
        }
        panic!("no event came");
    }

    fn state(&mut self) -> VoiceState {
        match self.next() {
            VoiceEvent::State { state } => state,
            other => panic!("{other:?}"),
        }
    }

    fn hint(&mut self) -> String {
        match self.next() {
            VoiceEvent::Hint { text } => text,
            other => panic!("{other:?}"),
        }
    }

    fn transcript(&mut self) -> String {
        match self.next() {
            VoiceEvent::Transcript { text, audio_ms, .. } => {
                assert!(audio_ms > 300, "{audio_ms}");
                text
            }
            other => panic!("{other:?}"),
        }
    }

    /// Presses and waits until the microphone delivers.
    fn press(&mut self) {
        self.voice.press();
        assert!(matches!(
            self.state(),
            VoiceState::Listening { ready: false, .. }
        ));
        assert!(matches!(
            self.state(),
            VoiceState::Listening { ready: true, .. }
        ));
    }

    fn release_after(&mut self, hold: Duration) {
        std::thread::sleep(hold);
        self.voice.release();
        assert_eq!(self.state(), VoiceState::Transcribing);
    }
}

#[test]
fn press_speak_release_gives_the_words() {
    let mut bench = bench(
        "create a file called hello dot text",
        Pace::Unpaced,
        AfterEnd::Room,
    );
    bench.press();
    bench.release_after(Duration::from_millis(400));
    assert_eq!(bench.state(), VoiceState::Idle);
    assert_eq!(bench.transcript(), "Create a file called hello.txt.");
    bench.voice.shutdown();
    assert!(bench.events.blocking_recv().is_none());
}

#[test]
fn a_quiet_room_gives_a_hint_and_no_words() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("room.wav");
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: 16_000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(&path, spec).unwrap();
    for n in 0..16_000 {
        writer.write_sample((n * 7 % 11) as i16).unwrap();
    }
    writer.finalize().unwrap();
    let mut bench = bench_on(&path, dir, config(), (Pace::Unpaced, AfterEnd::Room));
    bench.press();
    bench.release_after(Duration::from_millis(300));
    assert_eq!(bench.state(), VoiceState::Idle);
    assert_eq!(bench.hint(), Hint::NothingHeard.text());
}

#[test]
fn a_tap_gives_a_hint() {
    let mut bench = bench("redo that", Pace::Real, AfterEnd::Room);
    bench.voice.press();
    bench.voice.release();
    loop {
        match bench.next() {
            VoiceEvent::State { .. } => {}
            VoiceEvent::Hint { text } => {
                assert_eq!(text, Hint::HoldTheKey.text());
                return;
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn cancel_while_listening_and_while_transcribing_gives_nothing() {
    let mut bench = bench("redo that", Pace::Unpaced, AfterEnd::Room);
    bench.press();
    bench.voice.cancel();
    assert_eq!(bench.state(), VoiceState::Idle);
    bench.voice.release();
    bench.press();
    bench.release_after(Duration::from_millis(300));
    bench.voice.cancel();
    assert_eq!(bench.state(), VoiceState::Idle);
    bench.voice.shutdown();
    while let Some(event) = bench.events.blocking_recv() {
        assert!(matches!(event, VoiceEvent::Level { .. }), "{event:?}");
    }
}

#[test]
fn a_lost_microphone_keeps_what_was_said_for_a_retry() {
    let mut bench = bench("show the context", Pace::Unpaced, AfterEnd::Gone);
    bench.press();
    let VoiceState::Error { info } = bench.state() else {
        panic!()
    };
    assert_eq!(info.kind, protocol::ErrorKind::Microphone);
    bench.voice.release();
    bench.voice.retry();
    assert_eq!(bench.state(), VoiceState::Transcribing);
    assert_eq!(bench.state(), VoiceState::Idle);
    assert_eq!(bench.transcript(), "Show the context.");
}

#[test]
fn without_a_model_the_words_wait_for_one() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("speech.wav");
    testkit::microphone::speak_to_file("redo that", &path).unwrap();
    let none = VoiceConfig {
        model_path: PathBuf::new(),
        ..config()
    };
    let mut bench = bench_on(&path, dir, none, (Pace::Unpaced, AfterEnd::Room));
    bench.press();
    bench.release_after(Duration::from_millis(400));
    let VoiceState::Error { info } = bench.state() else {
        panic!()
    };
    assert_eq!(info.kind, protocol::ErrorKind::SpeechModel);
    assert!(info.hints[0].contains("settings"), "{info:?}");
    bench.voice.configure(config());
    bench.voice.retry();
    assert_eq!(bench.state(), VoiceState::Transcribing);
    assert_eq!(bench.state(), VoiceState::Idle);
    assert_eq!(bench.transcript(), "Redo that.");
    bench.voice.retry();
    assert_eq!(bench.state(), VoiceState::Transcribing);
    assert!(
        matches!(bench.state(), VoiceState::Error { .. }),
        "nothing is kept twice"
    );
    assert!(bench.dir.path().exists());
}

#[test]
fn no_microphone_is_an_error_and_the_next_press_tries_again() {
    struct Nothing;
    impl Source for Nothing {
        fn open(&mut self, _: Option<&str>, _: Feed) -> Result<Stream, VoiceError> {
            Err(VoiceError::NoMicrophone)
        }
    }
    let (voice, events) = Voice::start_with(config(), || Box::new(Nothing)).unwrap();
    let mut bench = Bench {
        voice,
        events,
        dir: tempfile::tempdir().unwrap(),
    };
    for _ in 0..2 {
        bench.voice.press();
        assert!(matches!(bench.state(), VoiceState::Listening { .. }));
        let VoiceState::Error { info } = bench.state() else {
            panic!()
        };
        assert_eq!(info, VoiceError::NoMicrophone.info());
        bench.voice.release();
    }
}

#[test]
fn switched_off_refuses_presses() {
    let mut bench = bench("redo that", Pace::Real, AfterEnd::Room);
    bench.voice.set_enabled(false);
    assert_eq!(bench.state(), VoiceState::Disabled);
    bench.voice.press();
    assert_eq!(bench.hint(), Hint::SwitchedOff.text());
    bench.voice.release();
    bench.voice.configure(VoiceConfig {
        enabled: true,
        ..config()
    });
    assert_eq!(bench.state(), VoiceState::Idle);
    bench.press();
}

#[test]
fn dropping_the_handle_ends_everything() {
    let mut bench = bench("redo that", Pace::Real, AfterEnd::Room);
    bench.press();
    let Bench {
        voice, mut events, ..
    } = bench;
    drop(voice);
    while let Some(event) = events.blocking_recv() {
        assert!(matches!(event, VoiceEvent::Level { .. }), "{event:?}");
    }
}

#[test]
fn events_read_as_tagged_objects() {
    let json = |event: &VoiceEvent| serde_json::to_string(event).unwrap();
    let state = VoiceEvent::State {
        state: VoiceState::Transcribing,
    };
    assert_eq!(
        json(&state),
        r#"{"type":"state","state":{"state":"transcribing"}}"#
    );
    assert_eq!(
        json(&VoiceEvent::Level { rms: 0.5 }),
        r#"{"type":"level","rms":0.5}"#
    );
}
