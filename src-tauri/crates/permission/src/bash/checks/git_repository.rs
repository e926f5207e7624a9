//! Quiet git commands in a repository that is not quiet.

use super::Hits;
use crate::bash::Subject;
use crate::bash::repository::unquiet;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        let looks = leaf.is(&["git"]) && reading.listed && leaf.args().len() > 1;
        for folder in leaf.folders.iter().filter(|_| looks) {
            let place = subject.ground.place(folder, folder);
            if let Some(why) = unquiet(&place.resolved, subject.ground.root()) {
                hits.ask(leaf.span, why);
            }
        }
    }
}
