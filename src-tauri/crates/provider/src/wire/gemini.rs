//! Gemini `streamGenerateContent`.
//!
//! Thought signatures hang on parts; they are kept as opaque blocks beside
//! them and go back to the model that made them, and to no other.

mod decode;
mod request;
mod schema;

use super::{Decode, Dialect, Framing, Ids, KeyHeader, Terms, Written};
use crate::Request;

/// The version of the API that has tools and thinking.
const VERSION: &str = "v1beta";

/// Opaque data of a signature on the call that follows.
const CALL_SIGNATURE: &str = "call:";

/// Opaque data of a signature on the text before it.
const TEXT_SIGNATURE: &str = "text:";

pub(super) struct Gemini;

impl Dialect for Gemini {
    fn framing(&self) -> Framing {
        Framing::Events
    }

    fn url(&self, base_url: &str, model: &str) -> String {
        let base = base_url
            .strip_suffix(VERSION)
            .map_or(base_url, |base| base.trim_end_matches('/'));
        let path = if model.contains('/') {
            escaped(model)
        } else {
            format!("models/{}", escaped(model))
        };
        format!("{base}/{VERSION}/{path}:streamGenerateContent?alt=sse")
    }

    fn key_header(&self) -> KeyHeader {
        KeyHeader::Named("x-goog-api-key")
    }

    fn encode(&self, request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
        request::encode(request, terms, written)
    }

    fn decoder(&self, ids: Ids) -> Box<dyn Decode> {
        Box::new(decode::Decoder::new(ids))
    }
}

/// A model's name is the user's; it must not become another path or query.
fn escaped(model: &str) -> String {
    model.bytes().fold(String::new(), |mut path, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~/@".contains(&byte) {
            path.push(char::from(byte));
        } else {
            path.push_str(&format!("%{byte:02X}"));
        }
        path
    })
}
