use serde_json::{Value, json};

use super::reduced;

fn check(property: &Value, expected: &Value) {
    let schema = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "additionalProperties": false,
        "properties": { "p": property },
        "required": ["p", "gone"],
        "$defs": { "Level": { "type": "string", "enum": ["low", "high"] },
                   "Tree": { "type": "object", "properties": { "next": { "$ref": "#/$defs/Tree" } } } },
    });
    let reduced = reduced(&schema).unwrap_or_default();
    assert_eq!(reduced["properties"]["p"], *expected, "{property}");
    assert_eq!(reduced["required"], json!(["p"]));
    assert_eq!(reduced["type"], "object");
    assert_eq!(reduced.get("$schema"), None);
    assert_eq!(reduced.get("additionalProperties"), None);
    assert_eq!(reduced.get("$defs"), None);
}

#[test]
fn only_what_gemini_takes_is_left() {
    let text = json!({ "type": "string" });
    check(
        &json!({ "type": "string", "description": "D", "format": "uri", "default": "x", "examples": ["y"], "minLength": 1 }),
        &json!({ "type": "string", "description": "D", "minLength": 1 }),
    );
    check(
        &json!({ "type": ["integer", "null"], "format": "uint32", "minimum": 0, "exclusiveMaximum": 9 }),
        &json!({ "type": "integer", "nullable": true, "minimum": 0 }),
    );
    check(
        &json!({ "$ref": "#/$defs/Level" }),
        &json!({ "type": "string", "enum": ["low", "high"] }),
    );
    check(
        &json!({ "const": "only" }),
        &json!({ "type": "string", "enum": ["only"] }),
    );
    check(
        &json!({ "type": "integer", "enum": [1, 2] }),
        &json!({ "type": "integer" }),
    );
    check(
        &json!({ "description": "D", "anyOf": [{ "$ref": "#/$defs/Level" }, { "type": "null" }] }),
        &json!({ "description": "D", "nullable": true, "type": "string", "enum": ["low", "high"] }),
    );
    check(
        &json!({ "oneOf": [{ "type": "string" }, { "type": "number" }] }),
        &json!({ "anyOf": [{ "type": "string" }, { "type": "number" }] }),
    );
    check(
        &json!({ "type": "array" }),
        &json!({ "type": "array", "items": text }),
    );
    check(
        &json!({ "type": "array", "items": { "type": "object", "properties": { "a": { "type": "string", "format": "x" } },
                 "additionalProperties": false, "required": ["a"] } }),
        &json!({ "type": "array", "items": { "type": "object", "required": ["a"], "properties": { "a": text } } }),
    );
    check(&json!(true), &text);
}

#[test]
fn a_schema_that_goes_in_circles_comes_to_an_end() {
    let schema = json!({
        "type": "object",
        "properties": { "tree": { "$ref": "#/$defs/Tree" }, "loop": { "$ref": "#/$defs/Loop" } },
        "$defs": { "Tree": { "type": "object", "properties": { "next": { "$ref": "#/$defs/Tree" } } },
                   "Loop": { "$ref": "#/$defs/Loop" } },
    });
    let reduced = reduced(&schema).unwrap_or_default();
    assert!(!reduced.to_string().contains("$ref"));
    assert_eq!(reduced["properties"]["loop"]["type"], "string");
}

#[test]
fn a_tool_that_takes_nothing_has_no_schema() {
    assert_eq!(
        reduced(&json!({ "type": "object", "properties": {} })),
        None
    );
    assert_eq!(reduced(&json!({ "type": "object" })), None);
}
