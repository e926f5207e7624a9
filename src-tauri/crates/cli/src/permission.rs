//! `fam permission test --jsonl`: the gate's word on shell commands. A pure
//! function of the line and the workspace; nothing is run.

use std::io::{BufRead, Write};
use std::path::Path;

use engine::{CommandVerdict, Decision, judge_command};
use serde::{Deserialize, Serialize};

use crate::args::{PermissionArgs, PermissionCommand};
use crate::exit::Exit;
use crate::lines;

#[derive(Deserialize)]
struct Question {
    cmd: String,
}

#[derive(Serialize)]
struct Line<'a> {
    cmd: &'a str,
    decision: &'static str,
    danger: bool,
    checks: &'a [String],
    reason: &'a str,
}

pub fn test(args: &PermissionArgs) -> Exit {
    let PermissionCommand::Test {
        jsonl: _,
        workspace,
    } = &args.command;
    let folder = workspace.clone().unwrap_or_else(|| ".".into());
    let folder = match std::path::absolute(&folder) {
        Ok(folder) => folder,
        Err(error) => {
            eprintln!("fam: `{}` is not a usable path: {error}", folder.display());
            return Exit::Usage;
        }
    };
    let mut stdout = std::io::BufWriter::new(std::io::stdout().lock());
    for line in std::io::stdin().lock().split(b'\n') {
        let answered = line.and_then(|line| answer(&line, &folder, &mut stdout));
        if let Err(error) = answered.and_then(|()| stdout.flush()) {
            eprintln!("fam: {error}");
            return Exit::Failed;
        }
    }
    Exit::Done
}

fn answer(line: &[u8], workspace: &Path, out: &mut impl Write) -> std::io::Result<()> {
    if line.trim_ascii().is_empty() {
        return Ok(());
    }
    match serde_json::from_slice::<Question>(line) {
        Ok(question) => write_line(out, &question.cmd, &judge_command(&question.cmd, workspace)),
        // One answer per line, whatever came: what is not understood is
        // refused, not skipped.
        Err(error) => {
            let verdict = Line {
                cmd: "",
                decision: "deny",
                danger: false,
                checks: &["input.invalid".to_owned()],
                reason: &format!("The line is not {{\"cmd\": \"…\"}}: {error}."),
            };
            lines::write(out, &verdict)
        }
    }
}

fn write_line(out: &mut impl Write, cmd: &str, verdict: &CommandVerdict) -> std::io::Result<()> {
    let line = Line {
        cmd,
        decision: match verdict.decision {
            Decision::Allow => "allow",
            Decision::Ask => "ask",
            Decision::Deny => "deny",
        },
        danger: verdict.danger,
        checks: &verdict.checks,
        reason: &verdict.reason,
    };
    lines::write(out, &line)
}
