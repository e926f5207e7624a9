//! Secrets of no vendor: signed tokens, headers, addresses, and last of all any name that says of its value that it is secret.

use super::to_value;
use crate::shape::{Left, Shape};
use crate::{address, assignment, cookie, value};

pub(super) const SHAPES: &[Shape] = &[
    // Signed in three parts, or encrypted in five.
    Shape::token(
        "jwt",
        "JSON web token",
        &["eyJ"],
        concat!(
            r"eyJ[A-Za-z0-9_-]{10,}\.(?:eyJ[A-Za-z0-9_-]{10,}(?:\.[A-Za-z0-9_-]*)?",
            r"|[A-Za-z0-9_-]*\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,})",
        ),
    )
    .left(Left::NoRun)
    .block(),
    Shape::read("address-password", "password", &["://"], address::read),
    Shape::named(
        "basic-credentials",
        "credentials",
        &["authorization"],
        concat!(
            r"(?i-u:authorization)",
            to_value!(),
            r"(?i-u:basic)(?:[ \t]{1,4}|%20)([A-Za-z0-9+/_-]{8,}={0,2})"
        ),
    )
    .only_if(value::is_basic),
    Shape::named(
        "authorization",
        "credentials",
        &["authorization"],
        concat!(
            r"(?i-u:authorization)",
            to_value!(),
            r"(?:[A-Za-z][A-Za-z0-9-]{1,15}(?:[ \t]{1,4}|%20)(?:token=)?)?",
            r#"(?:\\{0,3}["'])?([A-Za-z0-9._~+/=:-]{12,})"#
        ),
    )
    .only_if(value::is_random),
    Shape::named(
        "bearer-token",
        "bearer token",
        &["bearer ", "bearer%20"],
        r"(?i-u:bearer)(?:[ \t]{1,4}|%20)([A-Za-z0-9._~+/=:-]{16,})",
    )
    .left(Left::NoWord)
    .only_if(value::is_random),
    Shape::token(
        "command-credentials",
        "password",
        &["-u ", "--user ", "--user="],
        r#"(?:-u|--user)[ =]["']?[^\s:"'`$\\]{1,64}:([^\s:"'`$\\]{6,})"#,
    )
    .left(Left::NoRun)
    .only_if(value::is_random_or_thought_out),
    Shape::token(
        "netrc-password",
        "password",
        &["machine "],
        r#"machine\s+\S{1,200}\s+login\s+\S{1,200}\s+password\s+([^\s"'`\\]{6,})"#,
    )
    .only_if(value::is_password),
    Shape::read(
        "session-cookie",
        "session cookie",
        &["cookie"],
        cookie::read,
    ),
    Shape::read(
        "named-value",
        "secret",
        &[
            "pass",
            "pwd",
            "secret",
            "token",
            "key",
            "credential",
            "_auth",
            "auth\"",
        ],
        assignment::read,
    ),
];
