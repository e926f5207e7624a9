//! What git would ignore: the `.gitignore` files of the workspace and of the
//! repository around it, `.git/info/exclude` and the user's own list.
//!
//! The patterns are the `ignore` crate's; the walk is ours, since that
//! crate's does not say what it passed over, and a rewind must know: what
//! was there and not looked at is not to be deleted.

mod own;

use std::fs::File;
use std::io::{self, Read};
use std::os::fd::AsFd;
use std::path::Path;

use ignore::Match;
use ignore::gitignore::{Gitignore, GitignoreBuilder};

use crate::beneath;

/// A longer list of patterns is read up to here.
const LIST_MAX_BYTES: u64 = 1 << 20;
/// How far up a repository is looked for.
const MAX_FOLDERS_UP: usize = 32;

/// The rules on the way from the workspace down to one folder.
pub(crate) struct Rules {
    /// Of the folders from the workspace down; each with the length of its
    /// path and the `/` after it.
    inner: Vec<(usize, Gitignore)>,
    /// Of the folders above the workspace, the nearest first, with the path
    /// from there to the workspace and a `/`; then the lists of no folder.
    outer: Vec<(Vec<u8>, Gitignore)>,
}

impl Rules {
    /// The rules that hold for a workspace from outside.
    pub fn around(workspace: &Path) -> Self {
        let mut outer = Vec::new();
        let mut prefix = Vec::new();
        let mut folder = workspace;
        for _ in 0..MAX_FOLDERS_UP {
            if folder != workspace {
                outer.extend(list(&folder.join(".gitignore")).map(|list| (prefix.clone(), list)));
            }
            if folder.join(".git").symlink_metadata().is_ok() {
                outer.extend(list(&folder.join(".git/info/exclude")).map(|list| (prefix, list)));
                break;
            }
            let (Some(name), Some(above)) = (folder.file_name(), folder.parent()) else {
                outer.clear();
                break;
            };
            prefix = [name.as_encoded_bytes(), b"/", &prefix].concat();
            folder = above;
        }
        let is_repository = folder.join(".git").symlink_metadata().is_ok();
        if !is_repository {
            outer.clear();
        }
        outer.push((Vec::new(), own::list()));
        outer.retain(|(_, list)| !list.is_empty());
        Self {
            inner: Vec::new(),
            outer,
        }
    }

    /// Takes in the `.gitignore` of an open folder whose path and `/` have
    /// this length; true when there is one.
    pub fn enter(&mut self, folder: &impl AsFd, prefix_len: usize) -> bool {
        // As git does, a link is not followed.
        let Ok((file, _)) = beneath::open_file(folder, b".gitignore") else {
            return false;
        };
        match patterns(file) {
            Ok(list) if !list.is_empty() => {
                self.inner.push((prefix_len, list));
                true
            }
            _ => false,
        }
    }

    /// Forgets the folder entered last.
    pub fn leave(&mut self) {
        self.inner.pop();
    }

    /// Whether git would ignore `path`; the deepest list with a word on it
    /// decides.
    pub fn ignores(&self, path: &[u8], is_folder: bool) -> bool {
        let inner = self.inner.iter().rev();
        for (prefix_len, list) in inner {
            match list.matched(beneath_path(&path[*prefix_len..]), is_folder) {
                Match::None => {}
                found => return found.is_ignore(),
            }
        }
        for (prefix, list) in &self.outer {
            let whole = [prefix, path].concat();
            match list.matched(beneath_path(&whole), is_folder) {
                Match::None => {}
                found => return found.is_ignore(),
            }
        }
        false
    }
}

fn beneath_path(bytes: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

/// The list at `path`, when a regular file with patterns is there.
fn list(path: &Path) -> Option<Gitignore> {
    let meta = path.symlink_metadata().ok()?;
    if !meta.is_file() {
        return None;
    }
    patterns(File::open(path).ok()?).ok()
}

fn patterns(file: File) -> io::Result<Gitignore> {
    let mut bytes = Vec::new();
    file.take(LIST_MAX_BYTES).read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let mut builder = GitignoreBuilder::new("");
    for line in text.trim_start_matches('\u{feff}').lines() {
        // A pattern that makes no sense is no reason to lose the others.
        if let Err(error) = builder.add_line(None, line) {
            tracing::debug!(%error, "a line of a .gitignore is passed over");
        }
    }
    builder.build().map_err(io::Error::other)
}
