//! Subscripts: text in brackets that bash evaluates, even when quoted.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    const EVALUATES: &[&str] = &[
        "test",
        "[",
        "[[",
        "printf",
        "read",
        "let",
        "declare",
        "typeset",
        "local",
        "export",
        "readonly",
        "unset",
        "mapfile",
        "readarray",
        "wait",
        "-v",
        "-n",
        "-z",
        "expr",
        "exit",
        "return",
        "shift",
    ];
    values(subject, hits);
    // Between `[[` and `]]` any word may be evaluated; it is no leaf's name.
    let brackets = Shape::Keyword("[[".to_owned());
    let in_brackets = subject
        .script
        .shapes
        .iter()
        .any(|(shape, _)| *shape == brackets);
    for leaf in subject
        .script
        .leaves
        .iter()
        .filter(|leaf| in_brackets || leaf.is(EVALUATES))
    {
        for word in &leaf.words {
            let code = word.text.contains("$(") || word.text.contains('`');
            let bracket = word.text.contains('[') && word.text.len() > 1 && word.text != "[[";
            let stores = leaf.is(&[
                "test", "[", "-v", "printf", "read", "let", "declare", "typeset", "unset", "[[",
            ]);
            if code && (bracket || leaf.is(&["let"])) {
                hits.danger(
                    word.span(),
                    format!(
                        "`{}` would run the command inside of this text.",
                        leaf.name()
                    ),
                );
            } else if bracket && stores && !leaf.is(&["printf"]) {
                hits.ask(
                    word.span(),
                    format!("`{}` evaluates what stands in brackets.", leaf.name()),
                );
            }
        }
    }
}

/// What a variable holds is evaluated where a number is wanted.
fn values(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = subject.script.leaves.iter();
    for word in leaves.flat_map(|leaf| &leaf.assignments) {
        let runs = ["[$(", "[`", "[\"$("]
            .iter()
            .any(|part| word.text.contains(part));
        if runs && word.quoted {
            hits.danger(word.span(), "As a number its value would run a command.");
        }
    }
}
