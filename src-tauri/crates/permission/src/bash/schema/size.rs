//! What holds for every listed program, whatever its own schema says: no
//! number so big that the output never ends, no response files.

use super::Reading;
use crate::bash::names::among;
use crate::bash::script::Leaf;
use crate::bash::word::Word;

/// Programs one of whose numbers is a width, a count or a length that is
/// written out in full.
const WRITERS: &str = "expand unexpand nl fold fmt column pr numfmt od hexdump hd shuf";
/// Programs with a text that may hold a width behind a `%`.
const FORMATTERS: &str = "stat find date awk gawk mawk ps printf";
/// The programs of binutils and of compilers read further arguments from
/// the file behind an `@`.
const RESPONSE_READERS: &str = "strings nm objdump readelf size addr2line c++filt strip objcopy ar ranlib ld \
    gprof elfedit llvm-nm llvm-objdump llvm-readelf llvm-strings llvm-size gcc g++ cc c++ clang clang++ javac rustc";
/// Numbers with more digits are not plain any more.
const DIGIT_LIMIT: usize = 6;
/// The same for the width of a field.
const WIDTH_LIMIT: usize = 3;

pub(super) fn read(leaf: &Leaf, reading: &mut Reading) {
    let name = leaf.name();
    let refuse = |reading: &mut Reading, word: &Word, why: &str| reading.refuse(word, why);
    for word in leaf.args() {
        let pads = leaf.long("padding") || leaf.long("format");
        let counted = name == "numfmt" && !pads;
        if among(WRITERS, &name) && !counted && big_number(&word.text) {
            refuse(reading, word, "a number so big that the output never ends");
        }
        if among(FORMATTERS, &name) && wide(&word.text) {
            refuse(reading, word, "a field so wide that the output never ends");
        }
        if among(RESPONSE_READERS, &name) && word.text.starts_with('@') {
            refuse(reading, word, "`@` names a file with further options");
        }
        // The old form without a dash: `+5f` follows the file for ever.
        if name == "tail" && word.text.starts_with('+') && word.text.contains('f') {
            refuse(reading, word, "`tail` would never end");
        }
    }
    let endless = name == "shuf"
        && (leaf.short('r') || leaf.long("repeat"))
        && !(leaf.short('n') || leaf.long("head-count"));
    if let Some(word) = leaf.words.first().filter(|_| endless) {
        refuse(reading, word, "`shuf -r` without `-n` never ends");
    }
}

fn big_number(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|digits| digits.len() > DIGIT_LIMIT)
}

/// True when a `%` in it asks for a field that fills memory.
pub(super) fn wide(text: &str) -> bool {
    text.contains("%*")
        || text.split('%').skip(1).any(|conversion| {
            let end = conversion
                .find(|c: char| !(c.is_ascii_digit() || "-+ #_^*.,'$:EO".contains(c)))
                .unwrap_or(conversion.len());
            conversion
                .get(..end)
                .unwrap_or_default()
                .split(|c: char| !c.is_ascii_digit())
                .any(|digits| digits.len() > WIDTH_LIMIT)
        })
}
