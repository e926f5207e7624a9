//! A path below the workspace, as bytes: names that are no UTF-8 survive, and
//! nothing that climbs out can be built.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};

/// Components joined by `/`; never empty, absolute, or with `.`, `..` or NUL.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "Written", into = "Written")]
pub struct RelPath(Box<[u8]>);

impl RelPath {
    /// The path, if it stays below the workspace by its words alone.
    #[must_use]
    pub fn parse(bytes: &[u8]) -> Option<Self> {
        let fine = |part: &[u8]| !matches!(part, b"" | b"." | b"..") && !part.contains(&0);
        bytes
            .split(|&byte| byte == b'/')
            .all(fine)
            .then(|| Self(bytes.into()))
    }

    /// `path` below `root`; none when it is elsewhere or is `root` itself.
    /// Goes by the words of both and reads no links.
    #[must_use]
    pub fn below(root: &Path, path: &Path) -> Option<Self> {
        let relative = path.strip_prefix(root).ok()?;
        Self::parse(relative.as_os_str().as_encoded_bytes())
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// This path itself, or something in the folder it names.
    #[must_use]
    pub fn covers(&self, path: &[u8]) -> bool {
        path.strip_prefix(&*self.0)
            .is_some_and(|rest| rest.is_empty() || rest[0] == b'/')
    }
}

impl fmt::Display for RelPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&String::from_utf8_lossy(&self.0))
    }
}

/// How a path is written in the index: as text where it is text.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Text(String),
    Bytes(Vec<u8>),
}

impl From<RelPath> for Written {
    fn from(path: RelPath) -> Self {
        match String::from_utf8(path.0.into_vec()) {
            Ok(text) => Self::Text(text),
            Err(error) => Self::Bytes(error.into_bytes()),
        }
    }
}

impl TryFrom<Written> for RelPath {
    type Error = &'static str;

    fn try_from(written: Written) -> Result<Self, Self::Error> {
        let bytes = match written {
            Written::Text(text) => text.into_bytes(),
            Written::Bytes(bytes) => bytes,
        };
        Self::parse(&bytes).ok_or("the path leaves the workspace")
    }
}

/// The folder a path stands in and its own name; the folder of a path at the
/// top is empty.
pub(crate) fn split(path: &[u8]) -> (&[u8], &[u8]) {
    match path.iter().rposition(|&byte| byte == b'/') {
        Some(at) => (&path[..at], &path[at + 1..]),
        None => (b"", path),
    }
}
