//! The wire formats the server speaks, chosen by the request's path.

mod anthropic;

use super::RecordedRequest;
use super::reply::Answer;

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// `POST /v1/messages`.
    Anthropic,
}

impl Wire {
    pub(super) fn of(request: &RecordedRequest) -> Option<Self> {
        let path = request.path.split('?').next().unwrap_or_default();
        (request.method == "POST" && path.ends_with("/v1/messages")).then_some(Self::Anthropic)
    }

    /// The answer as one piece of event stream per event.
    pub(super) fn events(self, answer: &Answer, request: &RecordedRequest) -> Vec<String> {
        match self {
            Self::Anthropic => anthropic::events(answer, request),
        }
    }

    /// The body that goes with an error status.
    pub(super) fn error(self, status: u16) -> String {
        match self {
            Self::Anthropic => anthropic::error(status),
        }
    }
}

/// Text in pieces as a model streams it: a few characters, whole words.
fn pieces(text: &str, length: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest
            .char_indices()
            .map(|(at, _)| at)
            .find(|&at| at >= length)
            .unwrap_or(rest.len());
        let (piece, tail) = rest.split_at(end);
        pieces.push(piece);
        rest = tail;
    }
    pieces
}
