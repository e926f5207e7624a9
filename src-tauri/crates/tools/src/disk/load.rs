//! Reads one regular file of bounded size, and refuses everything that
//! blocks, never ends or is no file.

use std::fs::Metadata;
use std::io::{self, Read};
use std::path::Path;

use super::{explain, system};
use crate::call::Stop;
use crate::text;

/// The largest file that is read, in bytes.
pub(crate) const FILE_BYTES: u64 = 16 * 1024 * 1024;

/// How many names of a folder are looked at for a likely typing error.
const NEAR_NAMES: usize = 2000;

/// How alike a name must be to be offered.
const NEAR_RATIO: f32 = 0.6;

/// A file's content and what identified the file when it was read.
#[derive(Debug, Clone)]
pub(crate) struct Loaded {
    pub(crate) bytes: Vec<u8>,
    pub(crate) metadata: Metadata,
}

/// Reads the file at the resolved path `real`, called `name` in messages.
/// `None` when there is none.
pub(crate) fn load(real: &Path, name: &str) -> Result<Option<Loaded>, Stop> {
    if is_pseudo(real) {
        return Err(Stop::failed(format!(
            "`{name}` is not a file on a disk; this tool does not open it."
        )));
    }
    // Looked at before it is opened: opening a device can already do things.
    match std::fs::symlink_metadata(real) {
        Ok(metadata) => check_kind(&metadata, name)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Stop::Failed(explain(&error, name))),
    }
    read(real, name).map(Some)
}

/// Says that `real` does not exist, and which names there are like it.
pub(crate) fn missing(real: &Path, name: &str) -> Stop {
    let near = near_names(real);
    let folder = real.parent().filter(|folder| !folder.is_dir());
    Stop::failed(match (near.as_slice(), folder) {
        (_, Some(_)) => {
            format!("`{name}` does not exist, nor does its folder. Use `glob` to find the file.")
        }
        ([], None) => format!("`{name}` does not exist. Use `glob` or `list_dir` to find it."),
        (near, None) => format!(
            "`{name}` does not exist. Near it there are: {}.",
            near.join(", ")
        ),
    })
}

fn read(real: &Path, name: &str) -> Result<Loaded, Stop> {
    let failed = |error: io::Error| Stop::Failed(explain(&error, name));
    let file = system::open(real).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    check_kind(&metadata, name)?;
    let mut bytes = Vec::with_capacity(metadata.len().min(FILE_BYTES) as usize);
    file.take(FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(failed)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(too_large(bytes.len() as u64, name));
    }
    Ok(Loaded { bytes, metadata })
}

fn check_kind(metadata: &Metadata, name: &str) -> Result<(), Stop> {
    if metadata.is_dir() {
        return Err(Stop::failed(format!(
            "`{name}` is a folder. Use `list_dir` to see what is in it."
        )));
    }
    if !metadata.is_file() {
        return Err(Stop::failed(format!(
            "`{name}` is not a regular file but a pipe, socket or device; it is not opened."
        )));
    }
    if metadata.len() > FILE_BYTES {
        return Err(too_large(metadata.len(), name));
    }
    Ok(())
}

fn too_large(bytes: u64, name: &str) -> Stop {
    Stop::failed(format!(
        "`{name}` has {}; files up to {} are opened. Use `grep` to find what matters in it, or `bash` with `sed -n`, `head` or `tail`.",
        text::size(bytes),
        text::size(FILE_BYTES)
    ))
}

/// Files the kernel makes up. Some block, some never end, and below
/// `/proc/self` lie our own memory and environment.
fn is_pseudo(real: &Path) -> bool {
    let made_up = ["/proc", "/sys", "/dev"]
        .iter()
        .any(|root| real.starts_with(root));
    cfg!(unix) && made_up && !real.starts_with("/dev/shm")
}

fn near_names(real: &Path) -> Vec<String> {
    let (Some(folder), Some(wanted)) = (real.parent(), real.file_name()) else {
        return Vec::new();
    };
    let wanted = wanted.to_string_lossy().to_lowercase();
    let Ok(entries) = folder.read_dir() else {
        return Vec::new();
    };
    let names: Vec<String> = entries
        .flatten()
        .take(NEAR_NAMES)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    let mut near: Vec<(f32, &String)> = names
        .iter()
        .map(|name| {
            (
                similar::TextDiff::from_chars(wanted.as_str(), name.to_lowercase().as_str())
                    .ratio(),
                name,
            )
        })
        .filter(|(ratio, _)| *ratio >= NEAR_RATIO)
        .collect();
    near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
    near.into_iter()
        .take(3)
        .map(|(_, name)| format!("`{name}`"))
        .collect()
}
