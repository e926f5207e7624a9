//! What the gate says of one access of a call.

use protocol::{Confinement, Finding, PermissionMode};

use super::session::Scope;
use super::taint::Source;
use crate::Basis;
use crate::bash::Decision;

/// The word on one access.
#[derive(Debug, Clone)]
pub(super) struct Ruling {
    pub(super) decision: Decision,
    pub(super) findings: Vec<Finding>,
    /// What to do instead, for a no.
    hint: Option<&'static str>,
    /// What "for this session" would cover.
    pub(super) scope: Option<Scope>,
    /// What would really be touched, when that is not what was asked for.
    pub(super) subject: Option<String>,
    /// What it must run behind.
    pub(super) walls: Option<Confinement>,
    /// What lets it run, when it may.
    pub(super) basis: Basis,
    /// The most narrow rule that would spare the question.
    pub(super) rule: Option<String>,
    /// It changes nothing but the agent's own notes.
    pub(super) only_reads: bool,
    /// It reads or touches something outside of the workspace.
    pub(super) strays: bool,
    /// Where what it brings comes from, when others may have written it.
    pub(super) source: Option<Source>,
}

/// Said with every no of plan mode.
const LEAVE_PLAN: &str = "Plan mode only reads inside the workspace; finish the plan and ask the user to leave plan mode.";

/// A finding without a place in a command.
pub(super) fn finding(check: &str, reason: impl Into<String>, danger: bool) -> Finding {
    Finding {
        check: check.to_owned(),
        reason: reason.into(),
        danger,
        span: None,
    }
}

impl Ruling {
    pub(super) fn allow(basis: Basis) -> Self {
        Self {
            decision: Decision::Allow,
            findings: Vec::new(),
            hint: None,
            scope: None,
            subject: None,
            walls: None,
            basis,
            rule: None,
            only_reads: false,
            strays: false,
            source: None,
        }
    }

    pub(super) fn allowed_by(rule: &str) -> Self {
        Self::allow(Basis::Rule(rule.to_owned()))
    }

    pub(super) fn ask(findings: Vec<Finding>) -> Self {
        Self {
            decision: Decision::Ask,
            findings,
            ..Self::allow(Basis::Harmless)
        }
    }

    pub(super) fn deny(findings: Vec<Finding>) -> Self {
        Self {
            decision: Decision::Deny,
            findings,
            ..Self::allow(Basis::Harmless)
        }
    }

    pub(super) fn denied_by(rule: &str) -> Self {
        Self::deny(vec![finding(
            "rule.deny",
            format!("The rule `{rule}` forbids it."),
            false,
        )])
    }

    pub(super) fn asked_by(rule: &str) -> Self {
        Self::ask(vec![finding(
            "rule.ask",
            format!("The rule `{rule}` wants to be asked."),
            false,
        )])
    }

    /// A no of plan mode, with what the user would have been asked about.
    pub(super) fn planned(mut findings: Vec<Finding>) -> Self {
        findings.insert(
            0,
            finding("mode.plan", "Plan mode changes and runs nothing.", false),
        );
        Self {
            hint: Some(LEAVE_PLAN),
            ..Self::deny(findings)
        }
    }

    /// For a tool that says of nothing what it touches.
    pub(super) fn undeclared(mode: PermissionMode) -> Self {
        let unknown = finding(
            "gate.undeclared",
            "The tool does not say what it would touch.",
            false,
        );
        match mode {
            PermissionMode::Bypass => Self::allow(Basis::Mode(mode)),
            PermissionMode::Plan => Self::planned(vec![unknown]),
            _ => Self::ask(vec![unknown]),
        }
    }

    pub(super) fn scoped(mut self, scope: Option<Scope>) -> Self {
        self.scope = scope;
        self
    }

    pub(super) fn behind(mut self, walls: Option<Confinement>) -> Self {
        self.walls = walls;
        self
    }

    pub(super) fn reading(mut self, only_reads: bool) -> Self {
        self.only_reads = only_reads;
        self
    }

    pub(super) fn straying(mut self, strays: bool) -> Self {
        self.strays = strays;
        self
    }

    pub(super) fn bringing(mut self, source: Option<Source>) -> Self {
        self.source = source;
        self
    }

    /// Says which rule would spare the question.
    pub(super) fn spared_by(mut self, rule: Option<String>) -> Self {
        self.rule = rule;
        self
    }

    pub(super) fn about(mut self, subject: Option<String>) -> Self {
        self.subject = subject;
        self
    }

    /// One sentence, and the hint when there is one.
    pub(super) fn reason(&self) -> String {
        let why = self
            .findings
            .first()
            .map_or("It is not allowed.", |finding| finding.reason.as_str());
        match self.hint {
            Some(hint) => format!("{why} {hint}"),
            None => why.to_owned(),
        }
    }
}
