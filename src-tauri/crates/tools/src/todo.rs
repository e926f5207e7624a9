//! `todo`: the agent's own plan, shown to the user.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call;
use crate::text::counted;

/// Entries at most.
const TODOS: usize = 100;

/// Bytes of one entry at most.
const TEXT_BYTES: usize = 1000;

/// The tool.
pub(crate) struct Todo;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The whole list in order; it replaces the last one.
    todos: Vec<Entry>,
}

#[derive(Debug, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Entry {
    /// What is to be done, one short line.
    text: String,
    /// How far it is.
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
enum State {
    Pending,
    Active,
    Done,
}

#[async_trait]
impl Tool for Todo {
    fn name(&self) -> &'static str {
        "todo"
    }

    fn prompt(&self) -> &'static str {
        include_str!("todo.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, _workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.todos.len() > TODOS {
            return Err(InputError(format!(
                "The list is too long; the most is {TODOS} entries."
            )));
        }
        if let Some(index) = input
            .todos
            .iter()
            .position(|todo| todo.text.trim().is_empty())
        {
            return Err(InputError(format!("`todos[{index}].text` is empty.")));
        }
        if let Some(index) = input
            .todos
            .iter()
            .position(|todo| todo.text.len() > TEXT_BYTES)
        {
            return Err(InputError(format!(
                "`todos[{index}].text` is too long; one short line is enough."
            )));
        }
        Ok(CallPlan {
            title: "Plan".to_owned(),
            subject: counted(input.todos.len(), "step"),
            question: "Update the plan?".to_owned(),
            accesses: vec![Access::Own],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let todos = json!(input.todos);
        ctx.ask.todos_changed(todos.clone());
        let count = |state| {
            input
                .todos
                .iter()
                .filter(|todo| todo.state == state)
                .count()
        };
        ToolOutput::ok(format!(
            "The plan has {}: {} done, {} active, {} pending.",
            counted(input.todos.len(), "step"),
            count(State::Done),
            count(State::Active),
            count(State::Pending)
        ))
        .with_details(json!({"todos": todos}))
    }
}
