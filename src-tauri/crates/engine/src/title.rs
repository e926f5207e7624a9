//! Titles of sessions: the first words of the first request, until a model has
//! found a better one.

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

/// The title in a model's answer: its first line without ornament. None when
/// it is more than a title.
pub(crate) fn from_answer(text: &str) -> Option<String> {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty())?;
    let ornament = |c: char| c.is_whitespace() || "\"'`*#_“”„«»".contains(c);
    let line = line.trim_matches(ornament);
    let line = line
        .split_once(':')
        .filter(|(head, _)| head.eq_ignore_ascii_case("title"))
        .map_or(line, |(_, rest)| rest.trim_matches(ornament));
    let is_title = !line.is_empty() && line.chars().count() <= LONGEST * 2;
    is_title.then(|| from_request(line))
}

#[cfg(test)]
mod tests;
