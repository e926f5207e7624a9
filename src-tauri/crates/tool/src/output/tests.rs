#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::clip;

#[test]
fn what_fits_is_not_touched() {
    for text in ["", "a", "line\nline\n", "🦀🦀"] {
        assert_eq!(clip(text, text.len()), text);
    }
}

#[test]
fn a_cut_keeps_head_and_tail_within_the_limit_at_every_offset() {
    let text = format!("start{}end", "🦀é日x".repeat(100));
    for limit in 0..text.len() {
        let clipped = clip(&text, limit);
        assert!(clipped.contains("bytes left out"), "{limit}");
        assert!(
            clipped.len() <= limit.max(super::NOTE_BYTES),
            "{limit}: {}",
            clipped.len()
        );
        let (head, tail) = clipped.split_once('\n').unwrap();
        let tail = tail.rsplit_once('\n').unwrap().1;
        assert!(text.starts_with(head) && text.ends_with(tail), "{limit}");
        let missing: usize = clipped
            .split_whitespace()
            .find_map(|word| word.parse().ok())
            .unwrap();
        assert_eq!(head.len() + missing + tail.len(), text.len(), "{limit}");
    }
}
