//! Paths of files as the protocol writes them, and back.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use url::Url;

/// The address of an absolute path; `None` for any other.
pub(crate) fn of(path: &Path) -> Option<Uri> {
    let url = Url::from_file_path(path).ok()?;
    Some(Uri(url.into()))
}

/// The path behind a `file:` address; `None` for any other.
pub(crate) fn path(uri: &Uri) -> Option<PathBuf> {
    let url = Url::parse(&uri.0).ok()?;
    if url.scheme() != "file" {
        return None;
    }
    url.to_file_path().ok()
}
