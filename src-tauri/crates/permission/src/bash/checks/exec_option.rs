//! Options of everyday programs that run another program or write a file.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        // The schema read it to the end and found it harmless.
        let settled = reading.listed && reading.refused.is_empty();
        if let Some(why) = why(leaf).filter(|_| !settled) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<String> {
    let found = match leaf.name().as_str() {
        "sort" | "gsort" => {
            leaf.long("compress-program")
                || leaf.short('o')
                || leaf.long("output")
                || leaf.long("temporary-directory")
        }
        "rg" => {
            leaf.long("pre")
                || leaf.long("hostname-bin")
                || leaf.short('z')
                || leaf.long("search-zip")
        }
        "grep" | "egrep" | "fgrep" => leaf.has_arg_start("--pre") || leaf.has_arg_start("--save"),
        "find" | "gfind" => leaf.args().iter().any(|word| {
            ["-exec", "-ok", "-fprint", "-fls", "-delete"]
                .iter()
                .any(|start| word.text.starts_with(start))
        }),
        "fd" | "fdfind" => {
            leaf.short('x') || leaf.short('X') || leaf.long("exec") || leaf.long("exec-batch")
        }
        "man" | "less" | "more" | "most" => {
            leaf.has_arg_start("+")
                || leaf.has_arg_start("-P")
                || leaf.has_arg_start("-H")
                || leaf.long("pager")
                || leaf.long("html")
                || leaf.short('o')
                || leaf.short('O')
                || leaf.short('k')
        }
        "bat" => leaf.long("pager") || leaf.long("diff"),
        "vi" | "vim" | "nvim" | "ex" | "view" | "emacs" | "nano" => {
            leaf.short('c')
                || leaf.has_arg_start("+")
                || leaf.short('S')
                || leaf.long("eval")
                || leaf.long("cmd")
                || leaf.long("batch")
                || leaf.short('s')
                || leaf.short('e')
                || leaf.is(&["ex"])
        }
        "ed" | "red" => true,
        "sed" | "gsed" => sed_acts(leaf),
        "awk" | "gawk" | "mawk" | "nawk" => leaf.args().iter().any(|word| {
            ["system", "|", "getline", "@load", ">", "/inet", "close("]
                .iter()
                .any(|part| word.text.contains(part))
                && word.text.contains(['{', '(', '@', '|'])
        }),
        "jq" => leaf
            .args()
            .iter()
            .any(|word| word.text.contains("env") || word.text.contains("$ENV")),
        "tree" => leaf.short('o') || leaf.short('R'),
        "shuf" | "ptx" | "pr" | "iconv" => leaf.short('o') || leaf.long("output"),
        "file" => leaf.short('C') || leaf.long("compile"),
        "date" => leaf.short('s') || leaf.long("set"),
        "uniq" => leaf.operands().count() > 1,
        "hostname" => leaf.operands().count() > 0,
        "xxd" => leaf.short('r') && leaf.operands().count() > 1,
        "ssh" | "scp" | "sftp" => {
            leaf.args().iter().any(|word| {
                [
                    "ProxyCommand",
                    "LocalCommand",
                    "PermitLocalCommand",
                    "KnownHostsCommand",
                ]
                .iter()
                .any(|part| {
                    word.text
                        .to_ascii_lowercase()
                        .contains(&part.to_ascii_lowercase())
                })
            }) || (leaf.is(&["scp", "sftp"]) && leaf.short('S'))
        }
        "xargs" | "parallel" => leaf
            .args()
            .iter()
            .any(|word| crate::bash::names::is_shell(&word.text)),
        "make" | "gmake" => leaf
            .args()
            .iter()
            .any(|word| word.text.starts_with("SHELL=") || word.text.starts_with("--eval")),
        "gcc" | "g++" | "clang" | "cc" => leaf.args().iter().any(|word| {
            word.text.starts_with("-fplugin")
                || word.text.starts_with("-wrapper")
                || word.text.starts_with("-specs")
                || word.text.starts_with("-B/")
        }),
        "curl" => {
            leaf.short('K')
                || leaf.long("config")
                || leaf
                    .args()
                    .iter()
                    .any(|word| word.text.starts_with("file:"))
        }
        "wget" => {
            leaf.long("use-askpass")
                || leaf.has_arg_start("--config")
                || leaf.args().iter().any(|word| {
                    word.text.contains("use_askpass") || word.text.contains("output_document")
                })
        }
        "go" => leaf.args().iter().any(|word| {
            word.text.starts_with("-exec")
                || word.text.starts_with("-toolexec")
                || word.text.starts_with("-vettool")
        }),
        "cargo" => leaf
            .args()
            .iter()
            .any(|word| word.text.starts_with("--config")),
        "cmake" => leaf.has_arg(&["-E", "-P"]),
        "strace" | "ltrace" => leaf.short('o'),
        "tcpdump" => leaf.short('z') || leaf.short('w'),
        "mysql" | "psql" => leaf.args().iter().any(|word| {
            word.text.contains("\\!") || word.text.contains("COPY") && word.text.contains("PROGRAM")
        }),
        "pip" | "pip3" => {
            leaf.args()
                .iter()
                .any(|word| word.text.starts_with("--editor"))
                || leaf.has_arg(&["edit"])
        }
        "npm" => leaf.args().iter().any(|word| {
            word.text.starts_with("--script-shell")
                || word.text.starts_with("--node-options")
                || word.text.starts_with("--prefix=/")
        }),
        _ => false,
    };
    found.then(|| {
        format!(
            "`{}` is told to run something, or to write where it usually only reads.",
            leaf.name()
        )
    })
}

/// `sed` with `-i`, or a program with `e`, `w`, `r` where a command stands.
fn sed_acts(leaf: &Leaf) -> bool {
    let in_place = leaf
        .options()
        .any(|word| !word.text.starts_with("--") && word.text.contains('i'))
        || leaf.long("in-place");
    let acts = leaf.args().iter().any(|word| {
        let text = word.text.trim_end();
        let after_slash = |flag: &str| {
            text.split(';').any(|part| {
                part.trim_end_matches(['g', 'p', 'I']).ends_with(flag)
                    && part.trim_start().starts_with('s')
            })
        };
        let command =
            text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '$' | ',' | ' '));
        after_slash("/e")
            || after_slash("|e")
            || after_slash("#e")
            || after_slash(",e")
            || text.contains("/w ")
            || text.contains("/w/")
            || text.contains("/gw ")
            || command.starts_with("e ")
            || command == "e"
            || command.starts_with("w ")
            || command.starts_with("w/")
            || command.starts_with("W ")
            || text.contains("/e;")
            || text.contains("/ge")
            || text.contains("/eg")
            || (word.text.contains(" w ") && word.text.contains('/'))
    });
    in_place || acts
}
