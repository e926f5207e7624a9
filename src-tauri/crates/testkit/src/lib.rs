//! Real parts for tests: a scripted model server on loopback and temporary
//! workspaces. Only dev-dependencies use it; a broken harness stops the test.
#![allow(
    clippy::expect_used,
    reason = "a broken harness must stop the test loudly"
)]

pub mod figures;
pub mod microphone;
pub mod model_server;
mod question;
mod soak;
pub mod workspace;

pub use model_server::{ModelServer, RecordedRequest, Reply, Script};
pub use question::permission_request;
pub use soak::soak_factor;
pub use workspace::Workspace;
