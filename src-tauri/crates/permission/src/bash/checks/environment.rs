//! The environment of this or another process: it may hold keys.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names;
use crate::bash::script::Leaf;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let wanted = leaves
        .iter()
        .flat_map(|leaf| leaf.args())
        .any(|word| secret_name(&word.text));
    for leaf in leaves.iter() {
        let passed_on = matches!(leaf.words.as_slice(), [.., dashes, last]
            if dashes.text == "--" && matches!(last.text.as_str(), "env" | "printenv"));
        if (dumps(leaf) && !leaf.guessed) || passed_on {
            hits.danger(leaf.span, "It shows the environment, which may hold keys.");
        } else if wanted && leaf.is(&["printenv", "history"]) {
            hits.danger(leaf.span, "It looks for a key or a password.");
        } else if code_dumps(leaf) {
            hits.danger(leaf.span, "The program in it reads the environment.");
        }
    }
    for leaf in leaves.iter() {
        // `cat <<E` with `$TOKEN` in the text.
        let shown = leaf.bodies.iter().flat_map(|body| body.split('$').skip(1));
        let mut names = shown.map(|rest| {
            let rest = rest.trim_start_matches('{');
            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_');
            rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
        });
        if names.any(|name| name.bytes().any(|b| b.is_ascii_uppercase()) && secret_name(name)) {
            hits.danger(leaf.span, "The variable is named like a key or a password.");
        }
    }
    for word in subject.script.words() {
        let secret = word
            .live
            .iter()
            .any(|live| matches!(live, Live::Parameter(name) if secret_name(name)));
        if secret {
            hits.danger(
                word.span(),
                "The variable is named like a key or a password.",
            );
        }
    }
}

/// True for a command that prints variables of the environment.
pub(super) fn dumps(leaf: &Leaf) -> bool {
    match leaf.name().as_str() {
        "printenv" => leaf.operands().count() == 0,
        "env" => leaf.operands().all(|word| word.text.contains('=')),
        "set" => leaf.args().is_empty(),
        "export" | "declare" | "typeset" => {
            leaf.args().is_empty() || leaf.short('p') || (leaf.short('x') && leaf.args().len() == 1)
        }
        "ps" => shows_environments(leaf),
        "compgen" => leaf.short('v') || leaf.short('e'),
        _ => false,
    }
}

/// `ps auxe`, `ps eww`: BSD letters, among them `e`.
fn shows_environments(leaf: &Leaf) -> bool {
    let bsd = |text: &str| {
        text.bytes()
            .all(|b| b"aAcCefghjklmnNrSTuvVwxXZ".contains(&b))
    };
    let words: Vec<&str> = leaf.args().iter().map(|word| word.text.as_str()).collect();
    words.iter().enumerate().any(|(at, text)| {
        let value = at > 0
            && words
                .get(at - 1)
                .is_some_and(|before| before.starts_with('-') && !before.starts_with("--"));
        !value && text.contains('e') && bsd(text)
    })
}

/// A program text that takes the environment as a whole, or a key of it.
fn code_dumps(leaf: &Leaf) -> bool {
    let awk = leaf.is(&["awk", "gawk", "mawk", "nawk"]);
    if !awk && !names::is_interpreter(&leaf.name()) {
        return false;
    }
    let fed = leaf
        .redirects
        .iter()
        .filter_map(|redirect| redirect.target.as_ref());
    let texts = leaf.args().iter().chain(fed).map(|word| word.text.as_str());
    texts
        .chain(leaf.bodies.iter().map(String::as_str))
        .filter(|text| text.contains([' ', '(', '{', '.']))
        .any(|text| {
            text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
                .any(|word| matches!(word, "ENV" | "ENVIRON" | "environ" | "getenv" | "env"))
                || text.contains("process.env")
        })
}

/// True for a name that promises a key or a password.
pub(in crate::bash) fn secret_name(name: &str) -> bool {
    const PARTS: &str = "TOKEN SECRET PASSWORD PASSWD PASS_ API_KEY APIKEY ACCESS_KEY PRIVATE_KEY CREDENTIAL PASSPHRASE \
        _PWD WEBHOOK DATABASE_URL REDIS_URL POSTGRES_URL MONGO_UR MONGODB_UR AMQP_URL CONNECTION_STRING _DSN";
    let name = name.to_ascii_uppercase();
    name.ends_with("KEY")
        || name.ends_with("_PAT")
        || PARTS.split(' ').any(|part| name.contains(part))
}
