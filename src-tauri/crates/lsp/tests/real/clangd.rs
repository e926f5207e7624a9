use lsp::{Change, Changes, Problem, Settled, Severity, Status, apply, difference};

use crate::launcher::{LIMIT, Project, name, shown, told};

const HINT: &str = "This test needs clangd: `apt-get install clangd`, or name it in `CLANGD`.";

const HEADER: &str = "\
#pragma once

/// A flat shape.
struct Shape {
    int width = 1;
    int height = 1;
    int area() const;
};

int twice(int value);
";

/// With characters of two and four bytes before what is looked for, and CRLF.
const SHAPE: &str = "\
#include \"shape.h\"\r
\r
int Shape::area() const {\r
    return width * height;\r
}\r
\r
int twice(int value) { return value + value; }\r
";

const MAIN: &str = "\
#include \"shape.h\"

int use(const Shape &shape) {
    const char *text = \"\u{1f980}\u{e9}\"; int area = shape.area();
    return twice(area) + (text ? 1 : 0);
}

int main() {
    Shape shape;
    return use(shape) + twice(2);
}
";

fn project() -> Project {
    let project = Project::new(
        "clangd",
        "CLANGD",
        &[
            ("src/shape.h", HEADER),
            ("src/shape.cpp", SHAPE),
            ("src/main.cpp", MAIN),
        ],
    );
    let folder = project.path("");
    let entry = |file: &str| {
        serde_json::json!({
            "directory": folder,
            "command": format!("c++ -std=c++17 -Isrc -c src/{file}"),
            "file": format!("src/{file}"),
        })
    };
    let commands = serde_json::json!([entry("shape.cpp"), entry("main.cpp")]);
    project.write("compile_commands.json", &commands.to_string());
    project
}

#[tokio::test]
async fn it_finds_its_way_in_a_project() {
    let project = project();
    let server = project.server("src/main.cpp", HINT).await;
    assert_eq!(server.root(), project.path("").as_path());
    let (main, shape) = (project.path("src/main.cpp"), project.path("src/shape.cpp"));

    // Problems first: it opens the file, and the project is read from there.
    let problems = server.problems(&main, LIMIT).await.unwrap();
    assert!(problems.is_settled);
    assert_eq!(told(&problems.items), Vec::<String>::new());
    assert_eq!(server.settle(LIMIT).await, Settled::Quiet);

    // Behind characters that count differently in every encoding.
    let found = server.definition(&main, &name(4, "area")).await.unwrap();
    let own = "const char *text = \"\u{1f980}\u{e9}\"; int area = shape.area();";
    assert_eq!(shown(&found.items), [format!("main.cpp:4:34 {own}")]);
    let found = server.definition(&main, &name(5, "twice")).await.unwrap();
    assert_eq!(
        shown(&found.items),
        ["shape.cpp:7:5 int twice(int value) { return value + value; }"]
    );

    let found = server.references(&shape, &name(3, "area")).await.unwrap();
    assert_eq!(
        shown(&found.items),
        [
            format!("main.cpp:4:47 {own}"),
            "shape.cpp:3:12 int Shape::area() const {".to_owned(),
            "shape.h:7:9 int area() const;".to_owned(),
        ]
    );

    let state = &project.pool.states()[0];
    assert_eq!(state.status, Status::Ready);
    if cfg!(target_os = "linux") {
        assert!(state.memory_bytes.unwrap() > 10_000_000, "{state:?}");
    }
    project.pool.shutdown().await;
    assert!(server.ended().is_some());
}

#[tokio::test]
async fn it_knows_names_and_calls() {
    let project = project();
    let server = project.server("src/main.cpp", HINT).await;
    let (main, shape) = (project.path("src/main.cpp"), project.path("src/shape.cpp"));
    server.problems(&main, LIMIT).await.unwrap();
    assert_eq!(server.settle(LIMIT).await, Settled::Quiet);

    let hover = server.hover(&main, &name(9, "Shape")).await.unwrap();
    let text = hover.unwrap().text;
    assert!(text.contains("A flat shape."), "{text}");

    let symbols = server.document_symbols(&project.path("src/shape.h")).await;
    let symbols = symbols.unwrap().items;
    // Older ones call a struct a class.
    let kind = |one: &lsp::Symbol| one.kind.replace("class", "struct");
    let listed = symbols
        .iter()
        .map(|one| format!("{} {}/{}", kind(one), one.container.join("/"), one.name));
    assert_eq!(
        listed.collect::<Vec<_>>(),
        [
            "struct /Shape",
            "field Shape/width",
            "field Shape/height",
            "method Shape/area",
            "function /twice"
        ]
    );

    let found = server.workspace_symbols("twice").await.unwrap();
    let first = &found.items[0];
    assert_eq!((first.name.as_str(), first.kind), ("twice", "function"));
    assert_eq!(first.place.path, shape);

    let calls = server.incoming_calls(&shape, &name(7, "twice")).await;
    let calls = calls.unwrap();
    assert_eq!(calls.of, ["twice"]);
    let callers = calls.calls.items.iter().map(|call| {
        let sites = shown(&call.sites);
        format!("{} at {}", call.name, sites.join(", "))
    });
    let mut callers: Vec<String> = callers.collect();
    callers.sort();
    assert_eq!(
        callers,
        [
            "main at main.cpp:10:25 return use(shape) + twice(2);",
            "use at main.cpp:5:12 return twice(area) + (text ? 1 : 0);",
        ]
    );
}

#[tokio::test]
async fn a_rename_keeps_every_other_byte() {
    let project = project();
    let server = project.server("src/main.cpp", HINT).await;
    let main = project.path("src/main.cpp");
    server.problems(&main, LIMIT).await.unwrap();
    assert_eq!(server.settle(LIMIT).await, Settled::Quiet);

    let changes = server
        .rename(&main, &name(4, "shape"), "form")
        .await
        .unwrap();
    carry_out(&project, &changes);
    let renamed = MAIN
        .replace("&shape)", "&form)")
        .replace("shape.area", "form.area");
    assert_eq!(project.read("src/main.cpp"), renamed);

    let shape = project.path("src/shape.cpp");
    let changes = server
        .rename(&shape, &name(3, "area"), "surface")
        .await
        .unwrap();
    assert_eq!(changes.steps.len(), 3);
    carry_out(&project, &changes);
    assert_eq!(
        project.read("src/shape.cpp"),
        SHAPE.replace("area", "surface")
    );
    assert_eq!(
        project.read("src/main.cpp"),
        renamed.replace(".area", ".surface")
    );
    // It compiles as it did.
    for file in ["src/shape.cpp", "src/main.cpp"] {
        let problems = server.problems(&project.path(file), LIMIT).await.unwrap();
        assert_eq!(told(&problems.items), Vec::<String>::new(), "{file}");
    }

    let refused = server.rename(&main, &name(8, "main"), "not a name").await;
    assert!(refused.is_err(), "{refused:?}");
}

#[tokio::test]
async fn an_edit_shows_what_it_broke_and_mended() {
    let project = project();
    let server = project.server("src/main.cpp", HINT).await;
    let main = project.path("src/main.cpp");
    let broken = MAIN.replace("twice(2)", "thrice(2)");
    project.write("src/main.cpp", &broken);
    let before = server.problems(&main, LIMIT).await.unwrap();
    assert!(before.is_settled);
    assert_eq!(told(&before.items).len(), 1, "{before:?}");
    assert!(before.items[0].message.contains("thrice"));
    assert_eq!(before.items[0].source.as_deref(), Some("clang"));

    // Lines move; another problem comes; the first stays.
    let worse = format!("// one\n// two\n\n{}", broken.replace("&shape", "&shap"));
    project.write("src/main.cpp", &worse);
    let after = server.problems(&main, LIMIT).await.unwrap();
    let changed = difference(&before.items, &after.items);
    assert_eq!(changed.kept, 1);
    assert_eq!(changed.gone, []);
    let new = errors(&changed.new);
    assert_eq!(new.len(), 1, "{changed:?}");
    assert_eq!(new[0].span.start.line, 7);
    assert!(new[0].message.contains("shape"));

    // The fix it proposes is an edit.
    let actions = server.code_actions(&main, 7, 7).await.unwrap();
    let fix = actions
        .iter()
        .find(|action| action.title.contains("shap"))
        .unwrap_or_else(|| panic!("{actions:?}"));
    let changes = server.action_changes(fix).await.unwrap();
    carry_out(&project, &changes);
    assert_eq!(
        project.read("src/main.cpp"),
        worse.replace("shape.area", "shap.area")
    );

    project.write("src/main.cpp", MAIN);
    let mended = server.problems(&main, LIMIT).await.unwrap();
    let changed = difference(&after.items, &mended.items);
    assert_eq!(changed.new, []);
    assert_eq!(errors(&changed.gone).len(), 2, "{changed:?}");
}

/// Notes come as problems of their own.
fn errors(problems: &[Problem]) -> Vec<&Problem> {
    let errors = problems
        .iter()
        .filter(|one| one.severity == Severity::Error);
    errors.collect()
}

#[tokio::test]
async fn a_symbol_is_replaced_by_its_name() {
    let project = project();
    let server = project.server("src/shape.cpp", HINT).await;
    let shape = project.path("src/shape.cpp");
    let symbol = server.symbol_text(&shape, "Shape::area").await.unwrap();
    assert_eq!(
        symbol.text,
        "int Shape::area() const {\r\n    return width * height;\r\n}"
    );
    let edit = symbol.replaced_by("int Shape::area() const { return 0; }".to_owned());
    let new = apply(SHAPE, &edit.replacements).unwrap();
    assert_eq!(
        new,
        "#include \"shape.h\"\r\n\r\nint Shape::area() const { return 0; }\r\n\r\nint twice(int value) { return value + value; }\r\n"
    );
    let missing = server.symbol_text(&shape, "nothing").await.unwrap_err();
    assert!(missing.to_string().contains("defines no `nothing`"));
}

#[tokio::test]
async fn a_killed_server_is_started_again() {
    let project = project();
    let server = project.server("src/main.cpp", HINT).await;
    let pid = server.pid().unwrap();
    let killed = std::process::Command::new("kill")
        .args(["-9", &pid.to_string()])
        .status();
    assert!(killed.unwrap().success());
    let main = project.path("src/main.cpp");
    let error = server.problems(&main, LIMIT).await.unwrap_err();
    assert!(error.to_string().contains("`clangd` ended"), "{error}");
    let again = project.server("src/main.cpp", HINT).await;
    assert_ne!(again.pid(), Some(pid));
    assert!(again.problems(&main, LIMIT).await.unwrap().is_settled);
    assert_eq!(project.pool.states()[0].crashes, 1);
}

fn carry_out(project: &Project, changes: &Changes) {
    assert_eq!(changes.outside, Vec::<std::path::PathBuf>::new());
    for step in &changes.steps {
        let Change::Edit(edit) = step else {
            panic!("{step:?}");
        };
        let old = std::fs::read_to_string(&edit.path).unwrap();
        let new = apply(&old, &edit.replacements).unwrap();
        assert!(edit.path.starts_with(project.path("")));
        std::fs::write(&edit.path, new).unwrap();
    }
}
