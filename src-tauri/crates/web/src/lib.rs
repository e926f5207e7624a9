//! The web for an agent: fetches pages, searches, downloads, and believes
//! nothing that a name, a server or a page says.
//!
//! It reaches only names of the internet, at addresses it has looked at, for
//! a bounded time and a bounded number of bytes. It runs no script, keeps no
//! cookie, knows no password, and asks nobody: whether a host may be reached
//! is judged before.
#![deny(missing_docs)]

mod body;
mod cache;
mod client;
mod download;
mod error;
mod fetch;
mod html;
mod media;
mod page;
mod reach;
mod search;
mod target;
mod tidy;
mod web;

pub use download::{DOWNLOAD_BYTES, Downloaded};
pub use error::WebError;
pub use fetch::View;
pub use page::{Page, Part};
pub use search::{Engine, Hit, NO_SEARCH, Query, RESULTS_MAX, SearchConfig, SearchKey};
pub use target::{Target, TargetError};
pub use web::Web;

#[cfg(test)]
mod server;
#[cfg(test)]
mod tests;
