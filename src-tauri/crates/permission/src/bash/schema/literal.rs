//! Programs that read their options by rules of their own, not by getopt's:
//! a letter more in a word, or an option behind the operand, means something
//! else there. Only the exact words described here are known.

use super::Reading;
use crate::bash::script::Leaf;
use crate::bash::word::Word;

/// Longer numbers only fill memory or the screen.
const DIGITS: usize = 6;

/// `xxd` looks at two letters of an option and takes everything behind its
/// first operand as files, the second of which it writes.
pub(super) fn xxd(leaf: &Leaf, reading: &mut Reading) {
    const FLAGS: &[&str] = &[
        "-a", "-b", "-C", "-e", "-E", "-i", "-p", "-ps", "-plain", "-u", "-h", "-v",
    ];
    const VALUES: &[&str] = &["-c", "-g", "-l", "-o", "-s"];
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        let (head, tail) = text.split_at_checked(2).unwrap_or((text, ""));
        if FLAGS.contains(&text) || (VALUES.contains(&head) && number(tail)) {
            continue;
        }
        if VALUES.contains(&text) {
            if !rest.next().is_some_and(|value| number(&value.text)) {
                reading.refuse(word, format!("`xxd {text}` without a plain number"));
            }
        } else if text.starts_with('-') && text.len() > 1 {
            reading.refuse(
                word,
                format!("the option `{text}` of `xxd` is not known to be harmless"),
            );
        } else {
            reading.read(word, text);
            if let Some(second) = rest.next() {
                reading.refuse(second, "`xxd` writes to what follows its operand");
            }
        }
    }
}

/// `tree` takes the value of a letter from the next word and then goes on
/// with the cluster, so a letter with a value may only be the last one.
pub(super) fn tree(leaf: &Leaf, reading: &mut Reading) {
    const FLAGS: &str = "aACdDfFghiJnNpqsStuvxX";
    const LONG: &[&str] = &[
        "--dirsfirst",
        "--noreport",
        "--prune",
        "--du",
        "--si",
        "--gitignore",
        "--inodes",
        "--device",
        "--help",
        "--version",
    ];
    const LONG_VALUES: &[&str] = &["--filelimit=", "--charset=", "--sort=", "--timefmt="];
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if !text.starts_with('-') {
            reading.read(word, text);
            continue;
        }
        let letters = text.get(1..).unwrap_or_default();
        let bare = letters.trim_end_matches(|c: char| c.is_ascii_digit());
        let (flags, last) = match bare.char_indices().next_back() {
            Some((at, last)) if matches!(last, 'L' | 'P' | 'I') => (&bare[..at], Some(last)),
            _ => (bare, None),
        };
        let known = !bare.is_empty() && flags.chars().all(|letter| FLAGS.contains(letter));
        let attached = bare.len() < letters.len();
        let fine = match last {
            // `-L2`: some versions know it, others refuse it.
            Some('L') if attached => known,
            Some(letter) if !attached => known && tree_value(letter, rest.next()),
            Some(_) => false,
            None => known && !attached,
        };
        let long = LONG.contains(&text) || LONG_VALUES.iter().any(|start| text.starts_with(start));
        if !fine && !long {
            reading.refuse(
                word,
                format!("the option `{text}` of `tree` is not known to be harmless"),
            );
        }
    }
}

/// A depth or a pattern; never what would be an option of another version.
fn tree_value(letter: char, value: Option<&Word>) -> bool {
    value.is_some_and(|value| {
        if letter == 'L' {
            value.text.bytes().all(|b| b.is_ascii_digit()) && !value.text.is_empty()
        } else {
            !value.text.starts_with('-')
        }
    })
}

/// `seq` with an end in sight.
pub(super) fn seq(leaf: &Leaf, reading: &mut Reading) {
    let mut numbers: Vec<f64> = Vec::new();
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        let text = word.text.as_str();
        if let Ok(number) = text.parse::<f64>() {
            numbers.push(number);
            continue;
        }
        let (head, tail) = text.split_at_checked(2).unwrap_or((text, ""));
        let format = match head {
            "-w" if tail.is_empty() => continue,
            "-s" | "-f" if tail.is_empty() => rest.next().map(|word| word.text.as_str()),
            "-s" | "-f" => Some(tail),
            "--" => text
                .strip_prefix("--separator=")
                .or_else(|| text.strip_prefix("--format="))
                .or(Some("").filter(|_| text == "--equal-width")),
            _ => None,
        };
        if format.is_none_or(super::size::wide) {
            reading.refuse(word, "an option of `seq` that is not known to be harmless");
        }
    }
    let (first, step, last) = match numbers.as_slice() {
        [last] => (1.0, 1.0, *last),
        [first, last] => (*first, 1.0, *last),
        [first, step, last] => (*first, *step, *last),
        _ => return,
    };
    let count = (last - first) / step;
    if !count.is_finite() || count > COUNT_LIMIT {
        let word = leaf.args().last().or(leaf.words.first());
        if let Some(word) = word {
            reading.refuse(word, "more numbers than anybody reads");
        }
    }
}

/// More lines than this only fill the output.
const COUNT_LIMIT: f64 = 1e6;

/// A short number: decimal, signed or hexadecimal.
fn number(text: &str) -> bool {
    let text = text.trim_start_matches(['+', '-']);
    let digits = text.strip_prefix("0x").unwrap_or(text);
    !digits.is_empty()
        && digits.len() <= DIGITS + 2
        && digits.bytes().all(|b| b.is_ascii_hexdigit())
        && (digits.len() < text.len() || digits.bytes().all(|b| b.is_ascii_digit()))
}
