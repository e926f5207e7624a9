//! Puts new content in place of files in one step: a reader sees the old
//! file or the new one, whatever happens in between. Several files change
//! together, or none does.

use std::fs::Metadata;
use std::io::{self, Write};
use std::path::PathBuf;

use super::{Loaded, explain, system};
use crate::call::Stop;

/// One file that changes.
pub(crate) struct Step {
    pub(crate) real: PathBuf,
    /// As messages call it.
    pub(crate) name: String,
    /// The file as it was read; none when there was none.
    pub(crate) before: Option<Loaded>,
    /// What it becomes; none when it goes.
    pub(crate) bytes: Option<Vec<u8>>,
    /// A new file gets its mode and owner from this one.
    pub(crate) like: Option<Metadata>,
}

/// Does all steps. When a file is another than it was read by now, none is
/// done. All new content lies on the disk before the first file changes; when
/// a later one cannot change after all, the earlier ones are put back.
/// Missing folders are made, and unmade when the rest fails.
pub(crate) fn replace_all(steps: &[Step]) -> Result<(), Stop> {
    let mut prepared = Vec::with_capacity(steps.len());
    for step in steps {
        prepared.push(prepare(step).map_err(|error| failed(&error, &step.name))?);
    }
    for (done, (step, prepared)) in steps.iter().zip(prepared).enumerate() {
        if let Err(error) = commit(step, prepared) {
            let why = failed(&error, &step.name);
            let earlier = steps.iter().take(done).rev();
            return Err(earlier.fold(why, |why, earlier| put_back(earlier, why)));
        }
    }
    Ok(())
}

/// Undoes a step because of `why`, which becomes worse when it cannot.
fn put_back(step: &Step, why: Stop) -> Stop {
    let Err(error) = undo(step) else { return why };
    tracing::error!(%error, file = step.name, "not put back");
    Stop::failed(format!(
        "A later file could not be written, and `{}` could not be put back ({error}); look at it before you go on.",
        step.name
    ))
}

fn prepare(step: &Step) -> io::Result<Option<system::Prepared>> {
    let before = step.before.as_ref().map(|before| &before.metadata);
    let like = before.or(step.like.as_ref());
    step.bytes
        .as_ref()
        .map(|bytes| system::Prepared::new(&step.real, |file| file.write_all(bytes), before, like))
        .transpose()
}

fn commit(step: &Step, prepared: Option<system::Prepared>) -> io::Result<()> {
    match (prepared, &step.before) {
        (Some(prepared), _) => prepared.commit(),
        (None, Some(before)) => system::remove(&step.real, &before.metadata),
        (None, None) => Ok(()),
    }
}

fn undo(step: &Step) -> io::Result<()> {
    match &step.before {
        Some(before) => system::restore(&step.real, &before.bytes, &before.metadata),
        None => std::fs::remove_file(&step.real),
    }
}

fn failed(error: &io::Error, name: &str) -> Stop {
    Stop::Failed(match error.kind() {
        io::ErrorKind::AlreadyExists | io::ErrorKind::StaleNetworkFileHandle => {
            format!(
                "`{name}` was changed by somebody else just now; nothing was written. Read it again."
            )
        }
        io::ErrorKind::IsADirectory => format!("`{name}` is a folder; nothing was written."),
        _ => explain(error, name),
    })
}
