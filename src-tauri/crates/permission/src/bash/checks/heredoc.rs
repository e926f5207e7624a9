//! Text fed to a command from the lines below or from a word.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Shape;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (shape, span) in &subject.script.shapes {
        if matches!(shape, Shape::Heredoc | Shape::HereString) {
            hits.ask(*span, "It feeds text to a command, which may act on it.");
        }
    }
}
