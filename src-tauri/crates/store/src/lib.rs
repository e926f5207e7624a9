//! Sessions, messages, turns, usage and approvals, durable in one SQLite
//! file.
//!
//! One thread owns the connection; every call returns after its change is
//! committed to disk. Nothing here decides what to keep or to show, and a
//! damaged file is reported, never repaired or removed.

mod actor;
mod approval;
mod database;
mod encoding;
mod error;
mod message;
mod migration;
mod run_lock;
mod session;
mod turn;

#[cfg(test)]
mod tests;

pub use actor::Store;
pub use approval::Approval;
pub use error::StoreError;
pub use session::SESSION_LIST_LIMIT;
pub use turn::TurnStart;
