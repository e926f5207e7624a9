//! Finds secrets in text and puts a mark such as `[secret: GitHub token]` in
//! their place, before text reaches the disk, a log, a crash report or an
//! export.
//!
//! It knows shapes (tokens by their prefix, keys by the name before them) and
//! values it was told. It keeps no text, reads no environment and decides
//! nothing about who may see what; a person asked to approve a command must
//! see the command itself.
#![deny(missing_docs)]

mod address;
mod assignment;
mod cookie;
mod edge;
mod json;
mod known;
mod mark;
mod name;
mod redactor;
mod scan;
mod shape;
mod shapes;
mod value;

#[cfg(test)]
mod tests;

pub use redactor::{Found, Redactor};
