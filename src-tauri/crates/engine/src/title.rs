//! A session's first title: the first words of the first request.

/// Longest title, in characters: about what one line of the list holds.
const LONGEST: usize = 60;

/// One line, cut at a word, never empty.
pub(crate) fn from_request(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let line = line.trim_end_matches(['.', '!', '?', ':', ',']);
    if line.is_empty() {
        return "New session".into();
    }
    if line.chars().count() <= LONGEST {
        return line.to_owned();
    }
    let head: String = line.chars().take(LONGEST).collect();
    let cut = head
        .rfind(' ')
        .filter(|at| *at > LONGEST / 2)
        .unwrap_or(head.len());
    format!("{}…", head[..cut].trim_end())
}
