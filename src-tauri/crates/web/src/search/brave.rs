//! Brave Search: `GET /res/v1/web/search` with a key in a header.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{Backend, Query, RESULTS_MAX, Raw, Request, SearchKey, key_refused, with_site};
use crate::target::{Target, TargetError};

const PLACE: &str = "https://api.search.brave.com/res/v1/web/search";
const KEY: &str = "x-subscription-token";

#[derive(Debug)]
pub(super) struct Brave {
    place: Target,
    key: SearchKey,
}

impl Brave {
    pub fn with(key: SearchKey) -> Result<Self, TargetError> {
        Ok(Self {
            place: Target::parse(PLACE)?,
            key,
        })
    }
}

impl Backend for Brave {
    fn name(&self) -> &'static str {
        "Brave Search"
    }

    fn place(&self) -> &Target {
        &self.place
    }

    fn ask(&self, query: &Query) -> Request {
        let mut url = self.place.url().clone();
        url.query_pairs_mut()
            .append_pair("q", &with_site(query))
            .append_pair("count", &query.count.min(RESULTS_MAX).to_string())
            .append_pair("text_decorations", "false");
        let mut headers = HeaderMap::new();
        if let Some(key) = self.key.header("") {
            headers.insert(KEY, key);
        }
        Request {
            method: Method::GET,
            url,
            headers,
            body: None,
        }
    }

    fn results(&self, answer: &Value) -> Vec<Raw> {
        Raw::all_of(&answer["web"]["results"], "description")
    }

    fn refused(&self, status: StatusCode) -> &'static str {
        key_refused(status)
    }
}
