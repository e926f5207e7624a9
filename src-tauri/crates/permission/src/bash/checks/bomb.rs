//! Commands that eat all processes, memory or disk.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::{Join, Leaf, Origin, Redirect, Shape};
use crate::bash::word::Live;
use protocol::Span;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    functions(subject, hits);
    loops(subject, hits);
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

/// A function that starts itself in a pipe or in the background.
fn functions(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        let Shape::Function(name) = shape else {
            continue;
        };
        let own = subject
            .script
            .leaves
            .iter()
            .filter(|leaf| leaf.argv().first() == Some(&name.as_str()));
        let mut own = own.filter(|leaf| {
            matches!(leaf.after, Join::Background | Join::Pipe) || leaf.before == Join::Pipe
        });
        if own.next().is_some() {
            hits.ruin(
                *span,
                "A function starts itself over and over until the machine stops.",
            );
        }
    }
}

fn loops(subject: &Subject<'_>, hits: &mut Hits) {
    let shapes = &subject.script.shapes;
    let keyword = |words: &str| {
        shapes
            .iter()
            .any(|(shape, _)| matches!(shape, Shape::Keyword(word) if among(words, word)))
    };
    if keyword("while until for") && shapes.iter().any(|(shape, _)| *shape == Shape::Background) {
        hits.danger(
            Span {
                start: 0,
                end: subject.text.len(),
            },
            "A loop starts processes in the background.",
        );
    }
    let spaceless = subject.text.replace([' ', '\t'], "");
    if keyword("for") && spaceless.contains("((;") && spaceless.contains(";;") {
        let end = subject.text.len();
        hits.danger(Span { start: 0, end }, "A loop that never ends.");
    }
    let always = subject.script.leaves.iter().find(|leaf| {
        leaf.is(&[":", "true"]) && matches!(leaf.origin, Origin::Top | Origin::Nested)
    });
    if let Some(leaf) = always.filter(|_| keyword("while until")) {
        hits.danger(leaf.span, "A loop that may never end.");
    }
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    const ENDLESS: &str = "/dev/zero /dev/urandom /dev/random /dev/full";
    let fed = leaf
        .redirects
        .iter()
        .filter(|redirect| redirect.operator == "<")
        .filter_map(|redirect| redirect.target.as_ref());
    if fed.into_iter().any(|word| among(ENDLESS, &word.text)) && !bounded(leaf) {
        return Some("It reads from a device that never ends.");
    }
    let made = leaf.is(&["fallocate"]);
    let fills = (made || leaf.is(&["head", "dd", "openssl"]))
        && leaf.args().iter().any(|word| {
            let count = word.text.trim_start_matches(|c: char| !c.is_ascii_digit());
            count.len() > 1 && count.ends_with(['G', 'T', 'P'])
        });
    if fills && (made || leaf.redirects.iter().any(Redirect::writes)) {
        return Some("It fills the disk.");
    }
    let mut args = leaf.args().iter().map(|word| word.text.as_str());
    if args
        .clone()
        .any(|text| among(ENDLESS, text.trim_start_matches("if=")))
        && !bounded(leaf)
    {
        return Some("It reads from a device that never ends.");
    }
    if leaf
        .words
        .iter()
        .any(|word| word.has(&Live::Brace) && huge_range(&word.text))
    {
        return Some("Braces become more words than memory holds.");
    }
    let writes = leaf.redirects.iter().any(Redirect::writes);
    match leaf.name().as_str() {
        "yes" => (writes || leaf.after != Join::Pipe).then_some("It writes without end."),
        "awk" | "gawk" | "mawk" | "nawk" => args
            .any(|text| {
                let text = text.replace(' ', "");
                text.contains("while(1)") || text.contains("for(;;)")
            })
            .then_some("A loop that never ends."),
        "seq" => args
            .any(|text| text.starts_with("inf") || text.len() > 8 || text.contains('e'))
            .then_some("It counts without end."),
        "stress" | "stress-ng" | "forkbomb" => Some("It puts the machine under load."),
        "fallocate" | "truncate" | "mkfile" => args
            .any(|text| text.ends_with(['T', 'P']) || text.ends_with("TB"))
            .then_some("It fills the disk."),
        "ulimit" => leaf
            .has_arg(&["unlimited"])
            .then_some("It lifts a limit that protects the machine."),
        _ => None,
    }
}

/// `head -c` and `dd count=` of no more than megabytes.
fn bounded(leaf: &Leaf) -> bool {
    let huge = leaf
        .args()
        .iter()
        .any(|word| word.text.ends_with(['G', 'T', 'P']));
    let counts = leaf.has_arg_start("-c") || leaf.has_arg_start("count=");
    !huge && counts && leaf.is(&["head", "dd"])
}

/// `{1..999999999}` or several ranges multiplied.
fn huge_range(text: &str) -> bool {
    let ranges = text.matches("..").count();
    let digits = text
        .split("..")
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
        .map(str::len)
        .max()
        .unwrap_or(0);
    ranges > 2 || digits > 6 || (ranges > 1 && digits > 3)
}
