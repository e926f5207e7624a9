//! Private keys, whole: what stands inside of them looks like other things.

use crate::shape::{Left, Shape};

/// What stands between two lines of a block: each line may be numbered, quoted
/// or named after its file, and all of it may stand in JSON that stands in JSON.
macro_rules! next_line {
    () => {
        concat!(
            r#"(?:\\{1,8}[rnt"]|[\s"'>|+,]){1,16}"#,
            r"(?:[A-Za-z0-9_./-]{0,80}[:-]?[0-9]{1,6}(?:[:→|\t-]|\\{1,8}t) ?)?",
        )
    };
}

pub(super) const SHAPES: &[Shape] = &[
    // The block may be quoted, numbered or escaped, or cut off before its end.
    Shape::token(
        "private-key",
        "private key",
        &["---- BEGIN ", "-----BEGIN "],
        concat!(
            r"-{4,5} ?BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}",
            r#"(?:(?:[A-Za-z0-9+/=\s\\:,.()"'`>|#*→]|-[A-Za-z0-9 ]){40,}?"#,
            r"-{4,5} ?END (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)? ?-{4,5}",
            "|(?:",
            next_line!(),
            r"[A-Za-z0-9+/=]{32,})+)",
        ),
    )
    .left(Left::Anything)
    .block(),
    // Base64 of `-----BEGIN` and of what private keys go on with.
    Shape::token(
        "encoded-private-key",
        "private key",
        &["LS0tLS1CRUdJTi"],
        concat!(
            r"LS0tLS1CRUdJTi(?:BSU0EgUFJJVkFURS|BQUklWQVRF|BFQyBQUklWQVRF|BPUEVOU1NI",
            r"|BFTkNSWVBURUQg|BEU0EgUFJJVkFURS)[A-Za-z0-9+/]{64,}={0,2}",
        ),
    )
    .left(Left::NoRun)
    .block(),
    Shape::token(
        "putty-key",
        "private key",
        &["Private-Lines:"],
        concat!(
            r"Private-Lines: [0-9]{1,4}((?:",
            next_line!(),
            r"[A-Za-z0-9+/=]{16,64})+)",
        ),
    )
    .block(),
];
