//! The search engine of the tools, chosen anew when settings or keys change.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::{Inner, lock, off_runtime};
use crate::search;

impl Inner {
    /// What the choice goes by is another now.
    pub(super) fn search_changed(&self) {
        self.search_is_stale.store(true, Ordering::Relaxed);
    }

    /// Chooses the engine, when that is due. It goes on beside the turn that
    /// asked for it: a keyring takes its time, and a model first has to think.
    pub(super) fn choose_search(self: &Arc<Self>) {
        if !self.search_is_stale.swap(false, Ordering::Relaxed) {
            return;
        }
        let inner = Arc::clone(self);
        self.tasks.spawn(async move {
            let (settings, keys) = (lock(&inner.settings).clone(), Arc::clone(&inner.keys));
            let chosen = off_runtime(move || Ok(search::chosen(&settings, &keys))).await;
            if let Err(error) = inner.web.set_search(chosen.ok().flatten()) {
                tracing::warn!(%error, "the search engine cannot be used");
            }
        });
    }
}
