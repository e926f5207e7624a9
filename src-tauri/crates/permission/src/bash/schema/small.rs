//! Small programs and builtins that only show or compute something.

use super::{NONE, Operands, Reading, Tool};
use crate::bash::script::Leaf;

/// Small programs that only show or compute something.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        names: &["pr"],
        flags: "admnrtTvfF",
        values: "hlow",
        counts: true,
        ..NONE
    },
    Tool {
        names: &["look"],
        flags: "adfb",
        values: "t",
        operands: Operands::Pattern(&[]),
        ..NONE
    },
    Tool {
        names: &["whereis"],
        flags: "bmsu",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["pidof"],
        flags: "s",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["jobs"],
        flags: "lprs",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["times", "dirs", "who", "w", "pstree"],
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["factor"],
        operands: Operands::Own(factor),
        ..NONE
    },
    Tool {
        names: &["stty"],
        operands: Operands::Own(stty),
        ..NONE
    },
    Tool {
        names: &["xargs"],
        operands: Operands::Own(xargs),
        ..NONE
    },
    Tool {
        names: &["cal"],
        flags: "13jmswyY",
        operands: Operands::Own(calendar),
        ..NONE
    },
];

/// Longer numbers may take for ever.
const FACTOR_DIGITS: usize = 15;

fn factor(leaf: &Leaf, reading: &mut Reading) {
    for word in leaf.args() {
        let number = word.text.bytes().all(|b| b.is_ascii_digit());
        if !number || word.text.len() > FACTOR_DIGITS {
            reading.refuse(word, "a number too long to take apart");
        }
    }
}

fn stty(leaf: &Leaf, reading: &mut Reading) {
    for word in leaf.args() {
        if !matches!(word.text.as_str(), "-a" | "--all" | "size" | "speed") {
            reading.refuse(word, "`stty` that changes the terminal");
        }
    }
}

/// `xargs` alone prints its input in one line, with `echo`.
fn xargs(leaf: &Leaf, reading: &mut Reading) {
    reading.listed = leaf
        .args()
        .iter()
        .all(|word| matches!(word.text.as_str(), "-0" | "-r" | "-n1" | "-n2" | "-L1"));
}

fn calendar(leaf: &Leaf, reading: &mut Reading) {
    for word in leaf.args() {
        let text = word.text.strip_prefix('-').unwrap_or(&word.text);
        let plain = text.len() <= 9 && text.bytes().all(|b| b.is_ascii_alphanumeric());
        if !plain {
            reading.refuse(word, "`cal` with a word that is no date");
        }
    }
}
