//! Keys, passwords and tokens as input of any command.

use super::Hits;
use crate::bash::Subject;
use crate::bash::path_in;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (_, word, place) in subject.reads() {
        if let Some(why) = place.secret() {
            hits.guarded(
                word.span(),
                format!("It reads `{}`: {why}.", place.resolved.display()),
            );
        }
    }
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if reading.listed || leaf.is(&["echo", "git", "mkdir", "touch"]) {
            continue;
        }
        for word in leaf.args() {
            let Some(text) = path_in(&word.text) else {
                continue;
            };
            if let Some((place, why)) = subject
                .places(leaf, text)
                .find_map(|place| place.secret().map(|why| (place, why)))
            {
                hits.guarded(
                    word.span(),
                    format!("It touches `{}`: {why}.", place.requested.display()),
                );
            }
        }
    }
    secret_programs(subject, hits);
}

/// Programs that print what a secret store holds.
fn secret_programs(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let reads = match leaf.name().as_str() {
            "gpg" | "gpg2" => leaf
                .args()
                .iter()
                .any(|word| word.text.starts_with("--export-secret")),
            "security" => leaf.args().iter().any(|word| {
                word.text.contains("password")
                    || word.text.contains("keychain")
                    || word.text == "export"
            }),
            "secret-tool" => leaf.has_arg(&["lookup", "search"]),
            "pass" | "gopass" => leaf.has_arg(&["show", "ls", "grep"]) || leaf.args().len() == 1,
            "op" | "bw" | "lpass" | "vault" | "keepassxc-cli" => {
                leaf.has_arg(&["read", "get", "show", "item", "list", "export", "kv"])
            }
            "ssh-add" => leaf.short('L'),
            "gh" | "glab" | "gcloud" | "az" | "heroku" | "doctl" => {
                leaf.args().iter().any(|word| {
                    matches!(
                        word.text.as_str(),
                        "token" | "print-access-token" | "get-access-token" | "auth:token"
                    )
                })
            }
            "aws" => leaf.args().iter().any(|word| {
                word.text.starts_with("get-secret")
                    || word.text.contains("credentials")
                    || word.text.contains("get-login")
                    || word.text == "get-session-token"
            }),
            "kubectl" => leaf
                .args()
                .iter()
                .any(|word| matches!(word.text.as_str(), "secret" | "secrets")),
            "docker" => leaf.has_arg(&["secret"]),
            "npm" => leaf.has_arg(&["token"]),
            "git" => leaf.has_arg(&["credential", "credential-store"]),
            "mimikatz" | "lazagne" | "unshadow" | "hashdump" => true,
            _ => false,
        };
        if reads {
            hits.guarded(
                leaf.span,
                format!("`{}` hands out passwords, keys or tokens.", leaf.name()),
            );
        }
    }
}
