//! `ask_user`: one question to the person, with answers to choose from.

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::{Access, QuestionOption};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call::{self, Answer, Stop};

/// Answers offered at most.
const OPTIONS: usize = 9;

/// Bytes of the question at most.
const QUESTION_BYTES: usize = 4000;

/// Bytes of a label at most.
const LABEL_BYTES: usize = 200;

/// The tool.
pub(crate) struct AskUser;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// One clear question.
    question: String,
    /// Answers to choose from; the user may always write another.
    options: Option<Vec<Choice>>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Choice {
    /// The answer, a few words.
    label: String,
    /// What choosing it means.
    description: Option<String>,
}

#[async_trait]
impl Tool for AskUser {
    fn name(&self) -> &'static str {
        "ask_user"
    }

    fn prompt(&self) -> &'static str {
        include_str!("ask_user.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    /// False although it changes nothing: questions come one by one.
    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, _workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        check(&input)?;
        Ok(CallPlan {
            title: "Ask".to_owned(),
            subject: input.question,
            question: "Ask you a question?".to_owned(),
            accesses: vec![Access::Ask],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => call::settle(ask(input, ctx).await),
            Err(stop) => call::settle(Err(stop)),
        }
    }
}

async fn ask(input: Input, ctx: &ToolContext) -> Answer {
    let options = input.options.unwrap_or_default().into_iter();
    let options = options.map(|choice| QuestionOption {
        label: choice.label,
        description: choice.description,
    });
    let asked = ctx.ask.ask(input.question, options.collect());
    let answer = tokio::select! {
        answer = asked => answer,
        () = ctx.cancel.cancelled() => return Err(Stop::Cancelled),
    };
    match answer {
        Some(answer) => Ok(ToolOutput::ok(&answer).with_details(json!({"answer": answer}))),
        None if ctx.cancel.is_cancelled() => Err(Stop::Cancelled),
        None => Err(Stop::failed(
            "Nobody answered. Go on with the most careful choice, or end the turn and say what you need to know.",
        )),
    }
}

fn check(input: &Input) -> Result<(), InputError> {
    let wrong = |why: String| Err(InputError(why));
    if input.question.trim().is_empty() {
        return wrong("`question` is empty.".to_owned());
    }
    if input.question.len() > QUESTION_BYTES {
        return wrong(format!("`question` is longer than {QUESTION_BYTES} bytes."));
    }
    let options = input.options.as_deref().unwrap_or_default();
    if options.len() > OPTIONS {
        return wrong(format!(
            "There are {} options; the most is {OPTIONS}.",
            options.len()
        ));
    }
    let mut labels = HashSet::new();
    for (index, choice) in options.iter().enumerate() {
        if choice.label.trim().is_empty() || choice.label.len() > LABEL_BYTES {
            return wrong(format!(
                "`options[{index}].label` must have 1 to {LABEL_BYTES} bytes."
            ));
        }
        if !labels.insert(choice.label.trim()) {
            return wrong(format!("The label `{}` is offered twice.", choice.label));
        }
    }
    Ok(())
}
