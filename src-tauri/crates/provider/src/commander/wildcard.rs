//! Names inside glob patterns.

/// `text` for a glob pattern, its special signs taken literally.
pub(super) fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut out, c| {
        match c {
            '*' | '?' | '[' | ']' | '{' | '}' | '!' => out.extend(['[', c, ']']),
            '\\' => out.push('?'),
            c => out.push(c),
        }
        out
    })
}

/// `text` for a glob pattern in any case, words joined by anything.
pub(super) fn any_case(text: &str) -> String {
    let words: Vec<String> = text
        .split_whitespace()
        .map(|word| {
            word.chars().fold(String::new(), |mut out, c| {
                if c.is_ascii_alphabetic() {
                    out.extend(['[', c.to_ascii_lowercase(), c.to_ascii_uppercase(), ']']);
                } else {
                    out.push_str(&escape(c.encode_utf8(&mut [0; 4])));
                }
                out
            })
        })
        .collect();
    words.join("*")
}
