//! Histories for the encoders' tests.

use protocol::{
    Block, Message, MessageId, Origin, Outcome, Role, ToolCall, ToolResult, ToolSpec, TurnId,
};
use serde_json::{Value, json};

use crate::Request;

pub(in crate::wire) fn user(blocks: Vec<Block>) -> Message {
    message(Role::User, blocks)
}

pub(in crate::wire) fn assistant(blocks: Vec<Block>) -> Message {
    message(Role::Assistant, blocks)
}

fn message(role: Role, blocks: Vec<Block>) -> Message {
    Message {
        id: MessageId::new(),
        turn_id: TurnId::new(),
        role,
        origin: Origin::Typed,
        blocks: blocks.into(),
        created_ms: 0,
    }
}

pub(in crate::wire) fn text(text: &str) -> Block {
    Block::Text {
        text: text.to_owned(),
    }
}

pub(in crate::wire) fn thinking(text: &str, signature: Option<&str>) -> Block {
    Block::Thinking {
        text: text.to_owned(),
        signature: signature.map(str::to_owned),
        source: None,
    }
}

pub(in crate::wire) fn opaque(data: &str) -> Block {
    Block::RedactedThinking {
        data: data.to_owned(),
        source: None,
    }
}

pub(in crate::wire) fn call(id: &str, input: Value) -> Block {
    Block::ToolCall(ToolCall {
        id: id.into(),
        name: "bash".to_owned(),
        input,
    })
}

pub(in crate::wire) fn result(id: &str, content: &str) -> Block {
    Block::ToolResult(ToolResult::plain(id.into(), Outcome::Ok, content))
}

pub(in crate::wire) fn request(messages: Vec<Message>) -> Request {
    Request {
        model: "model-test".to_owned(),
        system: "Be kind.".to_owned(),
        messages,
        tools: vec![ToolSpec {
            name: "bash".to_owned(),
            description: "Runs bash.".to_owned(),
            input_schema: json!({ "type": "object" }),
        }],
        max_output_tokens: 8000,
        effort: protocol::Effort::Auto,
    }
}
