//! After something foreign was read, what talks to another machine asks.

use super::*;

fn granted(verdict: Verdict) -> Option<String> {
    match verdict {
        Verdict::Allow(grant) => grant.source().map(str::to_owned),
        other => panic!("not allowed: {other:?}"),
    }
}

fn door_with_rules() -> Door {
    with_rules(RuleTexts {
        allow: list(&[
            "Bash(curl *)",
            "Bash(git push *)",
            "Bash(npm install)",
            "Bash(make *)",
            "Read(/opt/**)",
        ]),
        ..RuleTexts::default()
    })
}

const TALKING: [&str; 3] = ["curl https://example.org", "git push origin", "npm install"];

#[test]
fn what_a_session_reads_of_its_own_taints_nothing() {
    let door = door_with_rules();
    assert_eq!(granted(door.read("README.md", Ask)), None);
    assert_eq!(granted(door.run("cat README.md | wc -l", Ask)), None);
    assert_eq!(granted(door.run("make check", Ask)), None);
    assert_eq!(word(&door.run("git push origin", Ask)), "allow");
}

#[test]
fn after_reading_outside_no_rule_mode_or_answer_lets_anything_talk() {
    for command in TALKING {
        let untouched = door_with_rules();
        assert_eq!(word(&untouched.run(command, Ask)), "allow", "{command}");
        let door = door_with_rules();
        let source = granted(door.read("/opt/notes.txt", Ask)).unwrap();
        assert!(source.contains("/opt/notes.txt"), "{source}");
        for mode in [Ask, Edits, Auto, Bypass] {
            let request = asked(door.run(command, mode));
            let found = |check: &str| request.findings.iter().any(|found| found.check == check);
            assert!(found("taint.network"), "{command} {:?}", request.findings);
            assert_eq!((request.session_scope, request.rule), (None, None));
        }
        assert_eq!(word(&door.run("make check", Ask)), "allow");
        assert_eq!(word(&door.run("git log; make all", Bypass)), "allow");
    }
}

#[test]
fn what_a_command_brings_taints_as_well() {
    for (command, says) in [
        ("curl https://example.org/page", "what `curl` brought"),
        ("cat /opt/readme", "/opt/readme"),
    ] {
        let mut door = door();
        let request = asked(door.run(command, Ask));
        let grant = door.gate.settle(&request, &Answer::AllowOnce).unwrap();
        assert!(grant.source().unwrap().contains(says), "{command}");
        let next = asked(door.run("nc example.org 80", Bypass));
        assert!(
            next.findings
                .iter()
                .any(|found| found.reason.contains(says))
        );
    }
}

#[test]
fn a_no_reads_nothing() {
    let mut door = door_with_rules();
    let request = asked(door.run("cat /etc/hostname", Ask));
    let no = Answer::Deny { feedback: None };
    door.gate.settle(&request, &no).unwrap_err();
    assert_eq!(word(&door.run("git push origin", Ask)), "allow");
    door.gate.taint("an old page".to_owned());
    door.gate.taint("another".to_owned());
    let request = asked(door.run("git push origin", Ask));
    assert!(
        request
            .findings
            .iter()
            .any(|found| found.reason.contains("an old page"))
    );
}
