//! Archivers: options that run programs, and unpacking over anything.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    let runs = match leaf.name().as_str() {
        "tar" | "gtar" | "bsdtar" => {
            [
                "checkpoint-action",
                "to-command",
                "use-compress-program",
                "rsh-command",
                "info-script",
                "new-volume-script",
            ]
            .iter()
            .any(|name| leaf.long(name))
                || leaf.options().any(|word| {
                    is_cluster_with(&word.text, 'I') || is_cluster_with(&word.text, 'F')
                })
        }
        "zip" if moves_in(leaf) => return Some("It removes what it packs."),
        "zip" => leaf.has_arg_start("-T") || leaf.long("unzip-command"),
        "split" => leaf.long("filter"),
        "rsync" => leaf.short('e') || leaf.long("rsh") || leaf.long("rsync-path"),
        "cpio" => leaf.long("rsh-command"),
        "7z" | "7za" => leaf.has_arg_start("-so"),
        "gzip" | "xz" | "zstd" => false,
        _ => false,
    };
    if runs {
        return Some("An option of it runs another program.");
    }
    let unpacks_absolute = leaf.is(&["tar", "gtar", "bsdtar"])
        && (leaf.options().any(|word| is_cluster_with(&word.text, 'P'))
            || leaf.long("absolute-names")
            || old_style(leaf, 'P'))
        || leaf.is(&["cpio"]) && leaf.long("absolute-filenames")
        || leaf.is(&["unzip"]) && leaf.has_arg(&["-:", "-d/"]);
    let python = leaf.name().starts_with("python") && leaf.has_arg(&["zipfile", "tarfile"]);
    let to_root = (python
        || leaf.is(&[
            "tar", "gtar", "bsdtar", "unzip", "rar", "unrar", "7z", "7za",
        ]))
        && leaf.has_arg(&["/", "-C/", "-d/", "-o/", "--directory=/"]);
    (unpacks_absolute || to_root).then_some("It unpacks to any place the archive names.")
}

/// `tar xPf`: letters without a dash.
fn old_style(leaf: &Leaf, letter: char) -> bool {
    let first = leaf.first_arg();
    !first.starts_with('-')
        && !first.contains(['.', '/'])
        && first.len() < 9
        && first.contains(letter)
}

/// `zip -m`, also in a cluster.
fn moves_in(leaf: &Leaf) -> bool {
    leaf.short('m') || leaf.long("move")
}

fn is_cluster_with(text: &str, letter: char) -> bool {
    text.starts_with('-') && !text.starts_with("--") && text.contains(letter)
}
