//! Which folders no checkpoint is made of: those that hold more than a
//! project, where a walk would take minutes and a rewind would be a disaster.

use std::path::{Path, PathBuf};

use crate::CheckpointError;

/// Folders right below `/` that belong to the system or to everybody.
const SYSTEM: &[&str] = &[
    "Applications",
    "Library",
    "System",
    "Users",
    "Volumes",
    "bin",
    "boot",
    "dev",
    "etc",
    "home",
    "lib",
    "lib64",
    "media",
    "mnt",
    "opt",
    "private",
    "proc",
    "root",
    "run",
    "sbin",
    "snap",
    "srv",
    "sys",
    "tmp",
    "usr",
    "var",
];
/// Below these nothing is a project, however deep.
const VIRTUAL: &[&str] = &["/proc", "/sys", "/dev"];
/// Where disks are mounted, each in a folder of its own.
const MOUNTS: &[&str] = &["/mnt", "/media", "/Volumes", "/run/media"];

/// The folder without links, if snapshots of it make sense.
pub(crate) fn suitable(workspace: &Path, home: Option<&Path>) -> Result<PathBuf, CheckpointError> {
    let root = workspace
        .canonicalize()
        .map_err(|source| CheckpointError::RootGone {
            path: workspace.to_owned(),
            source,
        })?;
    let home = home.and_then(|home| home.canonicalize().ok());
    match unsuitable(&root, home.as_deref()) {
        Some(why) => Err(CheckpointError::UnsuitableRoot { path: root, why }),
        None => Ok(root),
    }
}

fn unsuitable(root: &Path, home: Option<&Path>) -> Option<&'static str> {
    let Some(parent) = root.parent() else {
        return Some("it is the root of the file system");
    };
    if let Some(home) = home
        && home.starts_with(root)
    {
        return Some(if home == root {
            "it is your home folder"
        } else {
            "your home folder is inside it"
        });
    }
    let name = root.file_name()?.to_str().unwrap_or_default();
    if parent == Path::new("/") && SYSTEM.contains(&name) {
        return Some("it is a folder of the system");
    }
    if VIRTUAL.iter().any(|tree| root.starts_with(tree)) {
        return Some("its files are not on a disk");
    }
    let is_mounts = |folder: &Path| MOUNTS.iter().any(|mounts| folder == Path::new(mounts));
    let is_users_disk = parent.parent().is_some_and(|above| {
        (above == Path::new("/media") || above == Path::new("/run/media"))
            && is_other_device(root, parent)
    });
    if (is_mounts(parent) && is_other_device(root, parent)) || is_users_disk {
        return Some("it is a whole disk");
    }
    None
}

fn is_other_device(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    match (one.metadata(), other.metadata()) {
        (Ok(one), Ok(other)) => one.dev() != other.dev(),
        _ => false,
    }
}
