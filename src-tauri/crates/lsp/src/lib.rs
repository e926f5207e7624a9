//! A client of language servers: what a compiler knows of a project, for an
//! agent that edits it. Problems after an edit, definitions, references,
//! hover, symbols, calls, renames, code actions.
//!
//! It starts no program itself (that is a port, [`Launch`]), changes no file
//! (edits are data, see [`Changes`] and [`apply`]) and decides nothing. A
//! server runs code of the project, so whether one may start is for the caller.
#![deny(missing_docs)]

mod catalog;
mod edit;
mod error;
#[cfg(test)]
mod fake;
mod files;
mod finding;
mod launch;
mod memory;
mod peer;
mod pool;
mod position;
mod problem;
mod request;
mod server;
mod uri;

pub use catalog::{Entry, Language, SERVERS, ServerCommand, root_of, server_for};
pub use edit::{Change, Changes, EditError, FileEdit, Replacement, apply};
pub use error::{Fault, LspError};
pub use finding::{At, Found, Place, Point, Span};
pub use launch::{Connection, Launch, LaunchError, ProcessGuard};
pub use pool::{Pool, ServerState, Status};
pub use problem::{Difference, Problem, Problems, Severity, difference};
pub use request::{Action, Call, Calls, Hover, Symbol, SymbolText};
pub use server::{FileEvent, Indexing, Server, Settled};
