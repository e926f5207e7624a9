//! Which model servers run on this machine.
//!
//! Asks the usual loopback ports, or one server the user named, and reports
//! who answered with which models. It starts nothing and downloads nothing.

use std::time::Duration;

use bytes::Bytes;
use futures::StreamExt;
use futures::future::join_all;
use reqwest::Method;
use reqwest::header::HeaderMap;
use serde_json::Value;
use tokio::time::timeout;

use crate::catalog::{Entry, Wire};
use crate::http::{Call, HttpClient};
use crate::wire::versioned;

/// Longest wait for one server. Loopback answers at once or not at all.
const PROBE_TIMEOUT: Duration = Duration::from_millis(400);

/// Longest wait for a server the user chose; it may be on another machine.
const LIST_TIMEOUT: Duration = Duration::from_secs(3);

/// Most bytes of a model list; anything longer is not one.
const MAX_LIST_BYTES: usize = 1024 * 1024;

/// A server that answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalServer {
    /// Id of its catalogue entry: `ollama`, `lm-studio` or `llama-server`.
    pub id: &'static str,
    /// Name for people.
    pub label: &'static str,
    /// Where it listens.
    pub base_url: String,
    /// Models it offers; may be empty.
    pub models: Vec<String>,
}

/// Model names of a server's list, if that is what the document is.
type ReadList = fn(&Value) -> Option<Vec<String>>;

struct Probe {
    id: &'static str,
    label: &'static str,
    base_url: String,
    path: &'static str,
    read: ReadList,
}

/// Asks all known ports at once and returns within half a second.
pub async fn local_servers(http: &HttpClient) -> Vec<LocalServer> {
    ask_all(
        http,
        probes([
            "http://127.0.0.1:11434",
            "http://127.0.0.1:1234",
            "http://127.0.0.1:8080",
        ]),
    )
    .await
}

/// The models a server of a catalogue entry offers, those first that can
/// talk; none when it does not answer as such a server does.
pub async fn models(http: &HttpClient, entry: &Entry, base_url: &str) -> Option<Vec<String>> {
    let base = base_url.trim().trim_end_matches('/');
    let (url, read): (_, ReadList) = match entry.wire {
        Wire::Ollama => (format!("{base}/api/tags"), ollama_models),
        _ => (format!("{}/models", versioned(base)), listed_models),
    };
    let list = timeout(LIST_TIMEOUT, fetch(http, &url)).await.ok()??;
    let mut models = read(&list)?;
    models.sort_by_key(|name| name.contains("embed"));
    Some(models)
}

fn probes([ollama, lm_studio, llama_server]: [&str; 3]) -> Vec<Probe> {
    vec![
        Probe {
            id: "ollama",
            label: "Ollama",
            base_url: ollama.to_owned(),
            path: "/api/tags",
            read: ollama_models,
        },
        Probe {
            id: "lm-studio",
            label: "LM Studio",
            base_url: lm_studio.to_owned(),
            path: "/v1/models",
            read: listed_models,
        },
        Probe {
            id: "llama-server",
            label: "llama-server",
            base_url: llama_server.to_owned(),
            path: "/v1/models",
            read: llama_models,
        },
    ]
}

async fn ask_all(http: &HttpClient, probes: Vec<Probe>) -> Vec<LocalServer> {
    let asked = probes.into_iter().map(async |probe| {
        let url = format!("{}{}", probe.base_url, probe.path);
        let list = timeout(PROBE_TIMEOUT, fetch(http, &url)).await.ok()??;
        let models = (probe.read)(&list)?;
        Some(LocalServer {
            id: probe.id,
            label: probe.label,
            base_url: probe.base_url,
            models,
        })
    });
    join_all(asked).await.into_iter().flatten().collect()
}

async fn fetch(http: &HttpClient, url: &str) -> Option<Value> {
    let call = Call {
        method: Method::GET,
        url: url.parse().ok()?,
        headers: HeaderMap::new(),
        body: Bytes::new(),
    };
    let mut answer = http
        .send(call)
        .await
        .ok()
        .filter(|answer| answer.status == 200)?;
    let mut list = Vec::new();
    while let Some(part) = answer.body.next().await {
        list.extend_from_slice(&part.ok()?);
        if list.len() > MAX_LIST_BYTES {
            return None;
        }
    }
    serde_json::from_slice(&list).ok()
}

fn ollama_models(list: &Value) -> Option<Vec<String>> {
    Some(names(list["models"].as_array()?, "name"))
}

fn listed_models(list: &Value) -> Option<Vec<String>> {
    let models = list["data"]
        .as_array()
        .filter(|_| list["object"] == "list")?;
    Some(names(models, "id"))
}

/// Many things listen on port 8080; llama-server signs its models.
fn llama_models(list: &Value) -> Option<Vec<String>> {
    let is_signed = list["data"]
        .as_array()?
        .iter()
        .any(|model| model["owned_by"] == "llamacpp");
    is_signed.then(|| listed_models(list)).flatten()
}

fn names(models: &[Value], key: &str) -> Vec<String> {
    models
        .iter()
        .filter_map(|model| model[key].as_str())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests;
