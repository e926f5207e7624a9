//! Functions and aliases: a familiar name may mean something else.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        if let Shape::Function(name) = shape {
            hits.ask(*span, format!("It defines a function `{name}`."));
            if names_trusted(name) {
                hits.danger(
                    *span,
                    format!("`{name}` then no longer means what it says."),
                );
            }
        }
    }
    for leaf in &subject.script.leaves {
        let shadows = match leaf.name().as_str() {
            "alias" => {
                leaf.has_arg_start("") && leaf.args().iter().any(|word| word.text.contains('='))
            }
            "hash" => leaf.short('p'),
            "enable" => leaf.short('f') || leaf.short('n'),
            "trap" | "complete" | "bind" => leaf.args().len() > 1,
            "shopt" => leaf.has_arg(&["expand_aliases", "extdebug"]),
            _ => false,
        };
        if shadows {
            hits.danger(
                leaf.span,
                format!("`{}` changes what later commands do.", leaf.name()),
            );
        }
    }
}

/// Names people trust without looking.
fn names_trusted(name: &str) -> bool {
    matches!(
        name,
        "ls" | "cat"
            | "cd"
            | "echo"
            | "grep"
            | "git"
            | "sudo"
            | "pwd"
            | "find"
            | "rm"
            | "cp"
            | "mv"
            | "head"
            | "tail"
            | "test"
            | "printf"
    )
}
