//! Rights and owners, changed widely.

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
    let recursive = leaf.short('R') || leaf.long("recursive");
    match leaf.name().as_str() {
        "chmod" | "gchmod" if recursive => {
            Some("It changes the rights of everything below a folder.")
        }
        "chmod" | "gchmod" if leaf.args().iter().any(|word| opens(&word.text)) => {
            Some("It lets everybody change a file, or lets a program run as its owner.")
        }
        "chmod"
            if leaf
                .operands()
                .any(|word| word.text.starts_with('/') || word.text.starts_with('~')) =>
        {
            Some("It changes rights outside of the workspace.")
        }
        "chown" | "chgrp" => Some("It changes the owner of files."),
        "chattr" | "setfacl" | "chflags" | "icacls" | "takeown" | "setcap" => {
            Some("It changes who may use files.")
        }
        "xattr" if leaf.short('d') || leaf.short('c') => {
            Some("It removes marks that protect files.")
        }
        "umask" if leaf.has_arg(&["000", "0", "0000"]) => {
            Some("New files would be open to everybody.")
        }
        _ => None,
    }
}

/// World-writable, or setuid and setgid.
fn opens(text: &str) -> bool {
    // A leading zero too many changes nothing.
    let text = match text.strip_prefix('0') {
        Some(rest) if rest.len() >= 4 => rest,
        _ => text,
    };
    let octal = text.len() >= 3 && text.bytes().all(|b| (b'0'..=b'7').contains(&b));
    let special = octal && text.len() >= 4 && !text.starts_with('0') && !text.starts_with("1");
    let world = octal && text.ends_with(['2', '3', '6', '7']);
    let symbolic = (text.contains('+') || text.contains('='))
        && (text.contains('s') || (text.starts_with(['a', 'o', '+']) && text.contains('w')));
    special || world || symbolic
}
