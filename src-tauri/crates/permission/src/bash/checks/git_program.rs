//! Git options and settings that run a program.

use super::Hits;
use crate::bash::Subject;
use crate::bash::schema::SILENT;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| leaf.is(&["git"]))
    {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

/// The verb of a git command, behind its global options.
pub(super) fn verb(leaf: &Leaf) -> Option<&str> {
    let mut rest = leaf.args().iter();
    while let Some(word) = rest.next() {
        match word.text.as_str() {
            "-C" | "-c" | "--git-dir" | "--work-tree" | "--namespace" | "--config-env"
            | "--exec-path" | "--super-prefix" => {
                rest.next();
            }
            text if text.starts_with('-') => {}
            text => return Some(text),
        }
    }
    None
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    let runs = "It makes git run a program.";
    let verb_at = verb(leaf)
        .and_then(|verb| leaf.args().iter().position(|word| word.text == verb))
        .unwrap_or(leaf.args().len());
    // A setting that only switches off is none.
    let silent = |at: usize| {
        let setting = leaf.args().get(at + 1);
        setting.is_some_and(|word| word.plain() && SILENT.contains(&word.text.as_str()))
    };
    let mut globals = leaf.args().iter().take(verb_at).enumerate();
    let global = globals.any(|(at, word)| {
        word.text.starts_with("-c") && !(word.text == "-c" && silent(at))
            || word.text.starts_with("--config-env")
            || word.text.starts_with("--exec-path=")
    });
    if global {
        return Some(runs);
    }
    let any_option = |names: &[&str]| names.iter().any(|name| leaf.long(name));
    match verb(leaf)? {
        "config" => {
            changes_settings(leaf).then_some("It changes git's settings, which may name programs.")
        }
        "grep" => (leaf.options().any(|word| word.text.starts_with("-O"))
            || any_option(&["open-files-in-pager"]))
        .then_some(runs),
        "diff" | "log" | "show" | "format-patch" | "shortlog" | "archive" => {
            (any_option(&["output", "ext-diff", "textconv", "remote", "exec"])
                || leaf.has_arg(&["-o"]))
            .then_some("It makes git run a program or write a file.")
        }
        "fetch" | "pull" | "clone" | "ls-remote" | "push" | "remote" => {
            let ext = leaf.args().iter().any(|word| {
                word.text.starts_with("ext::")
                    || word.text.starts_with("fd::")
                    || word.text.starts_with("--upload-p")
                    || word.text.starts_with("--receive-p")
                    || word.text.starts_with("--exec")
                    || word.text.contains("ProxyCommand")
            });
            let hooks = leaf.args().iter().any(|word| {
                word.text.starts_with("--template")
                    || word.text.starts_with("--config")
                    || word.text == "-c"
                    || word.text == "-u"
            });
            (ext || (hooks && verb(leaf) == Some("clone"))).then_some(runs)
        }
        "rebase" => (leaf.short('x') || any_option(&["exec"])).then_some(runs),
        "bisect" => leaf.has_arg(&["run"]).then_some(runs),
        "submodule" => leaf.has_arg(&["foreach", "add", "update"]).then_some(runs),
        "difftool" | "mergetool" | "filter-branch" | "filter-repo" | "send-email" | "instaweb"
        | "daemon" | "hook" | "web--browse" | "p4" | "svn" | "upload-pack" | "receive-pack" => {
            Some(runs)
        }
        "apply" | "am" => leaf
            .has_arg_start("--unsafe-paths")
            .then_some("It writes outside of the folder."),
        "commit" | "merge" => leaf
            .has_arg(&["--no-verify", "-n"])
            .then_some("It skips the checks of the repository."),
        "init" => leaf.has_arg_start("--template").then_some(runs),
        _ => None,
    }
}

/// True for a `git config` that writes more than a name or a colour.
fn changes_settings(leaf: &Leaf) -> bool {
    let setting = leaf
        .operands()
        .nth(1)
        .map(|word| word.text.to_ascii_lowercase())
        .unwrap_or_default();
    let asks = leaf.has_arg_start("--get") || leaf.has_arg(&["--list", "-l", "get", "list"]);
    let shows = leaf.operands().count() < 3 && leaf.options().count() == 0;
    let harmless = ["user.", "color.", "init."]
        .iter()
        .any(|start| setting.starts_with(start));
    let wide = leaf.long("global") || leaf.long("system");
    !asks && !shows && (!harmless || wide)
}
