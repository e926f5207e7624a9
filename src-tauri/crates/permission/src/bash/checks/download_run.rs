//! Code fetched or written and then run, or installed from somewhere odd.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Leaf, Origin, base_name};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let fetched: Vec<String> = leaves.iter().flat_map(outputs).collect();
    for leaf in leaves {
        let runs = leaf.is(&["chmod", "source", ".", "open"])
            || names::is_shell(&leaf.name())
            || names::is_interpreter(&leaf.name());
        let uses = |text: &str| {
            fetched
                .iter()
                .any(|file| base_name(file) == base_name(text))
        };
        let started = leaf
            .words
            .first()
            .is_some_and(|word| word.text.contains('/') && uses(&word.text) && !leaf.guessed);
        if !fetched.is_empty()
            && (started || (runs && leaf.args().iter().any(|word| uses(&word.text))))
        {
            hits.danger(leaf.span, "It runs what was just fetched or written.");
        }
        if let Some(why) = odd_source(leaf) {
            hits.danger(leaf.span, why);
        }
    }
    let nested =
        |leaf: &&Leaf| matches!(leaf.origin, Origin::Nested | Origin::Process) && leaf.is(FETCHERS);
    let run = leaves.iter().any(|leaf| {
        names::is_shell(&leaf.name())
            || names::is_interpreter(&leaf.name())
            || leaf.is(&["eval", "source", "."])
            || leaf
                .words
                .first()
                .is_some_and(crate::bash::word::Word::computed)
    });
    if let Some(leaf) = leaves.iter().find(nested).filter(|_| run) {
        hits.danger(leaf.span, "It runs what another machine sends.");
    }
}

const FETCHERS: &[&str] = &[
    "curl",
    "wget",
    "wget2",
    "aria2c",
    "fetch",
    "http",
    "xh",
    "scp",
    "sftp",
    "rsync",
    "nc",
    "ncat",
    "ftp",
    "tftp",
    "axel",
    "lwp-request",
    "get",
    "iwr",
    "invoke-webrequest",
];

/// The files a command writes to, as far as they can be told.
fn outputs(leaf: &Leaf) -> Vec<String> {
    let redirected = leaf
        .redirects
        .iter()
        .filter(|redirect| redirect.writes())
        .filter_map(|redirect| redirect.target.as_ref());
    let files = redirected
        .map(|word| word.text.clone())
        .filter(|text| text != "/dev/null");
    let fetches = leaf.is(FETCHERS) || leaf.is(&["tee", "base64", "xxd", "openssl"]);
    let named = leaf.args().iter().filter(|_| fetches).map(|word| {
        word.text
            .trim_start_matches("-o")
            .trim_start_matches("-O")
            .to_owned()
    });
    named
        .chain(files)
        .filter(|text| !text.is_empty() && !text.starts_with('-'))
        .collect()
}

/// Installing from an address instead of a registry, or from another one.
fn odd_source(leaf: &Leaf) -> Option<&'static str> {
    let address =
        |text: &str| text.contains("://") || text.starts_with("git+") || text.starts_with("git@");
    let has_address = leaf.args().iter().any(|word| address(&word.text));
    let installs = leaf.has_arg(&[
        "install",
        "add",
        "i",
        "exec",
        "dlx",
        "run",
        "-i",
        "-U",
        "localinstall",
        "tap",
    ]);
    match leaf.name().as_str() {
        name if names::INSTALLERS.contains(&name) && installs && has_address => {
            Some("It installs code from an address outside of the registry.")
        }
        "pip" | "pip3" | "uv"
            if leaf.has_arg_start("--index-url")
                || leaf.has_arg_start("--extra-index-url")
                || leaf.has_arg(&["-i"]) =>
        {
            Some("It installs from another registry.")
        }
        "npm" | "pnpm" | "yarn" if leaf.has_arg_start("--registry") => {
            Some("It installs from another registry.")
        }
        "npm" | "yarn" | "pnpm" | "pip" | "pip3"
            if leaf.has_arg(&["config"]) && leaf.has_arg(&["set", "edit"]) =>
        {
            Some("It changes where code is installed from, or what runs with it.")
        }
        "pip" | "pip3" if leaf.has_arg_start("--trusted-host") => {
            Some("It installs without checking who sends.")
        }
        "code" | "cursor" | "codium" if leaf.has_arg_start("--install-extension") => {
            Some("It installs code into an editor.")
        }
        "npx" | "bunx" | "pnpx" | "uvx" if has_address => {
            Some("It runs code from an address outside of the registry.")
        }
        "cargo" if leaf.has_arg(&["install"]) && leaf.has_arg_start("--git") => {
            Some("It installs code from an address outside of the registry.")
        }
        "apt-key" | "add-apt-repository" => Some("It adds a source the system then trusts."),
        "regsvr32" | "mshta" | "certutil" | "bitsadmin" | "rundll32" => {
            Some("It fetches or runs code through a system program.")
        }
        _ => None,
    }
}
