//! What the turn leaves in the audit ledger: every request of the model, the
//! word on it, and what came of it.

use agent::Word;
use permission::{Basis, CallPlan, Refusal};
use protocol::{
    Answer, AnsweredBy, AuditEntry, AuditKind, Outcome, PermissionRequest, ToolCall, ToolCallId,
    ToolResult,
};
use store::{Approval, StoreError};

use super::Ports;
use crate::clock::now_ms;
use crate::redaction;

/// Longest subject of an entry, in characters; the message has the rest.
const LONGEST_SUBJECT: usize = 2_000;

impl Ports {
    /// Adds to the audit ledger; the turn goes on without it.
    pub(super) async fn put_on_record(&self, kind: AuditKind, subject: &str, detail: String) {
        let entry = self.entry(kind, None, subject, detail);
        self.tell_of(self.store.add_audit(&entry).await);
    }

    /// The word on a call. What can change something runs only once that is
    /// durable.
    pub(super) async fn record_word(
        &self,
        call: &ToolCall,
        plan: &CallPlan,
        word: Word<'_>,
    ) -> Result<(), Refusal> {
        let subject = subject_of(call, plan);
        match word {
            Word::Allowed(grant) => {
                if let Basis::Rule(rule) = grant.basis() {
                    self.session.rule_used(rule, now_ms());
                }
                let mut detail = format!("It runs: {}.", grant.basis().in_words());
                if grant.confinement().is_some() && *grant.basis() != Basis::Sandbox {
                    detail.push_str(" The sandbox confines it.");
                }
                let hosts = grant.confinement().map_or(&[][..], |walls| &walls.hosts);
                if !hosts.is_empty() {
                    let names: Vec<&str> = hosts.iter().map(protocol::Host::as_str).collect();
                    detail.push_str(&format!(" It is open towards {}.", names.join(", ")));
                }
                let entry = self.entry(AuditKind::CallAllowed, Some(&call.id), &subject, detail);
                let kept = match grant.may_change() {
                    true => self.store.add_audit(&entry).await,
                    false => self.store.add_audit_later(&entry).await,
                };
                kept.map_err(|error| not_recorded(&error))
            }
            Word::Refused(refusal) => {
                let checks: Vec<&str> = refusal
                    .findings
                    .iter()
                    .map(|finding| finding.check.as_str())
                    .collect();
                let mut detail = refusal.reason.clone();
                if !checks.is_empty() {
                    detail = format!("{detail} [{}]", checks.join(", "));
                }
                let entry = self.entry(AuditKind::CallRefused, Some(&call.id), &subject, detail);
                self.tell_of(self.store.add_audit_later(&entry).await);
                Ok(())
            }
        }
    }

    /// What came of a call.
    pub(super) async fn record_end(&self, call: &ToolCall, result: &ToolResult) {
        let outcome = match result.outcome {
            Outcome::Ok => "It succeeded",
            Outcome::Failed => "It failed",
            Outcome::Denied => "It was refused",
            Outcome::Cancelled => "It was cancelled",
        };
        let mut detail = format!("{outcome} after {} ms.", result.duration_ms);
        if let Some(source) = &result.source {
            detail.push_str(&format!(" It read {source}."));
        }
        let entry = self.entry(AuditKind::CallEnded, Some(&call.id), &call.name, detail);
        self.tell_of(self.store.add_audit_later(&entry).await);
    }

    /// Keeps the answer for the record; the turn goes on without it.
    pub(super) async fn record_answer(
        &self,
        request: &PermissionRequest,
        answer: &Answer,
        by: AnsweredBy,
    ) {
        let approval = Approval {
            request: redaction::request(&self.redactor, request),
            answer: answer.clone(),
            by,
            at_ms: now_ms(),
        };
        let kept = self
            .store
            .record_approval(&self.session.id, &approval)
            .await;
        if let Err(error) = kept {
            tracing::warn!(%error, "an answer could not be recorded");
        }
        let entry = self.entry(
            AuditKind::CallAnswered,
            Some(&request.call.id),
            &request.subject,
            answer_in_words(request, answer, by),
        );
        self.tell_of(self.store.add_audit_later(&entry).await);
    }

    fn entry(
        &self,
        kind: AuditKind,
        call: Option<&ToolCallId>,
        subject: &str,
        detail: String,
    ) -> AuditEntry {
        let entry = AuditEntry {
            at_ms: now_ms(),
            kind,
            session_id: Some(self.session.id.clone()),
            call_id: call.cloned(),
            subject: subject.chars().take(LONGEST_SUBJECT).collect(),
            detail,
        };
        redaction::entry(&self.redactor, entry)
    }

    fn tell_of(&self, kept: Result<(), StoreError>) {
        if let Err(error) = kept {
            tracing::warn!(%error, "the audit ledger could not be written");
        }
    }
}

fn subject_of(call: &ToolCall, plan: &CallPlan) -> String {
    format!("{}: {}", call.name, plan.subject)
}

fn not_recorded(error: &StoreError) -> Refusal {
    Refusal {
        reason: format!(
            "It was not run, because the audit ledger could not be written: {error} {}",
            error.hint()
        ),
        findings: Vec::new(),
    }
}

fn answer_in_words(request: &PermissionRequest, answer: &Answer, by: AnsweredBy) -> String {
    let place = match by {
        AnsweredBy::Card => "in the window",
        AnsweredBy::Dialog => "in the dialog",
        AnsweredBy::Notification => "in a notification",
        AnsweredBy::Pet => "in the pet's bubble",
        AnsweredBy::Terminal => "in the terminal",
        AnsweredBy::Nobody => return "Nobody was there to answer, which is a no.".to_owned(),
    };
    let rule = request.rule.as_deref().unwrap_or_default();
    let said = match answer {
        Answer::AllowOnce => "allowed once".to_owned(),
        Answer::AllowSession => "allowed until the session ends".to_owned(),
        Answer::AllowProject => format!("allowed, and `{rule}` from now on in this project"),
        Answer::AllowAlways => format!("allowed, and `{rule}` from now on everywhere"),
        Answer::Deny { feedback: None } => "denied".to_owned(),
        Answer::Deny {
            feedback: Some(words),
        } => format!("denied: {words}"),
    };
    format!("The user {said}, {place}.")
}
