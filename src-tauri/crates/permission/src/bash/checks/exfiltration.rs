//! Something read here and sent elsewhere.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Join, Leaf};
use crate::bash::word::{Live, Word};
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let talks = |leaf: &&Leaf| names::NETWORK.contains(&leaf.name().as_str());
    let sinks: Vec<&Leaf> = leaves.iter().filter(talks).collect();
    for leaf in &sinks {
        let name = leaf.name();
        if uploads(leaf) {
            hits.danger(
                leaf.span,
                format!("`{name}` sends a file to, or changes something on, another machine."),
            );
        }
        let computed = leaf
            .args()
            .iter()
            .any(|word| word.has(&Live::Substitution) || word.has(&Live::Process));
        if computed {
            hits.danger(
                leaf.span,
                format!("`{name}` sends the output of a command to another machine."),
            );
        }
        let fed = leaf.before == Join::Pipe && takes_input(leaf)
            || leaf
                .redirects
                .iter()
                .any(|redirect| redirect.operator == "<");
        if fed {
            hits.danger(
                leaf.span,
                format!("`{name}` sends what it is fed to another machine."),
            );
        }
    }
    if sinks.is_empty() {
        return;
    }
    for leaf in leaves.iter().filter(|leaf| super::environment::dumps(leaf)) {
        hits.danger(
            leaf.span,
            "It reads the environment, and another part talks to another machine.",
        );
    }
    for place in subject.touches() {
        if let Some(why) = place.secret() {
            hits.danger(
                Span {
                    start: 0,
                    end: subject.text.len(),
                },
                format!("It reads a secret ({why}) and talks to another machine."),
            );
        }
    }
}

/// Programs that pass on what they read.
fn takes_input(leaf: &Leaf) -> bool {
    match leaf.name().as_str() {
        "curl" => leaf.args().iter().any(|word| {
            word.text.ends_with("@-") || word.text == "-" || word.text == "-T-" || word.text == "-T"
        }),
        "wget" => leaf.has_arg_start("--post-file") || leaf.has_arg_start("--body-file"),
        "nc" | "ncat" | "netcat" | "socat" | "telnet" | "ssh" | "mail" | "mailx" | "sendmail"
        | "mutt" | "websocat" | "ftp" | "openssl" | "http" | "https" | "xh" | "aws" | "msmtp"
        | "swaks" => true,
        _ => false,
    }
}

fn uploads(leaf: &Leaf) -> bool {
    let remote = |text: &str| {
        text.contains(':') && !text.starts_with(['/', '.']) && !text.contains("://localhost")
    };
    match leaf.name().as_str() {
        "curl" | "curlie" => {
            changes_remote(leaf)
                || leaf.args().iter().any(|word| {
                    word.text.starts_with('@')
                        || word.text.contains("=@")
                        || word.text.contains("=<")
                        || word.text.starts_with("-d@")
                        || word.text.starts_with("-F@")
                })
                || leaf.options().any(|word| {
                    word.text.starts_with("-T")
                        || word.text.starts_with("--upload")
                        || word.text.starts_with("-F")
                        || word.text.starts_with("--form")
                })
        }
        "wget" | "wget2" => {
            leaf.has_arg_start("--post-file")
                || leaf.has_arg_start("--body-file")
                || changes_remote(leaf)
        }
        "http" | "https" | "xh" | "httpie" => leaf
            .args()
            .iter()
            .any(|word| word.text.contains('@') || word.text.contains("=@")),
        "scp" | "rsync" | "sftp" | "rclone" => {
            leaf.operands()
                .last()
                .is_some_and(|word| remote(&word.text))
                || leaf.has_arg(&["copy", "sync", "copyto", "move"])
        }
        "nc" | "ncat" | "netcat" | "socat" => leaf.args().iter().any(|word| {
            word.text.to_ascii_lowercase().starts_with("file:")
                || word.text.to_ascii_lowercase().starts_with("open:")
        }),
        "aws" | "gsutil" | "s3cmd" | "gcloud" | "az" => {
            leaf.has_arg(&["cp", "mv", "put", "upload", "upload-batch", "sync"])
                && leaf
                    .operands()
                    .last()
                    .is_some_and(|word| word.text.contains("://"))
        }
        "gh" => leaf.has_arg(&["gist"]) && leaf.has_arg(&["create"]) || leaf.has_arg(&["upload"]),
        "mail" | "mailx" | "mutt" => leaf.short('a') || leaf.short('A'),
        "wormhole" | "croc" => leaf.has_arg(&["send"]),
        "ipfs" => leaf.has_arg(&["add"]),
        "ngrok" | "cloudflared" => true,
        _ => false,
    }
}

/// `curl -X DELETE`: changes something there.
fn changes_remote(leaf: &Leaf) -> bool {
    let verb = |text: &str| matches!(text, "DELETE" | "PUT" | "PATCH");
    let joined = |word: &Word| {
        word.text
            .split_once('=')
            .is_some_and(|(head, value)| matches!(head, "--method" | "--request") && verb(value))
    };
    leaf.args().iter().any(joined) || leaf.args().windows(2).any(|pair| matches!(pair, [option, value] if matches!(option.text.as_str(), "-X" | "--request") && verb(&value.text)))
        || leaf.options().any(|word| ["-XDELETE", "-XPUT", "-XPATCH"].contains(&word.text.as_str()))
}
