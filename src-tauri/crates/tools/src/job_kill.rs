//! `job_kill`: ends a background job with everything it started.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call;
use crate::job_list::state;
use crate::job_output::unknown;

/// The tool.
pub(crate) struct JobKill;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The name of the job: `job-1`.
    id: String,
}

#[async_trait]
impl Tool for JobKill {
    fn name(&self) -> &'static str {
        "job_kill"
    }

    fn prompt(&self) -> &'static str {
        include_str!("job_kill.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, _: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        Ok(CallPlan {
            title: "Stop".to_owned(),
            subject: input.id,
            question: "Stop a background job?".to_owned(),
            accesses: vec![Access::Own],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let Some(job) = ctx.jobs.get(&input.id) else {
            return unknown(&input.id, ctx);
        };
        let said = if job.end().is_some() {
            format!("`{}` has ended already: {}.", job.id, state(&job))
        } else {
            job.cancel.cancel();
            job.wait().await;
            format!("Ended `{}`, with every process it started.", job.id)
        };
        ToolOutput::ok(said).with_details(json!({"job": job.id}))
    }
}
