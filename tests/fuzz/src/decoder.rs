//! Taking a command line apart: always the same parts, never more of them than
//! can be looked at, and words that were quoted come out as they went in.

use permission::{DecodedLine, decode_command};

use crate::ground::in_project;
use crate::pieces::{pieces, text};

/// More commands are never found in one line, guesses included.
const MOST_COMMANDS: usize = 40_000;

pub fn decoder(data: &[u8]) {
    let command = text(data);
    let words: Vec<String> = pieces(data).filter(|word| !word.contains('\0')).collect();
    in_project(|root| {
        let line = decode_command(&command, root, root);
        assert_eq!(line, decode_command(&command, root, root));
        is_sound(&line);
        let folder = root.join("src");
        is_sound(&decode_command(&command, root, &folder));

        let quoted: Vec<String> = words.iter().map(|word| quoted(word)).collect();
        let line = decode_command(&quoted.join(" "), root, root);
        let first = line.commands.first();
        let read: Option<Vec<&str>> = first.map(|command| {
            assert!(command.words.iter().all(|word| word.known), "{quoted:?}");
            command
                .words
                .iter()
                .map(|word| word.text.as_str())
                .collect()
        });
        assert_eq!(read.unwrap_or_default(), words, "{quoted:?}");
    });
}

fn is_sound(line: &DecodedLine) {
    assert!(line.commands.len() <= MOST_COMMANDS);
    for command in &line.commands {
        let all = [&command.words, &command.assignments];
        let is_empty = all.iter().all(|words| words.is_empty())
            && command.input.is_empty()
            && !command.reads_elsewhere;
        assert!(!is_empty || !line.whole || !command.folders.is_empty());
        assert!(command.folders.iter().all(|folder| folder.is_absolute()));
        let name = command.program();
        assert_eq!(name, name.to_ascii_lowercase());
    }
}

/// As one word that stands for itself.
fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}
