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

const SHAPES: &str = "\
//! Shapes.

/// A shape.
pub struct Shape {
    pub sides: usize,
}

enum Color {
    Red,
}

impl Shape {
    /// Its area.
    pub fn area(
        &self,
        scale: f64,
    ) -> f64 {
        0.0
    }
}

pub fn all() -> Vec<Shape> {
    Vec::new()
}

#[cfg(test)]
mod tests {
    #[test]
    fn it_works() {}
}
";

fn door() -> Door {
    let door = Door::new();
    door.put("src/shapes.rs", SHAPES);
    door.put(
        "src/run.py",
        "def run(a):\n    return a\n\n\ndef _hidden(): pass\n",
    );
    door.put("README.md", "# Title\n\n## Use\n");
    door.put("notes.txt", "fn nothing() {}\n");
    door.put("gen/code.rs", "fn generated() {}\n");
    door.put(".hidden.rs", "fn hidden() {}\n");
    door.put("wp-config.php", "<?php function secret() {}\n");
    door.put(".gitignore", "gen\n");
    door
}

async fn check(door: &Door, input: Value, expected: &str) {
    assert_eq!(
        door.ok("code_outline", input.clone()).await,
        expected,
        "{input}"
    );
}

#[tokio::test]
async fn a_file_comes_as_a_tree_with_lines() {
    let door = door();
    check(
        &door,
        json!({"path": "src/shapes.rs"}),
        "\
src/shapes.rs (Rust, 30 lines)
4-6  pub struct Shape  — A shape.
8-10  enum Color
12-20  impl Shape
  14-19  pub fn area(&self, scale: f64) -> f64  — Its area.
22-24  pub fn all() -> Vec<Shape>
27-30  mod tests
  29  fn it_works()
",
    )
    .await;
    check(
        &door,
        json!({"path": "src/shapes.rs", "depth": 1, "kinds": ["enum", "function"]}),
        "src/shapes.rs (Rust, 30 lines)\n8-10  enum Color\n22-24  pub fn all() -> Vec<Shape>\n",
    )
    .await;
    check(
        &door,
        json!({"path": "src/shapes.rs", "kinds": ["field", "variant", "method"]}),
        "\
src/shapes.rs (Rust, 30 lines)
4-6  pub struct Shape  — A shape.
  5  pub sides: usize
8-10  enum Color
  9  Red
12-20  impl Shape
  14-19  pub fn area(&self, scale: f64) -> f64  — Its area.
",
    )
    .await;
    check(
        &door,
        json!({"path": "README.md"}),
        "README.md (Markdown, 3 lines)\n1-3  # Title\n  3  ## Use\n",
    )
    .await;
    check(
        &door,
        json!({"path": "src/run.py", "kinds": ["class"]}),
        "src/run.py (Python, 5 lines)\n(It defines nothing of these kinds.)\n",
    )
    .await;
}

#[tokio::test]
async fn a_folder_shows_what_matters_first() {
    let door = door();
    check(
        &door,
        json!({}),
        "\
src/run.py
  1-2  def run(a)
  5  def _hidden()
src/shapes.rs
  4-6  pub struct Shape
  22-24  pub fn all() -> Vec<Shape>
  8-10  enum Color
(1 file that may hold secrets left out; to read one name it in `path`.)
",
    )
    .await;
    check(
        &door,
        json!({"path": "src", "kinds": ["method", "test"], "depth": 2}),
        "\
src/shapes.rs
  12-20  impl Shape
    14-19  pub fn area(&self, scale: f64) -> f64
  27-30  mod tests
    29  fn it_works()
",
    )
    .await;
    check(
        &door,
        json!({"kinds": ["heading"]}),
        "\
README.md
  1-3  # Title
(1 file that may hold secrets left out; to read one name it in `path`.)
",
    )
    .await;
    let secret = door
        .ok("code_outline", json!({"path": "wp-config.php"}))
        .await;
    assert_says(&secret, &["function secret()"]);
}

#[tokio::test]
async fn a_large_folder_fits_and_says_what_is_missing() {
    let door = Door::new();
    for number in 0..300 {
        let functions: String = (0..30)
            .map(|index| format!("pub fn a_long_name_{index}() {{}}\n"))
            .collect();
        door.put(&format!("d{:02}/f{number:03}.rs", number / 10), functions);
    }
    let output = door.run("code_outline", json!({})).await;
    assert!(output.content.len() < 26 * 1024, "{}", output.content.len());
    assert_says(
        &output.content,
        &[
            "d00/f000.rs\n  1  pub fn a_long_name_0()\n",
            "(29 more)",
            "d29/f299.rs\n",
            "(Not everything fits;",
        ],
    );
    assert_eq!(
        output.details.unwrap(),
        json!({"path": ".", "files": 300, "symbols": 9000, "truncated": true})
    );
    for number in 0..1200 {
        let content = "pub fn a() {}\n".repeat(30);
        door.put(
            &format!("more/e{:03}/file_number_{number:04}.rs", number / 10),
            content,
        );
    }
    let said = door.ok("code_outline", json!({})).await;
    assert_says(
        &said,
        &[
            "d00/ (10 files, 300 symbols)\n",
            "more/e119/ (10 files, 300 symbols)\n",
        ],
    );
}

#[tokio::test]
async fn a_large_file_loses_its_inner_levels_first() {
    let door = Door::new();
    let class: String = (0..40)
        .map(|index| format!("    def method_{index}(self, a, b): pass\n"))
        .collect();
    let text: String = (0..40)
        .map(|index| format!("class A{index}:\n{class}"))
        .collect();
    door.put("a.py", &text);
    let said = door.ok("code_outline", json!({"path": "a.py"})).await;
    assert_says(
        &said,
        &[
            "1-41  class A0\n42-82  class A1\n",
            "(There is more than fits;",
        ],
    );
    door.put(
        "b.py",
        "def a_function_with_a_long_name(a, b, c): pass\n".repeat(4000),
    );
    let said = door.ok("code_outline", json!({"path": "b.py"})).await;
    assert!(said.len() < OUTPUT_LIMIT_BYTES);
    assert_says(&said, &["(There is more than fits;"]);
}

#[tokio::test]
async fn what_cannot_be_outlined_is_told() {
    let door = door();
    door.put("large.rs", "//".repeat(3 * 1024 * 1024));
    for (input, words) in [
        (
            json!({"path": "notes.txt"}),
            vec!["`notes.txt`", "`read` or `grep`"],
        ),
        (json!({"path": "large.rs"}), vec!["too large"]),
        (json!({"path": "gone.rs"}), vec!["does not exist"]),
        (json!({"path": "src", "depth": 0}), vec!["`depth`"]),
        (json!({"path": "src", "depth": 9}), vec!["`depth`"]),
        (
            json!({"path": "src", "kinds": []}),
            vec!["`kinds` is empty"],
        ),
        (
            json!({"path": "src", "kinds": ["fun"]}),
            vec!["`kinds[0]`", "`function`"],
        ),
        (json!({"path": 7}), vec!["does not fit"]),
    ] {
        assert_says(&door.failed("code_outline", input).await, &words);
    }
    let empty = Door::new();
    let said = empty.ok("code_outline", json!({})).await;
    assert_says(&said, &["nothing to outline in `.`"]);
}

#[cfg(unix)]
#[tokio::test]
async fn links_lead_nowhere() {
    let door = door();
    std::os::unix::fs::symlink("/etc", door.workspace.join("etc")).unwrap();
    let said = door.failed("code_outline", json!({"path": "etc"})).await;
    assert_says(&said, &["leads through a link to `/etc`"]);
}

#[tokio::test]
async fn a_cancel_ends_an_outline() {
    let door = Door::new();
    for number in 0..200 {
        door.put(&format!("f{number}.rs"), "fn a() {}\n".repeat(500));
    }
    let cancel = door.ctx.cancel.clone();
    let outline = door.run("code_outline", json!({}));
    let (output, ()) = tokio::join!(outline, async { cancel.cancel() });
    assert_eq!(output.outcome, Outcome::Cancelled);
}
