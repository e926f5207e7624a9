//! Whether a name in code, settings or a header denotes a secret. Its last
//! words decide: `api_token` does, `token_url` and `max_tokens` do not.

/// What kind of secret a name denotes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Password,
    Secret,
    Token,
    ApiKey,
    Key,
    Credentials,
}

impl Kind {
    /// The word in the mark.
    pub fn word(self) -> &'static str {
        match self {
            Self::Password => "password",
            Self::Secret => "secret",
            Self::Token => "token",
            Self::ApiKey => "API key",
            Self::Key => "key",
            Self::Credentials => "credentials",
        }
    }
}

/// Ends of the last word; `PGPASSWORD` and `authtoken` are one word each.
const ENDINGS: &[(&str, Kind)] = &[
    ("password", Kind::Password),
    ("passwd", Kind::Password),
    ("passphrase", Kind::Password),
    ("passcode", Kind::Password),
    ("secret", Kind::Secret),
    ("token", Kind::Token),
    ("apikey", Kind::ApiKey),
    ("credential", Kind::Credentials),
    ("credentials", Kind::Credentials),
];

/// Last words that must stand alone.
const WORDS: &[(&str, Kind)] = &[
    ("pass", Kind::Password),
    ("pwd", Kind::Password),
    ("pw", Kind::Password),
];

/// What makes a `key` a secret one. `public`, `primary`, `cache` and many
/// others do not.
const KEYS: &[&str] = &[
    "access",
    "account",
    "aes",
    "app",
    "auth",
    "encryption",
    "hmac",
    "license",
    "master",
    "private",
    "secret",
    "service",
    "session",
    "shared",
    "signing",
    "ssh",
    "storage",
];

/// Tokens of paging, of models and of tasks.
const HARMLESS_TOKENS: &[&str] = &[
    "bos",
    "cancel",
    "cancellation",
    "continuation",
    "cursor",
    "eos",
    "idempotency",
    "next",
    "pad",
    "page",
    "sync",
    "unk",
];

/// Last words that only say how or where the secret is written.
const WRAPPINGS: &[&str] = &[
    "b64",
    "base",
    "base64",
    "dev",
    "hex",
    "live",
    "pem",
    "prod",
    "production",
    "raw",
    "staging",
    "str",
    "string",
    "test",
    "v",
    "value",
];

/// Anywhere in a name: `publicKeyToken`, `NEXT_PUBLIC_API_KEY`.
const PUBLIC: &[&str] = &["public", "publishable"];

/// The kind of secret that a name denotes.
pub(crate) fn kind_of(name: &str) -> Option<Kind> {
    if matches!(name, "_auth" | "auth") {
        return Some(Kind::Credentials);
    }
    if PUBLIC.iter().any(|word| contains(name, word)) {
        return None;
    }
    let (mut rest, mut last) = split_last_word(name)?;
    while is_one_of(last, WRAPPINGS) {
        (rest, last) = split_last_word(rest)?;
    }
    let before = split_last_word(rest).map_or("", |(_, word)| word);
    if last.eq_ignore_ascii_case("key") {
        return key_kind(before);
    }
    let ending = ENDINGS.iter().find(|(ending, _)| ends_with(last, ending));
    let word = || {
        WORDS
            .iter()
            .find(|(word, _)| last.eq_ignore_ascii_case(word))
    };
    let kind = ending.or_else(word).map(|(_, kind)| *kind)?;
    let is_harmless = kind == Kind::Token && is_one_of(before, HARMLESS_TOKENS);
    (!is_harmless).then_some(kind)
}

fn key_kind(before: &str) -> Option<Kind> {
    if before.eq_ignore_ascii_case("api") {
        return Some(Kind::ApiKey);
    }
    is_one_of(before, KEYS).then_some(Kind::Key)
}

fn is_one_of(word: &str, words: &[&str]) -> bool {
    words.iter().any(|one| word.eq_ignore_ascii_case(one))
}

fn contains(name: &str, word: &str) -> bool {
    let mut windows = name.as_bytes().windows(word.len());
    windows.any(|window| window.eq_ignore_ascii_case(word.as_bytes()))
}

fn ends_with(word: &str, ending: &str) -> bool {
    let tail = word.len().checked_sub(ending.len());
    tail.and_then(|start| word.get(start..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(ending))
}

/// The last word of a name, whichever way its words are joined, without the
/// number at its end; and what stands before it.
fn split_last_word(name: &str) -> Option<(&str, &str)> {
    let name = name.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    if name.is_empty() {
        return None;
    }
    let bytes = name.as_bytes();
    let start = (1..bytes.len())
        .rev()
        .find(|&index| begins_word(bytes, index));
    Some(name.split_at(start.unwrap_or(0)))
}

/// After a sign, at the capital of `aKey`, and at that of `APIKey` before a
/// small letter.
fn begins_word(name: &[u8], index: usize) -> bool {
    let (before, letter) = (name[index - 1], name[index]);
    if !before.is_ascii_alphanumeric() {
        return letter.is_ascii_alphanumeric();
    }
    let ends_acronym =
        before.is_ascii_uppercase() && name.get(index + 1).is_some_and(u8::is_ascii_lowercase);
    letter.is_ascii_uppercase() && (!before.is_ascii_uppercase() || ends_acronym)
}
