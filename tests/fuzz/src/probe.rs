//! Calls to put before the gate, and its answers as an order: what is stricter
//! is larger.

use permission::{CallPlan, Decision, Gate, Verdict};
use protocol::{Access, Finding, PermissionMode, ToolCall, ToolCallId};

/// What a call of `tool` that touches `access` gets.
pub fn ask(gate: &Gate, tool: &str, access: Access, mode: PermissionMode) -> Verdict {
    let call = ToolCall {
        id: ToolCallId::from("call"),
        name: tool.to_owned(),
        input: serde_json::Value::Null,
    };
    let plan = CallPlan {
        title: "Try".to_owned(),
        subject: "it".to_owned(),
        question: "Try it?".to_owned(),
        accesses: vec![access],
    };
    gate.judge(&call, &plan, mode)
}

pub fn decision(verdict: &Verdict) -> Decision {
    match verdict {
        Verdict::Allow(_) => Decision::Allow,
        Verdict::Ask(_) => Decision::Ask,
        Verdict::Deny(_) => Decision::Deny,
    }
}

/// The tool that makes this kind of access.
pub fn decide(gate: &Gate, access: &Access, mode: PermissionMode) -> Decision {
    let tool = match access {
        Access::Read { .. } => "read",
        Access::Write { .. } => "write",
        _ => "bash",
    };
    decision(&ask(gate, tool, access.clone(), mode))
}

pub fn read(path: &str) -> Access {
    Access::Read {
        path: path.to_owned(),
    }
}

pub fn write(path: &str) -> Access {
    Access::Write {
        path: path.to_owned(),
    }
}

pub fn run(command: &str, cwd: &str) -> Access {
    Access::Execute {
        command: command.to_owned(),
        cwd: cwd.to_owned(),
    }
}

/// One of the modes.
pub fn mode(byte: u8) -> PermissionMode {
    let all = PermissionMode::ALL;
    all[usize::from(byte) % all.len()]
}

/// What a finding points at is a part of the text.
pub fn spans_fit(findings: &[Finding], text: &str) {
    for finding in findings {
        if let Some(span) = finding.span {
            let part = text.get(span.start..span.end);
            assert!(part.is_some(), "{finding:?} points into nothing");
        }
    }
}
