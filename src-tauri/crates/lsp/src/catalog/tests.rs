#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::collections::BTreeSet;
use std::path::Path;

use super::{SERVERS, root_of, server_for};

#[test]
fn a_file_has_a_server_by_its_extension() {
    let cases = [
        ("src/lib.rs", Some(("rust-analyzer", "rust"))),
        ("a.PY", Some(("pyright", "python"))),
        ("a.pyi", Some(("pyright", "python"))),
        (
            "a.tsx",
            Some(("typescript-language-server", "typescriptreact")),
        ),
        ("a.mjs", Some(("typescript-language-server", "javascript"))),
        ("a.c", Some(("clangd", "c"))),
        ("a.hpp", Some(("clangd", "cpp"))),
        ("a.go", Some(("gopls", "go"))),
        ("README.md", None),
        ("rs", None),
        (".rs", None),
        ("", None),
    ];
    for (path, expected) in cases {
        let path = Path::new(path);
        let found = server_for(path).map(|entry| (entry.name, entry.language_of(path).unwrap()));
        assert_eq!(found, expected, "{}", path.display());
    }
}

#[test]
fn every_entry_is_whole_and_no_extension_is_taken_twice() {
    let mut seen = BTreeSet::new();
    for entry in SERVERS {
        assert!(!entry.commands.is_empty() && !entry.roots.is_empty());
        assert!(
            entry.install.starts_with("Install it with "),
            "{}",
            entry.name
        );
        assert!((entry.options)().is_object() && (entry.settings)().is_object());
        for language in entry.languages {
            for extension in language.extensions {
                assert!(seen.insert(*extension), "{extension}");
            }
        }
    }
}

#[test]
fn a_root_is_the_nearest_marker_of_the_best_kind() {
    let folder = tempfile::tempdir().unwrap();
    let workspace = folder.path().join("work");
    let files = [
        "Cargo.toml",
        "work/rust/Cargo.lock",
        "work/rust/Cargo.toml",
        "work/rust/crates/a/Cargo.toml",
        "work/lone/b/Cargo.toml",
        "work/web/package.json",
        "work/web/app/tsconfig.json",
        "work/web/app/package.json",
    ];
    for file in files {
        let path = folder.path().join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "").unwrap();
    }
    let cases = [
        ("rust/crates/a/src/lib.rs", "rust"),
        ("lone/b/src/lib.rs", "lone/b"),
        ("web/app/src/a.ts", "web/app"),
        ("web/other/a.ts", "web"),
        // The marker above the workspace is not looked at.
        ("plain/a.rs", ""),
        ("a.go", ""),
    ];
    for (path, expected) in cases {
        let root = root_of(&workspace.join(path), &workspace).unwrap();
        assert_eq!(root, workspace.join(expected), "{path}");
    }
    assert_eq!(root_of(Path::new("a.txt"), &workspace), None);
}
