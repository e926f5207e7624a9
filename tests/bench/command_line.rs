//! `fam run` against the scripted model server: what a tool turn costs, how
//! soon the first request is there, and how much memory it takes at its peak.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;
use testkit::{ModelServer, RecordedRequest, Reply, Workspace};

use crate::Measured;
use crate::process;

const LONGEST_RUN: Duration = Duration::from_secs(60);

pub struct Turns {
    /// From the end of an answer to the next request, one for each turn.
    pub costs_ms: Vec<f64>,
    pub peak_mb: f64,
    /// Body of the first request, every tool in it.
    pub first_body_kb: f64,
    /// From before the process is made to the arrival of that request.
    pub first_ms: f64,
}

/// One run in which the model calls `bash true` so many times.
pub fn tool_turns(fam: &Path, count: usize) -> Measured<Turns> {
    turns_in(&Folders::new(), fam, count, &[])
}

/// The same in a session that is in this home already.
pub fn resumed_turns(home: Workspace, session: &str, fam: &Path, count: usize) -> Measured<Turns> {
    let folders = Folders {
        home,
        workspace: Workspace::new(),
    };
    turns_in(&folders, fam, count, &["--resume", session])
}

fn turns_in(folders: &Folders, fam: &Path, count: usize, arguments: &[&str]) -> Measured<Turns> {
    let reply = Reply::tool(
        "bash",
        json!({ "command": "true", "description": "Do nothing" }),
    );
    let server = ModelServer::start_blocking(vec![reply; count]);
    let before = Instant::now();
    let peak_kb = folders.run(fam, &server, arguments)?;
    let requests = server.requests();
    if requests.len() != count + 1 {
        let said = requests.last().map(RecordedRequest::last_text);
        return Err(format!("{} requests came, the last: {said:?}", requests.len()).into());
    }
    let costs_ms = requests
        .windows(2)
        .filter_map(|pair| {
            let cost = pair[1]
                .received_at
                .saturating_duration_since(pair[0].answered_at?);
            Some(milliseconds(cost))
        })
        .collect();
    Ok(Turns {
        costs_ms,
        peak_mb: peak_kb as f64 / 1024.0,
        first_body_kb: body_kb(&requests[0])?,
        first_ms: milliseconds(requests[0].received_at - before),
    })
}

/// From before the process is made to the arrival of its first request.
pub fn starts(fam: &Path, count: usize) -> Measured<Vec<f64>> {
    let folders = Folders::new();
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let server = ModelServer::start_blocking([Reply::text("Done.")]);
        let before = Instant::now();
        folders.run(fam, &server, &[])?;
        let requests = server.requests();
        let first = requests.first().ok_or("no request came")?;
        times.push(milliseconds(first.received_at - before));
    }
    Ok(times)
}

fn body_kb(request: &RecordedRequest) -> Measured<f64> {
    let length = request.header("content-length").ok_or("no length")?;
    Ok(length.parse::<f64>()? / 1024.0)
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A home and a workspace of its own, so that nothing of the user's counts.
struct Folders {
    home: Workspace,
    workspace: Workspace,
}

impl Folders {
    fn new() -> Self {
        Self {
            home: Workspace::new(),
            workspace: Workspace::new(),
        }
    }

    /// Runs to the end and gives the peak of its memory in kB.
    fn run(&self, fam: &Path, server: &ModelServer, more: &[&str]) -> Measured<u64> {
        let words = self.home.path("stderr.txt");
        let mut command = Command::new(fam);
        command
            .args(["run", "--json", "--provider", "anthropic"])
            .args(more)
            .args(["--permission-mode", "bypass", "--max-turns", "1000"])
            .args(["--base-url", &server.base_url(), "go on"])
            .current_dir(self.workspace.root())
            .env("FAMILIAR_HOME", self.home.root())
            .env("ANTHROPIC_API_KEY", "none-needed")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&words)?);
        let ended = process::watch(command.spawn()?, LONGEST_RUN)?;
        if !ended.status.success() {
            let said = std::fs::read_to_string(&words).unwrap_or_default();
            return Err(format!("`fam run` ended with {}: {said}", ended.status).into());
        }
        Ok(ended.peak_kb)
    }
}
