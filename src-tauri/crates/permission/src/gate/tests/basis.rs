//! What lets a call run, and which rule would spare the question.

use super::*;
use crate::Basis;

fn basis(verdict: Verdict) -> Basis {
    match verdict {
        Verdict::Allow(grant) => grant.basis().clone(),
        other => panic!("not allowed: {other:?}"),
    }
}

#[test]
fn a_grant_says_what_lets_the_call_run() {
    let mut door = with_rules(RuleTexts {
        allow: list(&["Bash(make check)", "Edit(src/**)", "todo"]),
        ..RuleTexts::default()
    });
    let rule = |text: &str| Basis::Rule(text.to_owned());
    assert_eq!(basis(door.run("ls src", Ask)), Basis::Harmless);
    assert_eq!(basis(door.read("README.md", Bypass)), Basis::Harmless);
    assert_eq!(basis(door.run("make check", Ask)), rule("Bash(make check)"));
    assert_eq!(
        basis(door.run("make check && make check", Ask)),
        rule("Bash(make check)")
    );
    assert_eq!(basis(door.write("src/a.rs", Ask)), rule("Edit(src/**)"));
    assert_eq!(basis(door.judge("todo", vec![], Ask)), rule("todo"));
    assert_eq!(basis(door.write("a.rs", Edits)), Basis::Mode(Edits));
    assert_eq!(basis(door.run("make all", Bypass)), Basis::Mode(Bypass));
    let request = asked(door.run("make all", Ask));
    let grant = door.gate.settle(&request, &Answer::AllowSession).unwrap();
    assert_eq!(*grant.basis(), Basis::Person);
    assert_eq!(basis(door.run("make all", Ask)), Basis::Session);
}

#[test]
fn the_rule_on_offer_is_exactly_what_was_asked_about() {
    let door = door();
    let offers = [
        ("make check", Some("Bash(make check)")),
        ("cargo test -p store", Some("Bash(cargo test -p store)")),
        ("git commit -m fix", Some("Bash(git commit -m fix)")),
        // No pattern can say these exactly.
        ("git commit -m 'a fix'", None),
        ("touch '*'", None),
        ("touch 'a(b)'", None),
        ("make check && make install", None),
        ("make check > out.txt", None),
        ("make $(cat goal)", None),
        // These run whatever they are given.
        ("python3 tool.py", None),
        ("bash build.sh", None),
        ("env make check", None),
        // Nothing dangerous is ever on offer.
        ("rm -rf src", None),
        ("git push --force", None),
    ];
    for (command, rule) in offers {
        let request = asked(door.run(command, Ask));
        assert_eq!(request.rule.as_deref(), rule, "{command}");
    }
    let write = asked(door.write("src/a.rs", Ask));
    assert_eq!(write.rule.as_deref(), Some("Edit(src/a.rs)"));
    assert_eq!(asked(door.write(".git/config", Ask)).rule, None);
    assert_eq!(asked(door.write("/opt/x", Ask)).rule, None);
    assert_eq!(asked(door.write("a[1].txt", Ask)).rule, None);
    let read = asked(door.read("/opt/notes.txt", Ask));
    assert_eq!(read.rule.as_deref(), Some("Read(/opt/notes.txt)"));
    symlink("/opt", door.ws().join("link")).unwrap();
    assert_eq!(asked(door.read("link/notes.txt", Ask)).rule, None);
}

#[test]
fn the_rule_on_offer_spares_the_same_question() {
    for command in ["make check", "cargo test -p store", "git commit -m fix"] {
        let rule = asked(door().run(command, Ask)).rule.unwrap();
        let door = with_rules(RuleTexts {
            allow: list(&[&rule]),
            ..RuleTexts::default()
        });
        assert_eq!(basis(door.run(command, Ask)), Basis::Rule(rule));
        assert_eq!(word(&door.run(&format!("{command} more"), Ask)), "ask");
        assert_eq!(word(&door.run(&format!("{command}; rm x"), Ask)), "ask");
    }
    let rule = asked(door().write("src/a.rs", Ask)).rule.unwrap();
    let door = with_rules(RuleTexts {
        allow: list(&[&rule]),
        ..RuleTexts::default()
    });
    assert_eq!(basis(door.write("src/a.rs", Ask)), Basis::Rule(rule));
    assert_eq!(word(&door.write("src/b.rs", Ask)), "ask");
}

#[test]
fn approvals_of_the_same_are_counted() {
    let mut door = door();
    for before in 0..3 {
        let request = asked(door.run("make check", Ask));
        assert_eq!(request.approved_before, before);
        door.gate.settle(&request, &Answer::AllowOnce).unwrap();
        let request = asked(door.run("make lint", Ask));
        let no = Answer::Deny { feedback: None };
        door.gate.settle(&request, &no).unwrap_err();
    }
    assert_eq!(asked(door.run("make lint", Ask)).approved_before, 0);
}
