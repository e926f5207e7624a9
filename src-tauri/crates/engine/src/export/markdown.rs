//! The session as Markdown. What was said is Markdown already and stays as
//! it is; calls and results stand in fences nothing inside can close.

use protocol::Block;

use super::{arguments, facts, has_heading, outcome, speaker};
use crate::SessionView;

pub(super) fn export(view: &SessionView) -> String {
    let title = view.summary.title.replace('\n', " ");
    let mut text = format!("# {title}\n\n{}\n", facts(view));
    for message in &view.messages {
        if has_heading(message) {
            text.push_str(&format!("\n## {}\n", speaker(message)));
        }
        for block in &message.blocks {
            match block {
                Block::Text { text: said } if !said.trim().is_empty() => {
                    text.push_str(&format!("\n{}\n", said.trim()));
                }
                Block::Attachment(attachment) => {
                    let name = attachment.name.replace('`', "'");
                    text.push_str(&format!("\nAttached: `{name}`\n"));
                }
                Block::ToolCall(call) => {
                    text.push_str(&format!("\n**{}**\n", call.name));
                    fenced(&mut text, &arguments(call));
                }
                Block::ToolResult(result) => {
                    text.push_str(&format!("\n{}\n", outcome(result)));
                    fenced(&mut text, &result.content);
                }
                _ => {}
            }
        }
    }
    text
}

/// A fence one longer than the longest run of backticks inside.
fn fenced(text: &mut String, content: &str) {
    let runs = content.split(|sign| sign != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    text.push_str(&format!("\n{fence}\n{}\n{fence}\n", content.trim_end()));
}
