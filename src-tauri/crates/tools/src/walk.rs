//! Walks a folder tree as a programmer sees it: without ignored files,
//! without `.git`, not through links, and for a bounded time.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};
use tool::ToolContext;

use crate::call::Stop;
use crate::{disk, place};

/// Entries visited at most; a tree larger than this is no workspace.
pub(crate) const ENTRIES_VISITED: usize = 1_000_000;

/// Threads that walk at most.
const THREADS: usize = 8;

/// Whether names that start with a dot are visited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hidden {
    Skipped,
    Visited,
}

/// Whether the whole tree was seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    All,
    /// [`ENTRIES_VISITED`] was reached.
    Part,
}

/// A folder or file to search, checked.
pub(crate) struct Start {
    /// With all links followed.
    pub(crate) real: PathBuf,
    /// As the user knows it.
    pub(crate) name: String,
}

impl Start {
    /// Checks the `path` of an input; the workspace when there is none.
    pub(crate) fn of(path: Option<&str>, ctx: &ToolContext) -> Result<Self, Stop> {
        let path = place::absolute(path.unwrap_or("."), &ctx.workspace)?;
        let name = place::shown(&path, &ctx.workspace);
        let real = place::to_read(&path, ctx)?;
        if real.exists() {
            Ok(Self { real, name })
        } else {
            Err(disk::missing(&real, &name))
        }
    }

    /// The path of a found file below the start; its name when it is the
    /// start itself.
    pub(crate) fn below(&self, found: &Path) -> PathBuf {
        match found.strip_prefix(&self.real) {
            Ok(below) if !below.as_os_str().is_empty() => below.to_owned(),
            _ => found.file_name().map(PathBuf::from).unwrap_or_default(),
        }
    }

    /// The name of a found file as the user knows it.
    pub(crate) fn named(&self, found: &Path) -> String {
        let below = found.strip_prefix(&self.real).unwrap_or(found);
        let start = if self.name == "." {
            Path::new("")
        } else {
            Path::new(&self.name)
        };
        let full = if below.as_os_str().is_empty() {
            start.to_owned()
        } else {
            start.join(below)
        };
        full.display().to_string()
    }
}

/// Visits every regular file below `start` from several threads, with one
/// visitor of `make_visitor` each. Ends soon after the turn was stopped.
pub(crate) fn files<V: FnMut(&DirEntry) + Send>(
    start: &Path,
    hidden: Hidden,
    ctx: &ToolContext,
    mut make_visitor: impl FnMut() -> V,
) -> Result<Seen, Stop> {
    let walk = WalkBuilder::new(start)
        .hidden(hidden == Hidden::Skipped)
        .require_git(false)
        .follow_links(false)
        .threads(
            std::thread::available_parallelism()
                .map_or(1, usize::from)
                .min(THREADS),
        )
        .filter_entry(|entry| entry.file_name() != ".git")
        .build_parallel();
    let visited = AtomicUsize::new(0);
    let panicked = Mutex::new(None);
    walk.run(|| {
        let mut visit = make_visitor();
        let (visited, panicked) = (&visited, &panicked);
        Box::new(move |entry| {
            let full = visited.fetch_add(1, Ordering::Relaxed) >= ENTRIES_VISITED;
            if full || ctx.cancel.is_cancelled() {
                return WalkState::Quit;
            }
            let Some(file) = entry.ok().filter(is_file) else {
                return WalkState::Continue;
            };
            match catch_unwind(AssertUnwindSafe(|| visit(&file))) {
                Ok(()) => WalkState::Continue,
                Err(panic) => {
                    *panicked.lock().unwrap_or_else(PoisonError::into_inner) = Some(panic);
                    WalkState::Quit
                }
            }
        })
    });
    if let Some(panic) = panicked
        .into_inner()
        .unwrap_or_else(PoisonError::into_inner)
    {
        resume_unwind(panic);
    }
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    Ok(if visited.into_inner() >= ENTRIES_VISITED {
        Seen::Part
    } else {
        Seen::All
    })
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_some_and(|kind| kind.is_file())
}
