//! Programs that work for somebody else's wallet.

use super::Hits;
use crate::bash::Subject;

/// Parts of a name that only they have.
const NAMES: &[&str] = &["xmrig", "miner", "t-rex", "nicehash", "kawpow", "randomx"];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let name = leaf.name();
        let named = NAMES.iter().any(|part| name.contains(part));
        // Only they speak it.
        let speaks = |text: &str| text.contains("stratum+") || text.contains("stratum://");
        let told = leaf.args().iter().any(|word| {
            let text = word.text.to_ascii_lowercase();
            speaks(&text) || text.contains("xmrig") || text == "--donate-level"
        });
        if named || told {
            hits.danger(leaf.span, "It mines coins with this machine.");
        }
    }
}
