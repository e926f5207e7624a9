//! The one handle on all of it, which a program makes once.

use std::sync::{Arc, PoisonError, RwLock};

use tokio::io::AsyncWrite;
use tokio_util::sync::CancellationToken;

use crate::WebError;
use crate::client::Client;
use crate::download::{self, Downloaded};
use crate::fetch::{Fetcher, View};
use crate::page::Page;
use crate::reach::Reach;
use crate::search::{self, Engine, Hit, Query, SearchConfig};
use crate::target::{Target, TargetError};

/// The web. Cheap to clone; all clones are one.
#[derive(Debug, Clone)]
pub struct Web {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    internet: Arc<Client>,
    /// For the search engine that the user runs, wherever it is.
    own: Client,
    fetcher: Fetcher,
    engine: RwLock<Option<Arc<Engine>>>,
}

impl Default for Web {
    fn default() -> Self {
        Self::new()
    }
}

impl Web {
    /// The internet, and no search engine yet. Nothing is connected to.
    #[must_use]
    pub fn new() -> Self {
        Self::by(Reach::internet(), Reach::named_by_the_user())
    }

    /// For tests: every name leads to this server.
    #[cfg(any(test, feature = "testing"))]
    #[must_use]
    pub fn towards(server: std::net::SocketAddr) -> Self {
        Self::by(Reach::towards(server), Reach::towards(server))
    }

    pub(crate) fn by(internet: Reach, own: Reach) -> Self {
        let internet = Arc::new(Client::new(internet));
        let inner = Inner {
            fetcher: Fetcher::new(Arc::clone(&internet)),
            internet,
            own: Client::new(own),
            engine: RwLock::default(),
        };
        Self {
            inner: Arc::new(inner),
        }
    }

    /// Chooses the search engine, or none.
    ///
    /// # Errors
    /// When its address cannot be used; none is chosen then.
    pub fn set_search(&self, config: Option<SearchConfig>) -> Result<(), TargetError> {
        let (engine, problem) = match config.map(Engine::new) {
            None => (None, Ok(())),
            Some(Ok(engine)) => (Some(Arc::new(engine)), Ok(())),
            Some(Err(problem)) => (None, Err(problem)),
        };
        let mut chosen = self
            .inner
            .engine
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        *chosen = engine;
        problem
    }

    /// The search engine in use.
    #[must_use]
    pub fn engine(&self) -> Option<Arc<Engine>> {
        let engine = self.inner.engine.read();
        engine.unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The page at `target`; a cancel ends it at once.
    ///
    /// # Errors
    /// Why there is none.
    pub async fn fetch(
        &self,
        target: &Target,
        view: View,
        cancel: &CancellationToken,
    ) -> Result<Arc<Page>, WebError> {
        self.inner.fetcher.fetch(target, view, cancel).await
    }

    /// What `engine` finds.
    ///
    /// # Errors
    /// Why it found nothing.
    pub async fn search(
        &self,
        engine: &Engine,
        query: &Query,
        cancel: &CancellationToken,
    ) -> Result<Vec<Hit>, WebError> {
        let client = match engine.is_the_users_own() {
            true => &self.inner.own,
            false => &self.inner.internet,
        };
        search::search(client, engine, query, cancel).await
    }

    /// Writes what is at `target` into `sink`, at most so many bytes.
    ///
    /// # Errors
    /// Why it is not, or not completely, there; what was written is of no use
    /// then.
    pub async fn download(
        &self,
        target: &Target,
        (sink, most_bytes): (&mut (impl AsyncWrite + Unpin), u64),
        cancel: &CancellationToken,
    ) -> Result<Downloaded, WebError> {
        let client = &self.inner.internet;
        download::download(client, target, (sink, most_bytes), cancel).await
    }
}
