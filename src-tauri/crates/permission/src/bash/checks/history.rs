//! The shell's own history: written to a file, or wiped.

use super::Hits;
use crate::bash::Subject;
use crate::bash::script::Leaf;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        if let Some(why) = why(leaf) {
            hits.danger(leaf.span, why);
        }
    }
}

fn why(leaf: &Leaf) -> Option<&'static str> {
    let wipes = match leaf.name().as_str() {
        "history" => {
            leaf.short('c')
                || leaf.short('w')
                || leaf.short('a')
                || leaf.short('d')
                || leaf.short('r')
                || leaf.short('s')
        }
        "fc" => !leaf.short('l'),
        "unset" => leaf.args().iter().any(|word| word.text.starts_with("HIST")),
        "set" => {
            leaf.has_arg(&["history", "-o"])
                && leaf.args().iter().any(|word| word.text == "history")
        }
        "dmesg" => leaf.short('C') || leaf.short('c') || leaf.long("clear"),
        "wevtutil" | "clear-history" => true,
        // When a file was changed is a record, too.
        "touch" => {
            ['t', 'd', 'r'].iter().any(|time| leaf.short(*time))
                || leaf.long("date")
                || leaf.long("reference")
        }
        _ => false,
    };
    let logs = leaf.is(&["rm", "truncate", "shred", "journalctl", "tee"])
        && leaf.args().iter().any(|word| {
            word.text.starts_with("/var/log")
                || word.text.starts_with("--vacuum")
                || word.text.contains("_history")
        });
    let logs_to = leaf
        .redirects
        .iter()
        .filter(|redirect| redirect.writes())
        .filter_map(|redirect| redirect.target.as_ref());
    let logs = logs
        || logs_to
            .into_iter()
            .any(|word| word.text.starts_with("/var/log"));
    let events = leaf
        .words
        .iter()
        .any(|word| !word.quoted && (word.text.starts_with("!!") || word.text.starts_with("!$")));
    (wipes || logs || events).then_some("It uses, rewrites or wipes the record of what was run.")
}
