//! Options of everyday programs that run another program or write a file.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::{among, is_shell};
use crate::bash::script::Leaf;

/// What makes a program do more than its name says.
struct Power {
    names: &'static str,
    /// Short options, also in clusters.
    shorts: &'static str,
    /// Long options, also abbreviated.
    longs: &'static str,
    /// What any argument may start with.
    starts: &'static str,
    /// What any argument may hold, in lower case.
    holds: &'static str,
}

const fn power(names: &'static str, shorts: &'static str, longs: &'static str) -> Power {
    Power {
        names,
        shorts,
        longs,
        starts: "",
        holds: "",
    }
}

const POWERS: &[Power] = &[
    power(
        "sort gsort",
        "o",
        "compress-program output temporary-directory",
    ),
    power("rg", "z", "pre hostname-bin search-zip"),
    Power {
        starts: "--pre --save",
        ..power("grep egrep fgrep", "", "")
    },
    Power {
        starts: "-exec -ok -fprint -fls -delete",
        ..power("find gfind", "", "")
    },
    power("fd fdfind", "xX", "exec exec-batch"),
    Power {
        starts: "+ -P -H",
        ..power("man less more most", "oOk", "pager html")
    },
    power("bat", "", "pager"),
    Power {
        starts: "+",
        ..power("vi vim nvim view emacs nano", "cSse", "eval cmd batch")
    },
    power("tree", "oR", ""),
    power("shuf ptx pr iconv", "o", "output"),
    power("file", "C", "compile"),
    power("date", "s", "set"),
    power("scp sftp", "S", ""),
    Power {
        holds: "proxycommand localcommand knownhostscommand",
        ..power("ssh scp sftp", "", "")
    },
    Power {
        starts: "SHELL= --eval",
        ..power("make gmake", "", "")
    },
    Power {
        starts: "-fplugin -wrapper -specs -B/",
        ..power("gcc g++ clang cc", "", "")
    },
    Power {
        starts: "file:",
        ..power("curl", "K", "config")
    },
    Power {
        starts: "--config",
        holds: "use_askpass output_document",
        ..power("wget", "", "use-askpass")
    },
    Power {
        starts: "-exec -toolexec -vettool",
        ..power("go", "", "")
    },
    Power {
        starts: "--config",
        ..power("cargo", "", "")
    },
    Power {
        starts: "-E -P",
        ..power("cmake", "", "")
    },
    power("strace ltrace", "o", ""),
    power("tcpdump", "zw", ""),
    Power {
        starts: "--script-shell --node-options --prefix=/",
        ..power("npm", "", "")
    },
    Power {
        holds: "env",
        ..power("jq", "", "")
    },
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        // The schema read it to the end and found it harmless.
        let settled = reading.listed && reading.refused.is_empty();
        if !settled && acts(leaf) {
            hits.danger(
                leaf.span,
                format!(
                    "`{}` is told to run something, or to write where it usually only reads.",
                    leaf.name()
                ),
            );
        }
    }
}

fn acts(leaf: &Leaf) -> bool {
    let name = leaf.name();
    POWERS
        .iter()
        .filter(|power| among(power.names, &name))
        .any(|power| power.given(leaf))
        || by_own_rule(&name, leaf)
}

impl Power {
    fn given(&self, leaf: &Leaf) -> bool {
        self.shorts.chars().any(|letter| leaf.short(letter))
            || self
                .longs
                .split_ascii_whitespace()
                .any(|name| leaf.long(name))
            || self
                .starts
                .split_ascii_whitespace()
                .any(|start| leaf.has_arg_start(start))
            || leaf.args().iter().any(|word| {
                let text = word.text.to_ascii_lowercase();
                self.holds
                    .split_ascii_whitespace()
                    .any(|part| text.contains(part))
            })
    }
}

fn by_own_rule(name: &str, leaf: &Leaf) -> bool {
    match name {
        "ed" | "red" | "ex" => true,
        "sed" | "gsed" => sed_acts(leaf),
        "awk" | "gawk" | "mawk" | "nawk" => leaf.args().iter().any(|word| awk_acts(&word.text)),
        "uniq" => leaf.operands().count() > 1,
        "hostname" => leaf.operands().count() > 0,
        "xxd" => leaf.short('r') && leaf.operands().count() > 1,
        "xargs" | "parallel" => leaf.args().iter().any(|word| is_shell(&word.text)),
        _ => false,
    }
}

fn awk_acts(text: &str) -> bool {
    const PARTS: &[&str] = &["system", "|", "getline", "@", ">", "/inet", "close("];
    text.contains(['{', '(', '@', '|']) && PARTS.iter().any(|part| text.contains(part))
}

/// `sed` with `-i`, or a program with `e`, `w`, `r` where a command stands.
fn sed_acts(leaf: &Leaf) -> bool {
    let short_in_place = |text: &str| !text.starts_with("--") && text.contains('i');
    if leaf.options().any(|word| short_in_place(&word.text)) || leaf.long("in-place") {
        return true;
    }
    leaf.args().iter().any(|word| {
        let text = match word.text.split_once('=') {
            Some((option, program)) if option.starts_with("--e") => program,
            _ => &word.text,
        };
        let joined = text.replace("\\\n", "");
        [text, joined.as_str()]
            .iter()
            .any(|text| text.split([';', '\n', '{', '}']).any(sed_command_acts))
    })
}

fn sed_command_acts(command: &str) -> bool {
    let command = command.trim();
    if command.starts_with('-') {
        return false;
    }
    let bare = command.trim_start_matches(|c: char| c.is_ascii_digit() || "$,!~+ ".contains(c));
    let bare = match bare.strip_prefix('/').and_then(|rest| rest.split_once('/')) {
        Some((_, rest)) if !command.starts_with('s') => rest.trim_start_matches([' ', '!', 'I']),
        _ => bare,
    };
    let alone = matches!(bare, "e" | "w" | "W" | "r")
        || ["e ", "w ", "w/", "W ", "r ", "r/", "R "]
            .iter()
            .any(|start| bare.starts_with(start));
    // The blank before what `e` runs may be left out.
    let addressed = bare.len() < command.len() && bare.starts_with('e') && bare.len() > 1;
    let alone = alone || addressed;
    let Some(rest) = bare.strip_prefix('s') else {
        return alone;
    };
    let Some(delimiter) = rest.chars().next() else {
        return alone;
    };
    let flags = rest.rsplit(delimiter).next().unwrap_or_default();
    let runs = flags.len() < 4
        && flags.contains('e')
        && flags.chars().all(|c| "egpiIm0123456789".contains(c));
    let writes = rest
        .split(delimiter)
        .any(|flags| flags.trim_start_matches(['g', 'p', 'I']).starts_with("w "));
    alone || runs || writes
}
