//! Ollama's own chat: one JSON document a line.
//!
//! Its OpenAI side cannot say how much context a model is loaded with, and
//! what does not fit is cut off silently; here it is said with each request.

mod decode;
mod request;

use super::{Concession, Decode, Dialect, Framing, Ids, KeyHeader, Terms, Written};
use crate::Request;

pub(super) struct Ollama;

impl Dialect for Ollama {
    fn framing(&self) -> Framing {
        Framing::Lines
    }

    fn url(&self, base_url: &str, _model: &str) -> String {
        let base = ["/api", "/v1"]
            .iter()
            .find_map(|end| base_url.strip_suffix(end))
            .unwrap_or(base_url);
        format!("{base}/api/chat")
    }

    fn key_header(&self) -> KeyHeader {
        KeyHeader::Bearer
    }

    fn encode(&self, request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
        request::encode(request, terms, written)
    }

    fn concessions(&self) -> &'static [Concession] {
        &const {
            [
                Concession::without("think", "does not support thinking"),
                Concession::without("think", "think value"),
            ]
        }
    }

    fn decoder(&self, ids: Ids) -> Box<dyn Decode> {
        Box::new(decode::Decoder::new(ids))
    }
}
