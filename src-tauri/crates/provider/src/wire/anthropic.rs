//! Anthropic Messages.
//!
//! Thinking and its signatures go back verbatim; blocks of server tools are
//! passed over, since this program asks for none.

mod decode;
mod request;

use super::{Concession, Decode, Dialect, Framing, Ids, KeyHeader, Terms, Written};
use crate::Request;

/// The version of the wire this module speaks.
const VERSION: &str = "2023-06-01";

pub(super) struct Anthropic;

impl Dialect for Anthropic {
    fn framing(&self) -> Framing {
        Framing::Events
    }

    fn url(&self, base_url: &str, _model: &str) -> String {
        let base = base_url.strip_suffix("/v1").unwrap_or(base_url);
        format!("{base}/v1/messages")
    }

    fn key_header(&self) -> KeyHeader {
        KeyHeader::Named("x-api-key")
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("anthropic-version", VERSION)]
    }

    fn encode(&self, request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8> {
        request::encode(request, terms, written)
    }

    /// Gateways and older models know no adaptive thinking and no effort.
    fn concessions(&self) -> &'static [Concession] {
        &const {
            [
                Concession::without("thinking", "adaptive"),
                Concession::without("output_config", "output_config"),
                Concession::without("output_config", "effort"),
            ]
        }
    }

    fn decoder(&self, ids: Ids) -> Box<dyn Decode> {
        Box::new(decode::Decoder::new(ids))
    }
}
