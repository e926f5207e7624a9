//! Files as a server may see them: regular, of bounded size, UTF-8. Everything
//! here asks the disk and belongs on a blocking thread.

use std::fs::{File, Metadata};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use crate::error::LspError;

/// The largest file that is shown to a server, in bytes. Larger ones are
/// generated; servers choke on them.
pub(crate) const FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Servers are shown a text without its byte order mark, as editors do.
const BOM: char = '\u{feff}';

/// What tells cheaply that a file was likely written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Stamp {
    /// `None` when there is no such file.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        std::fs::metadata(path).ok().map(|found| Self::from(&found))
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Self {
        Self {
            modified: metadata.modified().ok(),
            bytes: metadata.len(),
        }
    }
}

/// The text of a file, byte order mark included, and its stamp from before it
/// was read: a write in between is seen the next time.
pub(crate) fn load(path: &Path) -> Result<(Arc<str>, Stamp), LspError> {
    let wrong = |why: String| LspError::File {
        path: path.to_owned(),
        why,
    };
    let unreadable = |error: std::io::Error| wrong(format!("cannot be read: {error}"));
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    // Opening a pipe would wait for ever.
    if !metadata.is_file() {
        return Err(wrong("is not a regular file".to_owned()));
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(FILE_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > FILE_BYTES {
        return Err(wrong(format!(
            "has more than {FILE_BYTES} bytes, too many for a language server"
        )));
    }
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8 text".to_owned()))?;
    Ok((Arc::from(text), Stamp::from(&metadata)))
}

/// The part of a file's text that servers see.
pub(crate) fn without_mark(whole: &str) -> &str {
    whole.strip_prefix(BOM).unwrap_or(whole)
}

/// `path` without links and dots.
pub(crate) fn real(path: &Path) -> Result<PathBuf, LspError> {
    path.canonicalize().map_err(|error| LspError::File {
        path: path.to_owned(),
        why: format!("cannot be found: {error}"),
    })
}
