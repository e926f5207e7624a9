//! `job_list`: the commands that run in the background, and those that ended.

#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::{Access, Outcome};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Job, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call;
use crate::text::{clip_line, duration};

/// Bytes shown of a command.
const TITLE_BYTES: usize = 120;

/// The tool.
pub(crate) struct JobList;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// Only those that still run. Default false.
    running: Option<bool>,
}

#[async_trait]
impl Tool for JobList {
    fn name(&self) -> &'static str {
        "job_list"
    }

    fn prompt(&self) -> &'static str {
        include_str!("job_list.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, _: &Path) -> Result<CallPlan, InputError> {
        parse_input::<Input>(input)?;
        Ok(CallPlan {
            title: "Jobs".to_owned(),
            subject: "background jobs".to_owned(),
            question: "List the background jobs?".to_owned(),
            accesses: vec![Access::Own],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let mut jobs = ctx.jobs.list();
        if input.running == Some(true) {
            jobs.retain(|job| job.end().is_none());
        }
        let mut content: String = jobs.iter().map(|job| line(job)).collect();
        if jobs.is_empty() {
            content.push_str("(Nothing runs in the background.)\n");
        }
        let told: Vec<Value> = jobs
            .iter()
            .map(|job| json!({"id": job.id, "command": job.title, "running": job.end().is_none()}))
            .collect();
        ToolOutput::ok(content).with_details(json!({ "jobs": told }))
    }
}

/// `job-1  running for 3 s  cargo watch`.
fn line(job: &Job) -> String {
    let title = job.title.replace(char::is_control, " ");
    let (title, cut) = clip_line(&title, TITLE_BYTES);
    let dots = if cut { "…" } else { "" };
    format!("{}  {}  {title}{dots}\n", job.id, state(job))
}

/// How it is with a job, in words.
pub(crate) fn state(job: &Job) -> String {
    let Some(end) = job.end() else {
        return format!("running for {}", duration(job.started.elapsed()));
    };
    let how = match end.output.outcome {
        Outcome::Ok => "ended well",
        Outcome::Cancelled => "stopped",
        _ => "failed",
    };
    format!(
        "{how} after {}",
        duration(end.at.duration_since(job.started))
    )
}
