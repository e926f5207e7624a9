//! Programs that hand out what a store of secrets holds.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::Leaf;

/// Words that only stand in commands that print or make a secret.
const VERBS: &str = "get-secret get-secret-value get-session-token get-login get-login-password get-access-token get-token show-environment \
    print-access-token print-identity-token auth:token create-access-key list-access-keys create-service-key \
    show-secret dump-secrets credential-store --show-token --show-secrets --show-secret --with-decryption \
    --export-secret-keys --export-secret-key --export-secret-subkeys --reveal --decrypt-secrets access-token \
    assume-role assume-role-with-saml config-helper env:decrypt requirepass admin-token root-token generate-root create-for-rbac gen-root read-secret reveal";
/// Stores: a word after their name that reads one.
const STORES: &str = "op bw lpass vault keepassxc-cli pass gopass doppler chamber infisical aws-vault secret-tool \
    ansible-vault sops berglas akeyless envchain summon teller dotenv-vault 1password bws dcli";
const READS: &str = "read get show item list ls export kv lookup search grep secrets decrypt exec view token print \
    download fetch edit -d --decrypt unwrap cp rekey";
/// Clients whose `secret` or `config` words name stored secrets.
const CLIENTS: &str = "kubectl oc docker podman gcloud az aws heroku fly flyctl gh glab wrangler vercel netlify \
    railway doctl supabase pulumi nomad consul terraform tofu helm k9s eksctl cf firebase npm yarn pnpm git";

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        if reading.listed {
            let searches = searches_keys(leaf) || seeks_keys(subject, leaf);
            if searches && subject.touches_outside(leaf) {
                hits.danger(
                    leaf.span,
                    "It looks for private keys outside of the workspace.",
                );
            }
        } else if reads(leaf) || (seeks_keys(subject, leaf) && subject.touches_outside(leaf)) {
            hits.guarded(
                leaf.span,
                format!("`{}` hands out passwords, keys or tokens.", leaf.name()),
            );
        }
    }
}

fn reads(leaf: &Leaf) -> bool {
    let name = leaf.name();
    let head = |text: &str| {
        text.split('=')
            .next()
            .unwrap_or_default()
            .to_ascii_lowercase()
    };
    let texts = || leaf.args().iter().map(|word| head(&word.text));
    if leaf.is(&["git", "echo", "mkdir", "touch"]) {
        return name == "git" && git_reads(leaf);
    }
    texts().any(|text| among(VERBS, &text))
        || (among(STORES, &name) && (texts().any(|text| among(READS, &text)) || bare(leaf)))
        || (among(CLIENTS, &name) && by_client(&name, leaf))
        || by_own_rule(&name, leaf)
}

/// `git credential fill`, `git config --get http.extraheader`.
fn git_reads(leaf: &Leaf) -> bool {
    let secret = ["extraheader", "token", "password"];
    let asks = leaf.has_arg(&["config"])
        && leaf.has_arg_start("--get")
        && leaf.args().iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            secret.iter().any(|part| text.contains(part))
        });
    asks || leaf
        .operands()
        .any(|word| word.text == "credential" || word.text.starts_with("credential-"))
}

/// `pass`, `doppler secrets`: listing is all they do then.
fn bare(leaf: &Leaf) -> bool {
    leaf.is(&["pass", "gopass"]) && leaf.args().len() < 2
}

fn by_client(name: &str, leaf: &Leaf) -> bool {
    let names_secret = leaf.operands().take(5).any(|word| {
        let text = word.text.as_str();
        let named = |part: &str| {
            let known = [
                "secret",
                "secrets",
                "token",
                "tokens",
                "credentials",
                "auth:token",
            ];
            known.contains(&part)
        };
        text.split(',').any(named)
            || text.contains("secret_access")
            || text.to_ascii_lowercase().contains("authtoken")
    });
    let own = match name {
        "kubectl" | "oc" => leaf.has_arg(&["--raw", "--flatten"]) && leaf.has_arg(&["config"]),
        "heroku" => leaf
            .operands()
            .next()
            .is_some_and(|word| word.text == "config" || word.text.starts_with("config:get")),
        "terraform" | "tofu" | "pulumi" => {
            leaf.has_arg(&["output"]) && leaf.has_arg_start("-") || leaf.has_arg(&["pull"])
        }
        "docker" | "podman" => {
            leaf.has_arg(&["inspect"]) && leaf.args().iter().any(|word| word.text.contains("Env"))
        }
        "aws" => leaf
            .args()
            .iter()
            .any(|word| word.text.contains("credentials")),
        "gcloud" => leaf.has_arg(&["keys"]) && leaf.has_arg(&["create"]),
        "az" => leaf.has_arg(&["keys"]) && leaf.has_arg(&["list", "show", "renew"]),
        "gh" => leaf.has_arg(&["status"]) && leaf.short('t'),
        _ => false,
    };
    // Setting a secret is no reading, and the list of secrets of a
    // repository shows names only; both are for the other checks.
    let lists_names = matches!(
        name,
        "gh" | "glab" | "fly" | "flyctl" | "wrangler" | "railway"
    ) && leaf.has_arg(&["list", "set", "ls", "put"]);
    (names_secret && !lists_names) || own
}

fn by_own_rule(name: &str, leaf: &Leaf) -> bool {
    let holds = |part: &str| leaf.args().iter().any(|word| word.text.contains(part));
    match name {
        "gpg" | "gpg2" => {
            leaf.has_arg_start("--export-secret")
                || leaf.has_arg_start("--delete-secret")
                || leaf.has_arg(&["-d", "--decrypt"])
        }
        "age" | "rage" => leaf.has_arg(&["-d", "--decrypt"]),
        "credstash" | "kwallet-query" | "cmdkey" | "vaultcmd" | "get-clipboard" => true,
        "etcdctl" | "consul" => leaf.has_arg(&["get"]),
        "vercel" | "netlify" => leaf.args().iter().any(|word| word.text.starts_with("env")),
        "security" => holds("password") || holds("keychain") || leaf.has_arg(&["export"]),
        "ssh-add" => leaf.short('L'),
        "openssl" => {
            leaf.has_arg(&["rsautl", "pkeyutl"]) && leaf.has_arg(&["-decrypt"])
                || leaf.has_arg(&["rsa", "pkey", "ec", "pkcs12"])
                    && leaf.has_arg(&["-text", "-nodes"])
        }
        "gcore" | "mimikatz" | "lazagne" | "unshadow" | "hashdump" | "dumpcap" | "tshark"
        | "tcpdump" | "wireshark" | "dsniff" | "ettercap" | "bettercap" | "trufflehog"
        | "procdump" | "secretsdump" => true,
        "ltrace" | "strace" | "gdb" | "lldb" | "perf" | "bpftrace" => {
            leaf.short('p') || leaf.long("pid")
        }
        "xsel" => leaf.short('b') || leaf.long("clipboard"),
        "railway" | "glab" => leaf.has_arg(&["variables", "variable"]) || holds("-t"),
        "wp" => leaf.has_arg(&["config"]),
        "launchctl" => leaf.has_arg(&["getenv"]),
        "mysql" | "mariadb" | "psql" | "mongo" | "mongosh" => {
            holds("mysql.user") || holds("pg_shadow") || holds("pg_authid") || holds("getUsers")
        }
        "yq" => holds("env(") || holds("envsubst") || holds("strenv"),
        "keyctl" => leaf.has_arg(&["print", "read", "pipe"]),
        "getent" => leaf.has_arg(&["shadow", "gshadow"]),
        _ => false,
    }
}

/// A search for files by the name of a secret.
fn seeks_keys(subject: &Subject<'_>, leaf: &Leaf) -> bool {
    let named = |text: &str| {
        let name = text.replace(['*', '?'], "");
        // What ssh-keygen calls its keys, whatever their kind.
        let keys = text == "id_*";
        keys || !name.is_empty()
            && subject
                .places(leaf, &name)
                .any(|place| place.secret().is_some())
    };
    leaf.is(&["find", "fd", "locate"]) && leaf.args().iter().any(|word| named(&word.text))
}

/// A search for what private keys begin with.
fn searches_keys(leaf: &Leaf) -> bool {
    leaf.args().iter().any(|word| {
        let text = word.text.to_ascii_uppercase();
        [
            "PRIVATE KEY",
            "BEGIN RSA",
            "BEGIN OPENSSH",
            "AKIA",
            "GHP_",
            "XOXB-",
        ]
        .iter()
        .any(|part| text.contains(part))
    })
}
