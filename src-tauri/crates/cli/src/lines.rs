//! One JSON object per line, also for readers that end a line where Unicode
//! does.

use std::io::{Error, Write};

use serde::Serialize;

/// Line ends beyond ASCII, and how JSON spells them. They can stand only in
/// strings, where both spellings mean the same.
const LINE_ENDS: [(char, &str); 3] = [
    ('\u{85}', "\\u0085"),
    ('\u{2028}', "\\u2028"),
    ('\u{2029}', "\\u2029"),
];

/// Writes `value` and a line end.
pub fn write(out: &mut impl Write, value: &impl Serialize) -> std::io::Result<()> {
    let mut line = serde_json::to_string(value).map_err(Error::from)?;
    for (end, spelled) in LINE_ENDS {
        if line.contains(end) {
            line = line.replace(end, spelled);
        }
    }
    line.push('\n');
    out.write_all(line.as_bytes())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use serde_json::{Value, json};

    use super::write;

    #[test]
    fn no_text_ends_a_line() {
        let value = json!({"a\u{2028}b": "\u{85}c\n\u{2029}\r\u{b}\u{c}\u{1c}é"});
        let mut out = Vec::new();
        write(&mut out, &value).unwrap();
        let text = String::from_utf8(out).unwrap();
        let line = text.strip_suffix('\n').unwrap();
        let ends = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
        assert!(!line.contains(ends), "{line:?}");
        assert!(line.contains("\\u2028b") && line.contains("\\u0085c") && line.contains('é'));
        assert_eq!(serde_json::from_str::<Value>(line).unwrap(), value);
    }
}
