//! Removing or opening up what everything stands on.

use super::Hits;
use crate::bash::Subject;
use crate::path::normal;
use std::path::Path;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let recursive = leaf.short('r') || leaf.short('R') || leaf.long("recursive");
        let whole = || {
            leaf.operands()
                .find(|word| is_everything(subject, &word.text))
        };
        match leaf.name().as_str() {
            "rm" | "grm"
                if recursive
                    || leaf
                        .args()
                        .iter()
                        .any(|word| word.text.starts_with("--no-pres")) =>
            {
                if let Some(word) = whole() {
                    hits.ruin_of(
                        leaf,
                        word.span(),
                        format!("It would remove everything in `{}`.", word.text),
                    );
                }
            }
            "chmod" | "chown" | "chgrp" if recursive => {
                if let Some(word) = whole() {
                    hits.ruin_of(
                        leaf,
                        word.span(),
                        format!(
                            "It would change the rights of everything in `{}`.",
                            word.text
                        ),
                    );
                }
            }
            "find" | "gfind"
                if leaf.has_arg(&["-delete"])
                    || (leaf.has_arg_start("-exec")
                        && leaf.has_arg(&["rm", "shred", "/bin/rm"])) =>
            {
                let start = leaf
                    .args()
                    .first()
                    .filter(|word| is_everything(subject, &word.text));
                let narrow = leaf.has_arg(&["-name", "-path", "-iname", "-regex"]);
                if let Some(word) = start.filter(|_| !narrow) {
                    hits.ruin_of(
                        leaf,
                        word.span(),
                        format!("It would remove everything in `{}`.", word.text),
                    );
                }
            }
            "mv" => {
                let target = leaf
                    .operands()
                    .last()
                    .is_some_and(|word| word.text == "/dev/null");
                if let Some(word) = whole().filter(|_| target) {
                    hits.ruin_of(
                        leaf,
                        word.span(),
                        format!("It would lose everything in `{}`.", word.text),
                    );
                }
            }
            _ => {}
        }
    }
}

/// The root, a home folder, a system folder, or all that is in one.
fn is_everything(subject: &Subject<'_>, text: &str) -> bool {
    let bare = text
        .trim_end_matches("**")
        .trim_end_matches('*')
        .trim_end_matches("{,.}")
        .trim_end_matches(".[!.]")
        .trim_end_matches("/.");
    let bare = if bare.is_empty() && text.starts_with('*') {
        return false;
    } else {
        bare
    };
    let trimmed = bare.trim_end_matches('/');
    if trimmed.is_empty() {
        return bare.starts_with('/');
    }
    let spelled = trimmed.replace(['"', '{', '}'], "");
    if matches!(
        spelled.as_str(),
        "~" | "$HOME" | "$HOME/." | "~root" | "/Users/$USER" | "/home/$USER" | "~/." | "$HOME:?"
    ) {
        return true;
    }
    const FOLDERS: &[&str] = &[
        "/home",
        "/root",
        "/etc",
        "/usr",
        "/bin",
        "/sbin",
        "/lib",
        "/lib64",
        "/boot",
        "/var",
        "/opt",
        "/srv",
        "/dev",
        "/proc",
        "/sys",
        "/Users",
        "/System",
        "/Library",
        "/Applications",
        "/mnt",
        "/media",
        "C:",
        "/c",
        "/mnt/c",
    ];
    let normal = normal(Path::new(trimmed));
    let home = subject
        .ground
        .home()
        .is_some_and(|home| normal == home || (home.starts_with(&normal) && normal.is_absolute()));
    home || FOLDERS.iter().any(|folder| normal == Path::new(folder))
        || (normal.as_os_str() == "/" && trimmed.starts_with('/'))
}
