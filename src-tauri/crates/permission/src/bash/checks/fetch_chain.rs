//! Something fetched in one part of the line and run in a later one.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::{Leaf, Origin};

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let mut fetched = false;
    let leaves = subject.script.leaves.iter();
    let mut leaves: Vec<&Leaf> = leaves.filter(|leaf| !leaf.guessed).collect();
    // What a wrapper runs stands behind all others.
    leaves.sort_by_key(|leaf| leaf.span.start);
    for leaf in leaves {
        if fetched && runs_files(leaf) {
            hits.danger(leaf.span, "It runs what an earlier part has fetched.");
        }
        fetched |= fetches(leaf);
        if runs_address(leaf) {
            hits.danger(leaf.span, "It runs code straight from an address.");
        }
    }
}

/// Brings files of others here.
fn fetches(leaf: &Leaf) -> bool {
    match leaf.name().as_str() {
        "curl" | "wget" | "wget2" | "aria2c" | "axel" | "fetch" | "scp" | "sftp" | "ftp"
        | "tftp" => true,
        "git" | "hg" | "gh" | "svn" | "jj" => {
            leaf.has_arg(&["clone", "checkout", "co", "export", "download"])
                && leaf.args().iter().any(|word| {
                    word.text.contains("://")
                        || word.text.contains('@')
                        || leaf.has_arg(&["clone", "download"])
                })
        }
        "degit" | "tiged" => true,
        _ => false,
    }
}

/// Runs a file that lies there, or what files there say.
fn runs_files(leaf: &Leaf) -> bool {
    let name = leaf.name();
    let by_path = leaf.origin != Origin::Wrapped
        && leaf.words.first().is_some_and(|word| {
            word.text.contains('/')
                && !word.text.starts_with("/usr/")
                && !word.text.starts_with("/bin/")
        });
    let installs = names::INSTALLERS.contains(&name.as_str())
        && (leaf.has_arg(&[
            "install", "ci", "i", "run", "start", "exec", "build", "test",
        ]) || leaf.is(&["yarn", "pnpm"]) && leaf.args().is_empty());
    let builds = names::BUILDERS.contains(&name.as_str());
    let runs =
        (names::is_shell(&name) || names::is_interpreter(&name) || leaf.is(&["source", "."]))
            && leaf.operands().count() > 0
            && !leaf.is(&["sed", "awk", "gawk", "mawk", "bc", "dc", "sqlite3"]);
    by_path || installs || builds || runs
}

/// `deno run https://…`, `ansible-pull -U …`.
fn runs_address(leaf: &Leaf) -> bool {
    let address = leaf.operands().any(|word| {
        let text = word.text.trim_start_matches("git+");
        text.starts_with("http://") || text.starts_with("https://") || text.starts_with("github:")
    });
    let runner = leaf.is(&[
        "deno",
        "bun",
        "node",
        "nix",
        "go",
        "bash",
        "sh",
        "zsh",
        "pwsh",
        "powershell",
        "jbang",
    ]) && (leaf.has_arg(&["run", "x", "shell", "develop", "eval", "install"])
        || names::is_shell(&leaf.name()));
    let pulls = leaf.is(&[
        "ansible-pull",
        "chezmoi",
        "puppet",
        "salt-call",
        "cookiecutter",
        "copier",
    ]) && (address || leaf.short('U') || leaf.has_arg(&["init"]));
    let unsigned = leaf.is(&["snap", "flatpak", "apt", "apt-get", "dnf", "yum", "rpm"])
        && leaf.has_arg(&[
            "--dangerous",
            "--nogpgcheck",
            "--allow-unauthenticated",
            "--nosignature",
        ]);
    (runner && address) || pulls || unsigned
}
