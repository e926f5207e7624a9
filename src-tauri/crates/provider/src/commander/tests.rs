//! The commander at its door: messages in, events out; and the parts that
//! are functions of text alone.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod answers;
mod flows;
mod names;
mod phrases;
mod requests;
mod session;
