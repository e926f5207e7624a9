#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod attachments;
mod context;
mod cuts;
mod memory;
mod naming;
mod decoys;
mod flags;
mod layers;
mod migrations;
mod project;
mod rewind;
mod sessions;
mod settings;
mod small;
mod turns;
mod undercover;
mod wires;
