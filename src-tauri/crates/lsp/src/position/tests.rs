#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use gen_lsp_types::Position;

use super::{Encoding, Lines, whole_word};
use crate::finding::{At, Point};

const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

fn at(line: u32, character: u32) -> Position {
    Position { line, character }
}

#[test]
fn units_are_those_of_the_encoding() {
    // One, two, three and four bytes.
    let text = "aé€🦀b\r\nx";
    let cases = [
        (Encoding::Utf8, [0, 1, 3, 6, 10, 11]),
        (Encoding::Utf16, [0, 1, 2, 3, 5, 6]),
        (Encoding::Utf32, [0, 1, 2, 3, 4, 5]),
    ];
    let bytes = [0, 1, 3, 6, 10, 11];
    let lines = Lines::of(text);
    for (encoding, units) in cases {
        for (index, unit) in units.into_iter().enumerate() {
            assert_eq!(lines.offset(at(0, unit), encoding), bytes[index]);
            let point = lines.point(at(0, unit), encoding);
            assert_eq!(
                point,
                Point {
                    line: 1,
                    column: index + 1
                }
            );
            assert_eq!(lines.position(point, encoding).unwrap(), at(0, unit));
        }
    }
}

#[test]
fn every_character_comes_back_from_every_encoding() {
    let text = "fn 🦀() {\n\n\té\u{301}\r\n}\rlast 𝒳 line";
    let lines = Lines::of(text);
    for (offset, _) in text.char_indices() {
        let point = lines.point_at(offset);
        for encoding in ALL {
            // Between `\r` and `\n` there is no place of a line.
            if text[..offset].ends_with('\r') && text[offset..].starts_with('\n') {
                continue;
            }
            let position = lines.position(point, encoding).unwrap();
            assert_eq!(lines.offset(position, encoding), offset, "{offset}");
        }
    }
}

#[test]
fn what_is_past_an_end_is_the_end_and_inside_a_character_its_beginning() {
    let lines = Lines::of("a🦀\r\nb\n");
    let cases = [
        (at(0, 99), Encoding::Utf16, 5),
        (at(0, 2), Encoding::Utf16, 1),
        (at(0, 3), Encoding::Utf8, 1),
        (at(1, 99), Encoding::Utf8, 8),
        (at(2, 0), Encoding::Utf8, 9),
        (at(2, 5), Encoding::Utf8, 9),
        (at(u32::MAX, u32::MAX), Encoding::Utf32, 9),
    ];
    for (position, encoding, offset) in cases {
        assert_eq!(lines.offset(position, encoding), offset, "{position:?}");
    }
    assert_eq!(Lines::of("").offset(at(3, 3), Encoding::Utf16), 0);
}

#[test]
fn a_place_that_is_not_there_is_refused_in_words() {
    let lines = Lines::of("one two\nthree");
    let point = |line, column| At::Point(Point { line, column });
    let named = |line, name: &str| At::Name {
        line,
        name: name.to_owned(),
    };
    let cases = [
        (point(1, 8), Ok(at(0, 7))),
        (
            point(1, 9),
            Err("Line 1 has 7 characters; column 9 is not in it."),
        ),
        (
            point(1, 0),
            Err("Line 1 has 7 characters; column 0 is not in it."),
        ),
        (
            point(0, 1),
            Err("The file has 2 lines; there is no line 0."),
        ),
        (
            point(3, 1),
            Err("The file has 2 lines; there is no line 3."),
        ),
        (named(1, "two"), Ok(at(0, 4))),
        (
            named(1, "tw"),
            Err("Line 1 does not hold `tw`; it is `one two`."),
        ),
        (named(2, ""), Err("Line 2 does not hold ``; it is `three`.")),
    ];
    for (what, expected) in cases {
        let found = lines.find(&what, Encoding::Utf16);
        let found = found.map_err(|error| error.to_string());
        assert_eq!(found, expected.map_err(str::to_owned), "{what:?}");
    }
}

#[test]
fn a_word_is_whole() {
    let cases = [
        ("area", "area", Some(0)),
        ("subarea area2 area", "area", Some(14)),
        ("x->area()", "area", Some(3)),
        ("areas", "area", None),
        ("operator+ +", "+", Some(8)),
        ("é area", "area", Some(3)),
        ("", "area", None),
    ];
    for (text, name, expected) in cases {
        assert_eq!(whole_word(text, name), expected, "{text}");
    }
}
