//! The table of shapes, one file for each kind of vendor. Written from what
//! vendors publish about their tokens; lengths are lower bounds where the
//! vendor keeps the right to change them. Earlier shapes name what overlaps.

mod ai;
mod block;
mod chat;
mod cloud;
mod code;
mod form;
mod office;
mod pay;

use crate::shape::Shape;

/// From a name to its value: `": "`, `=`, `=>`. For secrets without a prefix,
/// which only their name gives away.
macro_rules! to_value {
    () => {
        r#"(?:\\{0,3}["'`])?\]?[ \t]{0,4}(?:=>|:=|[=:,])[ \t]{0,4}(?:\\{0,3}["'`])?"#
    };
}
use to_value;

/// All shapes by rank: blocks before tokens, tokens before names, names before forms that say
/// only that something is secret.
pub(crate) fn all() -> impl Iterator<Item = &'static Shape> {
    let tables = [
        block::SHAPES,
        ai::SHAPES,
        cloud::SHAPES,
        code::SHAPES,
        chat::SHAPES,
        pay::SHAPES,
        office::SHAPES,
        form::SHAPES,
    ];
    tables.into_iter().flatten()
}
