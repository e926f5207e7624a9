//! What a reviewer should never have to say twice: sizes, names, opening words,
//! leftovers, forgotten files, the visible top of the repository. Every rule is
//! a function over one file or over the list of files, so each is tried on a
//! forged bad one too.

mod house;
mod interface;
mod names;
mod source;

use std::path::{Path, PathBuf};
use std::process::Command;

/// A file of the repository: its path from the root, and its text.
pub struct File {
    pub path: String,
    pub text: String,
}

impl File {
    fn read(path: String) -> Option<Self> {
        let text = std::fs::read(root().join(&path)).ok()?;
        Some(Self {
            text: String::from_utf8_lossy(&text).into_owned(),
            path,
        })
    }

    pub fn has_extension(&self, extensions: &[&str]) -> bool {
        let extension = Path::new(&self.path).extension();
        extension.is_some_and(|own| extensions.iter().any(|one| own == *one))
    }

    pub fn stem(&self) -> &str {
        let stem = Path::new(&self.path).file_stem();
        stem.and_then(|stem| stem.to_str()).unwrap_or_default()
    }

    /// Tests beside the code they test: `tests.rs`, `*.test.ts`.
    pub fn is_test(&self) -> bool {
        self.path.ends_with("/tests.rs")
            || (self.path.starts_with("src-tauri/") && self.path.contains("/tests/"))
            || self.path.starts_with("tests/")
            || self.path.contains(".test.")
    }
}

/// The repository's root.
pub fn root() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    own.parent().expect("tests stands in the root").to_owned()
}

/// Every file that git knows or would take: what is ignored is not ours.
pub fn paths() -> Vec<String> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(root())
        .output()
        .expect("git starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git ls-files: {said}");
    let mut paths: Vec<String> = String::from_utf8_lossy(&output.stdout)
        .split_terminator('\0')
        .map(str::to_owned)
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// Sources of ours with one of these extensions. A path that git still lists
/// and the disk no longer has is passed over.
pub fn files(extensions: &[&str]) -> Vec<File> {
    let wanted = |path: &String| {
        let extension = Path::new(path).extension();
        extension.is_some_and(|own| extensions.iter().any(|one| own == *one))
    };
    let files: Vec<File> = paths()
        .into_iter()
        .filter(wanted)
        .filter_map(File::read)
        .collect();
    assert!(!files.is_empty(), "no files with {extensions:?} were found");
    files
}

/// Asks a rule of every file and shows everything it has to say at once.
pub fn hold(extensions: &[&str], rule: impl Fn(&File) -> Vec<String>) {
    let found: Vec<String> = files(extensions)
        .iter()
        .flat_map(|file| {
            let words = rule(file).into_iter();
            words.map(|word| format!("{}: {word}", file.path))
        })
        .collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// How often a rule speaks about a forged file.
pub fn complaints(path: &str, text: &str, rule: impl Fn(&File) -> Vec<String>) -> usize {
    rule(&File {
        path: path.to_owned(),
        text: text.to_owned(),
    })
    .len()
}
