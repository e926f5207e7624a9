//! One module per wire format: how a request is written, where it goes and
//! how the answer's frames become events.
//!
//! Which provider speaks which wire is the catalogue's business; sending,
//! waiting and trying again are `attempt`'s and `retry`'s.

mod anthropic;
mod calls;
mod fault;
mod gemini;
pub(crate) mod history;
mod ollama;
mod openai;
mod openai_chat;
mod prose;
mod think_tag;
mod written;

use std::collections::VecDeque;

use crate::catalog::{Chat, Degree, Model, Wire};
use crate::{Request, StreamEvent};

pub(crate) use calls::Ids;
pub(crate) use fault::Fault;
pub(crate) use written::Written;

/// Events on their way out of a decoder.
pub(crate) type Events = VecDeque<StreamEvent>;

/// A wire format.
pub(crate) trait Dialect: Send + Sync {
    /// How an answer's bytes fall into frames.
    fn framing(&self) -> Framing;

    /// Where requests for a model go. The base URL has no slash at its end.
    fn url(&self, base_url: &str, model: &str) -> String;

    /// How the key is sent.
    fn key_header(&self) -> KeyHeader;

    /// Headers every request has.
    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// The body of a request. The same history gives the same bytes, so that
    /// the provider's prompt cache matches; what is written already is taken
    /// from there.
    fn encode(&self, request: &Request, terms: &Terms<'_>, written: &mut Written) -> Vec<u8>;

    /// What a request can do without when the server does not know it.
    fn concessions(&self) -> &'static [Concession] {
        &[]
    }

    /// A decoder for one answer.
    fn decoder(&self, ids: Ids) -> Box<dyn Decode>;
}

/// Turns the frames of one answer into events.
pub(crate) trait Decode: Send {
    /// Takes the data of one frame.
    fn frame(&mut self, data: &str, out: &mut Events) -> Result<(), Fault>;

    /// The body ended. That is fine once the model's reason for stopping is
    /// known; it is told in `Finished`.
    fn end(&mut self, out: &mut Events) -> Result<(), Fault>;

    /// Takes an answer that came whole: some gateways do not stream what
    /// they keep or make up.
    fn whole(&mut self, document: &str, out: &mut Events) -> Result<(), Fault> {
        self.frame(document, out)?;
        if self.is_finished() {
            return Ok(());
        }
        self.end(out)
    }

    /// Whether the answer is complete and nothing of interest can follow.
    fn is_finished(&self) -> bool;

    /// Whether the model is done, so that only counts can follow.
    fn is_settled(&self) -> bool {
        false
    }
}

/// How bytes fall into frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Framing {
    /// Server-sent events.
    Events,
    /// One JSON document a line.
    Lines,
}

/// How the key is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyHeader {
    /// `Authorization: Bearer …`.
    Bearer,
    /// As it is, in a header of its own.
    Named(&'static str),
}

/// What an encoder must know beyond the request.
#[derive(Debug, Clone)]
pub(crate) struct Terms<'a> {
    /// The model's catalogue entry, if it has one.
    pub(crate) model: Option<&'a Model>,
    /// The server's way of speaking Chat Completions.
    pub(crate) chat: &'a Chat,
    /// How hard to think, as the wire says it; none says nothing of it.
    pub(crate) degree: Option<Degree>,
}

/// One thing a request can do without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Concession {
    /// What a refusal says when the server does not know it.
    pub(crate) words: &'static str,
    /// The field, at the top of the body or, as `outer.inner`, below it.
    pub(crate) field: &'static str,
    /// The name the server knows it by, when it is not left out.
    pub(crate) instead: Option<&'static str>,
}

/// Stands for all images of a request. They are no field of it: the request
/// is written anew without them.
pub(crate) const IMAGES: Concession = Concession {
    words: "image",
    field: "",
    instead: None,
};

impl Concession {
    /// The field is left out.
    pub(crate) const fn without(field: &'static str, words: &'static str) -> Self {
        Self {
            words,
            field,
            instead: None,
        }
    }
}

/// The code behind a wire of the catalogue.
pub(crate) fn dialect(wire: Wire) -> &'static dyn Dialect {
    match wire {
        Wire::Anthropic => &anthropic::Anthropic,
        Wire::Openai => &openai::OpenAi,
        Wire::OpenaiChat => &openai_chat::OpenAiChat,
        Wire::Gemini => &gemini::Gemini,
        Wire::Ollama => &ollama::Ollama,
    }
}

/// A base URL as the OpenAI SDKs read it: it ends in a version. A bare host
/// gets the only version there is; a whole endpoint is cut back.
pub(crate) fn versioned(base_url: &str) -> String {
    let base = ["/chat/completions", "/responses"]
        .iter()
        .find_map(|end| base_url.strip_suffix(end))
        .unwrap_or(base_url);
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    if rest.contains('/') {
        base.to_owned()
    } else {
        format!("{base}/v1")
    }
}

#[cfg(test)]
mod tests;
