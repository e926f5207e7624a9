mod known;
mod named;
mod ordinary;
mod samples;
mod shapes;
mod torture;
mod tree;

use crate::Redactor;

/// What a text becomes, with the built-in shapes.
fn redacted(text: &str) -> String {
    Redactor::new().redact(text).into_owned()
}

fn stays(text: &str) {
    assert_eq!(redacted(text), text);
}

#[test]
fn text_without_secrets_is_not_copied() {
    let redactor = Redactor::new();
    let text = redactor.redact("the token of the press is lost");
    assert!(matches!(text, std::borrow::Cow::Borrowed(_)));
    assert!(redactor.find("").is_empty());
}

#[test]
fn debug_output_shows_no_value() {
    let value = samples::write("{a24}", 1);
    let redactor = Redactor::with_values([("KEY".to_owned(), value.clone())]);
    assert!(!format!("{redactor:?}").contains(&value));
}

#[test]
fn what_is_found_says_where_it_is() {
    let token = samples::write("ghp_{a36}", 1);
    let text = format!("één {token}, twee");
    let redactor = Redactor::new();
    let found = redactor.find(&text);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].shape, "github-token");
    assert_eq!(found[0].name, "GitHub token");
    assert_eq!(&text[found[0].range.clone()], token);
}
