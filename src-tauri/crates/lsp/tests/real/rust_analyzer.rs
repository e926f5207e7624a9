use lsp::{At, Change, Point, Settled, apply, difference};

use crate::launcher::{LIMIT, Project, name, shown};

const HINT: &str = "This test needs rust-analyzer: `rustup component add rust-analyzer`, or name it in `RUST_ANALYZER`.";

const LIB: &str = "\
pub struct Shape {
    pub width: u32,
}

impl Shape {
    /// How much of it there is.
    pub fn area(&self) -> u32 {
        self.width * self.width
    }
}

pub fn total(shapes: &[Shape]) -> u32 {
    let _mark = \"\u{1f980}\u{e9}\"; let mut sum = 0;
    for shape in shapes {
        sum += shape.area();
    }
    sum
}
";

#[tokio::test]
#[ignore = "rust-analyzer comes with rustup alone, which a machine with Rust need not have"]
async fn it_knows_a_rust_project() {
    let manifest = "[package]\nname = \"shapes\"\nversion = \"0.0.0\"\nedition = \"2021\"\n";
    let project = Project::new(
        "rust-analyzer",
        "RUST_ANALYZER",
        &[("Cargo.toml", manifest), ("src/lib.rs", LIB)],
    );
    let server = project.server("src/lib.rs", HINT).await;
    let lib = project.path("src/lib.rs");
    let before = server.problems(&lib, LIMIT).await.unwrap();
    assert!(before.is_settled);
    assert_eq!(before.items, []);
    assert_eq!(server.settle(LIMIT).await, Settled::Quiet);

    let at = At::Point(Point {
        line: 15,
        column: 22,
    });
    let found = server.definition(&lib, &at).await.unwrap();
    assert_eq!(
        shown(&found.items),
        ["lib.rs:7:12 pub fn area(&self) -> u32 {"]
    );
    let calls = server.incoming_calls(&lib, &name(7, "area")).await.unwrap();
    assert_eq!(calls.calls.items[0].name, "total");
    let symbol = server.symbol_text(&lib, "Shape::area").await.unwrap();
    assert!(symbol.text.starts_with("/// How much"), "{}", symbol.text);
    let changes = server.rename(&lib, &name(13, "sum"), "all").await.unwrap();
    let [Change::Edit(edit)] = changes.steps.as_slice() else {
        panic!("{changes:?}");
    };
    let renamed = apply(LIB, &edit.replacements).unwrap();
    assert_eq!(renamed, LIB.replace("sum", "all"));

    // One that it finds itself, and one that only the compiler finds.
    let broken = LIB
        .replace("shape.area()", "shape.are()")
        .replace("-> u32 {\n    let _mark", "-> u32 {\n    let _mark: u32");
    project.write("src/lib.rs", &format!("// moved\n{broken}"));
    let after = server.problems(&lib, LIMIT).await.unwrap();
    assert!(after.is_settled);
    let changed = difference(&before.items, &after.items);
    let lines = changed.new.iter().map(|one| one.span.start.line);
    let lines: Vec<usize> = lines.collect();
    assert!(lines.contains(&14) && lines.contains(&16), "{changed:?}");
    project.write("src/lib.rs", LIB);
    let mended = server.problems(&lib, LIMIT).await.unwrap();
    assert_eq!(mended.items, []);
    project.pool.shutdown().await;
}
