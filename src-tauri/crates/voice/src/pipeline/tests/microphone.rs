//! The whole way from a real sound server to the words. The sound server is
//! found through the environment, so each test runs itself again in a process
//! whose environment leads to a server of its own.

use std::process::Command;

use testkit::microphone::{Microphone, speak_to_file};

use super::*;
use crate::capture::microphones;

const INSIDE: &str = "VOICE_TEST_INSIDE";

/// Runs `inside` in a process of its own whose microphone is synthetic.
fn with_microphone(test: &str, inside: impl FnOnce()) {
    if std::env::var_os(INSIDE).is_some() {
        inside();
        return;
    }
    let microphone = Microphone::start().unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--test-threads=1"])
        .envs(microphone.environment())
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("1 passed"), "{said}");
}

/// Says the text once the start cue is over, as a person does.
fn say(text: &str) {
    std::thread::sleep(Duration::from_millis(600));
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("speech.wav");
    speak_to_file(text, &path).unwrap();
    assert!(
        Command::new("paplay")
            .arg(&path)
            .status()
            .unwrap()
            .success()
    );
}

fn listen(config: VoiceConfig) -> Bench {
    let (voice, events) = Voice::start(config).unwrap();
    Bench {
        voice,
        events,
        dir: tempfile::tempdir().unwrap(),
    }
}

#[test]
fn words_said_into_a_microphone_are_written() {
    with_microphone(
        "pipeline::tests::microphone::words_said_into_a_microphone_are_written",
        || {
            let found = microphones().unwrap();
            assert!(found[0].is_default, "{found:?}");
            let chosen = VoiceConfig {
                microphone: Some(found[0].id.clone()),
                cue_volume: 0.6,
                ..config()
            };
            let mut bench = listen(chosen);
            for (spoken, written) in [
                (
                    "create a file called hello dot text",
                    "Create a file called hello.txt.",
                ),
                ("show the context", "Show the context."),
            ] {
                bench.press();
                say(spoken);
                bench.release_after(Duration::ZERO);
                assert_eq!(bench.state(), VoiceState::Idle);
                assert_eq!(bench.transcript(), written);
            }
        },
    );
}

#[test]
fn a_silent_room_says_nothing_and_an_unknown_microphone_falls_back() {
    with_microphone(
        "pipeline::tests::microphone::a_silent_room_says_nothing_and_an_unknown_microphone_falls_back",
        || {
            let missing = VoiceConfig {
                microphone: Some("pulseaudio:gone".to_owned()),
                ..config()
            };
            let mut bench = listen(missing);
            bench.voice.press();
            assert!(matches!(
                bench.state(),
                VoiceState::Listening { ready: false, .. }
            ));
            assert!(bench.hint().contains("not there"));
            assert!(matches!(
                bench.state(),
                VoiceState::Listening { ready: true, .. }
            ));
            bench.release_after(Duration::from_millis(700));
            assert_eq!(bench.state(), VoiceState::Idle);
            assert_eq!(bench.hint(), Hint::NothingHeard.text());
        },
    );
}

#[test]
fn a_sound_server_that_dies_is_noticed() {
    with_microphone(
        "pipeline::tests::microphone::a_sound_server_that_dies_is_noticed",
        || {
            let mut bench = listen(config());
            bench.press();
            assert!(
                Command::new("pactl")
                    .arg("exit")
                    .status()
                    .unwrap()
                    .success()
            );
            let VoiceState::Error { info } = bench.state() else {
                panic!()
            };
            assert_eq!(info.kind, protocol::ErrorKind::Microphone);
            bench.voice.release();
            bench.voice.press();
            assert!(matches!(bench.state(), VoiceState::Listening { .. }));
            let VoiceState::Error { info } = bench.state() else {
                panic!()
            };
            assert_eq!(info.kind, protocol::ErrorKind::Microphone);
        },
    );
}
