//! Questions to the user and their answers.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Access, RequestId, Span, ToolCall};

/// One reason the gate has for asking or refusing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Finding {
    /// Stable id of the check, for example `bash.substitution`.
    pub check: String,
    /// Why, in plain words.
    pub reason: String,
    /// True when the thing found can destroy, leak or escape.
    pub danger: bool,
    /// The part of the command it points at, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub span: Option<Span>,
}

/// A tool call that waits for the user's word.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct PermissionRequest {
    /// Answered by this id.
    pub id: RequestId,
    /// The call in question.
    pub call: ToolCall,
    /// One sentence a person would say: "Create `hello.txt`?"
    pub title: String,
    /// The decoded command or the resolved path, exactly what would happen.
    pub subject: String,
    /// What the call would touch.
    pub accesses: Vec<Access>,
    /// Why the gate asks.
    pub findings: Vec<Finding>,
    /// True when any finding is dangerous: then no key allows by default.
    pub danger: bool,
    /// What "allow for this session" would cover, in plain words; none when
    /// that answer is not offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session_scope: Option<String>,
    /// The rule that "allow in this project" and "allow always" would save;
    /// none when those answers are not offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// How often the user allowed the same in this session.
    #[serde(default)]
    pub approved_before: u32,
    /// True when the call stays in the sandbox after a yes.
    #[serde(default)]
    pub confined: bool,
}

/// The user's word on a permission request. Silence is never an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Answer {
    /// This call only.
    AllowOnce,
    /// This call and its like until the session ends.
    AllowSession,
    /// This call, and from now on what [`PermissionRequest::rule`] says, in
    /// this project.
    AllowProject,
    /// This call, and from now on what [`PermissionRequest::rule`] says,
    /// everywhere.
    AllowAlways,
    /// No; the model is told, with the user's words if there are any.
    Deny {
        /// What the model should do instead.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        feedback: Option<String>,
    },
}

/// Where an answer came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The card in the window.
    Card,
    /// The native dialog.
    Dialog,
    /// A button of a desktop notification.
    Notification,
    /// The pet's bubble.
    Pet,
    /// The terminal of `fam`.
    Terminal,
    /// Nobody was there to answer, or the turn was stopped: a refusal.
    Nobody,
}

/// A question of the `ask_user` tool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Question {
    /// Answered by this id.
    pub id: RequestId,
    /// The question, one sentence.
    pub text: String,
    /// Offered answers; the user may always write another.
    pub options: Vec<QuestionOption>,
}

/// One offered answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct QuestionOption {
    /// Short label, also the answer's text.
    pub label: String,
    /// What choosing it means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}
