use super::{from_answer, from_request};

#[test]
fn a_title_is_read_from_what_a_model_says() {
    let check = |answer: &str, title: Option<&str>| {
        assert_eq!(from_answer(answer).as_deref(), title, "{answer:?}");
    };
    check("Parser for dates", Some("Parser for dates"));
    check("\n  \"Parser for dates.\"\n", Some("Parser for dates"));
    check("**Title: Parser for dates**", Some("Parser for dates"));
    check("# Datumsparser\n\nIch habe …", Some("Datumsparser"));
    check("Fix: the parser", Some("Fix: the parser"));
    check("", None);
    check(" \n``\n", None);
    check(&"I would be glad to help you with that. ".repeat(5), None);
}

#[test]
fn a_long_title_is_cut_at_a_word() {
    let title = from_answer(&"word ".repeat(16)).unwrap_or_default();
    assert!(title.ends_with(" word…"), "{title}");
    assert_eq!(title, from_request(&"word ".repeat(16)));
}
