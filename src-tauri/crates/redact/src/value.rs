//! Whether a value looks like a secret: made by a generator, or a password
//! that somebody thought about. Words, names, paths, placeholders and code do
//! not; a text with those hidden could not be worked on.

use std::borrow::Cow;

use crate::name::Kind;

/// Values below this are never hidden.
pub(crate) const MIN_CHARS: usize = 8;

const RANDOM_MIN_BYTES: usize = 16;
const SHORT_RANDOM_MIN_BYTES: usize = 10;
const ALL_CLASSES_MIN_BYTES: usize = 12;
const MIN_DISTINCT: usize = 8;

/// In every hundred characters of a generated value, this many at least
/// differ in class from the one before them: 45 on average in base 62, 47 in
/// hex, 31 in base 32. Names and words have about ten.
const RANDOM_MIN_FLIPS: usize = 18;

/// Where there is less to go by: short values, and those with one digit,
/// as `getUserV2ById` has.
const DOUBTFUL_MIN_FLIPS: usize = 30;

/// Next to each other; names have a capital at each word. Of 20 random
/// letters five pairs are so.
const MIN_CAPITAL_PAIRS: usize = 3;
const LETTERS_MIN_BYTES: usize = 20;

/// For words in one case: one in twenty random ones of this length has less.
const ONE_CASE_MIN_BYTES: usize = 20;
const ONE_CASE_MIN_FLIPS: usize = 3;

/// Four small letters in a row are a word: nine in a hundred characters of
/// base 62 are in such a row, and most of those of a name.
const WORD_LETTERS: usize = 4;
const WORDS_MAX_PERCENT: usize = 50;

/// One character that fills so much of a value was typed to fill it.
const FILLER_PERCENT: usize = 40;

/// A block is read as a whole; chance finds any short word in a long one.
const SAMPLE_MAX_BYTES: usize = 512;

/// What only stands in values made to be replaced.
const SAMPLE_WORDS: &[&str] = &[
    "example",
    "placeholder",
    "changeme",
    "redacted",
    "dummy",
    "xxxxxx",
    "your_",
    "your-",
    "_here",
    "-here",
];

/// Passwords that nobody keeps secret.
const PLAIN_PASSWORDS: &[&str] = &[
    "admin",
    "guest",
    "mysql",
    "pass",
    "passwd",
    "password",
    "postgres",
    "rabbitmq",
    "root",
    "secret",
    "test",
    "token",
    "user",
    "x-oauth-basic",
];

/// Whether the value of a name that denotes a secret is one.
pub(crate) fn is_secret(value: &str, kind: Kind) -> bool {
    let value = &percent_decoded(value);
    let may_be_thought_out = kind == Kind::Password || has_all_classes(value);
    let looks_secret = is_random(value) || may_be_thought_out && is_thought_out(value);
    looks_secret && !is_code(value) && !is_sample(value)
}

/// Made by a generator: letters and digits without the order of words.
pub(crate) fn is_random(value: &str) -> bool {
    let count = Census::of(value);
    if value.len() < RANDOM_MIN_BYTES || count.distinct < MIN_DISTINCT {
        return false;
    }
    if count.upper == 0 || count.lower == 0 {
        return is_random_in_one_case(value, &count);
    }
    let flips = count.flips * 100 / value.len();
    let is_mixed = match count.digits {
        0 => value.len() >= LETTERS_MIN_BYTES && count.capital_pairs >= MIN_CAPITAL_PAIRS,
        1 => flips >= DOUBTFUL_MIN_FLIPS || count.capital_pairs >= MIN_CAPITAL_PAIRS,
        _ => true,
    };
    is_mixed && !count.has_words(value) && flips >= RANDOM_MIN_FLIPS
}

/// Base 32 and 36 have long rows of letters by chance; but names in one case
/// have signs between their words.
fn is_random_in_one_case(value: &str, count: &Census) -> bool {
    let is_one_word = value.trim_end_matches('=').len() == count.letters() + count.digits;
    let is_long_word = is_one_word && value.len() >= ONE_CASE_MIN_BYTES;
    let has_flips = count.flips * 100 >= RANDOM_MIN_FLIPS * value.len();
    count.digits > 0
        && count.letters() > 0
        && (has_flips || is_long_word && count.flips >= ONE_CASE_MIN_FLIPS)
}

/// A password of several classes of characters. Without a sign in it, it
/// must be as mixed as a generated one: `newPassword1` is a name.
pub(crate) fn is_thought_out(value: &str) -> bool {
    let count = Census::of(value);
    let has_signs = count.signs > 0 && count.digits > 0 && count.letters() > 0;
    let is_mixed = count.upper > 0
        && count.lower > 0
        && count.digits > 1
        && value.len() >= SHORT_RANDOM_MIN_BYTES
        && count.flips * 100 >= DOUBTFUL_MIN_FLIPS * value.len();
    value.chars().count() >= MIN_CHARS && (has_signs && !is_address(value) || is_mixed)
}

/// What programs that make passwords give when asked for all kinds of signs.
fn has_all_classes(value: &str) -> bool {
    let count = Census::of(value);
    let is_long = value.len() >= ALL_CLASSES_MIN_BYTES;
    is_long
        && !count.has_words(value)
        && count.upper > 0
        && count.lower > 0
        && count.digits > 0
        && count.signs > 0
}

/// Credentials of `Basic`: base64 of `user:password`, which may be short.
pub(crate) fn is_basic(value: &str) -> bool {
    let count = Census::of(value);
    count.upper > 0 && count.lower > 0 || count.digits > 0 || value.ends_with('=')
}

/// The password of an address; the place alone says that it is one.
pub(crate) fn is_password(value: &str) -> bool {
    let is_plain = PLAIN_PASSWORDS
        .iter()
        .any(|plain| value.eq_ignore_ascii_case(plain));
    !is_plain && !is_sample(value) && !is_code(value) && value.chars().any(char::is_alphanumeric)
}

pub(crate) fn is_random_or_thought_out(value: &str) -> bool {
    is_random(value) || is_thought_out(value)
}

/// Both letters and digits: what a name of only words has not.
pub(crate) fn is_mixed(value: &str) -> bool {
    let count = Census::of(value);
    count.digits > 0 && count.letters() > 0
}

/// A placeholder: filled with one character, or saying that it is one.
pub(crate) fn is_sample(value: &str) -> bool {
    let mut seen = [0_usize; 256];
    for byte in value.bytes() {
        seen[usize::from(byte)] += 1;
    }
    let most = seen.iter().max().copied().unwrap_or_default();
    if most * 100 > FILLER_PERCENT * value.len() {
        return true;
    }
    if value.len() > SAMPLE_MAX_BYTES {
        return false;
    }
    let value = value.to_ascii_lowercase();
    SAMPLE_WORDS.iter().any(|word| value.contains(word))
}

/// As a form or a query meant it: `P%40ss` is a password with a sign.
fn percent_decoded(value: &str) -> Cow<'_, str> {
    if !value.contains('%') {
        return Cow::Borrowed(value);
    }
    let mut bytes = Vec::with_capacity(value.len());
    let mut rest = value.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = tail.get(..2).filter(|_| *first == b'%');
        let code = code.and_then(|code| str::from_utf8(code).ok());
        let byte = code.and_then(|code| u8::from_str_radix(code, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    Cow::Owned(String::from_utf8_lossy(&bytes).into_owned())
}

/// A reference, a template, a call, an address, a number, bytes: the secret
/// is elsewhere, or it is none.
fn is_code(value: &str) -> bool {
    let is_variable = value.starts_with('%') && value.ends_with('%');
    let is_path = value.starts_with("./") || value.starts_with("~/");
    let is_selector =
        value.starts_with('#') && !value[1..].contains(|c: char| c.is_ascii_punctuation());
    value.starts_with(['$', '!', ':'])
        || value.contains(['(', ')', '{', '}', '[', ']', '<', '>'])
        || value.contains(char::is_whitespace)
        || value.contains("://")
        || value.starts_with("\\x")
        || (is_variable || is_path || is_selector || is_number(value) || is_renamed(value))
}

/// A number of up to 64 bits, as code writes it: `0xC00D_2751_u32`.
fn is_number(value: &str) -> bool {
    let digits = value
        .strip_prefix("0x")
        .map(|digits| digits.split("_u").next());
    let digits = digits.flatten().unwrap_or_default().replace('_', "");
    !digits.is_empty() && digits.len() <= 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// A name that a bundler made unique: `RenderPass$1`.
fn is_renamed(value: &str) -> bool {
    let number = value.rsplit_once('$').map_or("", |(_, number)| number);
    !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_address(value: &str) -> bool {
    let host = value.split_once('@').map_or("", |(_, host)| host);
    host.contains('.') && !host.contains('@')
}

/// How many characters of each class a value has.
#[derive(Default)]
struct Census {
    lower: usize,
    upper: usize,
    digits: usize,
    /// Signs that do not join words.
    signs: usize,
    distinct: usize,
    flips: usize,
    capital_pairs: usize,
    in_words: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Other,
}

impl Census {
    fn of(value: &str) -> Self {
        let mut count = Self::default();
        let mut seen = [false; 256];
        let mut before = Class::Other;
        let mut row = 0;
        for byte in value.bytes() {
            let class = Class::of(byte);
            count.add(byte, class);
            count.distinct += usize::from(!seen[usize::from(byte)]);
            seen[usize::from(byte)] = true;
            count.flips += usize::from(is_flip(before, class));
            let is_pair = before == Class::Upper && class == Class::Upper;
            count.capital_pairs += usize::from(is_pair);
            row = if class == Class::Lower { row + 1 } else { 0 };
            count.in_words += match row {
                0..WORD_LETTERS => 0,
                WORD_LETTERS => WORD_LETTERS,
                _ => 1,
            };
            before = class;
        }
        count
    }

    fn add(&mut self, byte: u8, class: Class) {
        match class {
            Class::Lower => self.lower += 1,
            Class::Upper => self.upper += 1,
            Class::Digit => self.digits += 1,
            Class::Other => self.signs += usize::from(b"!@#$^&*?~+".contains(&byte)),
        }
    }

    fn has_words(&self, value: &str) -> bool {
        self.in_words * 100 > WORDS_MAX_PERCENT * value.len()
    }

    fn letters(&self) -> usize {
        self.lower + self.upper
    }
}

impl Class {
    fn of(byte: u8) -> Self {
        match byte {
            b'a'..=b'z' => Self::Lower,
            b'A'..=b'Z' => Self::Upper,
            b'0'..=b'9' => Self::Digit,
            _ => Self::Other,
        }
    }
}

/// From one class to another inside a run; a capital before small letters is
/// the beginning of a word.
fn is_flip(before: Class, class: Class) -> bool {
    let inside = before != Class::Other && class != Class::Other;
    inside && before != class && (before, class) != (Class::Upper, Class::Lower)
}
