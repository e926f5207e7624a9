//! Which problems an edit brought, and which it took away.
//!
//! Lines move, so where a problem stands says little. It is the same problem
//! when file, source, code and words are the same, but for places that are
//! named in the words; of several such, those with the same line of text
//! belong together, then the nearest.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::Problem;

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Difference {
    /// There now and not before.
    pub new: Vec<Problem>,
    /// There before and not now.
    pub gone: Vec<Problem>,
    /// How many were there before and still are.
    pub kept: usize,
}

/// What is in `after` and not in `before`, and the other way round.
#[must_use]
pub fn difference(before: &[Problem], after: &[Problem]) -> Difference {
    let mut alike: BTreeMap<_, (Vec<&Problem>, Vec<&Problem>)> = BTreeMap::new();
    for problem in before {
        alike.entry(kind(problem)).or_default().0.push(problem);
    }
    for problem in after {
        alike.entry(kind(problem)).or_default().1.push(problem);
    }
    let mut all = Difference::default();
    for (mut old, mut new) in alike.into_values() {
        all.kept += pair(&mut old, &mut new, |a, b| a == b);
        all.kept += pair(&mut old, &mut new, |a, b| a.line_text == b.line_text);
        all.kept += pair(&mut old, &mut new, |_, _| true);
        all.gone.extend(old.into_iter().cloned());
        all.new.extend(new.into_iter().cloned());
    }
    all.gone.sort();
    all.new.sort();
    all
}

type Kind<'a> = (&'a Path, Option<&'a str>, Option<&'a str>, String);

fn kind(problem: &Problem) -> Kind<'_> {
    (
        &problem.path,
        problem.source.as_deref(),
        problem.code.as_deref(),
        without_places(&problem.message),
    )
}

/// `message` without the numbers in `file.c:12:7`.
fn without_places(message: &str) -> String {
    let mut parts = message.split(':');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push(':');
        plain.push_str(part.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    plain
}

/// Takes out of both lists what belongs together, the nearest first, and says
/// how many pairs there were.
fn pair(
    old: &mut Vec<&Problem>,
    new: &mut Vec<&Problem>,
    fits: impl Fn(&Problem, &Problem) -> bool,
) -> usize {
    let count = old.len();
    old.retain(|before| {
        let line = before.span.start.line;
        let nearest = new
            .iter()
            .enumerate()
            .filter(|(_, after)| fits(before, after))
            .min_by_key(|(_, after)| after.span.start.line.abs_diff(line));
        let Some((index, _)) = nearest else {
            return true;
        };
        new.remove(index);
        false
    });
    count - old.len()
}
