//! The behaviours of the whole house that need no window, one file each, in
//! one binary. `architecture` and `tidy` hold the rules of the house itself.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

#[cfg(unix)]
mod advisories;
mod architecture;
mod belt;
mod fam;
mod gateway;
#[cfg(unix)]
mod injection;
mod installed;
mod ledger;
mod one_turn;
mod sandbox;
mod sdk;
mod secrets;
mod tidy;
mod tls;
