//! `read`: a page of a text file with line numbers.
//!
//! It opens regular files only, of bounded size, and shows bytes as text
//! only when they are.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{Extent, FileStamp, InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};
use crate::notebook::Notebook;
use crate::text::{self, Decoded, Form, clip_line, counted};
use crate::{disk, place};

/// Lines of a page when the model does not say.
pub(crate) const PAGE_LINES: usize = 2000;

/// Bytes of a page; below what a result may hold, with room for notes.
pub(crate) const PAGE_BYTES: usize = 44 * 1024;

/// Bytes shown of one line.
const LINE_BYTES: usize = 2000;

/// The tool.
pub(crate) struct Read;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The file; relative to the workspace, absolute, or starting with `~`.
    path: String,
    /// The first line to show, from 1. Default 1.
    #[schemars(range(min = 1))]
    offset: Option<usize>,
    /// How many lines to show. Default 2000.
    #[schemars(range(min = 1))]
    limit: Option<usize>,
}

#[async_trait]
impl Tool for Read {
    fn name(&self) -> &'static str {
        "read"
    }

    fn prompt(&self) -> &'static str {
        include_str!("read.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.offset == Some(0) {
            return Err(InputError("`offset` counts lines from 1.".to_owned()));
        }
        if input.limit == Some(0) {
            return Err(InputError("`limit` must be at least 1.".to_owned()));
        }
        place::plan_read("Read", &input.path, workspace)
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let work = ctx.clone();
        call::settle(call::blocking(move || read(&input, &work)).await)
    }
}

fn read(input: &Input, ctx: &ToolContext) -> Answer {
    let opened = Opened::of(&input.path, ctx)?;
    let part = Part {
        from: input.offset.unwrap_or(1),
        lines: input.limit.unwrap_or(PAGE_LINES),
        bytes: PAGE_BYTES,
    };
    let page = opened.page(&part, ctx)?;
    Ok(page.output(&opened.name, opened.form))
}

/// A text file that was read.
pub(crate) struct Opened {
    /// As the user knows it.
    pub(crate) name: String,
    pub(crate) content: String,
    real: PathBuf,
    form: Form,
    stamp: FileStamp,
    /// It is shown in another form than it has.
    is_view: bool,
}

/// Which part of a file is wanted.
pub(crate) struct Part {
    /// The first line, from 1.
    pub(crate) from: usize,
    /// How many lines at most.
    pub(crate) lines: usize,
    /// How much text at most.
    pub(crate) bytes: usize,
}

impl Opened {
    pub(crate) fn of(path: &str, ctx: &ToolContext) -> Result<Self, Stop> {
        let path = place::absolute(path, &ctx.workspace)?;
        let name = place::shown(&path, &ctx.workspace);
        let real = place::to_read(&path, ctx)?;
        let loaded = disk::load(&real, &name)?.ok_or_else(|| disk::missing(&real, &name))?;
        let stamp = FileStamp::of(&loaded.bytes, Extent::Part);
        match text::decode(&loaded.bytes) {
            Decoded::Text(content, form) => {
                let cells = cells(&name, &content);
                Ok(Self {
                    is_view: cells.is_some(),
                    content: cells.unwrap_or(content),
                    name,
                    real,
                    form,
                    stamp,
                })
            }
            Decoded::Binary(kind) => Err(Stop::failed(format!(
                "`{name}` is not text but {kind} ({}).",
                text::size(loaded.bytes.len() as u64)
            ))),
        }
    }

    /// Cuts out a part, and remembers that the model saw it.
    pub(crate) fn page(&self, part: &Part, ctx: &ToolContext) -> Result<Page, Stop> {
        let page = Page::cut(&self.content, part, &self.name)?;
        let extent = if page.whole && !self.is_view {
            Extent::Whole
        } else {
            Extent::Part
        };
        let stamp = FileStamp {
            extent,
            ..self.stamp
        };
        ctx.files.note(&self.real, stamp);
        Ok(page)
    }

    /// What is remarkable about its encoding.
    pub(crate) fn remark(&self) -> Option<String> {
        remark(self.form)
    }
}

/// The lines that are shown.
pub(crate) struct Page {
    pub(crate) text: String,
    /// First and last line shown, from 1.
    pub(crate) from: usize,
    pub(crate) to: usize,
    pub(crate) total: usize,
    /// Everything was shown.
    pub(crate) whole: bool,
}

impl Page {
    fn cut(content: &str, part: &Part, name: &str) -> Result<Self, Stop> {
        let lines: Vec<&str> = content.lines().collect();
        let total = lines.len();
        let from = part.from;
        if from > total.max(1) {
            return Err(Stop::failed(format!(
                "`{name}` has {}; offset {from} is past its end.",
                counted(total, "line")
            )));
        }
        let mut text = String::new();
        let mut to = from - 1;
        let mut clipped = false;
        for line in lines.iter().skip(from - 1).take(part.lines) {
            let (shown, cut) = clip_line(line, LINE_BYTES);
            if text.len() + shown.len() + 16 > part.bytes {
                break;
            }
            to += 1;
            clipped |= cut;
            let mark = if cut {
                format!("… ({} bytes more)", line.len() - shown.len())
            } else {
                String::new()
            };
            text.push_str(&format!("{to:>6}\t{shown}{mark}\n"));
        }
        Ok(Self {
            text,
            from,
            to,
            total,
            whole: from == 1 && to == total && !clipped,
        })
    }

    fn output(self, name: &str, form: Form) -> ToolOutput {
        let mut content = self.text;
        if self.total == 0 {
            content.push_str("(The file is empty.)\n");
        }
        if self.to < self.total {
            let next = self.to + 1;
            content.push_str(&format!(
                "({} of {} lines; go on with offset {next}.)\n",
                self.to + 1 - self.from,
                self.total
            ));
        }
        if let Some(remark) = remark(form) {
            content.push_str(&remark);
        }
        ToolOutput::ok(content).with_details(json!({
            "path": name,
            "from": self.from,
            "to": self.to,
            "total_lines": self.total,
        }))
    }
}

fn remark(form: Form) -> Option<String> {
    let encoding = form.foreign()?;
    let kept = match form.check() {
        Ok(()) => "kept when you change it",
        Err(_) => "with bytes that are no text, so it cannot be changed",
    };
    Some(format!("(The file is in {encoding}, {kept}.)\n"))
}

/// A notebook by its cells; none when it is no notebook.
fn cells(name: &str, content: &str) -> Option<String> {
    if !name.ends_with(".ipynb") {
        return None;
    }
    Some(Notebook::of(content).ok()?.shown())
}
