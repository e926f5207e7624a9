//! `job_output`: what a background job printed since it was last asked.

#[cfg(test)]
mod tests;

use std::path::Path;
use std::time::Duration;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{
    InputError, OUTPUT_LIMIT_BYTES, Tool, ToolContext, ToolOutput, clip, parse_input, schema_of,
};

use crate::call;
use crate::job_list::state;
use crate::text::counted;

/// The longest wait, in milliseconds.
const WAIT_MAX_MS: u64 = 600_000;

/// Room for the words around the output, in bytes.
const WORDS_BYTES: usize = 1024;

/// The tool.
pub(crate) struct JobOutput;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The name of the job: `job-1`.
    id: String,
    /// Wait so many milliseconds for its end before you look, at most 600000. Default: not at all.
    #[schemars(range(max = 600_000))]
    wait_ms: Option<u64>,
}

#[async_trait]
impl Tool for JobOutput {
    fn name(&self) -> &'static str {
        "job_output"
    }

    fn prompt(&self) -> &'static str {
        include_str!("job_output.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        true
    }

    fn plan(&self, input: &Value, _: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.wait_ms.is_some_and(|ms| ms > WAIT_MAX_MS) {
            return Err(InputError(format!("`wait_ms` is at most {WAIT_MAX_MS}.")));
        }
        Ok(CallPlan {
            title: "Look at".to_owned(),
            subject: input.id,
            question: "Look at a background job?".to_owned(),
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
        if let Some(wait) = input.wait_ms {
            tokio::select! {
                _ = job.wait() => {}
                () = ctx.cancel.cancelled() => return call::settle(Err(call::Stop::Cancelled)),
                () = tokio::time::sleep(Duration::from_millis(wait)) => {}
            }
        }
        let news = job.news();
        let mut content = clip(&news.text, OUTPUT_LIMIT_BYTES - WORDS_BYTES);
        if !content.is_empty() && !content.ends_with('\n') {
            content.push('\n');
        }
        if news.missed > 0 {
            let missed = counted(usize::try_from(news.missed).unwrap_or(usize::MAX), "byte");
            content.insert_str(0, &format!("({missed} before this were not kept.)\n"));
        }
        if news.text.is_empty() {
            content.push_str("(Nothing new.)\n");
        }
        content.push_str(&format!("({}: {}.)\n", job.id, state(&job)));
        let code = job.end().and_then(|end| end.output.details);
        let code = code.map_or(Value::Null, |details| details["exit_code"].clone());
        ToolOutput::ok(content).with_details(json!({
            "job": job.id,
            "running": job.end().is_none(),
            "exit_code": code,
        }))
    }
}

/// Says which jobs there are, for one that is unknown.
pub(crate) fn unknown(id: &str, ctx: &ToolContext) -> ToolOutput {
    let names: Vec<String> = ctx.jobs.list().iter().map(|job| job.id.clone()).collect();
    let known = match names.as_slice() {
        [] => "Nothing runs in the background".to_owned(),
        names => format!("There are {}", names.join(", ")),
    };
    ToolOutput::failed(format!("There is no `{id}`. {known}."))
}
