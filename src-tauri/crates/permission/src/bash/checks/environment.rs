//! The environment of this or another process: it may hold keys.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;
use crate::bash::word::Live;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let leaves = &subject.script.leaves;
    let wanted = leaves
        .iter()
        .flat_map(|leaf| leaf.args())
        .any(|word| secret_name(&word.text));
    for leaf in leaves.iter().filter(|leaf| dumps(leaf)) {
        let reason = "It shows the environment, which may hold keys.";
        if wanted {
            hits.danger(leaf.span, reason);
        } else {
            hits.ask(leaf.span, reason);
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
        "printenv" => true,
        "env" => leaf.operands().all(|word| word.text.contains('=')),
        "set" => leaf.args().is_empty(),
        "export" | "declare" | "typeset" => {
            leaf.args().is_empty() || leaf.short('p') || (leaf.short('x') && leaf.args().len() == 1)
        }
        "ps" => leaf.args().iter().any(|word| {
            !word.text.starts_with('-') && word.text.contains('e') && word.text.len() < 8
        }),
        "compgen" => leaf.short('v') || leaf.short('e'),
        _ => false,
    }
}

/// True for a name that promises a key or a password.
pub(in crate::bash) fn secret_name(name: &str) -> bool {
    const PARTS: &str =
        "TOKEN SECRET PASSWORD PASSWD PASS_ API_KEY APIKEY ACCESS_KEY PRIVATE_KEY CREDENTIAL";
    let name = name.to_ascii_uppercase();
    name.ends_with("KEY") || PARTS.split(' ').any(|part| name.contains(part))
}
