//! Links and pictures of a page, as addresses that mean the same elsewhere.

use url::Url;

/// The longest address in bytes that is told; longer ones carry data or
/// track somebody.
const URL_BYTES: usize = 1000;

/// The most links of a page. To make one absolute costs as much as the
/// page's own address is long.
const LINKS: usize = 20_000;

/// Makes the links of one page absolute.
pub(super) struct Links {
    base: Url,
    has_base: bool,
    count: usize,
}

impl Links {
    pub fn new(base: &Url) -> Self {
        Self {
            base: base.clone(),
            has_base: false,
            count: 0,
        }
    }

    /// The first `<base>` of a page is the one that counts.
    pub fn set_base(&mut self, href: &str) {
        if self.has_base {
            return;
        }
        self.has_base = true;
        if let Some(base) = self.base.join(href).ok().filter(is_web) {
            self.base = base;
        }
    }

    /// Where a link leads; none where it stays on the page, or leads to
    /// nothing that is fetched.
    pub fn link(&mut self, href: &str) -> Option<String> {
        let href = href.trim();
        if href.is_empty() || href.starts_with('#') {
            return None;
        }
        self.absolute(href)
    }

    /// Where a picture is.
    pub fn picture(&mut self, source: &str) -> Option<String> {
        self.absolute(source.trim())
    }

    fn absolute(&mut self, href: &str) -> Option<String> {
        self.count += 1;
        let is_short = href.len() <= URL_BYTES && self.base.as_str().len() <= 4 * URL_BYTES;
        if self.count > LINKS || !is_short {
            return None;
        }
        let url = self.base.join(href).ok().filter(is_web)?;
        if !url.username().is_empty() || url.password().is_some() {
            return None;
        }
        // Round brackets would end it in Markdown.
        let text = url.as_str().replace('(', "%28").replace(')', "%29");
        (text.len() <= URL_BYTES).then_some(text)
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}
