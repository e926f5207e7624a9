//! Which folders may have what lies in them obeyed.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A folder the user trusts, as it was then: another one under the same path
/// is not meant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct TrustedFolder {
    /// Its real path, without links.
    pub path: String,
    /// Number of the device it lies on.
    #[ts(skip)]
    #[serde(default)]
    pub device: u64,
    /// Its number on that device.
    #[ts(skip)]
    #[serde(default)]
    pub inode: u64,
    /// When it was trusted, Unix time in milliseconds.
    #[ts(type = "number")]
    pub at_ms: u64,
}
