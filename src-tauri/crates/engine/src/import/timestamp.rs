//! Times as logs write them (`2025-12-08T00:37:46.102Z`), as Unix
//! milliseconds. Only what logs contain; not a calendar library.

use serde_json::Value;

/// A field that holds a time: text, or a number of milliseconds.
pub(super) fn read(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64().or_else(|| {
            let float = number.as_f64().filter(|float| *float >= 0.0)?;
            Some(float as u64)
        }),
        Value::String(text) => parse(text),
        _ => None,
    }
}

/// RFC 3339 with `Z` or an offset; days are counted after Howard Hinnant's
/// "chrono-compatible low-level date algorithms".
pub(super) fn parse(text: &str) -> Option<u64> {
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse::<i64>().ok();
    let sign = |at: usize, signs: &[u8]| Some(signs.contains(text.as_bytes().get(at)?));
    let (year, month, day) = (number(0..4)?, number(5..7)?, number(8..10)?);
    let (hour, minute, second) = (number(11..13)?, number(14..16)?, number(17..19)?);
    let separated = sign(4, b"-")? && sign(7, b"-")? && sign(10, b"Tt ")? && sign(13, b":")?;
    let in_range = (1..=12).contains(&month)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !separated || !in_range {
        return None;
    }
    let rest = text.get(19..)?;
    let digits = rest.strip_prefix('.').map_or("", |rest| {
        rest.split(|sign: char| !sign.is_ascii_digit())
            .next()
            .unwrap_or_default()
    });
    let zone = &rest[if digits.is_empty() {
        0
    } else {
        digits.len() + 1
    }..];
    let millis: i64 = format!("{digits:0<3}").get(..3)?.parse().ok()?;
    let shifted_year = if month <= 2 { year - 1 } else { year };
    let era = shifted_year.div_euclid(400);
    let year_of_era = shifted_year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    let seconds = days * 86_400 + hour * 3_600 + minute * 60 + second - offset(zone)?;
    u64::try_from(seconds * 1_000 + millis).ok()
}

/// Seconds east of Greenwich.
fn offset(zone: &str) -> Option<i64> {
    let sign = match zone.as_bytes().first() {
        None | Some(b'Z' | b'z') => return Some(0),
        Some(b'+') => 1,
        Some(b'-') => -1,
        Some(_) => return None,
    };
    let hours: i64 = zone.get(1..3)?.parse().ok()?;
    let minutes: i64 = zone.get(4..6)?.parse().ok()?;
    Some(sign * (hours * 3_600 + minutes * 60))
}
