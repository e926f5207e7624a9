//! What a command may touch that runs without anybody's word.

use std::path::PathBuf;

use crate::Host;

/// The walls around one command. Everything can be read but what is hidden;
/// nothing can be changed but what is writable; of the network it reaches the
/// named hosts, through a proxy of ours, and nothing else. All paths
/// are absolute, with every link followed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Confinement {
    /// Folders whose content it may change.
    pub writable: Vec<PathBuf>,
    /// Files and folders in them that stay as they are; where there is none,
    /// none appears.
    pub protected: Vec<PathBuf>,
    /// Files and folders that it sees empty.
    pub hidden: Vec<PathBuf>,
    /// Protected names that are links, with where they point; no mount can
    /// keep a link, so it is put back afterwards.
    pub links: Vec<(PathBuf, PathBuf)>,
    /// Machines that it may reach by HTTP and HTTPS.
    pub hosts: Vec<Host>,
}
