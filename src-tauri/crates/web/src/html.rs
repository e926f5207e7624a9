//! From a page to Markdown for reading: one walk over its tokens, without a
//! tree and without recursion, so that no page is too deep, and in time that
//! grows with its length alone.
//!
//! It runs nothing, loads nothing and guesses no style sheets: what is hidden
//! by colour, opacity or a class of the page's own is not known to be hidden.

mod element;
mod hidden;
mod layout;
mod links;
mod reader;
mod writer;

use html5gum::{DefaultEmitter, Token, Tokenizer};
use url::Url;

use reader::{Keep, Reader};

/// Fewer characters than this are no content: then all of the page is.
const CONTENT_CHARS: usize = 200;

/// A page as Markdown.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Markdown {
    pub title: Option<String>,
    pub text: String,
    /// The page was too long or too tangled; the end is missing.
    pub is_cut: bool,
}

/// The content of a page found at `base`.
pub(crate) fn to_markdown(html: &str, base: &Url) -> Markdown {
    let content = read(html, base, Keep::Content);
    if content.text.chars().nth(CONTENT_CHARS).is_some() {
        return content;
    }
    // A page of links alone, such as a list of contents.
    let all = read(html, base, Keep::All);
    if all.text.len() > content.text.len() {
        all
    } else {
        content
    }
}

/// The words of a snippet, without its tags.
pub(crate) fn plain(html: &str) -> String {
    let mut text = String::new();
    for token in tokens(html) {
        if let Token::String(words) = token {
            text.push_str(&String::from_utf8_lossy(&words));
        }
    }
    text
}

fn read(html: &str, base: &Url, keep: Keep) -> Markdown {
    let mut reader = Reader::new(base, keep);
    for token in tokens(html) {
        match token {
            Token::StartTag(tag) => reader.start(&tag),
            Token::EndTag(tag) => reader.end(&tag.name),
            Token::String(text) => reader.text(&String::from_utf8_lossy(&text)),
            Token::Comment(_) | Token::Doctype(_) | Token::Error(_) => {}
        }
        if reader.is_full() {
            break;
        }
    }
    reader.finish()
}

fn tokens(html: &str) -> impl Iterator<Item = Token> {
    let mut emitter = DefaultEmitter::default();
    // As a browser without a tree would: scripts and styles are no markup.
    emitter.naively_switch_states(true);
    Tokenizer::new_with_emitter(html, emitter).flatten()
}

#[cfg(test)]
mod tests;
