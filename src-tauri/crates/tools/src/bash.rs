//! `bash`: runs a command in the workspace, with live output, a timeout and
//! a cancel that ends everything it started.

mod swept;
#[cfg(test)]
mod tests;
mod wait;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use exec::{Command, Environment, Exit, Finished, NoSandbox, SCRIPT_BYTES, Sandbox};
use permission::{CallPlan, Grant};
use protocol::{Access, Confinement, Host, Outcome};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tool::{InputError, Job, Tool, ToolContext, ToolOutput, parse_input, schema_of};

use crate::call;
use crate::text::counted;
use wait::Patience;

/// The most hosts that one command may ask for.
const HOSTS_MAX: usize = 16;

/// How long one may take without a limit of its own: a working day of a
/// server.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest limit of its own.
const TIMEOUT_MAX_MS: u64 = 600_000;

/// Said to the model of a confined command that failed.
const CONFINED: &str = "(it ran in the sandbox: no network but the hosts named in `network`, no change outside of the workspace or to protected files; if that is why it failed, call again with the hosts in `network`, or with `outside_sandbox`)\n";

const FULL: &str = "As many commands run in the background as can; end one with `job_kill` first. Nothing was started.";

/// The tool.
pub(crate) struct Bash;

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The command, as one types it into bash.
    command: String,
    /// Ends it after so many milliseconds, at most 600000. Without this it goes on in the background after 120000.
    #[schemars(range(min = 1, max = 600_000))]
    timeout_ms: Option<u64>,
    /// True to let it go on while you do something else, for example a server.
    background: Option<bool>,
    /// True to run it outside of the sandbox of mode `auto`; the user is asked.
    outside_sandbox: Option<bool>,
    /// Hosts it must reach out of the sandbox by HTTP or HTTPS: `crates.io`.
    #[schemars(length(max = 16))]
    network: Option<Vec<String>>,
    /// What the command is for, in a few words, for the user.
    #[expect(dead_code, reason = "shown by the card, which reads the input itself")]
    description: Option<String>,
}

#[async_trait]
impl Tool for Bash {
    fn name(&self) -> &'static str {
        "bash"
    }

    fn prompt(&self) -> &'static str {
        include_str!("bash.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        if input.command.trim().is_empty() {
            return Err(InputError("`command` is empty.".to_owned()));
        }
        if input.command.contains('\0') {
            return Err(InputError("`command` holds a NUL character.".to_owned()));
        }
        if input.command.len() > SCRIPT_BYTES {
            return Err(InputError(format!(
                "`command` is longer than {SCRIPT_BYTES} bytes. Write it to a script file and run that."
            )));
        }
        if input
            .timeout_ms
            .is_some_and(|ms| ms == 0 || ms > TIMEOUT_MAX_MS)
        {
            return Err(InputError(format!(
                "`timeout_ms` must be from 1 to {TIMEOUT_MAX_MS}."
            )));
        }
        let subject = input.command.clone();
        let mut accesses = vec![Access::Execute {
            command: input.command,
            cwd: workspace.display().to_string(),
        }];
        if input.outside_sandbox == Some(true) {
            accesses.push(Access::Unconfined);
        }
        accesses.extend(hosts(&input.network.unwrap_or_default())?);
        Ok(CallPlan {
            title: "Run".to_owned(),
            subject,
            question: "Run this command?".to_owned(),
            accesses,
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        let confined = match confined(&grant).await {
            Ok(confined) => confined,
            Err(why) => return ToolOutput::failed(format!("It was not run: {why}.")),
        };
        let in_background = input.background == Some(true);
        if in_background && !ctx.jobs.has_room() {
            return ToolOutput::failed(FULL);
        }
        let patience = match (in_background, input.timeout_ms) {
            (true, _) => Patience::None,
            (false, None) => Patience::Goes,
            (false, Some(_)) => Patience::Stays,
        };
        let title = input.command.clone();
        let command = Command {
            script: input.command,
            cwd: ctx.workspace.clone(),
            timeout: input.timeout_ms.map_or(LONGEST, Duration::from_millis),
            environment: Environment::of_process(&ctx.workspace).with(&ctx.variables),
            confined,
        };
        let live = Arc::clone(&ctx.output);
        let job = ctx.jobs.start(title, live, |job| execute(job, command));
        wait::attend(&job, patience, ctx).await
    }
}

/// Runs the command of a job to its end.
async fn execute(job: Arc<Job>, command: Command) -> ToolOutput {
    let timeout = command.timeout;
    let walls = command.confined.as_ref().map(|(_, walls)| walls.clone());
    let show = |stream, text: &str| job.push(stream, text);
    let ran = exec::run(command, show, &job.cancel).await;
    let swept = match &walls {
        Some(walls) => swept::sweep(walls.clone()).await,
        None => String::new(),
    };
    match ran {
        Ok(finished) => {
            let mut output = output(&finished, timeout, walls.is_some());
            output.content.push_str(&swept);
            output
        }
        Err(error) => ToolOutput::failed(format!("{error}{swept}")),
    }
}

/// The hosts to reach, each once and in one spelling.
fn hosts(names: &[String]) -> Result<Vec<Access>, InputError> {
    if names.len() > HOSTS_MAX {
        return Err(InputError(format!(
            "`network` takes at most {HOSTS_MAX} hosts."
        )));
    }
    let mut hosts: Vec<Host> = Vec::new();
    for name in names {
        let host = Host::parse(name)
            .map_err(|error| InputError(format!("`network` takes names of hosts: {error}.")))?;
        if !hosts.contains(&host) {
            hosts.push(host);
        }
    }
    let connect = |host: Host| Access::Connect {
        host: host.to_string(),
    };
    Ok(hosts.into_iter().map(connect).collect())
}

/// The walls of the grant with the means to put them up.
async fn confined(grant: &Grant) -> Result<Option<(Sandbox, Confinement)>, NoSandbox> {
    let Some(walls) = grant.confinement() else {
        return Ok(None);
    };
    let sandbox = Sandbox::of_machine().await?;
    Ok(Some((sandbox.clone(), walls.clone())))
}

fn output(finished: &Finished, timeout: Duration, is_confined: bool) -> ToolOutput {
    let mut content = finished.output.text();
    if !content.is_empty() && !content.ends_with('\n') {
        content.push('\n');
    }
    let (outcome, note) = match finished.exit {
        Exit::Code(0) if content.is_empty() => {
            (Outcome::Ok, Some("exit code 0, no output".to_owned()))
        }
        Exit::Code(0) => (Outcome::Ok, None),
        Exit::Code(code) => (Outcome::Failed, Some(format!("exit code {code}"))),
        Exit::Signal(signal) => (Outcome::Failed, Some(format!("ended by signal {signal}"))),
        Exit::TimedOut => (
            Outcome::Failed,
            Some(format!(
                "stopped with all its processes after {}, the time it was given",
                counted(timeout.as_millis() as usize, "millisecond")
            )),
        ),
        Exit::Cancelled => (
            Outcome::Cancelled,
            Some("stopped by the user, with all its processes".to_owned()),
        ),
    };
    if let Some(note) = note {
        content.push_str(&format!("({note})\n"));
    }
    if is_confined && outcome == Outcome::Failed {
        content.push_str(CONFINED);
    }
    if !finished.refused_hosts.is_empty() {
        content.push_str(&format!(
            "(the sandbox did not let it reach {}; name a host in `network` if the task needs it)\n",
            finished.refused_hosts.join(", ")
        ));
    }
    if finished.left_running {
        content.push_str(
            "(a process it started in the background goes on; what that prints is not seen)\n",
        );
    }
    let (exit_code, signal) = match finished.exit {
        Exit::Code(code) => (Some(code), None),
        Exit::Signal(signal) => (None, Some(signal)),
        Exit::TimedOut | Exit::Cancelled => (None, None),
    };
    let details = json!({
        "exit_code": exit_code,
        "signal": signal,
        "timed_out": finished.exit == Exit::TimedOut,
        "duration_ms": finished.duration.as_millis() as u64,
        "truncated": finished.output.truncated_bytes > 0,
        "left_running": finished.left_running,
        "confined": is_confined,
    });
    ToolOutput {
        content,
        outcome,
        details: Some(details),
    }
}
