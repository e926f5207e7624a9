#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::{Board, Problem, Severity, difference};
use crate::finding::{Point, Span};

fn problem(line: usize, message: &str, line_text: &str) -> Problem {
    let point = Point { line, column: 1 };
    Problem {
        path: PathBuf::from("/a.rs"),
        span: Span {
            start: point,
            end: point,
        },
        severity: Severity::Error,
        code: None,
        source: None,
        message: message.to_owned(),
        line_text: line_text.to_owned(),
    }
}

#[test]
fn what_moved_is_not_new() {
    type Listed<'a> = Vec<(usize, &'a str, &'a str)>;
    // Before, after; lines of the new, lines of the gone, how many kept.
    type Case<'a> = (Listed<'a>, Listed<'a>, Vec<usize>, Vec<usize>, usize);
    let cases: Vec<Case<'_>> = vec![
        (vec![], vec![], vec![], vec![], 0),
        (vec![], vec![(1, "a", "x")], vec![1], vec![], 0),
        (vec![(1, "a", "x")], vec![], vec![], vec![1], 0),
        // Moved, and its line was changed.
        (vec![(1, "a", "x")], vec![(9, "a", "x")], vec![], vec![], 1),
        (vec![(1, "a", "x")], vec![(9, "a", "y")], vec![], vec![], 1),
        // Another of the same words: the one with the known line is the old.
        (
            vec![(5, "a", "x")],
            vec![(2, "a", "y"), (8, "a", "x")],
            vec![2],
            vec![],
            1,
        ),
        // Nothing but the distance tells them apart.
        (
            vec![(10, "a", "x"), (50, "a", "x")],
            vec![(12, "a", "x")],
            vec![],
            vec![50],
            1,
        ),
        // A place in the words moves as well.
        (
            vec![(1, "b (a.c:6:22: note: here)", "x")],
            vec![(2, "b (a.c:7:22: note: here)", "x")],
            vec![],
            vec![],
            1,
        ),
        // Other words, another problem.
        (
            vec![(1, "expected 2 arguments", "x")],
            vec![(1, "expected 3 arguments", "x")],
            vec![1],
            vec![1],
            0,
        ),
    ];
    for (before, after, new, gone, kept) in cases {
        let list = |listed: &Listed<'_>| -> Vec<Problem> {
            let problems = listed
                .iter()
                .map(|(line, words, text)| problem(*line, words, text));
            problems.collect()
        };
        let changed = difference(&list(&before), &list(&after));
        let lines = |found: &[Problem]| -> Vec<usize> {
            found.iter().map(|one| one.span.start.line).collect()
        };
        assert_eq!(lines(&changed.new), new, "{before:?} {after:?}");
        assert_eq!(lines(&changed.gone), gone, "{before:?} {after:?}");
        assert_eq!(changed.kept, kept, "{before:?} {after:?}");
    }
}

fn diagnostic(line: u32, severity: u32) -> Value {
    json!({
        "range": {"start": {"line": line, "character": 0}, "end": {"line": line, "character": 1}},
        "severity": severity,
        "message": format!("problem {line}"),
    })
}

fn publish(board: &Board, path: &str, diagnostics: Vec<Value>) {
    let params = json!({"uri": format!("file://{path}"), "diagnostics": diagnostics});
    board.publish(&params.to_string());
}

#[tokio::test]
async fn a_wrong_item_costs_only_itself() {
    let board = Board::new();
    let items = vec![
        diagnostic(1, 1),
        json!({"message": 5}),
        json!(7),
        diagnostic(2, 2),
    ];
    publish(&board, "/a.rs", items);
    assert_eq!(board.of(Path::new("/a.rs")).unwrap().items.len(), 2);
    for bad in [
        "null",
        "[]",
        "{}",
        "{\"uri\": 1, \"diagnostics\": []}",
        "\"\u{0}",
    ] {
        board.publish(bad);
    }
    assert_eq!(board.count(), 1);
    publish(&board, "/a.rs", vec![]);
    assert_eq!(board.count(), 2);
    assert!(board.paths().is_empty());
}

#[tokio::test]
async fn a_flood_of_problems_stays_within_bounds() {
    let board = Board::new();
    let many: Vec<Value> = (0..3000)
        .map(|line| diagnostic(line, if line == 700 { 1 } else { 3 }))
        .collect();
    publish(&board, "/a.rs", many.clone());
    let kept = board.of(Path::new("/a.rs")).unwrap();
    assert_eq!((kept.items.len(), kept.left_out), (500, 2500));
    // The error came late and is there.
    assert_eq!(kept.items[0].range.start.line, 700);

    for file in 0..3000 {
        publish(&board, &format!("/{file}.rs"), many[..40].to_vec());
    }
    let paths = board.paths();
    assert!(paths.len() <= 2000);
    let total: usize = paths
        .iter()
        .map(|path| board.of(path).unwrap().items.len())
        .sum();
    assert!(total <= 10_000, "{total}");

    let mut long = diagnostic(1, 1);
    long["message"] = json!("é".repeat(100_000));
    long["data"] = json!("x".repeat(100_000));
    publish(&board, "/0.rs", vec![]);
    publish(&board, "/a.rs", vec![]);
    publish(&board, "/long.rs", vec![long]);
    let kept = board.of(Path::new("/long.rs")).unwrap();
    assert!(format!("{kept:?}").len() < 10_000);
}
