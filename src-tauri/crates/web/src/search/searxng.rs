//! SearXNG, a search engine that people run themselves: `GET /search` with
//! `format=json`, which its settings must allow.

use reqwest::header::HeaderMap;
use reqwest::{Method, StatusCode};
use serde_json::Value;

use super::{Backend, Query, Raw, Request, with_site};
use crate::target::{Target, TargetError};

#[derive(Debug)]
pub(super) struct Searxng {
    place: Target,
}

impl Searxng {
    pub fn at(base_url: &str) -> Result<Self, TargetError> {
        let base = base_url.trim().trim_end_matches('/');
        let base = base.strip_suffix("/search").unwrap_or(base);
        Ok(Self {
            place: Target::parse(&format!("{base}/search"))?,
        })
    }
}

impl Backend for Searxng {
    fn name(&self) -> &'static str {
        "SearXNG"
    }

    fn place(&self) -> &Target {
        &self.place
    }

    fn is_the_users_own(&self) -> bool {
        true
    }

    fn ask(&self, query: &Query) -> Request {
        let mut url = self.place.url().clone();
        url.query_pairs_mut()
            .append_pair("q", &with_site(query))
            .append_pair("format", "json");
        Request {
            method: Method::GET,
            url,
            headers: HeaderMap::new(),
            body: None,
        }
    }

    fn results(&self, answer: &Value) -> Vec<Raw> {
        Raw::all_of(&answer["results"], "content")
    }

    fn refused(&self, status: StatusCode) -> &'static str {
        match status.as_u16() {
            403 => {
                "it does not answer in JSON; its owner has to add `json` to `search.formats` in its settings.yml"
            }
            _ => "",
        }
    }
}
