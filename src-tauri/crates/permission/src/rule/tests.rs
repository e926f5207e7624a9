#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;

use super::{Kind, RuleError, RuleTexts, Rules, Touch, Touching};
use crate::path::Ground;

fn allow(rule: &str) -> Result<Rules, RuleError> {
    Rules::parse(&RuleTexts {
        allow: vec![rule.to_owned()],
        ..RuleTexts::default()
    })
}

fn deny(rule: &str) -> Rules {
    Rules::parse(&RuleTexts {
        deny: vec![rule.to_owned()],
        ..RuleTexts::default()
    })
    .unwrap()
}

#[test]
fn unreadable_rules_are_named_in_the_error() {
    let shape = |rule: &str| RuleError::Shape {
        rule: rule.to_owned(),
    };
    for rule in [
        "",
        "  ",
        "Bash(",
        "Bash(ls",
        "Ba sh(ls)",
        "Bash(ls) x",
        "(ls)",
        "Bash)",
    ] {
        assert_eq!(allow(rule).unwrap_err(), shape(rule), "{rule}");
    }
    assert_eq!(
        allow("Read()").unwrap_err(),
        RuleError::EmptyPattern {
            rule: "Read()".to_owned()
        }
    );
    for rule in ["Read(src/[)", "Edit(../x)", "Read(a/../../b)"] {
        assert!(
            matches!(allow(rule).unwrap_err(), RuleError::Pattern { rule: named, .. } if named == rule),
            "{rule}"
        );
    }
}

#[test]
fn rules_that_would_allow_any_program_are_refused() {
    for rule in [
        "Bash(bash *)",
        "Bash(bash:*)",
        "Bash(sudo *)",
        "Bash(python3 -c *)",
        "Bash(env *)",
        "Bash(* --version)",
        "Bash(xargs *)",
        "Bash(eval *)",
        "Bash(/bin/sh *)",
        "Bash(python3.12 *)",
        "Bash(npx *)",
        "Bash(npm *)",
        "Bash(npm exec *)",
        "Bash(c* x)",
    ] {
        assert!(
            matches!(allow(rule), Err(RuleError::TooWide { .. })),
            "{rule}"
        );
    }
    for rule in [
        "Bash",
        "Bash(*)",
        "Bash(cargo test *)",
        "Bash(python3 tools/check.py)",
        "Bash(git status)",
        "Bash(npm run *)",
    ] {
        assert!(allow(rule).is_ok(), "{rule}");
    }
    assert!(
        deny("Bash(bash *)")
            .for_command(Kind::Deny, &["bash", "-c", "x"])
            .is_some()
    );
}

#[test]
fn allowing_patterns_match_word_by_word() {
    let cases: &[(&str, &[&str], bool)] = &[
        ("Bash(cargo test *)", &["cargo", "test"], true),
        (
            "Bash(cargo test *)",
            &["cargo", "test", "--lib", "x y"],
            true,
        ),
        ("Bash(cargo test *)", &["cargo", "tests"], false),
        ("Bash(cargo test *)", &["cargo test", "x"], false),
        ("Bash(cargo test *)", &["./cargo", "test"], false),
        ("Bash(cargo test)", &["cargo", "test", "x"], false),
        ("Bash(npm run test:*)", &["npm", "run", "test", "x"], true),
        ("Bash(git log:*)", &["git", "log", "-1"], true),
        ("Bash(git * main)", &["git", "push", "main"], true),
        ("Bash(git * main)", &["git", "push", "-f", "main"], false),
        ("Bash", &["anything", "at", "all"], true),
    ];
    for (rule, argv, fits) in cases {
        assert_eq!(
            allow(rule)
                .unwrap()
                .for_command(Kind::Allow, argv)
                .is_some(),
            *fits,
            "{rule} on {argv:?}"
        );
    }
}

#[test]
fn forbidding_patterns_match_under_any_spelling() {
    let cases: &[(&str, &[&str], bool)] = &[
        ("Bash(rm *)", &["rm", "-rf", "x"], true),
        ("Bash(rm *)", &["rm"], true),
        ("Bash(rm *)", &["/bin/rm", "x"], true),
        (
            "Bash(git push * main)",
            &["git", "push", "-f", "origin", "main"],
            true,
        ),
        ("Bash(rm *)", &["rmdir", "x"], false),
        ("Bash(curl*)", &["curl", "x"], true),
    ];
    for (rule, argv, fits) in cases {
        assert_eq!(
            deny(rule).for_command(Kind::Deny, argv).is_some(),
            *fits,
            "{rule} on {argv:?}"
        );
    }
}

#[test]
fn path_patterns_start_at_the_workspace_the_home_or_the_root() {
    let ground = Ground::new(Path::new("/w"));
    let home = ground.home().unwrap().to_path_buf();
    let cases = [
        ("Edit(src/**)", "/w/src/a/b.rs".into(), true),
        ("Edit(src/**)", "/w/src".into(), true),
        ("Edit(src/*)", "/w/src/a/b.rs".into(), false),
        ("Edit(./src/*.rs)", "/w/src/a.rs".into(), true),
        ("Edit(src/**)", "/x/src/a".into(), false),
        ("Edit(**/*.md)", "/w/a/b/c.md".into(), true),
        ("Edit(/opt/data/**)", "/opt/data/x".into(), true),
        ("Edit(~/notes/**)", home.join("notes/x"), true),
        ("Edit(~/notes/**)", "/w/notes/x".into(), false),
        ("Edit(src/**)", "/w/src/../other".into(), false),
        ("Edit(SRC/**)", "/w/src/x".into(), false),
        ("Edit", "/anywhere".into(), true),
    ];
    for (rule, path, fits) in cases {
        let path: std::path::PathBuf = path;
        let rules = allow(rule).unwrap();
        assert_eq!(
            rules
                .for_path(
                    Kind::Allow,
                    Touching {
                        touch: Touch::Write,
                        tool: "edit",
                        path: &path
                    },
                    &ground
                )
                .is_some(),
            fits,
            "{rule} on {}",
            path.display()
        );
        assert_eq!(
            rules.for_path(
                Kind::Allow,
                Touching {
                    touch: Touch::Read,
                    tool: "edit",
                    path: &path
                },
                &ground
            ),
            None,
            "an edit rule is no read rule"
        );
    }
}

#[test]
fn what_forbids_ignores_case_and_covers_what_lies_below() {
    let ground = Ground::new(Path::new("/w"));
    for (rule, path) in [
        ("Read(secret/**)", "/w/SECRET/x"),
        ("Read(secret)", "/w/secret/deep/x"),
        ("Read", "/x"),
        ("Read(**/*.pem)", "/w/a/B.PEM"),
    ] {
        assert!(
            deny(rule)
                .for_path(
                    Kind::Deny,
                    Touching {
                        touch: Touch::Read,
                        tool: "read",
                        path: Path::new(path)
                    },
                    &ground
                )
                .is_some(),
            "{rule} on {path}"
        );
    }
}

#[test]
fn rules_name_single_tools_too() {
    let ground = Ground::new(Path::new("/w"));
    assert!(deny("todo").for_tool(Kind::Deny, "todo").is_some());
    assert!(
        deny("mcp__server__tool")
            .for_tool(Kind::Deny, "mcp__server__tool")
            .is_some()
    );
    assert!(deny("todo").for_tool(Kind::Deny, "bash").is_none());
    let grep = deny("grep(vendor/**)");
    assert!(
        grep.for_path(
            Kind::Deny,
            Touching {
                touch: Touch::Read,
                tool: "grep",
                path: Path::new("/w/vendor/x")
            },
            &ground
        )
        .is_some()
    );
    assert!(
        grep.for_path(
            Kind::Deny,
            Touching {
                touch: Touch::Read,
                tool: "read",
                path: Path::new("/w/vendor/x")
            },
            &ground
        )
        .is_none()
    );
}

#[test]
fn settings_with_unknown_keys_are_refused() {
    assert!(serde_json::from_str::<RuleTexts>(r#"{"allow":["Bash"],"denny":[]}"#).is_err());
    assert_eq!(
        serde_json::from_str::<RuleTexts>(r#"{"deny":["Bash"]}"#)
            .unwrap()
            .deny,
        ["Bash"]
    );
}
