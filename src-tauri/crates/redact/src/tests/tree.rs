use serde_json::{Value, json};

use super::samples::write;
use crate::Redactor;

fn check(mut value: Value, expected: &Value) {
    let redactor = Redactor::new();
    let is_changed = value != *expected;
    assert_eq!(redactor.redact_json(&mut value), is_changed);
    assert_eq!(value, *expected);
    assert!(!redactor.redact_json(&mut value), "twice: {value}");
}

#[test]
fn strings_at_any_depth_are_redacted() {
    let token = write("ghp_{a36}", 1);
    check(
        json!({ "a": [1, null, { "b": format!("echo {token}") }], "c": true }),
        &json!({ "a": [1, null, { "b": "echo [secret: GitHub token]" }], "c": true }),
    );
    check(json!(token), &json!("[secret: GitHub token]"));
}

#[test]
fn a_key_that_names_a_secret_hides_its_value() {
    let value = write("{a24}", 1);
    check(
        json!({ "password": value, "nested": { "api_key": value } }),
        &json!({ "password": "[secret: password]", "nested": { "api_key": "[secret: API key]" } }),
    );
    for value in [
        "${DB_PASSWORD}",
        "changeme-in-prod",
        "<your key>",
        "short1!",
        "os.environ['A1B2C3D4E5F6G7']",
    ] {
        check(json!({ "password": value }), &json!({ "password": value }));
    }
    check(
        json!({ "max_tokens": value }),
        &json!({ "max_tokens": value }),
    );
}

#[test]
fn headers_and_pairs_and_flags_are_read_as_such() {
    let value = write("{a32}", 1);
    check(
        json!({ "headers": { "Authorization": format!("Bearer {value}"), "Cookie": format!("a=b; s={value}") } }),
        &json!({ "headers": { "Authorization": "Bearer [secret: bearer token]", "Cookie": "a=b; s=[secret: session cookie]" } }),
    );
    check(
        json!([{ "name": "DB_PASSWORD", "value": value }, { "name": "SPAN", "value": value }]),
        &json!([{ "name": "DB_PASSWORD", "value": "[secret: password]" }, { "name": "SPAN", "value": value }]),
    );
    check(
        json!(["login", "--password", value, value]),
        &json!(["login", "--password", "[secret: password]", value]),
    );
}

#[test]
fn keys_of_objects_are_text_too() {
    let (one, two) = (write("ghp_{a36}", 1), write("ghp_{a36}", 2));
    check(
        json!({ "a": 0, one: 1, two: 2 }),
        &json!({ "a": 0, "[secret: GitHub token]": 1, "[secret: GitHub token] 2": 2 }),
    );
}
