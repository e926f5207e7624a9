#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::{MINUTES, Order, TARGETS};

#[test]
fn all_targets_are_meant_when_none_is_named() {
    let check = |arguments: &[&str], targets: &[&'static str], minutes: u64| {
        let expected = Order {
            targets: targets.to_vec(),
            minutes,
        };
        assert_eq!(Order::parse(arguments).unwrap(), expected, "{arguments:?}");
    };
    check(&[], TARGETS, MINUTES);
    check(&["rules"], &["rules"], MINUTES);
    check(&["--minutes", "2"], TARGETS, 2);
    check(&["paths", "--minutes", "60"], &["paths"], 60);
}

#[test]
fn what_makes_no_sense_is_refused() {
    for arguments in [
        &["nonsense"][..],
        &["--minutes"],
        &["--minutes", "0"],
        &["--minutes", "long"],
        &["rules", "paths"],
    ] {
        assert!(Order::parse(arguments).is_err(), "{arguments:?}");
    }
}

/// The workshop and the package name the same targets.
#[test]
fn every_target_has_a_program() {
    let manifest = include_str!("../../../../tests/fuzz/Cargo.toml");
    let programs: Vec<&str> = manifest
        .split("[[bin]]\nname = \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert_eq!(programs, TARGETS);
}
