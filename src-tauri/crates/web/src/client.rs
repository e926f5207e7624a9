//! One request and the head of its answer. Redirects are not followed here,
//! and nothing of an earlier request is kept: no cookie, no connection.

use std::error::Error;
use std::time::Duration;

use protocol::Host;
use reqwest::redirect::Policy;
use reqwest::{RequestBuilder, Response, retry};
use tokio::sync::OnceCell;
use tokio::time::timeout;

use crate::WebError;
use crate::error::told;
use crate::reach::{NotReached, Reach};

/// How long a connection and the head of an answer may take, together.
pub(crate) const HEAD_TIME: Duration = Duration::from_secs(10);

/// Said to every server, plainly.
const AGENT: &str = concat!(
    "familiar/",
    env!("CARGO_PKG_VERSION"),
    " (a coding companion; fetches what its user asks about)"
);

/// A way to the web.
#[derive(Debug)]
pub(crate) struct Client {
    reach: Reach,
    http: OnceCell<reqwest::Client>,
}

impl Client {
    pub fn new(reach: Reach) -> Self {
        Self {
            reach,
            http: OnceCell::new(),
        }
    }

    /// Built when it is first needed, off the runtime's threads: loading the
    /// system's certificates takes its time.
    pub async fn http(&self, host: &Host) -> Result<&reqwest::Client, WebError> {
        let unreachable = |why: String| WebError::Unreachable {
            host: host.clone(),
            why,
        };
        let build = async || {
            let reach = self.reach.clone();
            let built = tokio::task::spawn_blocking(move || build(reach)).await;
            match built {
                Ok(Ok(http)) => Ok(http),
                Ok(Err(error)) => Err(unreachable(told(&error.to_string()))),
                Err(error) => Err(unreachable(told(&error.to_string()))),
            }
        };
        self.http.get_or_try_init(build).await
    }

    /// Sends a request to `host` and waits for the head of the answer.
    pub async fn send(&self, host: &Host, request: RequestBuilder) -> Result<Response, WebError> {
        let slow = WebError::Slow {
            host: host.clone(),
            what: "did not begin to answer within 10 seconds",
        };
        let answered = timeout(HEAD_TIME, request.send()).await.map_err(|_| slow)?;
        let response = answered.map_err(|error| problem(host, &error))?;
        // The second wall: it may only have been connected to what was looked
        // at.
        let is_open = |address| self.reach.may_be(address);
        if response.remote_addr().is_some_and(is_open) {
            Ok(response)
        } else {
            Err(WebError::Private { host: host.clone() })
        }
    }
}

fn build(reach: Reach) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .user_agent(AGENT)
        .dns_resolver(reach)
        .no_proxy()
        .redirect(Policy::none())
        .referer(false)
        .retry(retry::never())
        // One connection for one request: what was looked at is connected to
        // now, and HTTP/1.1 has the plainest bounds.
        .http1_only()
        .pool_max_idle_per_host(0)
        .connect_timeout(HEAD_TIME)
        .build()
}

/// What an error of the connection or the body means.
pub(crate) fn problem(host: &Host, error: &reqwest::Error) -> WebError {
    let host = host.clone();
    let mut cause: &(dyn Error + 'static) = error;
    loop {
        if let Some(NotReached::Private | NotReached::Name) = cause.downcast_ref() {
            return WebError::Private { host };
        }
        match cause.source() {
            Some(inner) => cause = inner,
            None => break,
        }
    }
    // The innermost cause: the outer layers only say that sending failed.
    let why = told(&cause.to_string());
    if error.is_connect() {
        WebError::Unreachable { host, why }
    } else {
        WebError::Broken { host, why }
    }
}
