//! A dry run of the gate: what would be said of a call, and why. It runs
//! nothing, asks nothing and leaves nothing behind.

use std::path::{Path, PathBuf};

use permission::{Basis, CallPlan, Decision, Gate, Verdict};
use protocol::{Access, ErrorInfo, Finding, SessionId, ToolCall, ToolCallId};
use serde::Serialize;
use ts_rs::TS;

use super::{Engine, lock};

/// What the gate would say.
#[derive(Debug, Clone, PartialEq, Serialize, TS)]
pub struct PolicyAnswer {
    /// `allow`, `ask` or `deny`.
    #[ts(type = "\"allow\" | \"ask\" | \"deny\"")]
    pub decision: Decision,
    /// One sentence: what lets it run, or the first reason against it.
    pub because: String,
    /// Everything that was found.
    pub findings: Vec<Finding>,
    /// It would run behind the walls of the sandbox.
    pub confined: bool,
}

impl PolicyAnswer {
    /// For a line in the conversation.
    pub(super) fn in_words(&self) -> String {
        let word = match (self.decision, self.confined) {
            (Decision::Allow, true) => "It would run at once, confined by the sandbox",
            (Decision::Allow, false) => "It would run at once",
            (Decision::Ask, _) => "You would be asked",
            (Decision::Deny, _) => "It would be refused",
        };
        let mut words = format!("{word}: {}", self.because);
        for finding in self.findings.iter().skip(1) {
            words.push_str(&format!("\n- {}", finding.reason));
        }
        words
    }
}

impl Engine {
    /// What the rules and the mode of a session say of a command, of
    /// `Read(path)` or of `Edit(path)`; what was allowed for the session only
    /// is left out.
    ///
    /// # Errors
    /// When there is no such session.
    pub async fn policy_test(&self, id: &SessionId, what: &str) -> Result<PolicyAnswer, ErrorInfo> {
        let session = self.inner.session(id).await?;
        let rules = session.rules_of(&lock(&self.inner.rules).clone());
        let mut gate = Gate::with_rules(session.workspace.clone(), rules);
        if self.sandbox().await.available {
            gate.set_sandbox(Some(self.inner.own_places()));
        }
        let (tool, access) = access_of(what.trim(), &session.workspace);
        let call = ToolCall {
            id: ToolCallId::from("dry-run"),
            name: tool.to_owned(),
            input: serde_json::Value::Null,
        };
        let plan = CallPlan {
            title: String::new(),
            subject: what.to_owned(),
            question: String::new(),
            accesses: vec![access],
        };
        Ok(answer(gate.judge(&call, &plan, session.mode())))
    }
}

fn access_of(what: &str, workspace: &Path) -> (&'static str, Access) {
    let path_in = |name: &str| {
        let (tool, rest) = what.split_once('(')?;
        let path = rest.strip_suffix(')')?;
        let path: PathBuf = match path.strip_prefix("~/").zip(std::env::home_dir()) {
            Some((below, home)) => home.join(below),
            None => workspace.join(path),
        };
        (tool.eq_ignore_ascii_case(name)).then(|| path.display().to_string())
    };
    let host = what
        .strip_prefix("WebFetch(domain:")
        .and_then(|rest| rest.strip_suffix(')'));
    if let Some(host) = host {
        let host = host.trim().to_owned();
        return ("web_fetch", Access::Connect { host });
    }
    if let Some(path) = path_in("Read") {
        return ("read", Access::Read { path });
    }
    if let Some(path) = path_in("Edit").or_else(|| path_in("Write")) {
        return ("edit", Access::Write { path });
    }
    let command = what
        .strip_prefix("Bash(")
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(what);
    let access = Access::Execute {
        command: command.to_owned(),
        cwd: workspace.display().to_string(),
    };
    ("bash", access)
}

fn answer(verdict: Verdict) -> PolicyAnswer {
    match verdict {
        Verdict::Allow(grant) => PolicyAnswer {
            decision: Decision::Allow,
            because: sentence(&grant.basis().in_words()),
            findings: Vec::new(),
            confined: grant.confinement().is_some() && *grant.basis() == Basis::Sandbox,
        },
        Verdict::Ask(request) => PolicyAnswer {
            decision: Decision::Ask,
            because: request.findings.first().map_or_else(
                || "The mode in force asks first.".to_owned(),
                |finding| finding.reason.clone(),
            ),
            findings: request.findings,
            confined: false,
        },
        Verdict::Deny(refusal) => PolicyAnswer {
            decision: Decision::Deny,
            because: refusal.reason,
            findings: refusal.findings,
            confined: false,
        },
    }
}

fn sentence(words: &str) -> String {
    format!("{words}.")
}
