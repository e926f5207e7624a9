#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::*;
use crate::{
    mood::Look,
    pose::{FRAME_MS, Moment},
    species::species,
};

fn frame_of(rows: &[&str]) -> Frame {
    let alpha = |c: char| {
        if c == '#' {
            0xff_u32
        } else if c == '+' {
            0x20
        } else {
            0
        }
    };
    let words = rows
        .iter()
        .flat_map(|row| row.chars())
        .map(|c| alpha(c) << 24);
    let width = rows[0].len() as u32;
    Frame {
        width,
        height: rows.len() as u32,
        stride: width * 4,
        argb_premultiplied: words.flat_map(u32::to_ne_bytes).collect(),
    }
}

fn rects(list: &[(u32, u32, u32, u32)]) -> Vec<Rect> {
    let rect = |(x, y, width, height): &(u32, u32, u32, u32)| Rect {
        x: *x,
        y: *y,
        width: *width,
        height: *height,
    };
    list.iter().map(rect).collect()
}

#[test]
fn regions_merge_equal_bands_and_leave_faint_pixels_out() {
    let shape = [
        "........", "........", ".##..##.", ".##..##.", ".##..##.", ".##..##.", "+######+",
        "+######+",
    ];
    let expected = rects(&[(1, 0, 2, 6), (5, 0, 2, 6), (1, 6, 6, 2)]);
    assert_eq!(hit_region(&frame_of(&shape), 64), expected);
    assert_eq!(hit_region(&frame_of(&["..", ".."]), 1), []);
    assert_eq!(
        hit_region(&frame_of(&["..", ".."]), 0),
        [],
        "nothing at all is never hit"
    );
}

#[test]
fn a_region_covers_the_animal_with_few_rectangles_and_little_more() {
    let species = &species()[0];
    let pose = species.pose(&Moment::still(Look::default(), 0));
    let frame = Atlas::default()
        .frame(species, "natural", &pose, 96)
        .unwrap();
    let region = hit_region(&frame, 64);
    assert!(region.len() <= 80, "{} rectangles", region.len());
    let covers = |x: u32, y: u32| {
        region
            .iter()
            .any(|r| (r.x..r.x + r.width).contains(&x) && (r.y..r.y + r.height).contains(&y))
    };
    let (mut solid, mut covered) = (0, 0);
    for (x, y) in (0..96).flat_map(|y| (0..96).map(move |x| (x, y))) {
        solid += u32::from(frame.alpha(x, y) >= 64);
        covered += u32::from(covers(x, y));
        assert!(
            frame.alpha(x, y) < 64 || covers(x, y),
            "{x},{y} lets clicks through"
        );
    }
    assert!(covered < solid * 5 / 4, "{covered} pixels for {solid}");
    assert!(!covers(0, 0) && !covers(95, 0));
}

#[test]
fn frames_are_premultiplied_native_words() {
    let mut pixmap = Pixmap::new(1, 1).unwrap();
    pixmap.fill(resvg::tiny_skia::Color::from_rgba8(255, 0, 0, 128));
    let frame = Frame::from(&pixmap);
    let word = u32::from_ne_bytes(frame.argb_premultiplied[..4].try_into().unwrap());
    assert_eq!(word, 0x8080_0000);
    assert_eq!(
        (frame.stride, frame.alpha(0, 0), frame.alpha(9, 9)),
        (4, 0x80, 0)
    );
}

#[test]
fn the_atlas_draws_once_and_drops_the_least_used() {
    let species = &species()[0];
    let pose = |n: u64| species.pose(&Moment::still(Look::ALL[1], n * FRAME_MS));
    let one = 32 * 32 * 4;
    let mut atlas = Atlas::with_limit(2 * one);
    let first = atlas.frame(species, "natural", &pose(0), 32).unwrap();
    atlas.frame(species, "natural", &pose(3), 32).unwrap();
    let again = atlas.frame(species, "natural", &pose(0), 32).unwrap();
    assert!(Arc::ptr_eq(&first, &again));
    atlas.frame(species, "natural", &pose(6), 32).unwrap();
    assert_eq!(atlas.bytes(), 2 * one);
    let kept = atlas.frame(species, "natural", &pose(0), 32).unwrap();
    assert!(Arc::ptr_eq(&first, &kept), "the one used last stays");
    atlas.frame(species, "natural", &pose(0), 40).unwrap();
    assert!(atlas.bytes() <= 2 * one);
}

#[test]
fn absurd_sizes_are_refused() {
    let species = &species()[0];
    let pose = species.pose(&Moment::still(Look::default(), 0));
    for side in [0, 1_000_000] {
        assert!(matches!(
            draw(species, "natural", &pose, side),
            Err(RasterError::Size(_))
        ));
    }
}
