//! The outline of one file.

use outline::{Cut, Outline};
use serde_json::json;
use tool::{ToolContext, ToolOutput};

use super::Input;
use super::pick::{self, Detail, Docs};
use crate::call::{Answer, Stop};
use crate::disk;
use crate::source::{self, Unread};
use crate::text::counted;
use crate::walk::Start;

/// Levels shown when the model does not say.
const DEPTH: usize = 3;

/// Bytes up to which the first lines of comments are shown, too.
const DOC_BYTES: usize = 10 * 1024;

/// Bytes of an outline; a quarter of a result's room is left for notes and
/// for the signatures of another call.
const TEXT_BYTES: usize = 36 * 1024;

pub(super) fn show(input: &Input, start: &Start, ctx: &ToolContext) -> Answer {
    let source = source::load(&start.real, start.name.clone())
        .map_err(|why| Stop::Failed(explain(&why, &start.name)))?;
    let outline = source.outline(ctx);
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    let (text, is_cut) = fit(input, &outline);
    let mut content = format!(
        "{} ({}, {})\n{text}",
        source.name,
        source.language.name(),
        counted(source.text.lines().count(), "line")
    );
    if text.is_empty() {
        content.push_str(nothing(input));
    }
    if is_cut {
        content.push_str("(There is more than fits; name `kinds`, or `read` the lines.)\n");
    }
    content.push_str(incomplete(outline.cut));
    Ok(ToolOutput::ok(content).with_details(json!({
        "path": source.name,
        "language": source.language.name(),
        "symbols": outline.symbols.len(),
        "truncated": is_cut || outline.cut.is_some(),
    })))
}

fn explain(why: &Unread, name: &str) -> String {
    match why {
        Unread::Unknown => {
            format!("`{name}` is not in a language that can be outlined; use `read` or `grep`.")
        }
        Unread::TooLarge => {
            format!("`{name}` is too large to be outlined; use `grep`, or `read` parts of it.")
        }
        Unread::Failed(error) => disk::explain(error, name),
    }
}

/// As much as fits: comments go first, then the innermost levels.
fn fit(input: &Input, outline: &Outline) -> (String, bool) {
    let asked = Detail {
        depth: input.depth.unwrap_or(DEPTH),
        kinds: input.kinds.as_deref(),
        docs: Docs::Shown,
    };
    let whole = write(outline, asked);
    if whole.len() <= DOC_BYTES {
        return (whole, false);
    }
    for depth in (1..=asked.depth).rev() {
        let docs = Docs::LeftOut;
        let text = write(
            outline,
            Detail {
                depth,
                docs,
                ..asked
            },
        );
        if text.len() <= TEXT_BYTES {
            return (text, depth < asked.depth);
        }
        if depth == 1 {
            let end = text.floor_char_boundary(TEXT_BYTES);
            let end = text[..end].rfind('\n').map_or(0, |at| at + 1);
            return (text[..end].to_owned(), true);
        }
    }
    (String::new(), true)
}

fn write(outline: &Outline, detail: Detail<'_>) -> String {
    let mut out = String::new();
    for symbol in &outline.symbols {
        pick::write(symbol, detail, 0, &mut out);
    }
    out
}

fn nothing(input: &Input) -> &'static str {
    match input.kinds {
        Some(_) => "(It defines nothing of these kinds.)\n",
        None => "(It defines nothing.)\n",
    }
}

fn incomplete(cut: Option<Cut>) -> &'static str {
    match cut {
        None | Some(Cut::Depth) => "",
        Some(Cut::Time) => "(It took too long; this is a part, or nothing. Use `grep`.)\n",
        Some(Cut::Size) => "(It is too large to be outlined. Use `grep`.)\n",
        Some(Cut::Symbols) => "(It defines more than is looked at; this is the first part.)\n",
    }
}
