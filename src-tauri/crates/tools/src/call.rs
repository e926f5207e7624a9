//! What every tool does around its work: check the input against the grant,
//! leave the runtime threads alone, and turn a stop into an answer.

use permission::Grant;
use serde::de::DeserializeOwned;
use serde_json::Value;
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input};

/// Why a call ends early.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It cannot be done; the model reads why and what to do.
    Failed(String),
    /// The turn was stopped.
    Cancelled,
}

impl Stop {
    pub(crate) fn failed(text: impl Into<String>) -> Self {
        Self::Failed(text.into())
    }
}

impl From<InputError> for Stop {
    fn from(error: InputError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The answer of a call that may end early.
pub(crate) type Answer = Result<ToolOutput, Stop>;

/// Turns an early end into an output.
pub(crate) fn settle(answer: Answer) -> ToolOutput {
    match answer {
        Ok(output) => output,
        Err(Stop::Failed(text)) => ToolOutput::failed(text),
        Err(Stop::Cancelled) => {
            ToolOutput::cancelled("Stopped before it was done; nothing was changed.")
        }
    }
}

/// Parses the input, after checking that everything it would touch was
/// judged: what is touched is worked out from the input once more, so a grant
/// for another input opens nothing.
pub(crate) fn open<T: DeserializeOwned>(
    tool: &dyn Tool,
    input: &Value,
    grant: &Grant,
    ctx: &ToolContext,
) -> Result<T, Stop> {
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    let plan = tool.plan(input, &ctx.workspace)?;
    if plan.accesses.iter().all(|access| grant.covers(access)) {
        Ok(parse_input(input)?)
    } else {
        Err(Stop::failed(
            "The permission given is for something else; nothing was done.",
        ))
    }
}

/// Runs file work off the runtime threads. A panic in it goes on here, where
/// the registry catches it.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Stop> + Send + 'static,
) -> Result<T, Stop> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) if error.is_panic() => std::panic::resume_unwind(error.into_panic()),
        Err(_) => Err(Stop::Cancelled),
    }
}
