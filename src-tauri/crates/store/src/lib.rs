//! Sessions, messages, turns, usage, approvals, trust and the audit ledger,
//! durable in one SQLite file, and the search over them.
//!
//! One thread owns the connection; every call returns after its change is
//! committed to disk. Nothing here decides what to keep or to show, and a
//! damaged file is reported, never repaired or removed; only the search
//! index, which holds nothing of its own, is made anew when it is damaged.

mod actor;
mod approval;
mod audit;
mod branch;
mod compaction;
mod database;
mod draft;
mod encoding;
mod error;
mod index;
mod message;
mod migration;
mod rule_use;
mod run_lock;
mod search;
mod session;
mod shelf;
mod spending;
mod trash;
mod trust;
mod turn;
mod words;

#[cfg(test)]
mod tests;

pub use actor::Store;
pub use approval::Approval;
pub use audit::AUDIT_LIMIT;
pub use compaction::StoredCompaction;
pub use draft::Provenance;
pub use error::StoreError;
pub use message::{MESSAGE_PAGE_LIMIT, PageAt};
pub use shelf::SESSION_LIST_LIMIT;
pub use trash::Trash;
pub use turn::TurnStart;
