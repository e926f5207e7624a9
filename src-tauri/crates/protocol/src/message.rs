//! Messages, their blocks, tool calls and tool results.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use crate::{Attachment, Blocks, MessageId, ToolCallId, TurnId};

/// Who speaks. Tool results travel in user messages, as the wires want it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The person, or results of tools on their behalf.
    User,
    /// The model, or the offline commander.
    Assistant,
}

/// How a user message came to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Typed into the composer or given on the command line.
    #[default]
    Typed,
    /// Spoken and transcribed.
    Spoken,
    /// Made by the program: tool results, reminders.
    Program,
}

/// One entry of a session's history. History is append-only.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Message {
    /// Stable id, also the key in the store.
    pub id: MessageId,
    /// The turn this message belongs to.
    pub turn_id: TurnId,
    /// Who speaks.
    pub role: Role,
    /// How it came to be.
    #[serde(default)]
    pub origin: Origin,
    /// Content in order.
    pub blocks: Blocks,
    /// Unix time in milliseconds.
    #[ts(type = "number")]
    pub created_ms: u64,
}

impl Message {
    /// A user message of one text block.
    #[must_use]
    pub fn user_text(
        turn_id: TurnId,
        text: impl Into<String>,
        origin: Origin,
        now_ms: u64,
    ) -> Self {
        Self {
            id: MessageId::new(),
            turn_id,
            role: Role::User,
            origin,
            blocks: vec![Block::Text { text: text.into() }].into(),
            created_ms: now_ms,
        }
    }

    /// All text blocks, joined by nothing, as a reader would see them.
    #[must_use]
    pub fn text(&self) -> String {
        self.blocks
            .iter()
            .filter_map(|block| match block {
                Block::Text { text } => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The files given along, in order.
    pub fn attachments(&self) -> impl Iterator<Item = &Attachment> {
        self.blocks.iter().filter_map(|block| match block {
            Block::Attachment(attachment) => Some(attachment),
            _ => None,
        })
    }

    /// The tool calls this message asks for, in order.
    pub fn tool_calls(&self) -> impl Iterator<Item = &ToolCall> {
        self.blocks.iter().filter_map(|block| match block {
            Block::ToolCall(call) => Some(call),
            _ => None,
        })
    }
}

/// One piece of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Block {
    /// Markdown for a reader.
    Text {
        /// The text, complete.
        text: String,
    },
    /// The model's reasoning. `signature` goes back verbatim, but only to
    /// who made it.
    Thinking {
        /// Reasoning as far as the provider shows it.
        text: String,
        /// Opaque proof of origin, when the wire has one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signature: Option<String>,
        /// Who made it, as `provider/model`. None in sessions from before
        /// there was more than one provider, and for imported reasoning.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
    },
    /// What the provider keeps encrypted, or wants back unread; returned
    /// verbatim, but only to who made it. It concerns the block after it.
    RedactedThinking {
        /// Opaque payload.
        data: String,
        /// Who made it, as `provider/model`; see `Thinking`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
    },
    /// A file the user gives along; only in their own messages.
    Attachment(Attachment),
    /// The model asks for a tool.
    ToolCall(ToolCall),
    /// What became of a tool call. Every call has exactly one.
    ToolResult(ToolResult),
}

/// A tool the model wants run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ToolCall {
    /// The provider's id.
    pub id: ToolCallId,
    /// Registered tool name.
    pub name: String,
    /// Arguments as the model wrote them; not yet validated.
    #[ts(type = "unknown")]
    pub input: Value,
}

/// How a tool call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The tool did what was asked.
    Ok,
    /// The tool ran, or was asked wrongly, and says why it failed.
    Failed,
    /// The gate or the user said no; nothing ran.
    Denied,
    /// The turn was stopped before or while it ran.
    Cancelled,
}

/// The answer to one tool call.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct ToolResult {
    /// The call this answers.
    pub call_id: ToolCallId,
    /// What the model reads.
    pub content: String,
    /// How it ended.
    pub outcome: Outcome,
    /// What a card in the window shows beyond the text; shape per tool.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "unknown")]
    pub details: Option<Value>,
    /// Wall time of the run in milliseconds; 0 when nothing ran.
    #[serde(default)]
    #[ts(type = "number")]
    pub duration_ms: u64,
    /// Where its content comes from, when others may have written it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
}

impl ToolResult {
    /// A result without details; the text is for the model.
    #[must_use]
    pub fn plain(call_id: ToolCallId, outcome: Outcome, content: impl Into<String>) -> Self {
        Self {
            call_id,
            content: content.into(),
            outcome,
            details: None,
            duration_ms: 0,
            source: None,
        }
    }
}
