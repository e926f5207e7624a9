#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{parse_input, schema_of};

/// An example.
#[derive(Debug, Deserialize, JsonSchema, PartialEq)]
#[serde(deny_unknown_fields)]
struct Example {
    /// The path.
    path: String,
    /// How many.
    limit: Option<u32>,
}

fn error(input: Value) -> String {
    parse_input::<Example>(&input).unwrap_err().to_string()
}

#[test]
fn an_input_that_fits_is_parsed() {
    let example: Example = parse_input(&json!({"path": "a", "limit": null})).unwrap();
    assert_eq!(
        example,
        Example {
            path: "a".to_owned(),
            limit: None
        }
    );
}

#[test]
fn an_error_names_the_field_and_what_was_expected() {
    assert_eq!(
        error(json!({})),
        "The input does not fit this tool: missing field `path`."
    );
    for (input, words) in [
        (
            json!({"path": 7}),
            vec!["`path`", "integer `7`", "expected a string"],
        ),
        (
            json!({"path": "a", "limit": -1}),
            vec!["`limit`", "-1", "u32"],
        ),
        (json!({"path": "a", "limit": 1e300}), vec!["`limit`", "u32"]),
        (
            json!({"path": "a", "file": 1}),
            vec!["unknown field `file`", "`path`"],
        ),
        (json!([1]), vec!["expected"]),
        (json!(null), vec!["null", "expected"]),
        (json!("{\"path\": \"a\"}"), vec!["string", "expected"]),
    ] {
        let error = error(input.clone());
        for word in words {
            assert!(error.contains(word), "{input}: {error}");
        }
    }
}

#[test]
fn the_schema_holds_what_models_need_and_no_more() {
    assert_eq!(
        schema_of::<Example>(),
        json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "path": {"type": "string", "description": "The path."},
                "limit": {"type": "integer", "description": "How many.", "minimum": 0},
            },
            "required": ["path"],
        })
    );
}
