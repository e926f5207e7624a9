//! The session as one HTML file: no scripts, nothing loaded from elsewhere,
//! every word escaped, light or dark as the reader's system is.

use protocol::{Attachment, Block};

use super::{arguments, facts, has_heading, outcome, speaker};
use crate::SessionView;

/// Forbids scripts and every load, should an escape ever fail.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

const STYLE: &str = "
:root { color-scheme: light dark; --paper: #fdfdfc; --ink: #1f2328; --soft: #5b636d; --card: #f2f3f1; --line: #d9dcd8; --you: #e8f0fb; }
@media (prefers-color-scheme: dark) {
  :root { --paper: #16181b; --ink: #e6e7e4; --soft: #a0a7b0; --card: #202327; --line: #343940; --you: #1d2a3d; }
}
body { max-width: 48rem; margin: 2rem auto; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 16px/1.55 system-ui, sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; } h2 { font-size: .9rem; margin: 0 0 .35rem; color: var(--soft); }
header p { color: var(--soft); }
article { margin: 1.25rem 0; } article.you { background: var(--you); border-radius: .6rem; padding: .8rem 1rem; }
.said { white-space: pre-wrap; overflow-wrap: anywhere; }
pre { background: var(--card); border: 1px solid var(--line); border-radius: .4rem; padding: .6rem .8rem; overflow-x: auto; font: 13px/1.45 ui-monospace, monospace; }
img { max-width: 100%; border-radius: .4rem; }
details { margin: .5rem 0; } summary { cursor: pointer; color: var(--soft); }
";

pub(super) fn export(view: &SessionView) -> String {
    let title = escaped(&view.summary.title);
    let mut text = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header>\n<h1>{title}</h1>\n<p>{}</p>\n</header>\n<main>\n",
        escaped(&facts(view))
    );
    for message in &view.messages {
        let heading = has_heading(message);
        let class = if heading && speaker(message) == "You" {
            " class=\"you\""
        } else {
            ""
        };
        text.push_str(&format!("<article{class}>\n"));
        if heading {
            text.push_str(&format!("<h2>{}</h2>\n", speaker(message)));
        }
        for block in &message.blocks {
            add(&mut text, block);
        }
        text.push_str("</article>\n");
    }
    text.push_str("</main>\n</body>\n</html>\n");
    text
}

fn add(text: &mut String, block: &Block) {
    match block {
        Block::Text { text: said } => said_in(text, said.trim()),
        Block::Thinking { text: thought, .. } if !thought.trim().is_empty() => {
            folded(text, "Thinking", thought);
        }
        Block::Attachment(attachment) => attached(text, attachment),
        Block::ToolCall(call) => {
            text.push_str(&format!(
                "<p><strong>{}</strong></p>\n",
                escaped(&call.name)
            ));
            preformatted(text, &arguments(call));
        }
        Block::ToolResult(result) => folded(text, outcome(result), &result.content),
        _ => {}
    }
}

/// Images are shown; a document is named only, since the policy lets nothing
/// be opened.
fn attached(text: &mut String, attachment: &Attachment) {
    let name = escaped(&attachment.name);
    if attachment.media_type.is_image() {
        let url = escaped(&attachment.data_url());
        text.push_str(&format!("<p><img src=\"{url}\" alt=\"{name}\"></p>\n"));
    } else {
        text.push_str(&format!("<p>Attached: {name}</p>\n"));
    }
}

/// Paragraphs as they are, fenced code in boxes.
fn said_in(text: &mut String, said: &str) {
    let mut is_code = false;
    let mut piece = String::new();
    for line in said.lines() {
        if line.trim_start().starts_with("```") {
            finish(text, &mut piece, is_code);
            is_code = !is_code;
            continue;
        }
        piece.push_str(line);
        piece.push('\n');
    }
    finish(text, &mut piece, is_code);
}

fn finish(text: &mut String, piece: &mut String, is_code: bool) {
    let content = std::mem::take(piece);
    match content.trim_end() {
        "" => {}
        code if is_code => preformatted(text, code),
        said => text.push_str(&format!(
            "<div class=\"said\">{}</div>\n",
            escaped(said.trim_start_matches('\n'))
        )),
    }
}

fn folded(text: &mut String, name: &str, content: &str) {
    text.push_str(&format!("<details>\n<summary>{name}</summary>\n"));
    preformatted(text, content);
    text.push_str("</details>\n");
}

fn preformatted(text: &mut String, content: &str) {
    text.push_str(&format!("<pre>{}</pre>\n", escaped(content.trim_end())));
}

/// Also takes out control characters, which HTML does not allow.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            '\n' | '\t' => safe.push(character),
            other if other.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}
