#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::{Capture, HEAD_BYTES, TAIL_BYTES};

fn capture(pieces: impl IntoIterator<Item = String>) -> super::Captured {
    let mut capture = Capture::default();
    for piece in pieces {
        capture.push(&piece);
        assert!(
            capture.tail.capacity() <= 16 * TAIL_BYTES,
            "the tail must stay small"
        );
    }
    capture.finish()
}

#[test]
fn short_output_is_kept_whole() {
    let captured = capture(["one\n".to_owned(), "two\n".to_owned()]);
    assert_eq!(captured.text(), "one\ntwo\n");
    assert_eq!(captured.truncated_bytes, 0);
}

#[test]
fn output_just_within_the_limits_is_kept_whole() {
    let text: String = (0..HEAD_BYTES + TAIL_BYTES)
        .map(|index| char::from(b'a' + (index % 26) as u8))
        .collect();
    let captured = capture([text.clone()]);
    assert_eq!(captured.truncated_bytes, 0);
    assert_eq!(captured.text(), text);
}

#[test]
fn of_a_flood_head_and_tail_remain_and_the_count_adds_up() {
    let pieces: Vec<String> = (0..200_000).map(|number| format!("{number}\n")).collect();
    let total: usize = pieces.iter().map(String::len).sum();
    let captured = capture(pieces);
    assert!(captured.head.starts_with("0\n1\n2\n"));
    assert!(captured.tail.ends_with("199998\n199999\n"));
    let kept = captured.head.len() + captured.tail.len();
    assert_eq!(captured.truncated_bytes as usize + kept, total);
    assert!(captured.text().contains("bytes left out"));
}

#[test]
fn characters_are_never_cut() {
    for shift in 0..4 {
        let text = "x".repeat(shift) + &"🦀".repeat((HEAD_BYTES + TAIL_BYTES) / 2);
        let captured = capture([text]);
        assert!(
            captured
                .head
                .trim_start_matches('x')
                .chars()
                .all(|ch| ch == '🦀')
        );
        assert!(captured.tail.chars().all(|ch| ch == '🦀'));
        assert!(captured.truncated_bytes > 0);
    }
}
