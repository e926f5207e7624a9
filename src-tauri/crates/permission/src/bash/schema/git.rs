//! Git, when its command line tells it to run nothing by itself: no monitor,
//! no hooks, no locks, no external diff, no text conversion.
//!
//! What the repository itself may name is looked up by a check. Any other
//! form, verb, option or operand leaves git unlisted.

use super::{NONE, Operands, Reading, Tool};
use crate::bash::script::Leaf;
use crate::bash::word::Word;

/// Git.
pub(super) const TOOLS: &[Tool] = &[Tool {
    names: &["git"],
    operands: Operands::Own(read),
    ..NONE
}];

/// Settings that only switch something off, or colour.
pub(in crate::bash) const SILENT: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "log.showSignature=false",
    "safe.bareRepository=explicit",
    "color.ui=never",
    "color.ui=false",
    "color.ui=always",
];
/// Those of them without which git may run something.
const NEEDED: &[&str] = &["core.fsmonitor=false", "core.hooksPath=/dev/null"];
const LOCKS: &str = "--no-optional-locks";
const GLOBALS: &[&str] = &[
    LOCKS,
    "--no-pager",
    "-P",
    "--attr-source=4b825dc642cb6eb9a060e54bf8d69288fbee4904",
];

/// What words behind the options may be.
#[derive(Clone, Copy, PartialEq)]
enum Rest {
    None,
    /// Commits, and files of the repository.
    Any,
    /// A pattern, then those.
    Pattern,
    /// Names to look for, but only behind this option.
    Listed(&'static str),
    /// This word, then commits.
    Verb(&'static str),
}

/// A verb that only reads.
struct Verb {
    name: &'static str,
    /// Letters of options without a value.
    short: &'static str,
    /// Letters of options with a number or a range.
    valued: &'static str,
    long: &'static str,
    /// Options with a value after `=`.
    values: &'static str,
    /// Options it must have.
    needs: &'static [&'static str],
    rest: Rest,
}

const PLAIN: Verb = Verb {
    name: "",
    short: "",
    valued: "",
    long: "",
    values: "",
    needs: &[],
    rest: Rest::Any,
};
const NO_PROGRAMS: &[&str] = &["--no-ext-diff", "--no-textconv"];
const LOG_LONG: &str = "--oneline --graph --all --stat --shortstat --numstat --name-only \
    --name-status --decorate --no-decorate --no-merges --merges --first-parent --reverse \
    --topo-order --date-order --abbrev-commit --branches --tags --remotes --no-color --color \
    --no-ext-diff --no-textconv --follow --left-right --no-patch --summary --no-renames";
const LOG_VALUES: &str = "--since --until --after --before --author --committer --grep --format \
    --pretty --date --max-count --skip --decorate --abbrev --color --diff-filter --stat";

const VERBS: &[Verb] = &[
    Verb {
        name: "status",
        short: "sbzu",
        long: "--short --branch --porcelain --long --ignored --ahead-behind --no-ahead-behind \
            --no-renames --show-stash --untracked-files",
        values: "--porcelain --untracked-files",
        ..PLAIN
    },
    Verb {
        name: "log",
        short: "siE",
        valued: "n",
        long: LOG_LONG,
        values: LOG_VALUES,
        ..PLAIN
    },
    Verb {
        name: "show",
        short: "spu",
        long: LOG_LONG,
        values: LOG_VALUES,
        needs: NO_PROGRAMS,
        ..PLAIN
    },
    Verb {
        name: "diff",
        short: "wbpuRs",
        valued: "U",
        long: "--stat --shortstat --numstat --name-only --name-status --summary --cached --staged \
            --check --no-color --color --word-diff --minimal --patience --histogram \
            --ignore-all-space --ignore-space-change --ignore-blank-lines --no-renames --no-prefix \
            --patch --exit-code --quiet --raw --compact-summary --no-ext-diff --no-textconv \
            --merge-base --no-patch",
        values: "--unified --diff-filter --stat --color --word-diff --diff-algorithm",
        needs: NO_PROGRAMS,
        ..PLAIN
    },
    Verb {
        name: "branch",
        short: "arvli",
        long: "--all --remotes --list --show-current --no-color --ignore-case",
        values: "--sort --format",
        rest: Rest::Listed("--list"),
        ..PLAIN
    },
    Verb {
        name: "tag",
        short: "l",
        long: "--list --no-color",
        values: "--sort --format",
        rest: Rest::Listed("-l"),
        ..PLAIN
    },
    Verb {
        name: "rev-parse",
        short: "q",
        long: "--abbrev-ref --short --show-toplevel --show-prefix --show-cdup --git-dir \
            --git-common-dir --absolute-git-dir --is-inside-work-tree --is-bare-repository \
            --verify --quiet --symbolic-full-name --is-inside-git-dir",
        values: "--short",
        ..PLAIN
    },
    Verb {
        name: "remote",
        short: "v",
        long: "--verbose",
        rest: Rest::None,
        ..PLAIN
    },
    Verb {
        name: "ls-files",
        short: "cmodstzuiv",
        long: "--cached --modified --others --deleted --stage --exclude-standard --unmerged \
            --full-name --ignored --error-unmatch --directory",
        ..PLAIN
    },
    Verb {
        name: "ls-tree",
        short: "rtdlz",
        long: "--long --name-only --name-status --full-name --full-tree --abbrev",
        ..PLAIN
    },
    Verb {
        name: "cat-file",
        short: "ptse",
        ..PLAIN
    },
    Verb {
        name: "merge-base",
        short: "a",
        long: "--all --is-ancestor --octopus --independent --fork-point",
        ..PLAIN
    },
    Verb {
        name: "describe",
        long: "--tags --all --always --long --contains --exact-match --first-parent",
        values: "--match --abbrev --candidates",
        ..PLAIN
    },
    Verb {
        name: "rev-list",
        valued: "n",
        long: "--count --all --oneline --reverse --no-merges --merges --first-parent --left-right",
        values: "--max-count --since --until --after --before --author",
        ..PLAIN
    },
    Verb {
        name: "shortlog",
        short: "sne",
        long: "--summary --numbered --email --no-merges --all",
        values: "--since --until --after --before",
        ..PLAIN
    },
    Verb {
        name: "stash",
        rest: Rest::Verb("list"),
        ..PLAIN
    },
    Verb {
        name: "reflog",
        valued: "n",
        rest: Rest::Verb("show"),
        ..PLAIN
    },
    Verb {
        name: "worktree",
        short: "vz",
        long: "--porcelain",
        rest: Rest::Verb("list"),
        ..PLAIN
    },
    Verb {
        name: "blame",
        short: "wMCselt",
        valued: "L",
        long: "--no-textconv",
        values: "--date --abbrev",
        needs: &["--no-textconv"],
        ..PLAIN
    },
    Verb {
        name: "grep",
        short: "niwlchHEFGvoqIa",
        valued: "ABC",
        long: "--no-textconv --no-color --color --count --name-only --line-number --ignore-case \
            --word-regexp --files-with-matches --fixed-strings --extended-regexp --heading --break \
            --column --cached",
        needs: &["--no-textconv"],
        rest: Rest::Pattern,
        ..PLAIN
    },
    Verb {
        name: "for-each-ref",
        values: "--format --sort --count",
        ..PLAIN
    },
];

fn read(leaf: &Leaf, reading: &mut Reading) {
    let version = leaf.args().len() == 1 && leaf.first_arg() == "--version";
    if !version && quiet(leaf, reading).is_none() {
        *reading = Reading::default();
    }
}

/// Reads the command by its verb; nothing when it is not a quiet one.
fn quiet(leaf: &Leaf, reading: &mut Reading) -> Option<()> {
    if !leaf.args().iter().all(Word::plain) {
        return None;
    }
    let words = after_globals(leaf.args())?;
    let (name, words) = words.split_first()?;
    let verb = VERBS.iter().find(|verb| verb.name == name.text)?;
    let end = words.iter().position(|word| word.text == "--");
    let (words, paths) = words.split_at(end.unwrap_or(words.len()));
    let mut operands: Vec<&Word> = Vec::new();
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if !word.text.starts_with('-') {
            operands.push(word);
            continue;
        }
        let takes_next = option(verb, &word.text)?;
        if takes_next {
            let value = rest.next()?;
            is_range(&value.text).then_some(())?;
        }
    }
    let has = |name: &str| words.iter().any(|word| word.text == name);
    verb.needs.iter().all(|name| has(name)).then_some(())?;
    let paths = paths.iter().skip(1);
    let named = match verb.rest {
        Rest::Listed(option) if operands.is_empty() || has(option) => return none(paths),
        Rest::None | Rest::Listed(_) if !operands.is_empty() => return None,
        Rest::Verb("show") if operands.is_empty() => &[],
        Rest::Verb(first) if operands.first()?.text != first => return None,
        Rest::Verb(_) | Rest::Pattern => operands.get(1..)?,
        _ => operands.as_slice(),
    };
    for word in named.iter().copied().chain(paths) {
        operand(word, reading)?;
    }
    Some(())
}

fn none<'w>(mut words: impl Iterator<Item = &'w Word>) -> Option<()> {
    words.next().is_none().then_some(())
}

/// The words from the verb on, when all before it are known and quiet.
fn after_globals(args: &[Word]) -> Option<&[Word]> {
    let mut given: Vec<&str> = Vec::new();
    let mut rest = args;
    while let [word, after @ ..] = rest {
        let text = word.text.as_str();
        rest = after;
        if text == "-c" {
            let (setting, after) = rest.split_first()?;
            given.push(SILENT.iter().find(|silent| **silent == setting.text)?);
            rest = after;
        } else if GLOBALS.contains(&text) {
            given.push(text);
        } else {
            let all = NEEDED.iter().chain([&LOCKS]);
            let mut all = all.map(|needed| given.contains(needed));
            return all
                .all(|found| found)
                .then_some(args.get(args.len() - after.len() - 1..)?);
        }
    }
    None
}

/// Whether an option takes the next word too; nothing when it is unknown.
fn option(verb: &Verb, text: &str) -> Option<bool> {
    let listed = |list: &str, name: &str| list.split_ascii_whitespace().any(|one| one == name);
    if text.starts_with("--") {
        let known = match text.split_once('=') {
            Some((name, value)) => listed(verb.values, name) && is_text(value),
            None => listed(verb.long, text),
        };
        return known.then_some(false);
    }
    let letters = text.strip_prefix('-')?;
    if let Some(valued) = letters.chars().next().filter(|c| verb.valued.contains(*c)) {
        let value = letters.strip_prefix(valued)?;
        return (value.is_empty() || is_range(value)).then_some(value.is_empty());
    }
    // `-5`
    let count = letters.bytes().all(|b| b.is_ascii_digit()) && verb.valued.contains('n');
    let untracked = verb.name == "status" && matches!(letters, "uno" | "uall" | "unormal");
    let known = letters.chars().all(|c| verb.short.contains(c));
    (!letters.is_empty() && (count || untracked || known)).then_some(false)
}

/// `5`, or `1,5`.
fn is_range(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b"+,".contains(&b))
}

/// A value that neither checks signatures nor fills a screen with blanks.
fn is_text(value: &str) -> bool {
    let wide = value.contains('%')
        && (["%<", "%>", "%w"].iter().any(|pad| value.contains(pad))
            || value
                .split(|c: char| !c.is_ascii_digit())
                .any(|digits| digits.len() > 3));
    !value.contains("%G") && !value.to_ascii_lowercase().contains("signature") && !wide
}

/// A commit, a file of the repository, or both.
fn operand(word: &Word, reading: &mut Reading) -> Option<()> {
    let text = word.text.as_str();
    let odd = text.is_empty()
        || text.starts_with(['-', ':', '/', '!'])
        || text.contains(['*', '?', '[', '\\'])
        || text.split([':', '/']).any(|part| part == "..");
    if odd {
        return None;
    }
    reading.read(word, text);
    if let Some((_, path)) = text.split_once(':') {
        reading.read(word, path);
    }
    Some(())
}
