//! The arrows of the house, as one table: which crate may use which of ours.
//! Read from cargo itself, so that an arrow drawn in any manifest is seen. A new
//! arrow is a reviewed change to `ARROWS` and to ARCHITECTURE.md together.

use std::collections::BTreeSet;
use std::fmt;
use std::process::Command;

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// The crates of the product, from the bottom up, and what each may use.
const ARROWS: &[(&str, &[&str])] = &[
    ("protocol", &[]),
    ("permission", &["protocol"]),
    ("provider", &["protocol"]),
    ("exec", &["protocol"]),
    ("lsp", &[]),
    ("store", &["protocol"]),
    ("checkpoint", &["protocol"]),
    ("voice", &["protocol"]),
    ("buddy", &["protocol"]),
    ("redact", &[]),
    ("outline", &[]),
    ("web", &["protocol"]),
    ("tool", &["permission", "protocol"]),
    (
        "tools",
        &["tool", "exec", "outline", "web", "permission", "protocol"],
    ),
    ("command", &["protocol"]),
    ("agent", &["tool", "provider", "permission", "protocol"]),
    (
        "engine",
        &[
            "agent",
            "command",
            "tools",
            "tool",
            "checkpoint",
            "store",
            "provider",
            "permission",
            "exec",
            "web",
            "redact",
            "protocol",
        ],
    ),
    ("cli", &["engine", "voice", "protocol"]),
    ("familiar", &["engine", "voice", "buddy", "protocol"]),
];

/// May use anything; no crate of the product uses them, but for `testkit` in
/// its own tests.
const WORKSHOP: &[&str] = &["testkit", "tests", "fuzz", "xtask"];

/// The desktop app: the only package that names the window's libraries.
const SHELL: &str = "familiar";
const WINDOW_LIBRARIES: &[&str] = &["tauri", "wry", "tao", "gtk", "webkit2gtk"];

/// What no product links: plugins that would give the page a shell, files or
/// the network, and a second TLS beside rustls.
const UNWANTED: &[&str] = &[
    "tauri-plugin-shell",
    "tauri-plugin-fs",
    "tauri-plugin-http",
    "native-tls",
    "openssl-sys",
    "ring",
];

#[derive(Clone, Copy, PartialEq, Debug)]
enum Kind {
    Shipped,
    TestOnly,
}

#[derive(Clone, PartialEq, Debug)]
struct Arrow {
    from: String,
    to: String,
    kind: Kind,
}

impl fmt::Display for Arrow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} → {} ({:?})", self.from, self.to, self.kind)
    }
}

fn metadata() -> Metadata {
    MetadataCommand::new()
        .manifest_path(crate::tidy::root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata answers")
}

/// Every dependency that a manifest of ours names, ours or not.
fn arrows(metadata: &Metadata) -> Vec<Arrow> {
    let of = |package: &cargo_metadata::Package| {
        let from = package.name.to_string();
        let drawn = package.dependencies.iter().map(move |dependency| Arrow {
            from: from.clone(),
            to: dependency.name.clone(),
            kind: match dependency.kind {
                DependencyKind::Development => Kind::TestOnly,
                _ => Kind::Shipped,
            },
        });
        drawn.collect::<Vec<_>>()
    };
    metadata.packages.iter().flat_map(of).collect()
}

/// The arrows that the rules do not allow.
fn forbidden(arrows: &[Arrow]) -> Vec<String> {
    let forbidden = arrows.iter().filter(|arrow| !is_allowed(arrow));
    forbidden.map(Arrow::to_string).collect()
}

fn is_allowed(arrow: &Arrow) -> bool {
    if WORKSHOP.contains(&arrow.from.as_str()) {
        return !names_the_window(&arrow.to);
    }
    if names_the_window(&arrow.to) {
        return arrow.from == SHELL;
    }
    let is_ours = WORKSHOP.contains(&arrow.to.as_str()) || allowed(&arrow.to).is_some();
    let is_drawn = allowed(&arrow.from).is_some_and(|to| to.contains(&arrow.to.as_str()));
    let is_test_kit = arrow.kind == Kind::TestOnly && arrow.to == "testkit";
    !is_ours || is_drawn || is_test_kit
}

fn allowed(from: &str) -> Option<&'static [&'static str]> {
    let entry = ARROWS.iter().find(|(name, _)| *name == from);
    entry.map(|(_, to)| *to)
}

fn names_the_window(package: &str) -> bool {
    WINDOW_LIBRARIES.iter().any(|library| {
        package
            .strip_prefix(library)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    })
}

#[test]
fn only_the_arrows_of_the_table_are_drawn() {
    let forbidden = forbidden(&arrows(&metadata()));
    assert!(
        forbidden.is_empty(),
        "arrows that the house does not allow:\n{}",
        forbidden.join("\n")
    );
}

#[test]
fn every_crate_stands_in_the_table() {
    let known: BTreeSet<String> = ARROWS
        .iter()
        .map(|(name, _)| *name)
        .chain(WORKSHOP.iter().copied())
        .map(str::to_owned)
        .collect();
    let built: BTreeSet<String> = metadata()
        .packages
        .iter()
        .map(|package| package.name.to_string())
        .collect();
    assert_eq!(built, known);
}

#[test]
fn the_table_points_down_only() {
    for (index, (name, to)) in ARROWS.iter().enumerate() {
        let below: Vec<_> = ARROWS[..index].iter().map(|(name, _)| *name).collect();
        let up: Vec<_> = to.iter().filter(|name| !below.contains(name)).collect();
        assert!(up.is_empty(), "`{name}` points sideways or up, at {up:?}");
    }
}

/// What a crate opens up for the tests of others is never in the product: with
/// `testing` the web tools reach a server of the test.
#[test]
fn no_product_is_built_with_a_seam_for_tests() {
    let metadata = metadata();
    let dependencies = metadata.packages.iter().flat_map(|package| {
        let name = package.name.to_string();
        let all = package.dependencies.iter();
        all.map(move |dependency| (name.clone(), dependency))
    });
    let opened: Vec<String> = dependencies
        .filter(|(from, _)| !WORKSHOP.contains(&from.as_str()))
        .filter(|(_, dependency)| dependency.kind != DependencyKind::Development)
        .filter(|(_, dependency)| dependency.features.iter().any(|name| name == "testing"))
        .map(|(from, dependency)| format!("{from} → {}", dependency.name))
        .collect();
    assert!(opened.is_empty(), "{opened:?}");
}

#[test]
fn a_forged_arrow_is_seen() {
    let check = |from: &str, to: &str, kind: Kind, expected: bool| {
        let arrow = Arrow {
            from: from.to_owned(),
            to: to.to_owned(),
            kind,
        };
        assert_eq!(is_allowed(&arrow), expected, "{arrow}");
    };
    check("engine", "agent", Kind::Shipped, true);
    check("engine", "serde", Kind::Shipped, true);
    check("protocol", "engine", Kind::Shipped, false);
    check("store", "provider", Kind::Shipped, false);
    check("store", "provider", Kind::TestOnly, false);
    check("cli", "buddy", Kind::Shipped, false);
    check("agent", "testkit", Kind::TestOnly, true);
    check("agent", "testkit", Kind::Shipped, false);
    check("engine", "xtask", Kind::TestOnly, false);
    check("familiar", "tauri-build", Kind::Shipped, true);
    check("engine", "tauri", Kind::Shipped, false);
    check("voice", "gtk", Kind::TestOnly, false);
    check("xtask", "engine", Kind::Shipped, true);
    check("xtask", "tauri", Kind::Shipped, false);
    check("a-new-crate", "protocol", Kind::Shipped, false);
}

#[test]
fn the_command_line_links_no_window() {
    let linked = linked_by("cli");
    let window: Vec<_> = linked
        .iter()
        .filter(|name| names_the_window(name))
        .collect();
    assert!(linked.contains("engine"), "the list is empty: {linked:?}");
    assert!(window.is_empty(), "`fam` links {window:?}");
}

#[test]
fn no_product_links_what_is_unwanted() {
    for product in ["cli", SHELL] {
        let linked = linked_by(product);
        let unwanted: Vec<_> = UNWANTED
            .iter()
            .filter(|name| linked.contains(**name))
            .collect();
        assert!(unwanted.is_empty(), "`{product}` links {unwanted:?}");
    }
}

/// All packages that end up in a product on this system, by name.
fn linked_by(package: &str) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--offline", "--edges", "normal", "--prefix", "none"])
        .args(["--format", "{p}", "--package", package])
        .current_dir(crate::tidy::root())
        .output()
        .expect("cargo tree starts");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "cargo tree: {said}");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.split(' ').next())
        .map(str::to_owned)
        .collect()
}
