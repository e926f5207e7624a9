//! JSON-RPC: what a message is, and messages of ours. What is in it stays
//! unread text until somebody wants it.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::error::Fault;

/// The answer to a request, or the server's refusal.
pub(super) type Answer = Result<Box<RawValue>, Refusal>;

/// JSON-RPC's code for a method that is not known.
pub(crate) const METHOD_NOT_FOUND: i64 = -32601;

/// An error of JSON-RPC.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Refusal {
    pub(crate) code: i64,
    pub(crate) message: String,
}

/// A message from the server.
#[derive(Debug)]
pub(super) enum Incoming<'a> {
    /// To a request of ours.
    Answer { id: i64, answer: Answer },
    /// The server wants to know something; its id is given back as it came.
    Question {
        id: &'a RawValue,
        method: Cow<'a, str>,
        params: &'a str,
    },
    /// The server tells something.
    Notice {
        method: Cow<'a, str>,
        params: &'a str,
    },
    /// Valid, and nothing to us: an answer to nothing we asked.
    Nothing,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    #[serde(borrow)]
    method: Option<Cow<'a, str>>,
    #[serde(borrow)]
    params: Option<&'a RawValue>,
    #[serde(borrow)]
    result: Option<&'a RawValue>,
    error: Option<Refusal>,
}

/// Reads the envelope of a message.
pub(super) fn read(message: &[u8]) -> Result<Incoming<'_>, Fault> {
    let envelope: Envelope<'_> = serde_json::from_slice(message)
        .map_err(|error| Fault::Garbage(format!("not JSON-RPC ({error})")))?;
    let params = envelope.params.map_or("null", RawValue::get);
    Ok(match (envelope.method, envelope.id) {
        (Some(method), Some(id)) => Incoming::Question { id, method, params },
        (Some(method), None) => Incoming::Notice { method, params },
        (None, Some(id)) => match id.get().parse() {
            Ok(id) => Incoming::Answer {
                id,
                answer: answer(envelope.result, envelope.error),
            },
            Err(_) => Incoming::Nothing,
        },
        (None, None) => Incoming::Nothing,
    })
}

/// A request; one without parameters must not have the field.
pub(super) fn request(id: i64, method: &str, params: Option<&impl Serialize>) -> Option<Vec<u8>> {
    #[derive(Serialize)]
    struct Request<'a, P> {
        jsonrpc: &'a str,
        id: i64,
        method: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        params: Option<&'a P>,
    }
    serde_json::to_vec(&Request {
        jsonrpc: "2.0",
        id,
        method,
        params,
    })
    .ok()
}

pub(super) fn notice(method: &str, params: Option<&impl Serialize>) -> Option<Vec<u8>> {
    #[derive(Serialize)]
    struct Notice<'a, P> {
        jsonrpc: &'a str,
        method: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        params: Option<&'a P>,
    }
    serde_json::to_vec(&Notice {
        jsonrpc: "2.0",
        method,
        params,
    })
    .ok()
}

pub(super) fn reply(id: &RawValue, answer: Result<serde_json::Value, Refusal>) -> Option<Vec<u8>> {
    #[derive(Serialize)]
    struct Reply<'a> {
        jsonrpc: &'a str,
        id: &'a RawValue,
        #[serde(flatten)]
        body: Body,
    }
    #[derive(Serialize)]
    #[serde(rename_all = "lowercase")]
    enum Body {
        Result(serde_json::Value),
        Error(Refusal),
    }
    let body = match answer {
        Ok(value) => Body::Result(value),
        Err(refusal) => Body::Error(refusal),
    };
    serde_json::to_vec(&Reply {
        jsonrpc: "2.0",
        id,
        body,
    })
    .ok()
}

fn answer(result: Option<&RawValue>, error: Option<Refusal>) -> Answer {
    match error {
        Some(refusal) => Err(refusal),
        None => Ok(result.map_or_else(|| RawValue::NULL.to_owned(), ToOwned::to_owned)),
    }
}
