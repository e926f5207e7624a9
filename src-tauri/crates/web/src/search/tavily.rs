//! Tavily: `POST /search` with a key as bearer.

use reqwest::header::{AUTHORIZATION, HeaderMap};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{Backend, Query, RESULTS_MAX, Raw, Request, SearchKey, key_refused};
use crate::target::{Target, TargetError};

const PLACE: &str = "https://api.tavily.com/search";

#[derive(Debug)]
pub(super) struct Tavily {
    place: Target,
    key: SearchKey,
}

impl Tavily {
    pub fn with(key: SearchKey) -> Result<Self, TargetError> {
        Ok(Self {
            place: Target::parse(PLACE)?,
            key,
        })
    }
}

impl Backend for Tavily {
    fn name(&self) -> &'static str {
        "Tavily"
    }

    fn place(&self) -> &Target {
        &self.place
    }

    fn ask(&self, query: &Query) -> Request {
        let mut body = json!({
            "query": query.text,
            "max_results": query.count.min(RESULTS_MAX),
        });
        if let Some(site) = &query.site {
            body["include_domains"] = json!([site.as_str()]);
        }
        let mut headers = HeaderMap::new();
        if let Some(key) = self.key.header("Bearer ") {
            headers.insert(AUTHORIZATION, key);
        }
        Request {
            method: Method::POST,
            url: self.place.url().clone(),
            headers,
            body: Some(body),
        }
    }

    fn results(&self, answer: &Value) -> Vec<Raw> {
        Raw::all_of(&answer["results"], "content")
    }

    fn refused(&self, status: StatusCode) -> &'static str {
        key_refused(status)
    }
}
