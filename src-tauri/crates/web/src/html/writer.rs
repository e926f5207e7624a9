//! Writes Markdown piece by piece. Blanks between two texts are written with
//! the second, marks with the text they stand around, so that nothing is
//! written for what turns out to be empty.
//!
//! Signs that mean something in Markdown are not escaped: it is read, and
//! never made into a page again.

use super::element::Kind;
use super::layout::Layout;

/// The most bytes of Markdown. A page of 5 MiB seldom has one of text; lists
/// and quotes repeat what stands before each line.
const TEXT_BYTES: usize = 4 * 1024 * 1024;

/// The most cells of a row that are told apart.
const CELLS: usize = 100;

/// What comes between two texts, from the least to the most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Gap {
    #[default]
    None,
    Blank,
    Line,
    Block,
}

#[derive(Default)]
pub(super) struct Writer {
    out: String,
    gap: Gap,
    layout: Layout,
    /// Marks that are written before the next text.
    marks: Vec<String>,
    /// The next number of each open list; none where it has bullets.
    lists: Vec<Option<u64>>,
    tables: Vec<Table>,
    links: Vec<Option<String>>,
    /// Set inside of a block of code.
    code: Option<Code>,
    headings: usize,
}

#[derive(Default)]
struct Table {
    rows: usize,
    cells: usize,
    head_cells: usize,
}

#[derive(Default)]
struct Code {
    language: String,
    text: String,
    depth: usize,
}

impl Writer {
    pub fn is_full(&self) -> bool {
        let code = self.code.as_ref().map_or(0, |code| code.text.len());
        self.out.len() + code >= TEXT_BYTES
    }

    pub fn len(&self) -> usize {
        self.out.len()
    }

    pub fn finish(self) -> String {
        self.out
    }

    pub fn text(&mut self, text: &str) {
        if let Some(code) = &mut self.code {
            code.text.push_str(text);
            return;
        }
        let is_blank = |c: char| c.is_ascii_whitespace();
        for (index, word) in text.split(is_blank).enumerate() {
            if index > 0 {
                self.want(Gap::Blank);
            }
            if !word.is_empty() {
                self.begin();
                match self.tables.last() {
                    Some(_) => self.out.push_str(&word.replace('|', "\\|")),
                    None => self.out.push_str(word),
                }
            }
        }
    }

    pub fn open(&mut self, kind: Kind) {
        if self.code.is_some() {
            return;
        }
        match kind {
            Kind::Heading(level) => {
                self.want(Gap::Block);
                self.headings += 1;
                let is_in_line = !self.links.is_empty() || !self.tables.is_empty();
                self.marks.push(match is_in_line {
                    true => String::new(),
                    false => format!("{} ", "#".repeat(usize::from(level))),
                });
            }
            Kind::Paragraph | Kind::Main | Kind::Article => self.want(Gap::Block),
            Kind::Around | Kind::Block | Kind::Term => self.want(Gap::Line),
            Kind::Unordered => self.open_list(None),
            Kind::Item => self.open_item(),
            Kind::Definition => {
                self.want(Gap::Line);
                self.layout.item(": ".to_owned());
            }
            Kind::Quote => {
                self.want(Gap::Block);
                self.layout.quote();
            }
            Kind::Table => {
                self.want(Gap::Block);
                self.tables.push(Table::default());
            }
            Kind::Row => self.open_row(),
            Kind::Cell | Kind::HeadCell => self.open_cell(kind),
            Kind::Marked(mark) => self.marks.push(mark.to_owned()),
            _ => {}
        }
    }

    pub fn close(&mut self, kind: Kind) {
        if kind == Kind::Pre {
            return self.close_code();
        }
        if self.code.is_some() {
            return;
        }
        match kind {
            Kind::Heading(_) => {
                self.close_mark("");
                self.headings = self.headings.saturating_sub(1);
                self.want(Gap::Block);
            }
            Kind::Paragraph | Kind::Main | Kind::Article => self.want(Gap::Block),
            Kind::Around | Kind::Block | Kind::Term | Kind::Row => self.close_line(kind),
            Kind::Ordered | Kind::Unordered => {
                self.lists.pop();
                self.want(if self.lists.is_empty() {
                    Gap::Block
                } else {
                    Gap::Line
                });
            }
            Kind::Item | Kind::Definition => {
                self.layout.pop();
                self.want(Gap::Line);
            }
            Kind::Quote => {
                self.layout.pop();
                self.want(Gap::Block);
            }
            Kind::Table => {
                self.tables.pop();
                self.want(Gap::Block);
            }
            Kind::Cell | Kind::HeadCell => self.want(Gap::Blank),
            Kind::Marked(mark) => self.close_mark(mark),
            Kind::Link => self.close_link(),
            _ => {}
        }
    }

    pub fn open_list(&mut self, first: Option<u64>) {
        if self.code.is_some() {
            return;
        }
        self.want(if self.lists.is_empty() {
            Gap::Block
        } else {
            Gap::Line
        });
        self.lists.push(first);
    }

    pub fn open_link(&mut self, href: Option<String>) {
        if self.code.is_some() {
            return;
        }
        self.marks.push(match href {
            Some(_) => "[".to_owned(),
            None => String::new(),
        });
        self.links.push(href);
    }

    pub fn open_code(&mut self, language: Option<&str>) {
        let code = self.code.get_or_insert_default();
        code.depth += 1;
        if let Some(language) = language {
            code.language = language.to_owned();
        }
    }

    /// The language of the code around, where none was named.
    pub fn set_language(&mut self, language: &str) {
        if let Some(code) = self.code.as_mut().filter(|code| code.language.is_empty()) {
            code.language = language.to_owned();
        }
    }

    pub fn line_break(&mut self) {
        match &mut self.code {
            Some(code) => code.text.push('\n'),
            None if self.gap >= Gap::Line => self.want(Gap::Block),
            None => self.want(Gap::Line),
        }
    }

    pub fn rule(&mut self) {
        if self.code.is_none() && self.links.is_empty() && self.tables.is_empty() {
            self.want(Gap::Block);
            self.begin();
            self.out.push_str("---");
            self.want(Gap::Block);
        }
    }

    pub fn image(&mut self, words: &str, source: Option<&str>) {
        if self.code.is_some() {
            return;
        }
        match source {
            Some(source) => {
                self.begin();
                self.out.push_str("![");
                self.text(words);
                self.out.push_str(&format!("]({source})"));
            }
            None => self.text(words),
        }
    }

    /// At least this comes before the next text.
    fn want(&mut self, gap: Gap) {
        let most = match self.tables.last() {
            _ if !self.links.is_empty() || self.headings > 0 => Gap::Blank,
            Some(table) if table.cells > 0 && table.head_cells > 0 => Gap::Blank,
            Some(_) => Gap::Line,
            None => Gap::Block,
        };
        let is_fresh = self.layout.is_fresh() && gap == Gap::Block;
        let gap = if is_fresh { Gap::Line } else { gap };
        self.gap = self.gap.max(gap.min(most));
    }

    /// Writes what comes before a text.
    fn begin(&mut self) {
        let gap = std::mem::take(&mut self.gap);
        if self.out.is_empty() {
            self.out.push_str(&self.layout.begin_line());
        } else if gap >= Gap::Line {
            if gap == Gap::Block {
                self.out.push('\n');
                self.out.push_str(&self.layout.empty_line());
            }
            self.out.push('\n');
            self.out.push_str(&self.layout.begin_line());
        } else if gap == Gap::Blank && !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
        for mark in self.marks.drain(..) {
            self.out.push_str(&mark);
        }
    }

    /// Ends a mark; one around nothing was never there.
    fn close_mark(&mut self, mark: &str) {
        if self.marks.pop().is_none() {
            self.out.push_str(mark);
        }
    }

    fn close_link(&mut self) {
        let href = self.links.pop().flatten();
        let is_empty = self.marks.pop().is_some();
        if let Some(href) = href.filter(|_| !is_empty) {
            self.out.push_str(&format!("]({href})"));
        }
    }

    fn close_line(&mut self, kind: Kind) {
        if kind == Kind::Row {
            self.close_row();
        }
        self.want(Gap::Line);
    }

    fn open_item(&mut self) {
        self.want(Gap::Line);
        let marker = match self.lists.last_mut() {
            Some(Some(number)) => {
                let marker = format!("{number}. ");
                *number = number.saturating_add(1);
                marker
            }
            _ => "- ".to_owned(),
        };
        self.layout.item(marker);
    }

    fn open_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.cells = 0;
        }
        self.want(Gap::Line);
    }

    /// Cells stand beside each other with bars in between.
    fn open_cell(&mut self, kind: Kind) {
        let Some(table) = self.tables.last_mut() else {
            return self.want(Gap::Line);
        };
        table.cells += 1;
        if table.rows == 0 && kind == Kind::HeadCell {
            table.head_cells += 1;
        }
        let is_told = (2..=CELLS).contains(&table.cells);
        let is_line_begun = self.gap < Gap::Line && !self.out.is_empty();
        if is_told && (is_line_begun || table.head_cells > 0) {
            self.begin();
            if !self.out.ends_with(' ') {
                self.out.push(' ');
            }
            self.out.push('|');
            self.gap = Gap::Blank;
        }
    }

    /// The first row is told from the others where it heads them.
    fn close_row(&mut self) {
        let Some(table) = self.tables.last_mut() else {
            return;
        };
        table.rows += 1;
        let (rows, cells) = (table.rows, table.cells.min(CELLS));
        table.cells = 0;
        if rows == 1 && table.head_cells > 0 && cells > 1 {
            self.gap = Gap::Line;
            self.begin();
            self.out.push_str(&vec!["---"; cells].join(" | "));
        }
    }

    fn close_code(&mut self) {
        let Some(code) = &mut self.code else {
            return;
        };
        code.depth -= 1;
        if code.depth > 0 {
            return;
        }
        let Some(code) = self.code.take() else {
            return;
        };
        let text = code.text.trim_end();
        let text = text.strip_prefix('\n').unwrap_or(text);
        if text.trim().is_empty() {
            return;
        }
        if !self.tables.is_empty() || !self.links.is_empty() {
            return self.text(text);
        }
        let fence = "`".repeat(longest_run(text).max(2) + 1);
        self.want(Gap::Block);
        self.begin();
        self.out.push_str(&fence);
        self.out.push_str(&code.language);
        for line in text.lines().chain([fence.as_str()]) {
            if self.out.len() >= 2 * TEXT_BYTES {
                break;
            }
            self.gap = Gap::Line;
            self.begin();
            self.out.push_str(line);
        }
        self.want(Gap::Block);
    }
}

/// The longest run of backticks.
fn longest_run(text: &str) -> usize {
    let runs = text.split(|c| c != '`').map(str::len);
    runs.max().unwrap_or_default()
}
