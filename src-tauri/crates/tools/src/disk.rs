//! Reading and replacing whole files so that nothing is followed, blocked on
//! or left half done; and what the system's errors mean in plain words.

mod copy;
mod load;
#[cfg(not(unix))]
mod portable;
mod replace;
#[cfg(test)]
mod tests;
#[cfg(unix)]
mod unix;

#[cfg(not(unix))]
use portable as system;
#[cfg(unix)]
use unix as system;

pub(crate) use copy::{copy_file, copy_folder};
pub(crate) use load::{FILE_BYTES, Loaded, load, missing};
pub(crate) use replace::{Step, replace_all};

use std::io;
use std::path::Path;

/// Makes the folder at a resolved path, with those it lies in. False when it
/// was there.
pub(crate) fn make_folder(real: &Path) -> io::Result<bool> {
    system::make_folder(real)
}

/// Gives the file or folder at a resolved path another one, where nothing
/// may be. Missing folders are made.
pub(crate) fn rename(from: &Path, to: &Path) -> io::Result<()> {
    system::rename(from, to)
}

/// What an error on the file `name` means and what can be done.
pub(crate) fn explain(error: &io::Error, name: &str) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => format!("`{name}` does not exist."),
        io::ErrorKind::PermissionDenied => {
            format!("The system does not permit access to `{name}`.")
        }
        io::ErrorKind::StorageFull => {
            format!("The disk is full; `{name}` was left as it is. Free some space and try again.")
        }
        io::ErrorKind::QuotaExceeded => {
            format!("The disk quota is used up; `{name}` was left as it is.")
        }
        io::ErrorKind::ReadOnlyFilesystem => format!("`{name}` is on a read-only file system."),
        io::ErrorKind::NotADirectory => {
            format!("A part of the path `{name}` is a file, not a folder.")
        }
        io::ErrorKind::IsADirectory => format!("`{name}` is a folder."),
        io::ErrorKind::InvalidFilename => {
            format!("The name `{name}` is too long or not possible on this file system.")
        }
        io::ErrorKind::FileTooLarge => {
            format!("`{name}` would be larger than this file system allows.")
        }
        _ => format!("`{name}`: {error}."),
    }
}
