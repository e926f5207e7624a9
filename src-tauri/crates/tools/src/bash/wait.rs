//! Waits for a command, and lets it go on in the background when it takes
//! long. Nobody who stops waiting leaves it running unseen.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tool::{Job, ToolContext, ToolOutput, clip};

/// How long a command is waited for when the model does not say.
const PATIENCE: Duration = Duration::from_secs(120);

/// How long one that goes on at once is watched: what cannot start fails by
/// then.
const START_GRACE: Duration = Duration::from_millis(400);

/// Output shown of one that goes on, in bytes.
const SHOWN_BYTES: usize = 8 * 1024;

/// How long a command is waited for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Patience {
    /// Not at all: it goes on in the background at once.
    None,
    /// [`PATIENCE`]; then it goes on in the background.
    Goes,
    /// To its end, which its own time limit brings.
    Stays,
}

/// What a job answers, or that it goes on.
pub(super) async fn attend(job: &Arc<Job>, patience: Patience, ctx: &ToolContext) -> ToolOutput {
    let waited = Waited(Some(job));
    let patience_over = async {
        match patience {
            Patience::None => tokio::time::sleep(START_GRACE).await,
            Patience::Goes => tokio::time::sleep(PATIENCE).await,
            Patience::Stays => std::future::pending().await,
        }
    };
    let end = tokio::select! {
        // An end that is there is never thrown away.
        biased;
        end = job.wait() => Some(end),
        () = ctx.cancel.cancelled() => {
            job.cancel.cancel();
            Some(job.wait().await)
        }
        () = patience_over => None,
    };
    match end {
        Some(end) => end.output,
        None => {
            waited.enough();
            goes_on(job, patience, ctx)
        }
    }
}

fn goes_on(job: &Arc<Job>, patience: Patience, ctx: &ToolContext) -> ToolOutput {
    ctx.jobs.keep(job);
    let why = match patience {
        Patience::None => "It runs",
        _ => "It takes long, and goes on",
    };
    let shown = clip(&job.news().text, SHOWN_BYTES);
    let mut content = format!(
        "({why} in the background as `{}`; see `job_output`, stop it with `job_kill`.)\n",
        job.id
    );
    if !shown.is_empty() {
        content.push_str(&format!("So far:\n{shown}\n"));
    }
    ToolOutput::ok(content).with_details(json!({"job": job.id}))
}

/// A job that is waited for: when nobody does any more, it stops.
struct Waited<'j>(Option<&'j Arc<Job>>);

impl Waited<'_> {
    /// It may go on.
    fn enough(mut self) {
        self.0 = None;
    }
}

impl Drop for Waited<'_> {
    fn drop(&mut self) {
        if let Some(job) = self.0.filter(|job| job.end().is_none()) {
            job.cancel.cancel();
        }
    }
}
