#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use protocol::Outcome;
use serde_json::{Value, json};
use tool::OUTPUT_LIMIT_BYTES;

use crate::door::{Door, assert_says};

fn door() -> Door {
    let door = Door::new();
    door.put(
        "src/shape.rs",
        "\
pub struct Shape {
    area: f64,
}

impl Shape {
    pub fn area(&self) -> f64 {
        // area
        self.area
    }
}

pub fn area_of_all(shapes: &[Shape]) -> f64 {
    shapes.iter().map(|shape| shape.area()).sum()
}
",
    );
    door.put(
        "src/use.py",
        "def total(shape):\n    return shape.area() + 1\n\n\ndef Area():\n    pass\n",
    );
    door.put(
        "main.go",
        "package main\nfunc (s *Shape) Area() int { return 1 }\n",
    );
    door.put("README.md", "# Area\n");
    door.put("gen/code.rs", "fn area() {}\n");
    door.put(".hidden.rs", "fn area() {}\n");
    door.put("wp-config.php", "<?php function area() {}\n");
    door.put(".gitignore", "gen\n");
    door
}

const NOTE: &str = "(1 file that may hold secrets left out; to read one name it in `path`.)\n";

async fn check(door: &Door, input: Value, expected: &str) {
    assert_eq!(
        door.ok("symbol_search", input.clone()).await,
        expected,
        "{input}"
    );
}

#[tokio::test]
async fn exact_names_come_before_others() {
    let door = door();
    check(
        &door,
        json!({"name": "area"}),
        &format!(
            "\
src/shape.rs:6  method pub fn area(&self) -> f64  (in Shape)
src/shape.rs:2  field area: f64  (in Shape)
main.go:2  method func (s *Shape) Area() int
src/use.py:5  function def Area()
src/shape.rs:12  function pub fn area_of_all(shapes: &[Shape]) -> f64
{NOTE}"
        ),
    )
    .await;
    check(
        &door,
        json!({"name": "Area", "case_sensitive": true, "path": "src"}),
        "src/use.py:5  function def Area()\n",
    )
    .await;
    check(
        &door,
        json!({"name": "of_all", "kind": "function", "path": "src"}),
        "src/shape.rs:12  function pub fn area_of_all(shapes: &[Shape]) -> f64\n",
    )
    .await;
    check(
        &door,
        json!({"name": "shape", "path": "src/shape.rs"}),
        "src/shape.rs:1  struct pub struct Shape\nsrc/shape.rs:5  impl impl Shape\n",
    )
    .await;
    check(
        &door,
        json!({"name": "area", "kind": "heading"}),
        &format!("README.md:1  heading # Area\n{NOTE}"),
    )
    .await;
}

#[tokio::test]
async fn members_are_found_by_what_they_lie_in() {
    let door = door();
    for name in ["Shape.area", "shape::Shape::area()", "shape#Area"] {
        check(
            &door,
            json!({"name": name, "kind": "method"}),
            &format!(
                "\
{}{NOTE}",
                if name.ends_with("Area") {
                    "main.go:2  method func (s *Shape) Area() int\nsrc/shape.rs:6  method pub fn area(&self) -> f64  (in Shape)\n"
                } else {
                    "src/shape.rs:6  method pub fn area(&self) -> f64  (in Shape)\nmain.go:2  method func (s *Shape) Area() int\n"
                }
            ),
        )
        .await;
    }
}

#[tokio::test]
async fn uses_come_with_the_symbol_they_lie_in() {
    let door = door();
    let output = door
        .run(
            "symbol_search",
            json!({"name": "area", "references": true, "path": "src"}),
        )
        .await;
    assert_eq!(
        output.content,
        "\
src/shape.rs:6  method pub fn area(&self) -> f64  (in Shape)
src/shape.rs:2  field area: f64  (in Shape)
src/use.py:5  function def Area()
Used in 3 lines:
src/shape.rs:8  in Shape.area: self.area
src/shape.rs:13  in area_of_all: shapes.iter().map(|shape| shape.area()).sum()
src/use.py:2  in total: return shape.area() + 1
"
    );
    let details = output.details.unwrap();
    assert_eq!(
        details["symbols"][0],
        json!({"path": "src/shape.rs", "line": 6, "kind": "method", "name": "area"})
    );
    assert_eq!(
        details["uses"][2],
        json!({"path": "src/use.py", "line": 2, "within": "total"})
    );
    assert_eq!(
        (&details["symbols_total"], &details["uses_total"]),
        (&json!(3), &json!(3))
    );
    check(
        &door,
        json!({"name": "sum", "references": true}),
        &format!(
            "(`sum` is not defined in `.`.)\nUsed in 1 line:\nsrc/shape.rs:13  in area_of_all: shapes.iter().map(|shape| shape.area()).sum()\n{NOTE}"
        ),
    )
    .await;
}

#[tokio::test]
async fn the_nearest_names_come_when_there_is_none() {
    let door = door();
    check(
        &door,
        json!({"name": "areaall", "path": "src"}),
        "(Nothing is called `areaall`. The nearest names:)\nsrc/shape.rs:12  function pub fn area_of_all(shapes: &[Shape]) -> f64\n",
    )
    .await;
    let said = door.ok("symbol_search", json!({"name": "zebra"})).await;
    assert_says(&said, &["No symbol in `.` is called `zebra`", "`grep`"]);
}

#[tokio::test]
async fn the_order_does_not_depend_on_threads_and_floods_fit() {
    let door = Door::new();
    for number in 0..60 {
        door.put(
            &format!("f{number:02}.py"),
            "def same(): same()\n".repeat(300),
        );
    }
    let input = json!({"name": "same", "references": true});
    let first = door.run("symbol_search", input.clone()).await;
    assert!(first.content.len() <= OUTPUT_LIMIT_BYTES && !first.content.contains("left out"));
    assert_says(
        &first.content,
        &[
            "f00.py:1  function def same()\n",
            "Used in 18000 lines:\n",
            "more; narrow with",
        ],
    );
    assert_eq!(first.details.as_ref().unwrap()["truncated"], true);
    for _ in 0..3 {
        assert_eq!(door.run("symbol_search", input.clone()).await, first);
    }
}

#[tokio::test]
async fn bad_names_bring_a_hint() {
    let door = door();
    for (input, words) in [
        (json!({"name": " "}), vec!["`name` is empty"]),
        (json!({"name": "Shape."}), vec!["names no symbol"]),
        (json!({"name": "x".repeat(300)}), vec!["longer than"]),
        (
            json!({"name": "x", "kind": "fn"}),
            vec!["`kind`", "`function`"],
        ),
        (json!({"name": "x", "path": "gone"}), vec!["does not exist"]),
    ] {
        assert_says(&door.failed("symbol_search", input).await, &words);
    }
    for name in [
        "(",
        "a\nb",
        "\\",
        "*",
        "é",
        "İ",
        "[a",
        "(((",
        "a-b]$",
        "öäü_ß",
        "Straße",
        &"x".repeat(200),
    ] {
        let said = door
            .ok("symbol_search", json!({"name": name, "references": true}))
            .await;
        assert_says(&said, &["No symbol in `.`"]);
    }
}

#[tokio::test]
async fn a_cancel_ends_a_search() {
    let door = Door::new();
    for number in 0..200 {
        door.put(&format!("f{number}.rs"), "fn a() {}\n".repeat(500));
    }
    let cancel = door.ctx.cancel.clone();
    let search = door.run("symbol_search", json!({"name": "a"}));
    let (output, ()) = tokio::join!(search, async { cancel.cancel() });
    assert_eq!(output.outcome, Outcome::Cancelled);
}
