//! What the user typed, made safe for the index: every word becomes a quoted
//! phrase, so that no sign in it means anything to SQLite.

/// Words of a query that count.
const WORDS: usize = 8;

/// The longest query that is looked at, in characters.
const LONGEST: usize = 400;

/// The words of a query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Words {
    words: Vec<Word>,
}

/// One word or quoted group of words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Word {
    /// Looked up in the index: a match expression.
    Indexed(String),
    /// Looked for sign by sign: the index knows no word in it. That is so of
    /// punctuation, and of scripts that put no spaces between words.
    Literal(String),
}

impl Words {
    /// Takes any text.
    pub(crate) fn parse(query: &str) -> Self {
        let mut groups: Vec<(String, bool)> = Vec::new();
        let (mut group, mut quoted) = (String::new(), false);
        let mut finish = |group: &mut String, is_last: bool| {
            let text = std::mem::take(group);
            if !text.trim().is_empty() {
                groups.push((text.trim().to_owned(), is_last));
            }
        };
        for character in query.chars().take(LONGEST) {
            let gap = character.is_whitespace() || character.is_control();
            match character {
                '"' => {
                    quoted = !quoted;
                    finish(&mut group, false);
                }
                _ if gap && !quoted => finish(&mut group, false),
                _ if gap => group.push(' '),
                _ => group.push(character),
            }
        }
        finish(&mut group, true);
        let words = groups
            .iter()
            .take(WORDS)
            .map(|(text, is_last)| Word::of(text, *is_last));
        Self {
            words: words.collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn each(&self, take: impl FnMut(&Word)) {
        self.words.iter().for_each(take);
    }

    /// One match expression for all indexed words; none when there is none.
    pub(crate) fn expression(&self) -> Option<String> {
        let indexed: Vec<String> = self
            .words
            .iter()
            .filter(|word| word.is_indexed())
            .map(Word::pattern)
            .collect();
        (!indexed.is_empty()).then(|| indexed.join(" AND "))
    }

    /// The words that are looked for sign by sign.
    pub(crate) fn literals(&self) -> impl Iterator<Item = &str> {
        self.words.iter().filter_map(|word| match word {
            Word::Literal(text) => Some(text.as_str()),
            Word::Indexed(_) => None,
        })
    }
}

impl Word {
    fn of(text: &str, is_last: bool) -> Self {
        let known = text.chars().any(char::is_alphanumeric);
        if !known || text.chars().any(is_unspaced) {
            return Self::Literal(text.to_owned());
        }
        let star = if is_last && text.ends_with(char::is_alphanumeric) {
            "*"
        } else {
            ""
        };
        Self::Indexed(format!("\"{}\"{star}", text.replace('"', " ")))
    }

    pub(crate) fn is_indexed(&self) -> bool {
        matches!(self, Self::Indexed(_))
    }

    pub(crate) fn pattern(&self) -> String {
        match self {
            Self::Indexed(text) | Self::Literal(text) => text.clone(),
        }
    }
}

/// Scripts written without spaces, by Unicode block: Thai to Khmer, kana,
/// CJK ideographs, Hangul (whose particles join their words).
fn is_unspaced(character: char) -> bool {
    matches!(
        u32::from(character),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17FF
            | 0x3040..=0x30FF | 0x3130..=0x318F | 0x3400..=0x4DBF | 0x4E00..=0x9FFF
            | 0xAC00..=0xD7AF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF
    )
}
