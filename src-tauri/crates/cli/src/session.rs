//! `fam session list | show | export`.

use engine::{Engine, Home, Options, SessionView};
use protocol::{Block, ErrorInfo, Role, SessionId};

use crate::args::{SessionArgs, SessionCommand};
use crate::exit::{Exit, fail};

pub async fn session(args: SessionArgs) -> Exit {
    match answer(args.command).await {
        Ok(text) => {
            println!("{}", text.trim_end());
            Exit::Done
        }
        Err(error) => fail(&error),
    }
}

async fn answer(command: SessionCommand) -> Result<String, ErrorInfo> {
    let engine = Engine::open(
        Home::find()?,
        Options {
            unattended: true,
            ..Options::default()
        },
    )
    .await?;
    match command {
        SessionCommand::List { query, json } => {
            let list = engine.sessions(&query).await?;
            if json {
                return to_json(&list);
            }
            let lines: Vec<_> = list
                .iter()
                .map(|one| {
                    format!(
                        "{}  {:>4} messages  {}",
                        one.id, one.message_count, one.title
                    )
                })
                .collect();
            Ok(if lines.is_empty() {
                "No sessions.".into()
            } else {
                lines.join("\n")
            })
        }
        SessionCommand::Show { id } => Ok(as_markdown(
            &engine.open_session(&SessionId::from(id)).await?,
        )),
        SessionCommand::Export { id } => to_json(&engine.open_session(&SessionId::from(id)).await?),
    }
}

fn to_json(value: &impl serde::Serialize) -> Result<String, ErrorInfo> {
    serde_json::to_string_pretty(value).map_err(|error| {
        ErrorInfo::new(
            protocol::ErrorKind::Internal,
            format!("This cannot be written as JSON: {error}."),
            "Please report it.",
        )
    })
}

fn as_markdown(view: &SessionView) -> String {
    let mut text = format!("# {}\n\n{}\n", view.summary.title, view.summary.workspace);
    for message in &view.messages {
        for block in &message.blocks {
            text.push_str(&match block {
                Block::Text { text } if message.role == Role::User => {
                    format!("\n## {}\n", text.trim())
                }
                Block::Text { text } => format!("\n{}\n", text.trim()),
                Block::ToolCall(call) => format!("\n- `{}` {}\n", call.name, call.input),
                Block::ToolResult(result) => format!("\n```\n{}\n```\n", result.content.trim_end()),
                Block::Thinking { .. } | Block::RedactedThinking { .. } => String::new(),
            });
        }
    }
    text
}
