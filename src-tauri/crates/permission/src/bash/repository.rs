//! Whether git, told to run nothing by itself, runs nothing in a repository
//! either: what its settings, attributes and index could name.
//!
//! Only settings of a plain clone are known to be quiet. Whatever is not
//! certain is a reason to ask; the user's own settings are the user's.

use std::path::Path;

use crate::path::secret;

/// Bigger files of git are not read.
const FILE_MAX_BYTES: u64 = 8_000_000;
/// Settings of a plain clone; `*` is any name.
const QUIET: &[&str] = &[
    "core.repositoryformatversion",
    "core.filemode",
    "core.bare",
    "core.logallrefupdates",
    "core.ignorecase",
    "core.precomposeunicode",
    "core.symlinks",
    "core.autocrlf",
    "core.eol",
    "remote.*.url",
    "remote.*.fetch",
    "branch.*.remote",
    "branch.*.merge",
    "branch.*.rebase",
    "user.name",
    "user.email",
    "pull.rebase",
    "init.defaultbranch",
];
/// What an entry of the index holds before its name.
const ENTRY_HEAD: usize = 62;
/// What the index ends with.
const CHECKSUM: usize = 20;
/// The kind of a folder with a repository of its own.
const GITLINK: u32 = 0o160_000;

/// Why git may run a program, or show a secret, when it reads the repository
/// that `folder` belongs to; that must lie in `root`.
pub(super) fn unquiet(folder: &Path, root: &Path) -> Option<String> {
    let Some((top, git)) = found(folder, root) else {
        return Some("It is not certain which repository git would take.".to_owned());
    };
    let odd = ["commondir", "modules", "config.worktree"]
        .iter()
        .any(|name| git.join(name).symlink_metadata().is_ok());
    if odd {
        return Some("The repository has others in it, or shares its files.".to_owned());
    }
    if !text(&git.join("config")).is_some_and(|config| is_quiet(&config)) {
        return Some("The repository has settings that may name programs.".to_owned());
    }
    let Some(names) = tracked(&git) else {
        return Some("The repository's list of files cannot be followed.".to_owned());
    };
    if let Some(name) = names.iter().find(|name| secret(&top.join(name)).is_some()) {
        return Some(format!(
            "The repository holds `{name}`, which may be a secret."
        ));
    }
    let own = names.iter().filter(|name| {
        Path::new(name.as_str())
            .file_name()
            .is_some_and(|last| last.eq_ignore_ascii_case(".gitattributes"))
    });
    let mut attributes = own.map(|name| top.join(name)).collect::<Vec<_>>();
    attributes.extend([top.join(".gitattributes"), git.join("info/attributes")]);
    let filters = |path: &Path| {
        path.symlink_metadata().is_ok()
            && !text(path).is_some_and(|text| !text.contains("filter") && !text.contains("[attr]"))
    };
    attributes
        .iter()
        .any(|path| filters(path))
        .then(|| "The repository's attributes name filters for its files.".to_owned())
}

/// The working tree and git's folder for `folder`.
fn found<'p>(folder: &'p Path, root: &Path) -> Option<(&'p Path, std::path::PathBuf)> {
    for top in folder.ancestors().take_while(|top| top.starts_with(root)) {
        let git = top.join(".git");
        if git.symlink_metadata().is_ok() {
            return is_repository(&git).then_some((top, git));
        }
        // A folder that looks like one is taken for a bare repository.
        if top.join("HEAD").symlink_metadata().is_ok() {
            return None;
        }
    }
    None
}

fn is_repository(git: &Path) -> bool {
    let is = |name: &str, folder: bool| {
        git.join(name)
            .symlink_metadata()
            .is_ok_and(|found| found.is_dir() == folder && !found.is_symlink())
    };
    is("", true) && is("objects", true) && is("refs", true) && is("HEAD", false)
}

fn bytes(path: &Path) -> Option<Vec<u8>> {
    let found = path.symlink_metadata().ok()?;
    (found.is_file() && found.len() <= FILE_MAX_BYTES)
        .then(|| std::fs::read(path).ok())
        .flatten()
}

fn text(path: &Path) -> Option<String> {
    String::from_utf8(bytes(path)?).ok()
}

/// True when settings hold nothing but what is known to be quiet.
fn is_quiet(config: &str) -> bool {
    let mut section = String::new();
    for line in config.lines().map(str::trim) {
        if line.is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if let Some(head) = line.strip_prefix('[') {
            // `[remote "origin"]`, and nothing behind it.
            let Some(head) = head.strip_suffix(']').filter(|head| !head.contains(']')) else {
                return false;
            };
            section = match head.split_once(" \"") {
                Some((name, _)) if head.ends_with('"') => format!("{name}.*"),
                _ => head.to_owned(),
            };
            continue;
        }
        let (key, value) = line.split_once('=').unwrap_or((line, ""));
        let name = format!("{section}.{}", key.trim()).to_ascii_lowercase();
        // A backslash joins lines.
        let is_known = QUIET.contains(&name.as_str()) && !value.ends_with('\\');
        let is_bare = name == "core.bare" && value.trim() != "false";
        if !is_known || is_bare || has_password(value) {
            return false;
        }
    }
    true
}

/// A name and a word before the host, or a token alone.
fn has_password(url: &str) -> bool {
    let user = url
        .split_once("://")
        .and_then(|(_, rest)| rest.split_once('@'));
    user.is_some_and(|(user, _)| user.contains(':') || url.contains("http"))
}

/// The names in the index; nothing when there is another repository among
/// them, or it is written in a way not known here.
fn tracked(git: &Path) -> Option<Vec<String>> {
    let path = git.join("index");
    if path.symlink_metadata().is_err() {
        return Some(Vec::new());
    }
    let index = bytes(&path)?;
    let number = |at: usize| {
        let four = index.get(at..at.checked_add(4)?)?;
        Some(u32::from_be_bytes(four.try_into().ok()?))
    };
    let plain = index.starts_with(b"DIRC") && matches!(number(4)?, 2 | 3);
    if !plain {
        return None;
    }
    let mut at = 12;
    let mut names = Vec::new();
    for _ in 0..number(8)? {
        let extended = index.get(at + 60)? & 0x40 != 0;
        if number(at + 24)? == GITLINK {
            return None;
        }
        let begin = at + ENTRY_HEAD + if extended { 2 } else { 0 };
        let length = index.get(begin..)?.iter().position(|byte| *byte == 0)?;
        let name = index.get(begin..begin + length)?;
        names.push(String::from_utf8(name.to_vec()).ok()?);
        // Filled up to a multiple of eight, with one zero byte at least.
        at += (begin - at + length + 8) / 8 * 8;
    }
    // What follows in small letters changes the list.
    while at + 8 + CHECKSUM <= index.len() {
        if !index.get(at)?.is_ascii_uppercase() {
            return None;
        }
        at += 8 + usize::try_from(number(at + 4)?).ok()?;
    }
    (at + CHECKSUM == index.len()).then_some(names)
}

#[cfg(test)]
mod tests;
