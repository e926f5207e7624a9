//! Pages that were read a moment ago, so that their next part, or the same
//! question asked again, costs nobody anything.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use url::Url;

use crate::fetch::View;
use crate::page::Page;

/// How long a page is good for: the length of a piece of work on it.
const AGE: Duration = Duration::from_secs(15 * 60);

/// The bytes of all kept pages together.
const KEPT_BYTES: usize = 16 * 1024 * 1024;

/// The most pages.
const KEPT: usize = 64;

/// Kept pages, the oldest first.
#[derive(Debug, Default)]
pub(crate) struct Cache {
    entries: Mutex<VecDeque<Entry>>,
}

#[derive(Debug)]
struct Entry {
    /// What was asked for; the page knows where it was found.
    asked: Url,
    view: View,
    page: Arc<Page>,
    at: Instant,
}

impl Cache {
    /// The page that `url` led to, or is at.
    pub fn get(&self, url: &Url, view: View, now: Instant) -> Option<Arc<Page>> {
        let entries = self.entries();
        let fits = |entry: &&Entry| {
            entry.view == view
                && (entry.asked == *url || entry.page.url == *url)
                && now.saturating_duration_since(entry.at) < AGE
        };
        let entry = entries.iter().rev().find(fits)?;
        Some(Arc::clone(&entry.page))
    }

    /// Keeps a page in place of an older one at the same place.
    pub fn put(&self, asked: &Url, view: View, page: &Arc<Page>, now: Instant) {
        let mut entries = self.entries();
        entries.retain(|entry| {
            let is_same = entry.view == view && entry.page.url == page.url;
            !is_same && now.saturating_duration_since(entry.at) < AGE
        });
        entries.push_back(Entry {
            asked: asked.clone(),
            view,
            page: Arc::clone(page),
            at: now,
        });
        while entries.len() > KEPT || kept_bytes(&entries) > KEPT_BYTES {
            entries.pop_front();
        }
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn kept_bytes(entries: &VecDeque<Entry>) -> usize {
    entries.iter().map(|entry| entry.page.text.len()).sum()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn url(number: usize) -> Url {
        Url::parse(&format!("http://docs.rs/{number}")).unwrap()
    }

    fn page(number: usize, bytes: usize) -> Arc<Page> {
        Arc::new(Page {
            url: url(number),
            title: None,
            text: "x".repeat(bytes),
            invisible_count: 0,
            is_cut: false,
        })
    }

    #[test]
    fn a_page_is_kept_for_a_while_and_by_both_its_names() {
        let (cache, now) = (Cache::default(), Instant::now());
        cache.put(&url(1), View::Readable, &page(2, 10), now);
        for asked in [url(1), url(2)] {
            assert!(cache.get(&asked, View::Readable, now).is_some());
            assert!(cache.get(&asked, View::Source, now).is_none());
            assert!(cache.get(&asked, View::Readable, now + AGE).is_none());
        }
        assert!(cache.get(&url(3), View::Readable, now).is_none());
    }

    #[test]
    fn neither_many_nor_large_pages_fill_it() {
        let (cache, now) = (Cache::default(), Instant::now());
        for number in 0..3 * KEPT {
            cache.put(&url(number), View::Readable, &page(number, 10), now);
        }
        assert_eq!(cache.entries().len(), KEPT);
        for number in 0..10 {
            let large = page(number, KEPT_BYTES / 3);
            cache.put(&url(number), View::Readable, &large, now);
            assert!(kept_bytes(&cache.entries()) <= KEPT_BYTES);
        }
        assert!(cache.get(&url(9), View::Readable, now).is_some());
        cache.put(&url(99), View::Readable, &page(99, KEPT_BYTES + 1), now);
        assert!(cache.entries().is_empty());
    }
}
