//! OpenAI Chat Completions, as OpenAI and the many servers that follow it
//! speak it, each in its own way.
//!
//! What is known of their ways: calls without index or id, arguments whole
//! or as an object, reasoning under three names, no counts, an odd reason
//! for stopping, no `[DONE]`, errors within the stream, null for nothing.

mod decode;
mod request;

use super::{Concession, Decode, Dialect, Framing, Ids, KeyHeader, Terms, Written, versioned};
use crate::Request;

pub(super) struct OpenAiChat;

/// Field a message's reasoning comes in, and goes back in.
const REASONING_CONTENT: &str = "reasoning_content";

/// Field for reasoning in pieces, some of them sealed.
const REASONING_DETAILS: &str = "reasoning_details";

/// What a gateway hangs on a call and wants back.
const EXTRA_CONTENT: &str = "extra_content";

impl Dialect for OpenAiChat {
    fn framing(&self) -> Framing {
        Framing::Events
    }

    fn url(&self, base_url: &str, _model: &str) -> String {
        format!("{}/chat/completions", versioned(base_url))
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
                Concession::without("stream_options", "stream_options"),
                Concession {
                    words: "max_completion_tokens",
                    field: "max_tokens",
                    instead: Some("max_completion_tokens"),
                },
                Concession {
                    words: "max_completion_tokens",
                    field: "max_completion_tokens",
                    instead: Some("max_tokens"),
                },
                Concession::without("reasoning_effort", "reasoning_effort"),
                Concession::without("reasoning_effort", "reasoning effort"),
                Concession::without("prompt_cache_key", "prompt_cache_key"),
            ]
        }
    }

    fn decoder(&self, ids: Ids) -> Box<dyn Decode> {
        Box::new(decode::Decoder::new(ids))
    }
}
