//! Reads the credentials of an address: the password of `scheme://user:password@host`,
//! or the user where that is a token. User and host stay.

use std::ops::Range;

use crate::shape::Secret;
use crate::value;

/// Longer credentials are tokens, which have shapes of their own.
const AUTHORITY_MAX_BYTES: usize = 1024;

const SEPARATOR: &str = "://";
const PASSWORD_MIN_BYTES: usize = 4;

/// What ends the authority, or shows that it is a template.
const ENDS: &[char] = &[
    '/', '?', '#', '"', '\'', '`', '<', '>', '{', '}', '[', ']', '$', '\\',
];

/// The secret of the address whose `://` is at `at`.
pub(crate) fn read(text: &str, at: usize) -> Vec<Secret> {
    let start = at + SEPARATOR.len();
    let limit = text.len().min(start + AUTHORITY_MAX_BYTES);
    let rest = &text[start..text.floor_char_boundary(limit)];
    let ends = |c: char| c.is_whitespace() || ENDS.contains(&c);
    let authority = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let Some(length) = authority.rfind('@') else {
        return Vec::new();
    };
    let (user, host) = (&authority[..length], &text[start + length + 1..]);
    let secret = if host.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '[') {
        secret(user, host, start)
    } else {
        None
    };
    secret.into_iter().collect()
}

fn secret(credentials: &str, host: &str, start: usize) -> Option<Secret> {
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let is_long = password.len() >= PASSWORD_MIN_BYTES && password != user;
    if is_long && value::is_password(password) {
        let begin = start + user.len() + 1;
        return Some(found(begin..begin + password.len(), "password"));
    }
    let is_token = value::is_random(user) && !value::is_sample(user) && !has_public_key(host);
    is_token.then(|| found(start..start + user.len(), "token"))
}

fn found(range: Range<usize>, name: &'static str) -> Secret {
    Secret { range, name }
}

/// Where programs send their crashes, `o123.ingest.sentry.io`: the user is a
/// key made to be published with the program.
fn has_public_key(host: &str) -> bool {
    let host = &host[..host.find(ENDS).unwrap_or(host.len())];
    host.contains("ingest") && host.contains("sentry.io")
}
