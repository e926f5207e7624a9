#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod attachments;
mod budget;
mod context;
mod cuts;
mod decoys;
mod flags;
mod layers;
mod ledger;
mod memory;
mod migrations;
mod naming;
mod one_turn;
mod project;
mod rewind;
mod sessions;
mod settings;
mod small;
mod trust;
mod turns;
mod undercover;
mod wires;
