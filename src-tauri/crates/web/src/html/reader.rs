//! From tokens to what is written: which elements are open, which of them
//! nobody sees, and which end without saying so.

use html5gum::StartTag;
use url::Url;

use super::Markdown;
use super::element::{Kind, Void};
use super::hidden::{self, Attributes, value};
use super::links::Links;
use super::writer::Writer;

/// The most elements that are open at a time. Pages for reading have some 30;
/// what is nested deeper is read as if the inner tags were not there.
const DEPTH: usize = 256;

/// The most bytes of a title.
const TITLE_BYTES: usize = 1000;

/// A region that says it is the content has at least so many bytes.
const REGION_BYTES: usize = 200;

/// How much of a page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Keep {
    /// Without menus and footers; the main part where the page names one.
    Content,
    All,
}

pub(super) struct Reader {
    keep: Keep,
    writer: Writer,
    links: Links,
    open: Vec<Open>,
    /// How many of those nobody sees.
    hiding: usize,
    /// Open elements that are not in `open`, which is full.
    deeper: usize,
    /// How deep the first of those is that nobody sees.
    deeper_hides: Option<usize>,
    title: String,
    main: Region,
    article: Region,
}

struct Open {
    name: Vec<u8>,
    kind: Kind,
    hides: bool,
    /// The writer knows of it.
    is_told: bool,
}

/// Where in the text a part of the page stands.
#[derive(Default)]
struct Region {
    count: usize,
    start: usize,
    end: Option<usize>,
}

impl Reader {
    pub fn new(base: &Url, keep: Keep) -> Self {
        Self {
            keep,
            writer: Writer::default(),
            links: Links::new(base),
            open: Vec::new(),
            hiding: 0,
            deeper: 0,
            deeper_hides: None,
            title: String::new(),
            main: Region::default(),
            article: Region::default(),
        }
    }

    /// Nothing more is taken.
    pub fn is_full(&self) -> bool {
        self.writer.is_full()
    }

    pub fn start(&mut self, tag: &StartTag<()>) {
        let kind = match Kind::of(&tag.name) {
            Kind::Void(void) => return self.void(void, &tag.attributes),
            _ if hidden::is_main(&tag.attributes) => Kind::Main,
            _ if hidden::is_around(&tag.attributes) => Kind::Around,
            kind => kind,
        };
        self.end_what_ends(kind);
        let is_foreign = *tag.name == *b"svg" || *tag.name == *b"math";
        if tag.self_closing && is_foreign {
            return;
        }
        let is_unwanted = match kind {
            Kind::Dropped => true,
            Kind::Around => self.keep == Keep::Content,
            _ => false,
        };
        let hides = is_unwanted || hidden::is_hidden(&tag.name, &tag.attributes);
        if self.open.len() >= DEPTH {
            self.deeper += 1;
            if hides {
                self.deeper_hides.get_or_insert(self.deeper);
            }
            return;
        }
        let is_told = !hides && !self.is_hidden();
        if is_told {
            self.tell(kind, &tag.attributes);
        }
        self.hiding += usize::from(hides);
        self.open.push(Open {
            name: tag.name.to_vec(),
            kind,
            hides,
            is_told,
        });
    }

    pub fn end(&mut self, name: &[u8]) {
        if self.deeper > 0 {
            self.deeper -= 1;
            if self.deeper_hides.is_some_and(|hides| hides > self.deeper) {
                self.deeper_hides = None;
            }
            return;
        }
        if name == b"br" {
            return self.void(Void::Break, &Attributes::new());
        }
        let kind = Kind::of(name);
        let of_table = kind.is_cell()
            || matches!(kind, Kind::Row | Kind::Table)
            || matches!(name, b"tbody" | b"thead" | b"tfoot" | b"caption");
        // What stands in a cell does not end the table around it.
        let is_wall = |open: &Open| open.kind.is_cell() && !of_table;
        let inner = self.open.iter().rev().take_while(|open| !is_wall(open));
        let Some(above) = inner.map(|open| open.name == name).position(|fits| fits) else {
            return;
        };
        self.close_to(self.open.len() - above - 1);
    }

    pub fn text(&mut self, text: &str) {
        if self.is_hidden() {
            return;
        }
        match self.open.last().map(|open| open.kind) {
            Some(Kind::Title) if self.title.len() + text.len() <= TITLE_BYTES => {
                self.title.push_str(text);
            }
            Some(Kind::Title) => {}
            _ => self.writer.text(text),
        }
    }

    pub fn finish(mut self) -> Markdown {
        let is_cut = self.is_full();
        self.close_to(0);
        let regions = [&self.main, &self.article];
        let content = regions.into_iter().find_map(Region::content);
        let text = self.writer.finish();
        let content = content
            .filter(|_| self.keep == Keep::Content)
            .and_then(|range| text.get(range))
            .filter(|part| part.trim().len() >= REGION_BYTES);
        Markdown {
            title: Some(self.title).filter(|title| !title.trim().is_empty()),
            text: match content {
                Some(part) => part.trim().to_owned(),
                None => text.trim().to_owned(),
            },
            is_cut,
        }
    }

    fn is_hidden(&self) -> bool {
        self.hiding > 0 || self.deeper_hides.is_some()
    }

    fn tell(&mut self, kind: Kind, attributes: &Attributes) {
        match kind {
            Kind::Main => self.main.begins(self.writer.len()),
            Kind::Article => self.article.begins(self.writer.len()),
            _ => {}
        }
        match kind {
            Kind::Link => {
                let href = value(attributes, "href");
                let href = href.and_then(|href| self.links.link(&href));
                self.writer.open_link(href);
            }
            Kind::Ordered => {
                let start = value(attributes, "start").and_then(|start| start.parse().ok());
                self.writer.open_list(Some(start.unwrap_or(1)));
            }
            Kind::Pre => self.writer.open_code(language(attributes).as_deref()),
            Kind::Marked("`") => {
                if let Some(language) = language(attributes) {
                    self.writer.set_language(&language);
                }
                self.writer.open(kind);
            }
            _ => self.writer.open(kind),
        }
    }

    fn close_to(&mut self, depth: usize) {
        while self.open.len() > depth {
            let Some(open) = self.open.pop() else {
                return;
            };
            self.hiding -= usize::from(open.hides);
            if open.is_told {
                self.writer.close(open.kind);
                self.end_region(open.kind);
            }
        }
    }

    fn end_region(&mut self, kind: Kind) {
        match kind {
            Kind::Main => self.main.ends(self.writer.len()),
            Kind::Article => self.article.ends(self.writer.len()),
            _ => {}
        }
    }

    fn void(&mut self, void: Void, attributes: &Attributes) {
        if void == Void::Rule {
            self.end_what_ends(Kind::Void(void));
        }
        if let (Void::Base, Some(href)) = (void, value(attributes, "href")) {
            self.links.set_base(&href);
        }
        if self.is_hidden() || hidden::is_hidden(b"", attributes) {
            return;
        }
        match void {
            Void::Break => self.writer.line_break(),
            Void::Rule => self.writer.rule(),
            Void::Image => self.image(attributes),
            Void::Base | Void::Nothing => {}
        }
    }

    /// A picture without words for it is there for looks.
    fn image(&mut self, attributes: &Attributes) {
        let words = value(attributes, "alt").unwrap_or_default();
        let source = value(attributes, "src").and_then(|source| self.links.picture(&source));
        if !words.trim().is_empty() {
            self.writer.image(&words, source.as_deref());
        }
    }

    /// Ends the elements before `kind` that need no end tag.
    fn end_what_ends(&mut self, kind: Kind) {
        if self.deeper > 0 {
            return;
        }
        if kind.ends_paragraph() {
            self.end_nearest(|open| open == Kind::Paragraph, |open| !open.is_inline());
        }
        let is_list = |open| matches!(open, Kind::Ordered | Kind::Unordered | Kind::Table);
        let is_part = |open| matches!(open, Kind::Term | Kind::Definition);
        let is_around_part = |open| is_list(open) || open == Kind::Block;
        match kind {
            Kind::Item => self.end_nearest(|open| open == Kind::Item, is_list),
            Kind::Term | Kind::Definition => self.end_nearest(is_part, is_around_part),
            Kind::Row => self.end_nearest(|open| open == Kind::Row, |open| open == Kind::Table),
            Kind::Cell | Kind::HeadCell => {
                let is_wall = |open| matches!(open, Kind::Row | Kind::Table);
                self.end_nearest(Kind::is_cell, is_wall);
            }
            Kind::Link => {
                let is_wall = |open: Kind| open.is_cell() || open == Kind::Item;
                self.end_nearest(|open| open == Kind::Link, is_wall);
            }
            _ => {}
        }
    }

    /// Ends the innermost element that `fits`, unless a wall is nearer.
    fn end_nearest(&mut self, fits: impl Fn(Kind) -> bool, is_wall: impl Fn(Kind) -> bool) {
        for depth in (0..self.open.len()).rev() {
            let Some(kind) = self.open.get(depth).map(|open| open.kind) else {
                return;
            };
            if fits(kind) {
                return self.close_to(depth);
            }
            if is_wall(kind) {
                return;
            }
        }
    }
}

impl Region {
    fn begins(&mut self, at: usize) {
        self.count += 1;
        if self.count == 1 {
            self.start = at;
        }
    }

    fn ends(&mut self, at: usize) {
        self.end.get_or_insert(at);
    }

    /// The text of the region, where there is just one.
    fn content(&self) -> Option<std::ops::Range<usize>> {
        let end = self.end.filter(|end| *end > self.start)?;
        (self.count == 1).then_some(self.start..end)
    }
}

/// The language of code, by the class that most programs give it.
fn language(attributes: &Attributes) -> Option<String> {
    let classes = value(attributes, "class").or_else(|| value(attributes, "data-lang"))?;
    let prefixes = ["language-", "lang-", "highlight-source-", "brush:"];
    let named = classes.split_ascii_whitespace().find_map(|class| {
        let mut prefixes = prefixes.iter();
        prefixes.find_map(|prefix| class.strip_prefix(prefix))
    });
    let named = named.or_else(|| value(attributes, "data-lang").map(|_| classes.as_str()))?;
    let is_name = |c: char| c.is_ascii_alphanumeric() || "+-#_.".contains(c);
    (named.len() <= 20 && !named.is_empty() && named.chars().all(is_name)).then(|| named.to_owned())
}
