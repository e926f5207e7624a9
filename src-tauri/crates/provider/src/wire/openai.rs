//! OpenAI Responses, without state on the server: the whole history goes
//! along, and reasoning goes back encrypted, as it came.

mod decode;
mod request;

use super::{Concession, Decode, Dialect, Framing, Ids, KeyHeader, Terms, Written, versioned};
use crate::Request;

pub(super) struct OpenAi;

impl Dialect for OpenAi {
    fn framing(&self) -> Framing {
        Framing::Events
    }

    fn url(&self, base_url: &str, _model: &str) -> String {
        format!("{}/responses", versioned(base_url))
    }

    fn key_header(&self) -> KeyHeader {
        KeyHeader::Bearer
    }

    fn encode(&self, request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
        request::encode(request, terms, written)
    }

    /// Models that do not reason refuse what is about reasoning.
    fn concessions(&self) -> &'static [Concession] {
        &const {
            [
                Concession::without("include", "encrypted"),
                Concession::without("include", "'include'"),
                Concession::without("reasoning", "reasoning summar"),
                Concession::without("reasoning", "reasoning.summary"),
                Concession::without("reasoning.effort", "reasoning.effort"),
                Concession::without("reasoning.effort", "reasoning_effort"),
                Concession::without("reasoning", "'reasoning'"),
                Concession::without("prompt_cache_key", "prompt_cache_key"),
                Concession::without("max_output_tokens", "max_output_tokens"),
            ]
        }
    }

    fn decoder(&self, ids: Ids) -> Box<dyn Decode> {
        Box::new(decode::Decoder::new(ids))
    }
}
