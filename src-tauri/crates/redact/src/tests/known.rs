use super::samples::write;
use crate::Redactor;

fn with(values: &[(&str, &str)]) -> Redactor {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Redactor::with_values(values.iter().map(owned))
}

#[test]
fn a_known_value_is_hidden_wherever_it_stands() {
    let redactor = with(&[("DB_PASSWORD", " correct horse \n")]);
    assert_eq!(
        redactor.redact("x=correct horse;acorrect horseb"),
        "x=[secret: DB_PASSWORD];a[secret: DB_PASSWORD]b"
    );
    assert_eq!(redactor.redact("correct hors"), "correct hors");
}

#[test]
fn a_known_value_is_hidden_as_json_and_addresses_write_it() {
    let redactor = with(&[("PW", "a\"b\\c\nd/ e")]);
    let json = serde_json::json!({ "x": "a\"b\\c\nd/ e" }).to_string();
    assert_eq!(redactor.redact(&json), "{\"x\":\"[secret: PW]\"}");
    assert_eq!(
        redactor.redact("?x=a%22b%5Cc%0Ad%2F%20e&y"),
        "?x=[secret: PW]&y"
    );
}

#[test]
fn short_values_are_left_out() {
    let redactor = with(&[("A", "short12"), ("B", ""), ("C", "ééééééé")]);
    assert_eq!(redactor.redact("short12 ééééééé"), "short12 ééééééé");
}

#[test]
fn a_known_value_names_what_shapes_find_too() {
    let token = write("ghp_{a36}", 1);
    let redactor = with(&[("MY_TOKEN", &token)]);
    let text = format!("token={token}");
    assert_eq!(redactor.redact(&text), "token=[secret: MY_TOKEN]");
    let found = redactor.find(&text);
    assert_eq!((found[0].shape, found[0].name), ("known-value", "MY_TOKEN"));
}

#[test]
fn overlapping_values_are_hidden_together() {
    let redactor = with(&[("A", "abcdefgh"), ("B", "efghijkl")]);
    assert_eq!(redactor.redact("-abcdefghijkl-"), "-[secret: A]-");
}

#[test]
fn a_name_can_neither_break_the_mark_nor_tell_the_value() {
    let value = "correct horse";
    let redactor = with(&[("a]\n[b", value)]);
    assert_eq!(redactor.redact(value), "[secret: ab]");
    let redactor = with(&[(value, value)]);
    assert_eq!(redactor.redact(value), "[secret: known value]");
    let redactor = with(&[("é".repeat(200).as_str(), value)]);
    let once = redactor.redact(value).into_owned();
    assert_eq!(redactor.redact(&once), once);
}

#[test]
fn the_words_of_marks_are_never_hidden() {
    let redactor = with(&[("NAME", "AWS access key"), ("OTHER", "[secret:")]);
    let text = format!("{} and AWS access key", write("AKIA{u16}", 1));
    let once = redactor.redact(&text).into_owned();
    assert_eq!(once, "[secret: AWS access key] and [secret: NAME]");
    assert_eq!(redactor.redact(&once), once);
}

#[test]
fn what_a_mark_uncovers_is_hidden_as_well() {
    let redactor = with(&[("KNOWN", "correcthorse")]);
    let text = write("AKIA{u16}correcthorse", 1);
    assert_eq!(
        redactor.redact(&text),
        "[secret: AWS access key][secret: KNOWN]"
    );
}
