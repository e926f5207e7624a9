//! Reading outside of the workspace, or where a link leads out of it.

use super::Hits;
use crate::bash::Subject;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (_, word, place) in subject.reads() {
        let shown = place.resolved.display();
        if !place.inside && place.linked && subject.ground.relative(&place.requested).is_some() {
            hits.danger(
                word.span(),
                format!("A link in it leads out of the workspace, to `{shown}`."),
            );
        } else if !place.inside {
            hits.ask(
                word.span(),
                format!("It reads `{shown}`, outside of the workspace."),
            );
        }
    }
    for (index, word, place) in subject.reads().filter(|(_, _, place)| place.linked) {
        let moves = subject
            .script
            .leaves
            .get(index)
            .is_some_and(|leaf| leaf.is(&["cd"]));
        if moves && place.inside {
            hits.ask(
                word.span(),
                "The folder is a link, so `..` means two things there.",
            );
        }
    }
}
