#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use super::feed::feed;
use super::recording::{Recording, STALLED_AFTER, Said, Watch, trim_pre_roll};
use super::*;
use crate::{MAX_RECORDING_SECONDS, SAMPLE_RATE};

const RATE: usize = SAMPLE_RATE as usize;

fn write_wav(path: &Path, samples: &[f32]) {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: SAMPLE_RATE,
        bits_per_sample: 32,
        sample_format: hound::SampleFormat::Float,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in samples {
        writer.write_sample(*sample).unwrap();
    }
    writer.finalize().unwrap();
}

fn tone(seconds: f32) -> Vec<f32> {
    (0..(seconds * RATE as f32) as usize)
        .map(|n| (n as f32 * 0.1).sin() * 0.4 + 0.001)
        .collect()
}

struct Bench {
    capture: Capture,
    events: Receiver<CaptureEvent>,
    _dir: tempfile::TempDir,
}

fn bench(samples: &[f32], pace: Pace, after: AfterEnd) -> Bench {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("microphone.wav");
    write_wav(&path, samples);
    let (tx, events) = channel();
    let source = WavSource::new(&path, pace, after);
    let capture = Capture::start(
        Box::new(source),
        Box::new(move |event| drop(tx.send(event))),
    )
    .unwrap();
    Bench {
        capture,
        events,
        _dir: dir,
    }
}

impl Bench {
    /// The next event that is no level.
    fn next(&self) -> CaptureEvent {
        loop {
            let event = self.events.recv_timeout(Duration::from_secs(30)).unwrap();
            if !matches!(event, CaptureEvent::Level { .. }) {
                return event;
            }
        }
    }

    fn finished(&self) -> (Arc<[f32]>, bool) {
        match self.next() {
            CaptureEvent::Finished { clip, dead, .. } => (clip, dead),
            other => panic!("{other:?}"),
        }
    }

    fn ready(&self, wanted: Take) {
        match self.next() {
            CaptureEvent::Ready { take, .. } => assert_eq!(take, wanted),
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_recording_holds_what_was_heard_between_press_and_release() {
    let bench = bench(&tone(0.5), Pace::Real, AfterEnd::Room);
    bench.capture.record(1, None).unwrap();
    bench.ready(1);
    let level = bench.events.recv_timeout(Duration::from_secs(5)).unwrap();
    let CaptureEvent::Level { rms } = level else {
        panic!("{level:?}")
    };
    assert!((0.2..0.4).contains(&rms), "{rms}");
    std::thread::sleep(Duration::from_millis(600));
    bench.capture.finish(1).unwrap();
    let (clip, dead) = bench.finished();
    assert!(!dead);
    let loud = clip.iter().filter(|x| x.abs() > 0.05).count();
    assert!(loud > RATE / 4, "{loud}");
}

#[test]
fn a_second_press_finds_the_microphone_open_and_hears_what_came_just_before() {
    let bench = bench(&tone(8.0), Pace::Real, AfterEnd::Room);
    bench.capture.record(1, None).unwrap();
    bench.ready(1);
    bench.capture.discard(1).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    let pressed = Instant::now();
    bench.capture.record(2, None).unwrap();
    bench.ready(2);
    bench.capture.finish(2).unwrap();
    let (clip, _) = bench.finished();
    let recorded = pressed.elapsed().as_secs_f32() * RATE as f32;
    assert!(
        clip.len() as f32 > recorded + 0.1 * RATE as f32,
        "{} {recorded}",
        clip.len()
    );
}

#[test]
fn a_discarded_recording_gives_nothing_and_a_stale_number_does_nothing() {
    let bench = bench(&tone(4.0), Pace::Real, AfterEnd::Room);
    bench.capture.record(1, None).unwrap();
    bench.ready(1);
    bench.capture.finish(9).unwrap();
    bench.capture.discard(1).unwrap();
    bench.capture.finish(1).unwrap();
    bench.capture.record(2, None).unwrap();
    bench.ready(2);
    bench.capture.finish(2).unwrap();
    assert!(matches!(
        bench.next(),
        CaptureEvent::Finished { take: 2, .. }
    ));
}

#[test]
fn a_microphone_that_stalls_or_goes_is_lost_with_what_it_heard() {
    for after in [AfterEnd::Stall, AfterEnd::Gone] {
        let bench = bench(&tone(1.0), Pace::Unpaced, after);
        bench.capture.record(1, None).unwrap();
        bench.ready(1);
        let CaptureEvent::Lost {
            take: 1,
            error,
            clip,
        } = bench.next()
        else {
            panic!("{after:?}");
        };
        assert_eq!(error, VoiceError::Lost);
        assert!(clip.len() > RATE / 2, "{after:?} {}", clip.len());
        bench.capture.record(2, None).unwrap();
        bench.ready(2);
    }
}

#[test]
fn a_microphone_of_zeros_is_dead() {
    let bench = bench(&vec![0.0; 3 * RATE], Pace::Unpaced, AfterEnd::Stall);
    bench.capture.record(1, None).unwrap();
    bench.ready(1);
    assert_eq!(bench.next(), CaptureEvent::Dead { take: 1 });
    bench.capture.finish(1).unwrap();
    assert!(bench.finished().1);
}

#[test]
fn a_source_that_cannot_be_opened_is_a_failure() {
    struct Locked;
    impl Source for Locked {
        fn open(&mut self, _: Option<&str>, _: Feed) -> Result<Stream, VoiceError> {
            Err(VoiceError::Busy)
        }
    }
    let (tx, events) = channel();
    let capture = Capture::start(
        Box::new(Locked),
        Box::new(move |event| drop(tx.send(event))),
    )
    .unwrap();
    capture.record(1, None).unwrap();
    let event = events.recv_timeout(Duration::from_secs(5)).unwrap();
    assert_eq!(
        event,
        CaptureEvent::Failed {
            take: 1,
            error: VoiceError::Busy
        }
    );
}

#[test]
fn a_recording_says_when_it_is_full_and_grows_no_further() {
    let mut recording = Recording::new(1, 10, Vec::new());
    assert_eq!(recording.grow(&[]), []);
    assert_eq!(recording.grow(&[0.1; 10]), [Said::Ready]);
    let most = MAX_RECORDING_SECONDS as usize * 10;
    assert_eq!(recording.grow(&vec![0.1; most]), [Said::Full]);
    assert_eq!(recording.grow(&[0.1; 10]), []);
    assert_eq!(recording.samples.len(), most);
}

#[test]
fn only_zeros_for_two_seconds_are_dead() {
    let mut recording = Recording::new(1, 10, Vec::new());
    assert_eq!(recording.grow(&[0.0; 19]), [Said::Ready]);
    assert_eq!(recording.grow(&[0.0; 5]), [Said::Dead]);
    recording.grow(&[0.1]);
    assert!(!recording.is_dead());
}

#[test]
fn a_microphone_is_stalled_half_a_second_after_its_last_sample() {
    let start = Instant::now();
    let mut watch = Watch::new();
    assert!(
        !watch.stalled(0, start + STALLED_AFTER * 9),
        "it may take long to start"
    );
    assert!(!watch.stalled(5, start));
    assert!(!watch.stalled(0, start + STALLED_AFTER / 2));
    assert!(watch.stalled(0, start + STALLED_AFTER));
}

#[test]
fn the_pre_roll_is_the_newest_third_of_a_second() {
    let mut samples: Vec<f32> = (0..100).map(|n| n as f32).collect();
    trim_pre_roll(&mut samples, 100);
    assert_eq!(samples.len(), 30);
    assert_eq!(samples[29], 99.0);
}

#[test]
fn the_feed_mixes_channels_and_drops_what_does_not_fit() {
    let (mut feed, mut drain) = feed();
    feed.push([1.0, 0.0, f32::NAN, 0.5, 0.5, 0.25].into_iter(), 2);
    let mut samples = Vec::new();
    drain.take_into(&mut samples);
    assert_eq!(samples, [0.5, 0.0, 0.375]);
    let room = feed.room();
    feed.push(vec![0.1; room + 7].into_iter(), 1);
    assert_eq!(drain.dropped(), 7);
    feed.alarm().raise(VoiceError::Lost);
    feed.alarm().raise(VoiceError::Busy);
    assert_eq!(drain.failure(), Some(VoiceError::Lost));
    drop(drain);
    assert!(feed.is_closed());
}
