//! Small programs and builtins that only show or compute something.

use super::{NONE, Operands, Reading, Tool, per_file};
use crate::bash::names::among;
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
        names: &["help"],
        flags: "dms",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["tput"],
        operands: Operands::Own(tput),
        ..NONE
    },
    Tool {
        names: &["diff3"],
        flags: "aAeEiTxX3",
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
        names: &[
            "gcc", "g++", "cc", "clang", "clang++", "make", "cmake", "ninja", "curl", "wget",
            "ssh", "openssl", "docker", "bash", "zsh", "sqlite3", "psql", "perl", "ffmpeg", "vim",
            "tmux",
        ],
        operands: Operands::Own(version),
        ..NONE
    },
    Tool {
        names: &["set"],
        operands: Operands::Own(set),
        ..NONE
    },
    Tool {
        names: &["xargs"],
        operands: Operands::Own(per_file::xargs),
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

/// What the terminal can do; all else changes it.
fn tput(leaf: &Leaf, reading: &mut Reading) {
    for word in leaf.args() {
        if !matches!(word.text.as_str(), "cols" | "lines" | "colors" | "longname") {
            reading.refuse(word, "`tput` that changes the terminal");
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

/// Asked for nothing but their version, and never one of the shims that look
/// into the project for what they stand for.
fn version(leaf: &Leaf, reading: &mut Reading) {
    let texts: Vec<&str> = leaf.args().iter().map(|word| word.text.as_str()).collect();
    let by_name = match leaf.name().as_str() {
        "ssh" | "tmux" => texts == ["-V"],
        "openssl" => texts == ["version"],
        _ => false,
    };
    reading.listed = by_name || texts == ["--version"];
}

/// How the rest of the line ends when something fails.
fn set(leaf: &Leaf, reading: &mut Reading) {
    const MODES: &str = "-e -u -eu -ue -o -euo -eo pipefail errexit nounset";
    let args = leaf.args();
    reading.listed = !args.is_empty() && args.iter().all(|word| among(MODES, &word.text));
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
