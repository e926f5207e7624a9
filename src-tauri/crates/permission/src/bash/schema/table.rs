//! The plainly read-only programs. A line here is a promise: with these
//! options the program changes nothing, runs nothing and calls nobody.

use super::{NONE, Operands, Tool, awk, find, jq, literal, sed, test};

const GREP_PATTERN: &[&str] = &["-e", "-f", "--regexp", "--file"];
const RG_PATTERN: &[&str] = &["-e", "-f", "--regexp", "--file", "--files", "--type-list"];

/// Every plainly read-only program.
pub(super) const TOOLS: &[Tool] = &[
    Tool {
        names: &["ls", "dir", "vdir"],
        flags: "aAbBcCdDfFgGhHiklmnNoOpqQrRsStuUvxXZ1",
        // Elsewhere these take no value, and the next word is listed.
        files: "ITw",
        long: "all almost-all author classify color directory escape full-time \
            group-directories-first human-readable si inode literal no-group \
            numeric-uid-gid quote-name recursive reverse size help version file-type",
        long_values: "sort time time-style format hide ignore indicator-style quoting-style width \
            block-size",
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["cat"],
        flags: "AbeEnstTuv",
        long: "number number-nonblank show-all show-ends show-tabs show-nonprinting \
            squeeze-blank help version",
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["head"],
        flags: "qvz",
        values: "nc",
        long: "quiet silent verbose help version",
        long_values: "lines bytes",
        counts: true,
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["tail"],
        flags: "qvz",
        values: "nc",
        long: "quiet silent verbose help version",
        long_values: "lines bytes",
        counts: true,
        ..NONE
    },
    Tool {
        names: &["wc"],
        flags: "clmLw",
        long: "bytes chars lines words max-line-length help version",
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["grep", "egrep", "fgrep"],
        flags: "abcEFGhHiIlLnoPqrsTUvwxyzZ",
        values: "ABCem",
        files: "f",
        long: "basic-regexp extended-regexp fixed-strings perl-regexp ignore-case \
            no-ignore-case word-regexp line-regexp null-data no-messages invert-match \
            version help byte-offset line-number line-buffered with-filename no-filename \
            only-matching quiet silent text recursive files-without-match \
            files-with-matches count initial-tab null color colour",
        long_values: "regexp max-count after-context before-context context include exclude \
            exclude-dir label binary-files",
        long_files: "file exclude-from",
        counts: true,
        operands: Operands::Pattern(GREP_PATTERN),
        ..NONE
    },
    Tool {
        names: &["rg"],
        flags: "abcFhHiIlnNopPqsSuUvVwx.0",
        values: "ABCegEjmMtTrd",
        files: "f",
        long: "case-sensitive column count count-matches crlf files files-with-matches \
            files-without-match fixed-strings glob-case-insensitive heading no-heading \
            help hidden ignore-case invert-match json line-number line-regexp \
            max-columns-preview multiline multiline-dotall no-config no-filename no-ignore \
            no-ignore-vcs no-ignore-parent no-line-number no-messages null one-file-system \
            only-matching passthru pcre2 pretty quiet smart-case stats text trim type-list \
            version debug binary auto-hybrid-regex vimgrep with-filename word-regexp no-require-git unrestricted",
        long_values: "after-context before-context context color colors engine glob iglob \
            max-columns max-count max-depth max-filesize regexp replace sort sortr threads \
            type type-not encoding path-separator field-match-separator",
        long_files: "file",
        operands: Operands::Pattern(RG_PATTERN),
        ..NONE
    },
    Tool {
        names: &["fd", "fdfind"],
        flags: "HIsipagFu0v1q",
        values: "detEcS",
        long: "hidden no-ignore case-sensitive ignore-case glob regex fixed-strings \
            absolute-path full-path print0 version help",
        long_values: "max-depth min-depth extension type exclude color size max-results \
            changed-within changed-before newer older",
        operands: Operands::Pattern(&[]),
        ..NONE
    },
    Tool {
        names: &["find"],
        operands: Operands::Own(find::read),
        ..NONE
    },
    Tool {
        names: &["test", "["],
        operands: Operands::Own(test::read),
        ..NONE
    },
    Tool {
        names: &["[["],
        operands: Operands::Own(test::condition),
        ..NONE
    },
    Tool {
        names: &["printf"],
        operands: Operands::Own(test::printf),
        ..NONE
    },
    Tool {
        names: &["cd"],
        operands: Operands::Own(test::cd),
        ..NONE
    },
    Tool {
        names: &["date"],
        operands: Operands::Own(test::date),
        ..NONE
    },
    Tool {
        names: &["sleep"],
        operands: Operands::Own(test::sleep),
        ..NONE
    },
    Tool {
        names: &["sed"],
        operands: Operands::Own(sed::read),
        ..NONE
    },
    Tool {
        names: &["awk", "gawk", "mawk"],
        operands: Operands::Own(awk::read),
        ..NONE
    },
    Tool {
        names: &["jq"],
        operands: Operands::Own(jq::read),
        ..NONE
    },
    Tool {
        names: &["pwd"],
        flags: "LP",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["echo"],
        operands: Operands::Own(test::anything),
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["true", "false", ":"],
        operands: Operands::Own(test::anything),
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["stat"],
        flags: "Lft",
        values: "c",
        long: "dereference file-system terse help version",
        long_values: "format printf",
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["file"],
        flags: "bhikLNnprs0",
        values: "F",
        long: "brief mime mime-type mime-encoding dereference no-dereference keep-going raw \
            version help",
        long_values: "separator",
        ..NONE
    },
    Tool {
        names: &["du"],
        flags: "0abchHklmsSx",
        values: "dBt",
        long: "all apparent-size bytes total human-readable si summarize separate-dirs \
            one-file-system null time help version",
        long_values: "max-depth block-size threshold exclude",
        harmless: true,
        ..NONE
    },
    Tool {
        names: &["df"],
        flags: "ahHiklPT",
        values: "Btx",
        long: "all human-readable si inodes local portability print-type total output help \
            version",
        long_values: "block-size type exclude-type",
        ..NONE
    },
    Tool {
        names: &["sort"],
        flags: "bcCdfghimMnrRsuVz",
        values: "kt",
        long: "ignore-leading-blanks dictionary-order ignore-case general-numeric-sort \
            ignore-nonprinting month-sort human-numeric-sort numeric-sort random-sort \
            reverse version-sort check merge stable unique zero-terminated help version",
        long_values: "key field-separator sort",
        ..NONE
    },
    Tool {
        names: &["uniq"],
        flags: "cdDiuz",
        values: "fsw",
        long: "count repeated all-repeated ignore-case unique zero-terminated group help \
            version",
        long_values: "skip-fields skip-chars check-chars",
        operands: Operands::OnePath,
        ..NONE
    },
    Tool {
        names: &["cut"],
        flags: "nsz",
        values: "bcdf",
        long: "complement only-delimited zero-terminated help version",
        long_values: "bytes characters delimiter fields output-delimiter",
        ..NONE
    },
    Tool {
        names: &["tr"],
        flags: "cCdst",
        long: "complement delete squeeze-repeats truncate-set1 help version",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["diff"],
        flags: "abBcdeEiNnpqrsTtuwyZ",
        values: "CUWxI",
        long: "brief report-identical-files unified context side-by-side new-file \
            ignore-case ignore-all-space ignore-space-change ignore-blank-lines text color \
            recursive minimal suppress-common-lines strip-trailing-cr no-dereference help version",
        long_values: "width exclude label ignore-matching-lines",
        ..NONE
    },
    Tool {
        names: &["cmp"],
        flags: "bls",
        values: "in",
        long: "print-bytes verbose quiet silent help version",
        ..NONE
    },
    Tool {
        names: &["comm"],
        flags: "123z",
        long: "check-order nocheck-order total help version",
        ..NONE
    },
    Tool {
        names: &["basename", "dirname"],
        flags: "az",
        values: "s",
        long: "multiple zero help version",
        long_values: "suffix",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["realpath", "readlink"],
        flags: "efLmnPqsz",
        long: "canonicalize canonicalize-existing canonicalize-missing no-symlinks strip \
            quiet zero help version",
        long_files: "relative-to relative-base",
        ..NONE
    },
    Tool {
        names: &["which"],
        flags: "as",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["type"],
        flags: "afptP",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["seq"],
        operands: Operands::Own(literal::seq),
        ..NONE
    },
    Tool {
        names: &["expr"],
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["getconf"],
        flags: "a",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["lsblk"],
        flags: "abdfilmpStr",
        values: "o",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["shuf"],
        flags: "erz",
        values: "in",
        ..NONE
    },
    Tool {
        names: &["tsort"],
        ..NONE
    },
    Tool {
        names: &["numfmt"],
        flags: "z",
        long_values: "from to unit suffix padding field",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &["nl"],
        flags: "p",
        values: "bdfhilnsvw",
        ..NONE
    },
    Tool {
        names: &["tac", "rev"],
        ..NONE
    },
    Tool {
        names: &["fold", "fmt"],
        flags: "bcstu",
        values: "w",
        long_values: "width",
        long: "spaces bytes",
        ..NONE
    },
    Tool {
        names: &["expand", "unexpand"],
        flags: "ai",
        values: "t",
        long: "all initial",
        long_values: "tabs",
        ..NONE
    },
    Tool {
        names: &["paste"],
        flags: "sz",
        values: "d",
        long: "serial",
        long_values: "delimiters",
        ..NONE
    },
    Tool {
        names: &["join"],
        flags: "iz",
        values: "12aejotv",
        ..NONE
    },
    Tool {
        names: &["column"],
        flags: "txeJRn",
        values: "sco",
        long: "table json",
        long_values: "separator output-separator",
        ..NONE
    },
    Tool {
        names: &["od"],
        flags: "abcdfilosvx",
        values: "AjNSt",
        long: "help version output-duplicates",
        long_values: "address-radix format read-bytes skip-bytes",
        ..NONE
    },
    Tool {
        names: &["hexdump", "hd"],
        flags: "bcCdovx",
        values: "ens",
        ..NONE
    },
    Tool {
        names: &["xxd"],
        operands: Operands::Own(literal::xxd),
        ..NONE
    },
    Tool {
        names: &["strings"],
        flags: "afw",
        values: "ents",
        long_values: "bytes radix encoding",
        ..NONE
    },
    Tool {
        names: &["base64", "base32"],
        flags: "di",
        values: "w",
        long: "decode ignore-garbage",
        long_values: "wrap",
        ..NONE
    },
    Tool {
        names: &[
            "md5sum",
            "sha1sum",
            "sha224sum",
            "sha256sum",
            "sha384sum",
            "sha512sum",
            "b2sum",
            "cksum",
            "sum",
        ],
        flags: "btzrs",
        values: "al",
        long: "binary text zero tag help version",
        ..NONE
    },
    Tool {
        names: &["tree"],
        operands: Operands::Own(literal::tree),
        ..NONE
    },
    Tool {
        names: &["id", "groups"],
        flags: "Ggnruz",
        long: "group groups name real user",
        operands: Operands::Text,
        ..NONE
    },
    Tool {
        names: &[
            "whoami", "arch", "tty", "logname", "users", "nproc", "uptime", "lscpu", "locale",
        ],
        flags: "apsm",
        long: "all pretty since help version",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["hostname"],
        flags: "s",
        long: "short",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["uname"],
        flags: "aimnoprsv",
        long: "all help version",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["free"],
        flags: "bghklmtvw",
        long: "human total wide si",
        operands: Operands::None,
        ..NONE
    },
    Tool {
        names: &["ps"],
        flags: "AefFjlM",
        values: "opuCt",
        long: "forest no-headers",
        long_values: "sort pid",
        operands: Operands::Own(test::processes),
        ..NONE
    },
    Tool {
        names: &["pgrep"],
        flags: "aciflnovwx",
        values: "dPugt",
        operands: Operands::Text,
        ..NONE
    },
];
