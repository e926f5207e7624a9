#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;
use crate::mood::{BuddyInput, Mood};

const TABLE: &str = include_str!("../../../../../assets/species/_rig/choreography.toml");

fn table() -> Choreographies {
    Choreographies::parse(TABLE).unwrap()
}

fn at(look: Look, frame: u64) -> Moment {
    Moment {
        seed: 7,
        ..Moment::still(look, frame * FRAME_MS)
    }
}

#[test]
fn nothing_changes_before_the_frame_that_is_announced() {
    let table = table();
    for look in Look::ALL {
        for frame in 0..700 {
            let here = pose(&table, &at(look, frame));
            let there = pose(&table, &at(look, frame + 1));
            let next = next_frame_at(&table, &at(look, frame));
            let announced = next == Some((frame + 1) * FRAME_MS);
            assert!(
                announced || here == there,
                "{look:?} changed unannounced after frame {frame}"
            );
            assert!(
                next.is_none_or(|next| next > frame * FRAME_MS),
                "{look:?} announces the past"
            );
        }
    }
}

#[test]
fn idle_and_asleep_are_still_most_of_the_time() {
    let table = table();
    for (mood, most) in [
        (Mood::Idle, 0.45),
        (Mood::Asleep, 0.45),
        (Mood::Alarmed, 0.55),
    ] {
        let frames = 12 * 60 * 5;
        let moving = (0..frames)
            .filter(|frame| {
                let next = next_frame_at(&table, &at(Look::plain(mood), *frame));
                next == Some((frame + 1) * FRAME_MS)
            })
            .count();
        let share = moving as f64 / frames as f64;
        assert!(share < most, "{mood:?} moves {share:.2} of the time");
    }
}

#[test]
fn blinks_come_at_other_times_for_another_seed() {
    let table = table();
    let blinks = |seed: u64| -> Vec<u64> {
        let shut = |frame: &u64| {
            let moment = Moment {
                seed,
                ..at(Look::default(), *frame)
            };
            pose(&table, &moment).eyes == Eyes::Closed
        };
        (0..600).filter(shut).collect()
    };
    let (one, other) = (blinks(1), blinks(2));
    assert_eq!(
        one.len(),
        11 * 2 + 2 * usize::from(one.len() > 22),
        "a blink in each stretch"
    );
    assert_ne!(one, other);
    assert_eq!(one, blinks(1));
}

#[test]
fn reduced_motion_is_one_still_picture_per_look() {
    let table = table();
    for look in Look::ALL {
        let reduced = |frame| Moment {
            motion: Motion::Reduced,
            previous: Some((Look::default(), 0)),
            ..at(look, frame)
        };
        assert_eq!(pose(&table, &reduced(0)), pose(&table, &reduced(333)));
        assert_eq!(next_frame_at(&table, &reduced(5)), None);
    }
}

#[test]
fn a_look_blends_into_the_next_without_a_jump() {
    let table = table();
    let alarmed = Look::plain(Mood::Alarmed);
    let moment = |now_ms| Moment {
        look: alarmed,
        since_ms: 10_000,
        previous: Some((Look::plain(Mood::Thinking), 0)),
        now_ms,
        ..at(alarmed, 0)
    };
    let shown: Vec<(f32, f32)> = (0..4)
        .map(|frame| pose(&table, &moment(10_000 + frame * FRAME_MS)))
        .map(|pose| (pose.prop("thought"), pose.prop("alarm")))
        .collect();
    assert!(
        shown.is_sorted_by(|a, b| a.0 >= b.0 && a.1 <= b.1),
        "{shown:?}"
    );
    assert!(
        shown[0].0 > 0.5 && shown[0].1 > 0.0,
        "starts near where it was: {shown:?}"
    );
    assert_eq!(shown[3], (0.0, 1.0));
    assert_eq!(
        next_frame_at(&table, &moment(10_000)),
        Some(10_000 + FRAME_MS)
    );
    let settled = pose(&table, &moment(10_000 + 2 * FRAME_MS));
    assert_eq!(
        settled,
        pose(
            &table,
            &Moment {
                previous: None,
                ..moment(10_000 + 2 * FRAME_MS)
            }
        )
    );
}

#[test]
fn endless_loops_repeat_exactly() {
    let table = table();
    for (mood, period) in [(Mood::Listening, 24), (Mood::Thinking, 144)] {
        let look = Look::plain(mood);
        let mut shifts = (0..3).map(|round| pose(&table, &at(look, 5 + round * period)).shifts);
        let first = shifts.next().unwrap();
        assert!(shifts.all(|shift| shift == first));
    }
}

#[test]
fn eyes_turn_toward_what_is_near() {
    for (dx, dy, expected) in [
        (0.1, 0.2, Gaze { x: 0, y: 0 }),
        (2.0, 0.0, Gaze { x: 1, y: 0 }),
        (-0.9, -5.0, Gaze { x: -1, y: -1 }),
        (f32::NAN, f32::INFINITY, Gaze { x: 0, y: 1 }),
    ] {
        assert_eq!(Gaze::toward(dx, dy), expected);
    }
    let table = table();
    let right = Moment {
        gaze: Gaze::toward(2.0, 0.0),
        ..at(Look::default(), 0)
    };
    assert!(pose(&table, &right).shift("eyes-open").unwrap().dx() > 1.0);
}

#[test]
fn extreme_times_and_seeds_are_harmless() {
    let table = table();
    for look in Look::ALL {
        for seed in [0, u64::MAX] {
            let moment = Moment {
                seed,
                ..Moment::still(look, u64::from(u32::MAX) * 1_000)
            };
            assert_eq!(pose(&table, &moment), pose(&table, &moment));
            let next = next_frame_at(&table, &moment);
            assert!(next.is_none_or(|next| next > moment.now_ms - FRAME_MS));
            let backwards = Moment {
                since_ms: 50_000,
                now_ms: 10,
                ..moment
            };
            let start = Moment {
                now_ms: 50_000,
                ..backwards
            };
            assert_eq!(pose(&table, &backwards), pose(&table, &start));
        }
    }
}

#[test]
fn a_moment_of_the_machine_knows_what_came_before() {
    let mut machine = MoodMachine::new(0);
    machine.apply(BuddyInput::Listening(true), 5_000);
    let moment = Moment::of(&machine, 5_100, 9);
    let expected = Moment {
        look: Look::plain(Mood::Listening),
        since_ms: 5_000,
        previous: Some((Look::default(), 0)),
        now_ms: 5_100,
        seed: 9,
        gaze: Gaze::default(),
        motion: Motion::Full,
    };
    assert_eq!(moment, expected);
}
