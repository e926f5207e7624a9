//! Reaching hosts: from tools that fetch, and out of the sandbox.

use protocol::Host;

use super::*;

fn door_of(texts: RuleTexts) -> Door {
    let mut door = with_rules(texts);
    door.gate.set_sandbox(Some(Vec::new()));
    door
}

fn connect(host: &str) -> Access {
    Access::Connect { host: host.into() }
}

impl Door {
    fn fetch(&self, host: &str, mode: PermissionMode) -> Verdict {
        self.judge("web_fetch", vec![connect(host)], mode)
    }

    fn run_with(&self, command: &str, hosts: &[&str], mode: PermissionMode) -> Verdict {
        let mut accesses = vec![Access::Execute {
            command: command.to_owned(),
            cwd: self.ws().to_string_lossy().into_owned(),
        }];
        accesses.extend(hosts.iter().map(|host| connect(host)));
        self.judge("bash", accesses, mode)
    }
}

/// The hosts that the walls of a granted command open towards.
fn open_hosts(grant: &crate::Grant) -> Vec<String> {
    let walls = grant.confinement().expect("walls");
    walls.hosts.iter().map(Host::to_string).collect()
}

fn allowed(verdict: Verdict) -> crate::Grant {
    match verdict {
        Verdict::Allow(grant) => grant,
        other => panic!("not allowed: {other:?}"),
    }
}

#[test]
fn a_host_asks_unless_a_rule_or_the_mode_speaks() {
    let rules = || RuleTexts {
        allow: list(&["WebFetch(domain:docs.rs)", "WebFetch(domain:*.example.com)"]),
        ask: list(&["WebFetch(domain:careful.example.com)"]),
        deny: list(&["WebFetch(domain:evil.io)"]),
    };
    for (host, expected) in [
        ("docs.rs", "deny allow allow allow allow"),
        ("www.docs.rs", "deny ask ask ask allow"),
        ("docs.rs.evil.net", "deny ask ask ask allow"),
        ("a.example.com", "deny allow allow allow allow"),
        ("example.com", "deny ask ask ask allow"),
        ("careful.example.com", "deny ask ask ask ask"),
        ("evil.io", "deny deny deny deny deny"),
        ("sub.evil.io", "deny deny deny deny deny"),
        ("127.0.0.1", "deny deny deny deny deny"),
        ("localhost", "deny deny deny deny deny"),
        ("docs.rs:22", "deny deny deny deny deny"),
    ] {
        // A fetch taints; each is looked at on its own.
        let word = |mode| door_of(rules()).fetch(host, mode);
        assert_eq!(in_modes(word), expected, "{host}");
    }
    let door = door_of(rules());
    assert!(allowed(door.fetch("docs.rs", Ask)).source().is_some());
    // What was fetched may say where to go next.
    let request = asked(door.fetch("docs.rs", Bypass));
    assert!(
        request
            .findings
            .iter()
            .any(|found| found.check == "taint.network")
    );
    assert_eq!((request.session_scope, request.rule), (None, None));
}

#[test]
fn the_sandbox_opens_towards_what_was_allowed_and_stays_closed_otherwise() {
    let rules = || RuleTexts {
        allow: list(&["WebFetch(domain:docs.rs)"]),
        ..RuleTexts::default()
    };
    let mut door = door_of(rules());
    let grant = allowed(door.run_with("make check", &[], Auto));
    assert_eq!((open_hosts(&grant), grant.source()), (vec![], None));
    let request = asked(door.run_with("make deps", &["crates.io"], Auto));
    assert!(request.confined);
    assert_eq!(request.findings.len(), 1);
    assert_eq!(request.findings[0].check, "network.host");
    assert_eq!(request.rule.as_deref(), Some("WebFetch(domain:crates.io)"));
    assert_eq!(
        request.session_scope.as_deref(),
        Some("Reaching `crates.io` until the session ends")
    );
    let grant = door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert_eq!(open_hosts(&grant), ["crates.io"]);
    assert!(grant.source().unwrap().contains("crates.io"));
    // What came from there counts as foreign for all but the sandbox.
    let grant = allowed(door.run_with("make deps", &["crates.io"], Auto));
    assert_eq!(open_hosts(&grant), ["crates.io"]);
    for _ in 0..2 {
        let grant = allowed(door.run_with("curl -O https://crates.io/x", &["crates.io"], Auto));
        assert!(grant.source().is_some());
    }
    assert_eq!(word(&door.fetch("crates.io", Auto)), "ask");
    let other = asked(door.run_with("make deps", &["docs.io"], Auto));
    assert!(
        other
            .findings
            .iter()
            .all(|found| found.check != "taint.network")
    );
    // What others wrote elsewhere counts for the sandbox too.
    allowed(door.read("/opt/x", Bypass));
    let request = asked(door.run_with("make deps", &["crates.io"], Auto));
    assert!(
        request
            .findings
            .iter()
            .any(|found| found.check == "taint.network")
    );
    assert_eq!((request.session_scope, request.rule), (None, None));

    let door = door_of(rules());
    let grant = allowed(door.run_with("make docs", &["docs.rs"], Auto));
    assert_eq!(open_hosts(&grant), ["docs.rs"]);
    let said = door.run_with("make docs", &["docs.rs", "evil.io"], Auto);
    assert_eq!(word(&said), "ask");
}

#[test]
fn a_command_that_names_files_outside_does_not_send_them_unasked() {
    let rules = || RuleTexts {
        allow: list(&["WebFetch(domain:docs.rs)"]),
        ..RuleTexts::default()
    };
    for command in [
        "python3 up.py /opt/tax.pdf",
        "cat /opt/tax.pdf",
        "make F=x < /opt/x",
    ] {
        let door = door_of(rules());
        assert_eq!(
            word(&door.run_with(command, &[], Auto)),
            "allow",
            "{command}"
        );
        let request = asked(door_of(rules()).run_with(command, &["docs.rs"], Auto));
        let found = |check: &str| request.findings.iter().any(|found| found.check == check);
        assert!(
            found("network.outside"),
            "{command}: {:?}",
            request.findings
        );
        assert_eq!((request.session_scope, request.rule), (None, None));
    }
}

#[test]
fn a_yes_puts_up_the_walls_of_that_moment() {
    let mut door = door_of(RuleTexts::default());
    let request = asked(door.run_with("make deps", &["crates.io"], Auto));
    std::fs::create_dir_all(door.ws().join("sub/.git")).unwrap();
    std::fs::write(door.ws().join(".env"), "x").unwrap();
    let grant = door.gate.settle(&request, &Answer::AllowOnce).unwrap();
    let walls = grant.confinement().expect("walls");
    let ws = door.ws().canonicalize().unwrap();
    assert!(walls.protected.contains(&ws.join("sub/.git")), "{walls:?}");
    assert!(walls.hidden.contains(&ws.join(".env")), "{walls:?}");
    assert_eq!(walls.hosts.len(), 1);

    let request = asked(door.run_with("make deps", &["docs.io"], Auto));
    door.gate.set_sandbox(None);
    let refusal = door.gate.settle(&request, &Answer::AllowOnce).unwrap_err();
    assert!(refusal.reason.contains("sandbox"), "{}", refusal.reason);
}

#[test]
fn what_may_change_is_said() {
    let door = door_of(RuleTexts {
        allow: list(&["Bash(make *)"]),
        ..RuleTexts::default()
    });
    let may_change = |verdict| allowed(verdict).may_change();
    assert!(!may_change(door.read("README.md", Ask)));
    assert!(may_change(door.write("src/new.rs", Edits)));
    for mode in [Plan, Ask, Auto, Bypass] {
        assert!(!may_change(door.run("cat README.md | wc -l", mode)));
    }
    assert!(may_change(door.run("touch x", Bypass)));
    assert!(may_change(door.run("touch x", Auto)));
    assert!(may_change(door.run("make all", Ask)));
    assert!(may_change(door.fetch("docs.rs", Bypass)));
    assert!(may_change(door_of(RuleTexts::default()).judge(
        "odd",
        Vec::new(),
        Bypass
    )));
    assert!(!may_change(door.judge("todo", vec![Access::Own], Ask)));
    let mut door = door_of(RuleTexts::default());
    let request = asked(door.run("touch x", Ask));
    assert!(
        door.gate
            .settle(&request, &Answer::AllowOnce)
            .unwrap()
            .may_change()
    );
}

#[test]
fn a_command_without_walls_is_judged_by_what_it_is() {
    let mut door = door_of(RuleTexts {
        allow: list(&["Bash(make *)"]),
        deny: list(&["WebFetch(domain:evil.io)"]),
        ..RuleTexts::default()
    });
    for mode in [Ask, Auto, Bypass] {
        let grant = allowed(
            door_of(RuleTexts {
                allow: list(&["Bash(make *)"]),
                ..RuleTexts::default()
            })
            .run_with("make all", &["crates.io"], mode),
        );
        assert!(grant.confinement().is_none());
    }
    assert_eq!(
        word(&door.run_with("make all", &["evil.io"], Bypass)),
        "deny"
    );
    // Dangerous, so it asks, and a yes is a yes to all of it.
    let request = asked(door.run_with("rm -rf target", &["crates.io"], Auto));
    assert!(
        request
            .findings
            .iter()
            .all(|found| found.check != "network.host")
    );
    assert!(!request.confined);
    let grant = door.gate.settle(&request, &Answer::AllowOnce).unwrap();
    assert!(grant.confinement().is_none());
}
