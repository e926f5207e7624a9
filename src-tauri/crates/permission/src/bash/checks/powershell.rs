//! The shells of Windows, whose programs are not read: what gives an attack
//! away is looked for in their text.

use super::Hits;
use crate::bash::Subject;

/// Parts of commands that fetch and run, hide, or destroy, in small letters.
const PARTS: &[&str] = &[
    "iex",
    "invoke-expression",
    "invoke-command",
    "downloadstring",
    "downloadfile",
    "start-bitstransfer",
    "frombase64string",
    "executionpolicy",
    "-verb runas",
    "-w hidden",
    "-windowstyle hidden",
    "remove-item",
    "clear-content",
    "clear-eventlog",
    "clear-history",
    "format-volume",
    "stop-computer",
    "restart-computer",
    "env:",
    "get-credential",
    "get-clipboard",
    "mppreference",
    "new-localuser",
    "| ri",
    "rd /s",
    "del /",
    "format ",
    ".exe",
    "reg add",
    "reg delete",
];

/// Commands that stand alone there.
const ALONE: &[&str] = &[
    "start-process",
    "clear-eventlog",
    "new-localuser",
    "add-mppreference",
    "set-mppreference",
    "disable-windowsoptionalfeature",
    "get-clipboard",
    "invoke-expression",
    "invoke-command",
    "iex",
    "stop-computer",
    "restart-computer",
    "set-executionpolicy",
    "format-volume",
    "clear-recyclebin",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let name = leaf.name();
        let name = name.trim_end_matches(".exe");
        let text = leaf.argv().join(" ").to_ascii_lowercase();
        let told = match name {
            "powershell" | "pwsh" => {
                // Encoded, under any abbreviation of the option.
                let encoded = |word: &str| word.len() > 1 && "-encodedcommand".starts_with(word);
                let mut words = text.split_whitespace().skip(1);
                words.any(encoded) || PARTS.iter().any(|part| text.contains(part))
            }
            "cmd" => PARTS.iter().any(|part| text.contains(part)),
            "forfiles" => text.contains("/c"),
            _ => ALONE.contains(&name),
        };
        if told {
            hits.danger(
                leaf.span,
                "It runs, fetches or destroys something by a shell of Windows.",
            );
        }
    }
}
