//! Rules over calls: deny beats ask beats allow whatever the order, and no
//! rule does the opposite of what its list says.
//!
//! An input is a byte for the mode, a call, and rules: `-` denies, `?` asks,
//! `+` allows; `@` after that makes it a table with bounds and examples.

use permission::{Decision, Gate, KeptRule, RuleEntry, RuleTexts, Rules, decode_command};
use protocol::{Access, PermissionMode};

use crate::ground::in_project;
use crate::pieces::pieces;
use crate::probe::{decide, mode, read, run, write};

/// More rules than this only take time.
const MOST_RULES: usize = 12;
const TODAY: &str = "2026-06-15";

pub fn rules(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let mode = mode(*first);
    let mut parts = pieces(rest);
    let call = parts.next().unwrap_or_default();
    let mut texts = RuleTexts::default();
    for part in parts.take(MOST_RULES) {
        put(&mut texts, &part);
    }
    in_project(|root| {
        let cwd = root.to_string_lossy();
        let path = root.join(&call).to_string_lossy().into_owned();
        let calls = [run(&call, &cwd), read(&path), write(&path)];
        let on = |rules: &Rules, access: &Access| {
            decide(
                &Gate::with_rules(root.to_owned(), rules.clone()),
                access,
                mode,
            )
        };
        is_read_whole(&texts);
        let (all, _) = Rules::read(&texts);
        let (parted, _) = Rules::read(&reversed(&texts));
        let none = Rules::default();
        for access in &calls {
            let said = on(&all, access);
            assert_eq!(said, on(&parted, access), "order matters: {texts:?}");
            assert_eq!(said, on(&none.clone().and(all.clone()), access));
            let strict = on(&all.clone().without_allow(), access);
            assert!(
                strict >= said,
                "an allow rule made {access:?} stricter: {texts:?}"
            );
            // Plan mode refuses what no rule allows.
            if mode != PermissionMode::Plan {
                let denied = strict == Decision::Deny;
                assert_eq!(denied, said == Decision::Deny, "{texts:?}");
            }
            let loose = on(&only_allow(&texts), access);
            assert!(
                loose <= said,
                "a strict rule loosened {access:?}: {texts:?}"
            );
            let lost = on(&Rules::lost().and(all.clone()), access);
            assert_ne!(lost, Decision::Allow, "{access:?} with lost rules");
            let now = on(&all.in_force(root, TODAY).without_allow(), access);
            assert!(now <= strict, "bounds tightened {access:?}: {texts:?}");
        }
        names_are_denied(&call, &all, root);
    });
}

fn put(texts: &mut RuleTexts, part: &str) {
    let (list, text) = match part.chars().next() {
        Some('-') => (&mut texts.deny, &part[1..]),
        Some('?') => (&mut texts.ask, &part[1..]),
        Some('+') => (&mut texts.allow, &part[1..]),
        _ => return,
    };
    list.push(match text.strip_prefix('@') {
        Some(kept) => RuleEntry::from(bounded(kept)),
        None => RuleEntry::from(text),
    });
}

/// Line by line: the rule, its project, its last day, an example that fits and
/// one that does not.
fn bounded(text: &str) -> KeptRule {
    let mut lines = text.lines();
    let rule = lines.next().unwrap_or_default().to_owned();
    let mut some = || {
        lines
            .next()
            .filter(|line| !line.is_empty())
            .map(str::to_owned)
    };
    KeptRule {
        rule,
        project: some(),
        expires: some(),
        matches: some().into_iter().collect(),
        not_matches: some().into_iter().collect(),
        ..KeptRule::default()
    }
}

/// Both ways to read rules agree about which are fine.
fn is_read_whole(texts: &RuleTexts) {
    let (_, broken) = Rules::read(texts);
    match Rules::parse(texts) {
        Ok(_) => assert!(broken.is_empty(), "{broken:?}"),
        Err(error) => {
            assert!(broken.contains(&error), "{error:?}");
            assert!(!error.to_string().is_empty());
        }
    }
}

fn reversed(texts: &RuleTexts) -> RuleTexts {
    let mut texts = texts.clone();
    for list in [&mut texts.allow, &mut texts.ask, &mut texts.deny] {
        list.reverse();
    }
    texts
}

fn only_allow(texts: &RuleTexts) -> Rules {
    let texts = RuleTexts {
        allow: texts.allow.clone(),
        ..RuleTexts::default()
    };
    Rules::read(&texts).0
}

/// A rule that forbids a program holds for the line it begins, whatever else is
/// allowed.
fn names_are_denied(command: &str, allowed: &Rules, root: &std::path::Path) {
    let line = decode_command(command, root, root);
    let word = line
        .commands
        .first()
        .and_then(|command| command.words.first());
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let Some(word) = word.filter(|word| word.known && is_name(&word.text)) else {
        return;
    };
    let texts = RuleTexts {
        deny: vec![RuleEntry::from(format!("Bash({} *)", word.text))],
        ..RuleTexts::default()
    };
    let (denying, broken) = Rules::read(&texts);
    assert_eq!(broken, []);
    let gate = Gate::with_rules(root.to_owned(), allowed.clone().and(denying));
    let access = run(command, &root.to_string_lossy());
    let said = decide(&gate, &access, PermissionMode::Bypass);
    assert_eq!(said, Decision::Deny, "`{}` in {command:?}", word.text);
}
