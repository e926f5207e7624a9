//! Places whose content is a key, a password or a token. Reading one asks,
//! in every mode: what a model has read may travel.

use std::path::Path;

use super::{folded_parts, holds};

const KEYS: &str = "it holds private keys";
const LOGIN: &str = "it holds passwords or access tokens";
const ENVIRONMENT: &str = "it holds environment secrets";
const HISTORY: &str = "it records what was typed, passwords too";
const SYSTEM: &str = "it holds secrets of the system or of running programs";

const NAMES: &[(&str, &[&str])] = &[
    (
        KEYS,
        &[
            ".ssh",
            ".gnupg",
            ".password-store",
            "keyrings",
            "keychains",
            ".age",
            "id_rsa",
            "id_dsa",
            "id_ecdsa",
            "id_ed25519",
            ".pki",
            ".bitcoin",
            ".ethereum",
            ".electrum",
            ".monero",
            "wallet.dat",
        ],
    ),
    (
        LOGIN,
        &[
            ".aws",
            ".azure",
            ".kube",
            ".docker",
            ".netrc",
            "_netrc",
            ".pgpass",
            ".my.cnf",
            ".git-credentials",
            ".npmrc",
            ".pypirc",
            ".yarnrc.yml",
            ".vault-token",
            ".htpasswd",
            ".boto",
            ".s3cfg",
            "credentials",
            "credentials.json",
            "credentials.toml",
            "credentials.yml",
            "credentials.xml",
            "secrets.json",
            "secrets.toml",
            "secrets.yml",
            "secrets.yaml",
            "secret.json",
            "secret.yml",
            "secret.yaml",
            "token.json",
            "master.key",
            "terraform.tfstate",
            ".terraform.d",
            "login data",
            "cookies.sqlite",
            "logins.json",
            "key4.db",
            ".mozilla",
            "wp-config.php",
            "auth.json",
            "oauth_creds.json",
            ".dockercfg",
            ".config.gcloud",
            ".credentials.json",
            ".claude.json",
            ".kaggle",
            ".databrickscfg",
            ".snowflake",
            ".nuget",
            ".oci",
            ".snowsql",
            ".ngrok2",
            ".authinfo",
            ".authinfo.gpg",
            ".msmtprc",
            ".fetchmailrc",
            ".mylogin.cnf",
            ".rclone.conf",
            ".terraformrc",
            ".vault_pass",
            ".vault_pass.txt",
            ".xauthority",
            ".thunderbird",
            ".filezilla",
            "settings-security.xml",
            "docker.sock",
            "containerd.sock",
            "podman.sock",
            ".secrets",
            ".secret",
            ".credentials",
            ".token",
            ".tokens",
            ".dev.vars",
            ".renviron",
            ".sentryclirc",
            ".dockerconfigjson",
            ".ftpconfig",
            ".remote-sync.json",
            "sftp.json",
            "sftp-config.json",
            "kubeconfig",
            // kubeadm's, which people copy into their projects.
            "admin.conf",
            "super-admin.conf",
            "kubelet.conf",
            "key.properties",
            "secring.gpg",
            "rclone.conf",
            "webservers.xml",
            "local.settings.json",
            "google-services.json",
            "googleservice-info.plist",
            ".yarnrc",
            ".wrangler",
            ".railway",
            ".linode-cli",
            ".hcloud.toml",
            ".openai",
            ".huggingface",
            ".purple",
            ".vnc",
            ".wgetrc",
            ".curlrc",
            ".lftprc",
            ".smbcredentials",
            ".remmina",
            "debian.cnf",
        ],
    ),
    (ENVIRONMENT, &[".env", ".envrc", ".flaskenv"]),
    (
        HISTORY,
        &[
            ".bash_history",
            ".zsh_history",
            ".python_history",
            ".psql_history",
            ".mysql_history",
            ".node_repl_history",
            ".lesshst",
            ".viminfo",
            ".zhistory",
            ".histfile",
            ".sqlite_history",
            ".rediscli_history",
            ".irb_history",
            ".dbshell",
            "fish_history",
        ],
    ),
    (
        SYSTEM,
        &[
            "shadow",
            "gshadow",
            "shadow-",
            "sudoers",
            "sudoers.d",
            "master.passwd",
            "opasswd",
            "system-connections",
            "chap-secrets",
        ],
    ),
];

const SEQUENCES: &[(&str, &[&[&str]])] = &[
    (
        LOGIN,
        &[
            &[".config", "gcloud"],
            &[".config", "gh"],
            &[".config", "hub"],
            &[".config", "familiar"],
            &[".config", "google-chrome"],
            &[".config", "chromium"],
            &[".config", "op"],
            &[".config", "rclone"],
            &[".config", "sops"],
            &[".config", "github-copilot"],
            &[".config", "doctl"],
            &[".config", "fly"],
            &[".config", "hcloud"],
            &[".config", "glab-cli"],
            &[".config", "hcloud"],
            &[".config", "ngrok"],
            &[".config", "stripe"],
            &[".config", "netlify"],
            &[".config", "heroku"],
            &[".config", "filezilla"],
            &[".config", "bravesoftware"],
            &[".config", "microsoft-edge"],
            &[".config", "vivaldi"],
            &[".config", "slack"],
            &[".config", "discord"],
            &[".config", "signal"],
            &[".config", "bitwarden"],
            &[".config", "1password"],
            &[".config", "cookies"],
            &["huggingface", "token"],
            &["huggingface", "stored_tokens"],
            &[".gradle", "gradle.properties"],
            &[".m2", "settings.xml"],
            &["share", "kwalletd"],
            &[".subversion", "auth"],
            &[".config", "pip"],
            &[".config", "configstore"],
            &[".config", "solana"],
            &[".config", "remmina"],
            &[".fly", "config.yml"],
            &["library", "messages"],
            &["library", "mail"],
            &["etc", "kubernetes"],
            &["etc", "rancher"],
            &["etc", "docker", "key.json"],
            &["lib", "kubelet"],
            &["private", "key"],
        ],
    ),
    (
        LOGIN,
        &[
            &["application support", "google"],
            &["application support", "firefox"],
            &["secrets", "kubernetes.io"],
            &["run", "secrets"],
            &["etc", "wireguard"],
            &["etc", "openvpn"],
            &["etc", "letsencrypt"],
            &["etc", "wpa_supplicant"],
            &["ssl", "private"],
            &["spool", "cron"],
            &["var", "mail"],
            &["var", "backups"],
        ],
    ),
];

const ENDINGS: &[&str] = &[
    ".pem",
    ".key",
    ".p12",
    ".pfx",
    ".kdbx",
    ".keystore",
    ".jks",
    ".ppk",
    ".asc.key",
    ".tfvars",
    ".ovpn",
    ".keytab",
    ".mobileprovision",
    ".p8",
    ".tfstate.backup",
];

/// Templates of secret files hold none.
const HARMLESS_ENDINGS: &[&str] = &[
    ".example",
    ".sample",
    ".template",
    ".dist",
    ".defaults",
    ".pub",
];

/// Why reading `path` may leak something; `None` when nothing says so.
#[must_use]
pub fn secret(path: &Path) -> Option<&'static str> {
    let parts = folded_parts(path);
    if let Some(why) = process_memory(&parts) {
        return Some(why);
    }
    let named = NAMES
        .iter()
        .find(|(_, names)| parts.iter().any(|part| names.contains(&part.as_str())));
    if let Some((why, _)) = named {
        return Some(why);
    }
    if let Some((why, _)) = SEQUENCES
        .iter()
        .find(|(_, list)| list.iter().any(|sequence| holds(&parts, sequence)))
    {
        return Some(why);
    }
    let (name, folders) = parts.split_last()?;
    file_name(name).or_else(|| by_words(name, folders))
}

/// What a file of this kind holds is data, not code that speaks of it.
const DATA: &[&str] = &[
    "txt",
    "json",
    "jsonl",
    "yaml",
    "yml",
    "toml",
    "ini",
    "cfg",
    "conf",
    "config",
    "csv",
    "tsv",
    "xml",
    "plist",
    "properties",
    "env",
    "enc",
    "gpg",
    "asc",
    "age",
    "bak",
    "old",
    "orig",
    "dat",
    "db",
    "sqlite",
    "b64",
    "production",
    "prod",
    "local",
    "staging",
];

/// In the name of a data file each of these says what it holds.
const WORDS: &[&str] = &[
    "secret",
    "secrets",
    "password",
    "passwords",
    "passwd",
    "passphrase",
    "pwd",
    "credential",
    "credentials",
    "creds",
    "token",
    "tokens",
    "apikey",
    "apikeys",
    "oauth",
    "cookie",
    "cookies",
    "mnemonic",
    "htpasswd",
    "kubeconfig",
    "keystore",
    "adminsdk",
];

/// A key is a secret one behind these.
const KEY_OF: &[&str] = &[
    "api",
    "private",
    "secret",
    "access",
    "sa",
    "gcp",
    "auth",
    "service",
    "account",
    "signing",
    "encryption",
    "master",
    "deploy",
    "ssh",
    "rsa",
    "license",
];

/// Tokens of design systems and of language models are none.
const OTHER_TOKENS: &[&str] = &[
    "special", "added", "design", "style", "theme", "color", "css",
];

/// Told by the words of its name, or by its folder, where code is not meant.
fn by_words(name: &str, folders: &[String]) -> Option<&'static str> {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let is_data = DATA.contains(&ending);
    let kept = ["secrets", "secret", "keystore"];
    let is_kept = folders.iter().any(|folder| kept.contains(&folder.as_str()));
    if is_kept && (is_data || ending.is_empty()) {
        return Some(LOGIN);
    }
    if name.starts_with("env.") && is_data {
        return Some(ENVIRONMENT);
    }
    let words: Vec<&str> = stem.split(|c: char| !c.is_alphanumeric()).collect();
    let of_design = words.iter().any(|word| OTHER_TOKENS.contains(word));
    let says = |word: &&str| WORDS.contains(word) && !(of_design && word.starts_with("token"));
    let key = words
        .windows(2)
        .any(|pair| KEY_OF.contains(&pair[0]) && matches!(pair[1], "key" | "keys"));
    let is_bare = ending.is_empty() && ["password", "passwords", "htpasswd"].contains(&name);
    let told = is_data && (words.iter().any(says) || key);
    (told || is_bare).then_some(LOGIN)
}

fn file_name(name: &str) -> Option<&'static str> {
    if HARMLESS_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
        return None;
    }
    if name.starts_with(".env.") || name.ends_with(".env") {
        return Some(ENVIRONMENT);
    }
    if ENDINGS.iter().any(|ending| name.ends_with(ending))
        || name.starts_with("id_rsa")
        || name.starts_with("id_ed25519")
    {
        return Some(KEYS);
    }
    // `deploy_rsa`, `ssh_host_rsa_key`, `signing_key`: key files have no
    // ending.
    let key = ["_rsa", "_dsa", "_ecdsa", "_ed25519", "_key"]
        .iter()
        .any(|ending| name.ends_with(ending));
    if (key && !name.contains('.')) || name.starts_with("krb5cc_") {
        return Some(KEYS);
    }
    let account = name.starts_with("service-account")
        || name.starts_with("service_account")
        || name.starts_with("client_secret");
    (account && name.ends_with(".json")).then_some(LOGIN)
}

/// `/proc/*/environ`, `mem` and what lets one process look into another.
fn process_memory(parts: &[String]) -> Option<&'static str> {
    let rest = parts.strip_prefix(&["proc".to_owned()])?;
    let inner = [
        "environ", "mem", "root", "cwd", "fd", "maps", "cmdline", "kcore", "kmem", "auxv",
    ];
    rest.iter()
        .any(|part| inner.contains(&part.as_str()))
        .then_some(SYSTEM)
}
