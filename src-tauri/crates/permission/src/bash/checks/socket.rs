//! Network connections the shell itself opens.

use super::Hits;
use crate::bash::Subject;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    let is_socket = |text: &str| text.contains("/dev/tcp/") || text.contains("/dev/udp/");
    for leaf in &subject.script.leaves {
        let targets = leaf
            .redirects
            .iter()
            .filter_map(|redirect| redirect.target.as_ref());
        let quiet = leaf.is(&["echo", "printf", "grep", "rg"]);
        let args = leaf.args().iter().filter(|_| !quiet);
        for word in targets.chain(args) {
            if is_socket(&word.text) {
                hits.danger(word.span(), "It opens a network connection.");
            }
        }
    }
}
