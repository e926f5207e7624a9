#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use std::path::Path;

use super::{KeptRule, Kind, RuleEntry, RuleError, RuleTexts, Rules, Touch, Touching};
use crate::path::Ground;

fn allow(rule: &str) -> Result<Rules, RuleError> {
    Rules::parse(&RuleTexts {
        allow: vec![rule.into()],
        ..RuleTexts::default()
    })
}

fn deny(rule: &str) -> Rules {
    Rules::parse(&RuleTexts {
        deny: vec![rule.into()],
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
        [RuleEntry::from("Bash")]
    );
}

fn kept(rule: &str) -> KeptRule {
    KeptRule {
        rule: rule.to_owned(),
        ..KeptRule::default()
    }
}

fn allow_kept(kept: KeptRule) -> Result<Rules, RuleError> {
    Rules::parse(&RuleTexts {
        allow: vec![kept.into()],
        ..RuleTexts::default()
    })
}

fn strings(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn a_rule_holds_in_its_project_and_until_its_last_day() {
    let rules = allow_kept(KeptRule {
        project: Some("/srv/shop".into()),
        expires: Some("2027-01-31".into()),
        ..kept("Bash(make check)")
    })
    .unwrap();
    let holds = |workspace: &str, today: &str| {
        rules
            .in_force(Path::new(workspace), today)
            .for_command(Kind::Allow, &["make", "check"])
            .is_some()
    };
    assert!(holds("/srv/shop", "2026-11-22"));
    assert!(holds("/srv/shop/api", "2027-01-31"));
    assert!(!holds("/srv/shop", "2027-02-01"));
    assert!(!holds("/srv/shop-evil", "2026-11-22"));
    assert!(!holds("/srv", "2026-11-22"));
    let everywhere = allow("Bash(make check)").unwrap();
    let everywhere = everywhere.in_force(Path::new("/"), "9999-12-31");
    assert!(
        everywhere
            .for_command(Kind::Allow, &["make", "check"])
            .is_some()
    );
}

#[test]
fn bounds_that_cannot_be_read_break_the_rule() {
    for day in [
        "tomorrow",
        "2027-1-31",
        "2027-13-01",
        "2027-01-32",
        "27-01-31",
        "2027-01-31T00:00",
        "",
    ] {
        let rule = KeptRule {
            expires: Some(day.into()),
            ..kept("todo")
        };
        assert!(
            matches!(allow_kept(rule), Err(RuleError::Expiry { .. })),
            "{day}"
        );
    }
    let rule = KeptRule {
        project: Some("shop".into()),
        ..kept("todo")
    };
    assert!(matches!(allow_kept(rule), Err(RuleError::Project { .. })));
}

#[test]
fn a_broken_deny_rule_with_bounds_still_asks() {
    let (rules, broken) = Rules::read(&RuleTexts {
        deny: vec![
            KeptRule {
                expires: Some("soon".into()),
                ..kept("Bash(git push *)")
            }
            .into(),
        ],
        ..RuleTexts::default()
    });
    assert_eq!(broken.len(), 1);
    let rules = rules.in_force(Path::new("/elsewhere"), "9999-12-31");
    assert!(rules.for_command(Kind::Ask, &["ls"]).is_some());
}

#[test]
fn examples_are_held_against_the_rule() {
    let fits = |rule: &str, matches: &[&str], not_matches: &[&str]| {
        allow_kept(KeptRule {
            matches: strings(matches),
            not_matches: strings(not_matches),
            ..kept(rule)
        })
    };
    fits(
        "Bash(cargo test *)",
        &["cargo test", "cargo test -p store -- --nocapture"],
        &["cargo publish", "cargo test && rm x", "cargo tests"],
    )
    .unwrap();
    fits(
        "Edit(src/**)",
        &["src/lib.rs", "./src/a/b.rs"],
        &["Cargo.toml", "../src/x", "/etc/passwd"],
    )
    .unwrap();
    fits("Read(~/docs/**)", &["~/docs/a.md"], &["~/.ssh/id_rsa"]).unwrap();
    for (rule, matches, not_matches) in [
        ("Bash(cargo test *)", vec!["cargo publish"], vec![]),
        ("Bash(cargo test *)", vec![], vec!["cargo test -q"]),
        ("Bash(cargo test *)", vec!["cargo test $("], vec![]),
        ("Bash(cargo test *)", vec![], vec!["cargo test $("]),
        ("Edit(src/**)", vec!["tests/x.rs"], vec![]),
        ("todo", vec!["bash"], vec![]),
    ] {
        assert!(
            matches!(
                fits(rule, &matches, &not_matches),
                Err(RuleError::Example { .. })
            ),
            "{rule} {matches:?} {not_matches:?}"
        );
    }
}

#[test]
fn an_example_of_a_forbidding_rule_may_hide_in_a_line() {
    let deny = |matches: &[&str]| {
        Rules::parse(&RuleTexts {
            deny: vec![
                KeptRule {
                    matches: strings(matches),
                    ..kept("Bash(git push *)")
                }
                .into(),
            ],
            ..RuleTexts::default()
        })
    };
    deny(&["git push origin", "make && git push"]).unwrap();
    assert!(deny(&["git pull"]).is_err());
}

#[test]
fn settings_hold_texts_and_tables_side_by_side() {
    let json = r#"{"allow": ["todo", {"rule": "Bash(ls)", "project": "/w", "source": "answer", "saved_ms": 5}]}"#;
    let texts: RuleTexts = serde_json::from_str(json).unwrap();
    assert_eq!(texts.allow[0], RuleEntry::Text("todo".into()));
    assert_eq!(texts.allow[1].text(), "Bash(ls)");
    assert_eq!(
        serde_json::to_value(&texts.allow).unwrap(),
        serde_json::from_str::<serde_json::Value>(json).unwrap()["allow"]
    );
    let unknown = serde_json::from_str::<RuleTexts>(r#"{"allow": [{"rule": "x", "until": "y"}]}"#);
    assert!(unknown.unwrap_err().to_string().contains("until"));
    let neither = serde_json::from_str::<RuleTexts>(r#"{"allow": [7]}"#);
    assert!(neither.unwrap_err().to_string().contains("a rule, or"));
}
