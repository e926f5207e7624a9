//! Where a path really leads, and whether that place is guarded.
//!
//! Resolves every link of a path component by component, also for files that
//! do not exist yet and for links that dangle, and compares whole components.
//! It reads links and metadata only, never a file's content.

mod guarded;
mod protected;
mod secret;

use std::collections::VecDeque;
use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

pub use guarded::{Guarded, NotSeen, guarded_in};
pub(crate) use protected::protected;
pub use secret::secret;

/// The kernel gives up after 40 links; so do we.
const LINK_LIMIT: usize = 40;

/// The folders every path is judged against.
#[derive(Debug, Clone)]
pub(crate) struct Ground {
    /// The workspace as it was named, lexically normal.
    workspace: PathBuf,
    /// The workspace with all links resolved.
    root: PathBuf,
    /// The user's home.
    home: Option<PathBuf>,
}

/// A path as asked for and as the system would open it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// As asked for, made absolute and lexically normal.
    pub(crate) requested: PathBuf,
    /// With every link followed.
    pub(crate) resolved: PathBuf,
    /// Both lie in the workspace.
    pub(crate) inside: bool,
    /// True when a link leads somewhere else than the spelling says.
    pub(crate) linked: bool,
    /// False when the system would not say where the path leads.
    pub(crate) known: bool,
}

impl Ground {
    pub(crate) fn new(workspace: &Path) -> Self {
        let workspace = normal(workspace);
        let root = follow(&workspace).unwrap_or_else(|| workspace.clone());
        Self {
            workspace,
            root,
            home: std::env::home_dir(),
        }
    }

    /// A workspace that need not be there, with no link on the way to it.
    pub(crate) fn unlinked(workspace: &Path) -> Self {
        Self {
            workspace: workspace.to_owned(),
            root: workspace.to_owned(),
            home: std::env::home_dir(),
        }
    }

    /// The workspace as the system opens it.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    pub(crate) fn home(&self) -> Option<&Path> {
        self.home.as_deref()
    }

    /// Looks at `path`; a relative one starts at `base`.
    pub(crate) fn place(&self, path: &Path, base: &Path) -> Place {
        let full = base.join(path);
        let requested = normal(&full);
        let resolved = follow(&full);
        let known = resolved.is_some();
        let resolved = resolved.unwrap_or_else(|| requested.clone());
        let spelled = self.relative(&requested);
        let inside = known && spelled.is_some() && resolved.starts_with(&self.root);
        let linked = match spelled {
            Some(rest) => self.root.join(rest) != resolved,
            None => requested != resolved,
        };
        Place {
            requested,
            resolved,
            inside,
            linked,
            known,
        }
    }

    /// The part of `path` below the workspace, however the workspace is
    /// spelled.
    pub(crate) fn relative<'p>(&self, path: &'p Path) -> Option<&'p Path> {
        path.strip_prefix(&self.workspace)
            .or_else(|_| path.strip_prefix(&self.root))
            .ok()
    }

    /// Replaces a leading `~` by the home folder; `None` when there is none.
    pub(crate) fn expand_home(&self, text: &str) -> Option<PathBuf> {
        match text.strip_prefix('~') {
            None => Some(PathBuf::from(text)),
            Some("") => self.home.clone(),
            Some(rest) => Some(
                self.home
                    .as_ref()?
                    .join(rest.strip_prefix('/')?.trim_start_matches('/')),
            ),
        }
    }
}

impl Place {
    /// Why changing this place always needs the user's word.
    pub(crate) fn protected(&self) -> Option<&'static str> {
        protected(&self.requested).or_else(|| protected(&self.resolved))
    }

    /// Why reading this place may leak something.
    pub(crate) fn secret(&self) -> Option<&'static str> {
        secret(&self.requested).or_else(|| secret(&self.resolved))
    }

    /// True for an existing file that has a second name elsewhere: writing
    /// it writes there too.
    pub(crate) fn hard_linked(&self) -> bool {
        hard_linked(&self.resolved)
    }
}

#[cfg(unix)]
fn hard_linked(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::symlink_metadata(path).is_ok_and(|meta| meta.is_file() && meta.nlink() > 1)
}

#[cfg(not(unix))]
fn hard_linked(_path: &Path) -> bool {
    false
}

/// Removes `.` and `..` by spelling alone.
pub(crate) fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// One step still to take while following links.
enum Step {
    Root,
    Up,
    Into(OsString),
}

/// Follows every link the way the kernel does; what does not exist is taken
/// by its spelling. `None` when a link cannot be read or they never end.
fn follow(path: &Path) -> Option<PathBuf> {
    let mut todo: VecDeque<Step> = steps(path);
    let mut real = PathBuf::new();
    let mut links = 0;
    while let Some(step) = todo.pop_front() {
        let name = match step {
            Step::Root => {
                real = PathBuf::from("/");
                continue;
            }
            Step::Up => {
                real.pop();
                continue;
            }
            Step::Into(name) => name,
        };
        real.push(name);
        match std::fs::symlink_metadata(&real) {
            Ok(meta) if meta.file_type().is_symlink() => {
                links += 1;
                if links > LINK_LIMIT {
                    return None;
                }
                let target = std::fs::read_link(&real).ok()?;
                real.pop();
                let mut first = steps(&target);
                first.append(&mut todo);
                todo = first;
            }
            Ok(_) => {}
            Err(error) if absent(&error) => {}
            Err(_) => return None,
        }
    }
    Some(real)
}

fn absent(error: &std::io::Error) -> bool {
    matches!(
        error.kind(),
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory
    )
}

fn steps(path: &Path) -> VecDeque<Step> {
    path.components()
        .filter_map(|part| match part {
            Component::RootDir | Component::Prefix(_) => Some(Step::Root),
            Component::CurDir => None,
            Component::ParentDir => Some(Step::Up),
            Component::Normal(name) => Some(Step::Into(name.to_owned())),
        })
        .collect()
}

/// A path component as the most forgiving file system would compare it: no
/// case, no invisible characters, no trailing dots or blanks, no stream name.
pub(crate) fn folded(name: &str) -> String {
    let seen: String = name
        .chars()
        .filter(|c| !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}'))
        .map(|c| if c == '\u{17f}' { 's' } else { c })
        .flat_map(char::to_lowercase)
        .collect();
    let head = seen.split(':').next().unwrap_or_default();
    head.trim_end_matches(['.', ' ']).to_owned()
}

/// All components of a path, folded for comparing.
fn folded_parts(path: &Path) -> Vec<String> {
    path.components()
        .filter_map(|part| match part {
            Component::Normal(name) => Some(folded(&name.to_string_lossy())),
            _ => None,
        })
        .collect()
}

/// True when `parts` holds `sequence` as neighbours.
fn holds(parts: &[String], sequence: &[&str]) -> bool {
    parts
        .windows(sequence.len())
        .any(|window| window.iter().zip(sequence).all(|(a, b)| a == b))
}

#[cfg(test)]
mod tests;
