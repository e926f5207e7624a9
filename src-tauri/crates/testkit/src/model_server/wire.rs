//! The wire formats the server speaks, chosen by the request's path.

mod anthropic;
mod gemini;
mod ollama;
mod openai;
mod openai_chat;

use serde_json::Value;

use super::RecordedRequest;
use super::reply::Answer;

/// Lengths of streamed pieces, near those of the real servers.
const TEXT_PIECE: usize = 12;
const JSON_PIECE: usize = 24;

/// Four bytes a token is the usual rule of thumb.
const BYTES_PER_TOKEN: usize = 4;

/// A wire format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// `POST /v1/messages`.
    Anthropic,
    /// `POST …/responses`.
    OpenAi,
    /// `POST …/chat/completions`.
    OpenAiChat,
    /// `POST …:streamGenerateContent`.
    Gemini,
    /// `POST /api/chat`.
    Ollama,
}

impl Wire {
    pub(super) fn of(request: &RecordedRequest) -> Option<Self> {
        let path = request.path.split('?').next().unwrap_or_default();
        let ends = [
            ("/v1/messages", Self::Anthropic),
            ("/responses", Self::OpenAi),
            ("/chat/completions", Self::OpenAiChat),
            (":streamGenerateContent", Self::Gemini),
            ("/api/chat", Self::Ollama),
        ];
        let found = ends.into_iter().find(|(end, _)| path.ends_with(end));
        found
            .filter(|_| request.method == "POST")
            .map(|(_, wire)| wire)
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Ollama => "application/x-ndjson",
            _ => "text/event-stream",
        }
    }

    /// The answer as one piece of the stream per event.
    pub(super) fn events(self, answer: &Answer, request: &RecordedRequest) -> Vec<String> {
        match self {
            Self::Anthropic => anthropic::events(answer, request),
            Self::OpenAi => openai::events(answer, request),
            Self::OpenAiChat => openai_chat::events(answer, request),
            Self::Gemini => gemini::events(answer, request),
            Self::Ollama => ollama::events(answer, request),
        }
    }

    /// The body that goes with an error status.
    pub(super) fn error(self, status: u16) -> String {
        match self {
            Self::Anthropic => anthropic::error(status),
            Self::OpenAi | Self::OpenAiChat => openai::error(status),
            Self::Gemini => gemini::error(status),
            Self::Ollama => ollama::error(status),
        }
    }

    /// The texts of the tool results the client sent last.
    pub(super) fn results(self, body: &Value) -> Vec<String> {
        let texts = match self {
            Self::Anthropic => anthropic::results(body),
            Self::OpenAi => openai::results(body),
            Self::OpenAiChat | Self::Ollama => openai_chat::results(body),
            Self::Gemini => gemini::results(body),
        };
        texts.into_iter().map(str::to_owned).collect()
    }
}

/// The entries of a list from its end for as long as they yield something,
/// in their order.
fn trailing<'a, T>(list: &'a Value, read: impl Fn(&'a Value) -> Option<T>) -> Vec<T> {
    let all = list.as_array().map(Vec::as_slice).unwrap_or_default();
    let mut found: Vec<T> = all.iter().rev().map_while(read).collect();
    found.reverse();
    found
}

/// Tokens of a prompt, roughly.
fn prompt_tokens(request: &RecordedRequest) -> usize {
    request.body.to_string().len() / BYTES_PER_TOKEN
}

/// Tokens of an answer, roughly.
fn answer_tokens(answer: &Answer) -> usize {
    let texts = answer.thinking.iter().chain(&answer.text).map(String::len);
    let inputs = answer
        .tools
        .iter()
        .map(|(_, input)| input.to_string().len());
    texts.chain(inputs).sum::<usize>() / BYTES_PER_TOKEN + 1
}

/// The inputs of the tools as text; the last one broken when the script says
/// so.
fn inputs(answer: &Answer) -> Vec<String> {
    let mut inputs: Vec<_> = answer
        .tools
        .iter()
        .map(|(_, input)| input.to_string())
        .collect();
    if let Some(last) = inputs.last_mut().filter(|_| answer.is_malformed) {
        last.truncate(last.len().saturating_sub(1));
        last.push_str(",]");
    }
    inputs
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
