#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::super::Input;
use super::replaced;
use crate::call::Stop;

fn edit(text: &str, old: &str, new: &str) -> Result<String, String> {
    let input = Input { path: "f".into(), old_text: old.into(), new_text: new.into(), replace_all: false };
    replaced(text, "f", &input).map_err(|stop| match stop {
        Stop::Failed(text) => text,
        Stop::Cancelled => panic!("nothing cancels here"),
    })
}

#[test]
fn one_place_is_replaced_and_all_else_stays() {
    assert_eq!(edit("a\r\nb\nc", "b", "x").unwrap(), "a\r\nx\nc");
    assert_eq!(edit("\u{feff}one\ntwo", "two", "2").unwrap(), "\u{feff}one\n2");
}

#[test]
fn line_ends_follow_the_file() {
    assert_eq!(edit("a\r\nb\r\nc\r\n", "a\nb\n", "x\ny\n").unwrap(), "x\r\ny\r\nc\r\n");
}

#[test]
fn several_places_are_named_by_line() {
    let error = edit("x\ny\nx\n", "x", "z").unwrap_err();
    assert!(error.contains("2 times") && error.contains("1, 3"), "{error}");
}

#[test]
fn other_indentation_is_pointed_out() {
    let error = edit("fn main() {\n    let a = 1;\n}\n", "fn main() {\n  let a = 1;\n}", "x").unwrap_err();
    assert!(error.contains("line 1") && error.contains("indentation"), "{error}");
}

#[test]
fn the_nearest_line_is_shown() {
    let error = edit("alpha\nlet total = price * count;\n", "let total = prices * count;", "x").unwrap_err();
    assert!(error.contains("line 2") && error.contains("let total = price * count;"), "{error}");
}
