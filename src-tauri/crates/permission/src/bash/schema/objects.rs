//! Object files, and text in another encoding: `nm`, `readelf`, `objdump`,
//! `size`, `iconv`, `shasum`.
//!
//! The binutils take `@file` for more options and can load plug-ins; both
//! are refused, and so is what makes them look for sources or debug files.

use super::{NONE, Operands, Reading, Tool};
use crate::bash::script::Leaf;
use crate::bash::word::Live;

/// Object files, and text in another encoding.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        names: &["nm"],
        operands: Operands::Own(nm),
        ..NONE
    },
    Tool {
        names: &["readelf"],
        operands: Operands::Own(readelf),
        ..NONE
    },
    Tool {
        names: &["objdump"],
        operands: Operands::Own(objdump),
        ..NONE
    },
    Tool {
        names: &["size"],
        operands: Operands::Own(size),
        ..NONE
    },
    Tool {
        names: &["iconv"],
        operands: Operands::Own(iconv),
        ..NONE
    },
    Tool {
        names: &["shasum"],
        operands: Operands::Own(shasum),
        ..NONE
    },
];

const NM: Tool = Tool {
    flags: "aABDgnoprSuvPC",
    long: "demangle dynamic extern-only undefined-only defined-only numeric-sort size-sort \
        print-size no-sort reverse-sort help version",
    ..NONE
};
const READELF: Tool = Tool {
    flags: "ahlSsendVAIWtu",
    values: "px",
    long: "all file-header program-headers segments section-headers sections symbols syms \
        headers notes relocs dynamic version-info wide help version",
    ..NONE
};
const OBJDUMP: Tool = Tool {
    flags: "dDhtTxfprRsaCwz",
    values: "Mj",
    long: "disassemble disassemble-all section-headers headers syms dynamic-syms all-headers \
        file-headers private-headers reloc dynamic-reloc full-contents archive-headers demangle \
        wide no-show-raw-insn help version",
    long_values: "section start-address stop-address",
    ..NONE
};
const SIZE: Tool = Tool {
    flags: "ABdoxtG",
    long: "common totals help version",
    long_values: "format radix",
    ..NONE
};

fn nm(leaf: &Leaf, reading: &mut Reading) {
    binutils(&NM, leaf, reading);
}

fn readelf(leaf: &Leaf, reading: &mut Reading) {
    binutils(&READELF, leaf, reading);
}

fn objdump(leaf: &Leaf, reading: &mut Reading) {
    binutils(&OBJDUMP, leaf, reading);
}

fn size(leaf: &Leaf, reading: &mut Reading) {
    binutils(&SIZE, leaf, reading);
}

fn binutils(tool: &Tool, leaf: &Leaf, reading: &mut Reading) {
    super::by(tool, leaf, reading);
    for word in leaf.args() {
        if word.text.starts_with('@') || word.starts_wild {
            reading.refuse(word, "a word that may stand for a file of more options");
        }
    }
    // Without a name they read `a.out`.
    if let Some(first) = leaf.words.first()
        && leaf.operands().next().is_none()
    {
        reading.read(first, "a.out");
    }
}

const ICONV: Tool = Tool {
    flags: "cls",
    values: "ft",
    long: "list silent help version",
    long_values: "from-code to-code",
    ..NONE
};

fn iconv(leaf: &Leaf, reading: &mut Reading) {
    super::by(&ICONV, leaf, reading);
    // The name of an encoding may lead to a library that is then loaded.
    let fine = |text: &str| {
        let name = text
            .trim_end_matches("//TRANSLIT")
            .trim_end_matches("//IGNORE");
        name.bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_.:-".contains(&b))
    };
    let glued = leaf.args().iter().filter_map(|word| {
        ["--from-code=", "--to-code=", "-f", "-t"]
            .iter()
            .find_map(|option| Some((word, word.text.strip_prefix(option)?)))
    });
    let parted = leaf.args().windows(2).filter_map(|pair| match pair {
        [option, value]
            if matches!(option.text.as_str(), "--from-code" | "--to-code")
                || option.text.ends_with(['f', 't']) && option.text.starts_with('-') =>
        {
            Some((value, value.text.as_str()))
        }
        _ => None,
    });
    for (word, value) in glued.chain(parted) {
        if !fine(value) {
            reading.refuse(word, "an encoding whose name is not plain");
        }
    }
}

const SHASUM: Tool = Tool {
    flags: "bt",
    values: "a",
    long: "binary text help version",
    long_values: "algorithm",
    ..NONE
};

/// `shasum` is a Perl script: names with signs of Perl's `open` are refused.
fn shasum(leaf: &Leaf, reading: &mut Reading) {
    super::by(&SHASUM, leaf, reading);
    for word in leaf.operands() {
        if word.has(&Live::Glob) || word.text.contains(['|', '<', '>', '&', ' ', '\n']) {
            reading.refuse(word, "a name that `shasum` may misread");
        }
    }
}
