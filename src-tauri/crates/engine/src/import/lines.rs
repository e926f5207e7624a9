//! JSON Lines, read one at a time: a line that is too long, no UTF-8 or no
//! JSON is noted, and the next one is read.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use serde_json::Value;

use super::Skipped;

/// The longest line and the largest file of one object that is read.
pub(super) const LONGEST_BYTES: u64 = 64 * 1024 * 1024;

/// Gives each line's value to `take`, with the line's number from 1.
pub(super) fn each(
    file: &Path,
    skipped: &mut Skipped,
    mut take: impl FnMut(&Value, u64, &mut Skipped),
) {
    let mut input = match File::open(file) {
        Ok(input) => BufReader::new(input),
        Err(error) => return skipped.broken(0, error),
    };
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let read = (&mut input)
            .take(LONGEST_BYTES)
            .read_until(b'\n', &mut line);
        match read {
            Ok(0) => return,
            Ok(_) => {}
            Err(error) => return skipped.broken(number, error),
        }
        let is_cut = line.len() as u64 == LONGEST_BYTES && !line.ends_with(b"\n");
        if is_cut {
            skipped.broken(number, "the line is longer than 64 MiB");
            match input.skip_until(b'\n') {
                Ok(_) => continue,
                Err(error) => return skipped.broken(number, error),
            }
        }
        if line.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match serde_json::from_slice::<Value>(&line) {
            Ok(value) => take(&value, number, skipped),
            Err(error) => skipped.broken(number, error),
        }
    }
}

/// A file that is one JSON value.
pub(super) fn whole(file: &Path) -> Result<Value, String> {
    let mut bytes = Vec::new();
    let read = File::open(file).and_then(|input| input.take(LONGEST_BYTES).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    serde_json::from_slice(&bytes).map_err(|error| error.to_string())
}

/// A text field, empty when there is none.
pub(super) fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

/// Text as the wires write content: a string, or parts with text in them.
pub(super) fn content(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let parts: Vec<String> = parts.iter().map(part).collect();
            parts.join("\n")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// A part that is no text leaves a word of what it was.
fn part(value: &Value) -> String {
    match value.get("text").and_then(Value::as_str) {
        Some(text) => text.to_owned(),
        None => format!(
            "[{}]",
            value.get("type").and_then(Value::as_str).unwrap_or("part")
        ),
    }
}
