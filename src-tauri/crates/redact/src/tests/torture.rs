use fastrand::Rng;
use serde_json::{Value, json};

use super::samples::{SAMPLES, write};
use crate::{Redactor, shapes};

const TEXTS: usize = 400;
const PARTS_MAX: usize = 30;

/// The gate tests what is optimized; without that, less is slow enough.
const LARGE_BYTES: usize = if cfg!(debug_assertions) {
    128 * 1024
} else {
    2 * 1024 * 1024
};

/// What makes readers look further, without the rest they look for.
const BEGINNINGS: &[&str] = &[
    "a",
    "-----BEGIN PRIVATE KEY-----\n",
    "://a:",
    "LS0tLS1CRUdJTi-",
    "cookie: a=",
    "cookie: a=b;",
    "cookie",
    "eyJ-",
    "eyJaaaaaaaaaaaa.",
    "password: \"",
    "token=",
    "token=\"a ",
    "machine a login a password ",
    "authorization: a ",
    "xoxb-",
];

/// Pieces that meet each other in ways nobody thought of.
fn piece(rng: &mut Rng, literals: &[&str]) -> String {
    match rng.usize(..8) {
        0 | 1 => literals[rng.usize(..literals.len())].to_owned(),
        2 => {
            let sample = &SAMPLES[rng.usize(..SAMPLES.len())];
            write(sample.secret, rng.u64(..9)).replace(['«', '»'], "")
        }
        3 => write("{a40}", rng.u64(..)),
        4 => [
            " ",
            "\n",
            "=",
            ": ",
            "\"",
            "\\n",
            "'",
            "://",
            "@",
            ";",
            "[secret: ",
            "]",
        ][rng.usize(..12)]
        .to_owned(),
        5 => "correcthorse".to_owned(),
        _ => (0..rng.usize(..6)).map(|_| rng.char(..)).collect(),
    }
}

fn texts() -> impl Iterator<Item = String> {
    let literals: Vec<&str> = shapes::all()
        .flat_map(|shape| shape.literals)
        .copied()
        .collect();
    let mut rng = Rng::with_seed(7);
    (0..TEXTS).map(move |_| {
        let count = rng.usize(..PARTS_MAX);
        (0..count).map(|_| piece(&mut rng, &literals)).collect()
    })
}

#[test]
fn any_text_survives_and_the_second_time_changes_nothing() {
    let known = ("KNOWN".to_owned(), "correcthorse".to_owned());
    let redactor = Redactor::with_values([known]);
    for text in texts() {
        let once = redactor.redact(&text).into_owned();
        assert_eq!(redactor.redact(&once), once, "{text:?}");
        let mut value: Value = json!({ "password": [text.clone()], text.clone(): text });
        redactor.redact_json(&mut value);
        let again = value.clone();
        assert!(!redactor.redact_json(&mut value), "{again}");
    }
}

#[test]
fn what_is_found_is_in_order_and_apart() {
    let redactor = Redactor::new();
    for text in texts() {
        let mut end = 0;
        for found in redactor.find(&text) {
            assert!(found.range.start >= end && found.range.start < found.range.end);
            assert!(text.get(found.range.clone()).is_some());
            end = found.range.end;
        }
    }
}

/// No clock here: what would take the square of these sizes would not end
/// while anybody waits.
#[test]
fn texts_full_of_beginnings_are_read_to_their_end() {
    let token = write("ghp_{a36}", 1);
    let redactor = Redactor::new();
    for part in BEGINNINGS {
        let text = part.repeat(LARGE_BYTES / part.len()) + " " + &token;
        let last = redactor.find(&text).pop();
        let last = last.map(|found| &text[found.range]);
        assert_eq!(last, Some(token.as_str()), "{part:?}");
    }
}
