//! A page as it is read: its text and where it ends for one answer.

use url::Url;

/// The most bytes of a page in one answer: about 8,000 tokens, a long article,
/// and well below what any tool may answer.
const PART_BYTES: usize = 32 * 1024;

/// A cut looks so far back, in bytes, for the end of a line.
const LINE_BYTES: usize = 2 * 1024;

/// Something that was fetched, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Where it was found in the end.
    pub url: Url,
    /// What it calls itself.
    pub title: Option<String>,
    /// The text; of a page of the web as Markdown.
    pub text: String,
    /// Invisible characters that were left out of it.
    pub invisible_count: usize,
    /// It was too long or too tangled to be read to its end.
    pub is_cut: bool,
}

/// A piece of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part<'a> {
    /// The text of it.
    pub text: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends; the next begins there.
    pub end: usize,
    /// How long the whole is.
    pub total: usize,
}

impl Page {
    /// The part that begins at byte `offset`, or none when the page is not so
    /// long. It ends with a line where one ends nearby.
    #[must_use]
    pub fn part(&self, offset: usize) -> Option<Part<'_>> {
        let total = self.text.len();
        if offset > 0 && offset >= total {
            return None;
        }
        let start = self.text.floor_char_boundary(offset);
        let far = self.text.floor_char_boundary(start + PART_BYTES);
        let near = self
            .text
            .floor_char_boundary(far.saturating_sub(LINE_BYTES).max(start));
        let line = self.text[near..far].rfind('\n').map(|at| near + at + 1);
        let end = match line {
            Some(line) if far < total && line > start => line,
            _ => far,
        };
        Some(Part {
            text: &self.text[start..end],
            start,
            end,
            total,
        })
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn page(text: String) -> Page {
        Page {
            url: Url::parse("http://docs.rs/").unwrap(),
            title: None,
            text,
            invisible_count: 0,
            is_cut: false,
        }
    }

    #[test]
    fn the_parts_are_the_whole() {
        for text in [
            String::new(),
            "short".to_owned(),
            "line of text\n".repeat(20_000),
            "🦀é日x".repeat(20_000),
        ] {
            let page = page(text);
            let mut read = String::new();
            while read.len() < page.text.len() {
                let part = page.part(read.len()).unwrap();
                assert_eq!((part.start, part.total), (read.len(), page.text.len()));
                read.push_str(part.text);
                assert_eq!(read.len(), part.end);
                let is_last = part.end == part.total;
                assert!(is_last || part.text.len() > PART_BYTES - LINE_BYTES - 4);
                assert!(is_last || !page.text.contains('\n') || part.text.ends_with('\n'));
            }
            assert_eq!(read, page.text);
        }
    }

    #[test]
    fn an_offset_need_not_fit() {
        let page = page("é日".to_owned());
        assert_eq!(page.part(1).unwrap().text, "é日");
        assert_eq!(page.part(3).unwrap().text, "日");
        assert_eq!(page.part(5), None);
        assert_eq!(page.part(usize::MAX), None);
    }
}
