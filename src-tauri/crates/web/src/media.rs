//! What an answer is, by what the server and its first bytes say, and its
//! text, whatever letters it was written in.

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

use crate::error::told;

/// How much of a page is looked through for the name of its encoding: the
/// WHATWG's HTML has pages say it in their first 1,024 bytes.
const SNIFFED_BYTES: usize = 1024;

/// What an answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Media {
    /// A page.
    Html,
    /// Text that is shown as it is.
    Text,
    /// Nobody says.
    Unknown,
    /// No text, with words for it.
    Other(String),
}

/// What a `Content-Type` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentType {
    pub media: Media,
    charset: Option<String>,
}

impl ContentType {
    /// Reads the header; none is as good as an empty one.
    pub fn parse(header: &str) -> Self {
        let mut parts = header.split(';');
        let name = parts.next().unwrap_or_default().trim().to_ascii_lowercase();
        let charset = parts.find_map(|part| {
            let (key, value) = part.split_once('=')?;
            let value = value.trim().trim_matches(['"', '\'']);
            key.trim()
                .eq_ignore_ascii_case("charset")
                .then(|| value.to_owned())
        });
        Self {
            media: Media::named(&name),
            charset,
        }
    }

    /// The text of a body, and what it is; an error says what it is instead.
    pub fn text_of(&self, bytes: &[u8]) -> Result<(Media, String), String> {
        let media = match &self.media {
            Media::Other(what) => return Err(what.clone()),
            Media::Unknown if looks_like_html(bytes) => Media::Html,
            Media::Unknown => Media::Text,
            media => media.clone(),
        };
        let text = self.decode(bytes, &media);
        if text.contains('\0') {
            return Err("a binary file".to_owned());
        }
        Ok((media, text))
    }

    /// A byte order mark speaks before the server, the server before the page.
    fn decode(&self, bytes: &[u8], media: &Media) -> String {
        let label = |label: &str| Encoding::for_label(label.as_bytes());
        let (encoding, mark) = match Encoding::for_bom(bytes) {
            Some((encoding, length)) => (Some(encoding), length),
            None => (None, 0),
        };
        let encoding = encoding
            .or_else(|| self.charset.as_deref().and_then(label))
            .or_else(|| match media {
                Media::Html => label_in(bytes).as_deref().and_then(label).map(ascii_like),
                _ => None,
            });
        let bytes = bytes.get(mark..).unwrap_or_default();
        let encoding = encoding.unwrap_or_else(|| match std::str::from_utf8(bytes) {
            Ok(_) => UTF_8,
            Err(_) => WINDOWS_1252,
        });
        encoding.decode_without_bom_handling(bytes).0.into_owned()
    }
}

impl Media {
    fn named(name: &str) -> Self {
        match name {
            "" => Self::Unknown,
            "text/html" | "application/xhtml+xml" => Self::Html,
            "application/pdf" => Self::Other("a PDF document".to_owned()),
            "application/json"
            | "application/xml"
            | "application/javascript"
            | "application/ecmascript"
            | "application/x-javascript"
            | "application/yaml"
            | "application/x-yaml"
            | "application/toml"
            | "application/x-sh"
            | "application/x-ndjson"
            | "application/sql"
            | "application/graphql" => Self::Text,
            _ => Self::by_kind(name),
        }
    }

    fn by_kind(name: &str) -> Self {
        let (kind, rest) = name.split_once('/').unwrap_or((name, ""));
        let what = match kind {
            "text" => return Self::Text,
            "image" => "an image",
            "audio" => "a sound",
            "video" => "a video",
            "font" => "a font",
            "application" if rest.ends_with("+json") || rest.ends_with("+xml") => {
                return Self::Text;
            }
            "application" if rest.contains("zip") || rest.contains("tar") || rest == "x-xz" => {
                "an archive"
            }
            _ => return Self::Other(format!("a file of type `{}`", told(name))),
        };
        Self::Other(format!("{what} (`{}`)", told(name)))
    }
}

fn looks_like_html(bytes: &[u8]) -> bool {
    let start = bytes
        .get(..SNIFFED_BYTES.min(bytes.len()))
        .unwrap_or_default();
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let start = start.trim_start_matches('\u{feff}').trim_start();
    start.starts_with("<!doctype html") || start.starts_with("<html") || start.starts_with("<head")
}

/// What follows `charset=` near the start of a page.
fn label_in(bytes: &[u8]) -> Option<String> {
    let start = bytes.get(..SNIFFED_BYTES.min(bytes.len()))?;
    let start = String::from_utf8_lossy(start).to_ascii_lowercase();
    let (_, rest) = start.split_once("charset")?;
    let rest = rest.trim_start().strip_prefix('=')?.trim_start();
    let is_label = |c: &char| c.is_ascii_alphanumeric() || "-_:.".contains(*c);
    let label: String = rest
        .trim_start_matches(['"', '\''])
        .chars()
        .take_while(is_label)
        .collect();
    (!label.is_empty()).then_some(label)
}

/// A page that says so in ASCII cannot be in UTF-16.
fn ascii_like(encoding: &'static Encoding) -> &'static Encoding {
    if encoding.is_ascii_compatible() {
        encoding
    } else {
        UTF_8
    }
}

#[cfg(test)]
mod tests;
