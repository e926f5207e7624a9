//! Answers to permission questions, the rules they may leave behind, and how
//! often rules decided.

use std::sync::Arc;

use permission::{KeptRule, RuleSource};
use protocol::{Answer, AnsweredBy, ErrorInfo, EventKind, NoticeLevel, RequestId, RuleUse};

use super::{Engine, Inner};
use crate::clock::now_ms;
use crate::session::Session;

impl Engine {
    /// Answers a permission question; false when somebody else was first. The
    /// rule that goes with "in this project" and "always" is saved behind it.
    pub fn answer(&self, id: &RequestId, answer: &Answer, by: AnsweredBy) -> bool {
        for session in self.inner.open_sessions() {
            let rule = session.rule_on_offer(id);
            if session.answer_permission(id, answer.clone(), by) {
                self.keep_behind(session, answer, rule);
                return true;
            }
        }
        false
    }

    /// Saves the rule of an answer in a task of its own.
    fn keep_behind(&self, session: Arc<Session>, answer: &Answer, rule: Option<String>) {
        let project = match answer {
            Answer::AllowProject => Some(session.workspace.display().to_string()),
            Answer::AllowAlways => None,
            _ => return,
        };
        let Some(rule) = rule else { return };
        let kept = KeptRule {
            rule,
            project,
            source: Some(RuleSource::Answer),
            saved_ms: Some(now_ms()),
            ..KeptRule::default()
        };
        let engine = self.clone();
        let saving = async move { engine.save_rule(&session, kept).await };
        self.inner.tasks.spawn(saving);
    }

    /// How often each rule let a call through, and when last.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn rule_uses(&self) -> Result<Vec<RuleUse>, ErrorInfo> {
        Ok(self.inner.store.rule_uses().await?)
    }

    async fn save_rule(&self, session: &Session, rule: KeptRule) {
        let text = rule.rule.clone();
        let mut settings = self.settings();
        let known = settings.rules.allow.iter().any(|entry| {
            let same_place = |kept: &KeptRule| kept.project == rule.project;
            entry.text() == rule.rule && entry.kept().is_none_or(same_place)
        });
        if known {
            return;
        }
        let project = rule.project.clone();
        settings.rules.allow.push(rule.into());
        session.emit(match self.update_settings(settings).await {
            Ok(()) => EventKind::RuleSaved {
                rule: text,
                project,
            },
            Err(error) => EventKind::Notice {
                level: NoticeLevel::Warning,
                text: format!("The rule `{text}` holds until Familiar ends: {error}"),
            },
        });
    }
}

impl Inner {
    /// Keeps what a session counted; a failure costs only the count.
    pub(super) async fn keep_rule_uses(&self, session: &Session) {
        let uses = session.take_rule_uses();
        if uses.is_empty() {
            return;
        }
        if let Err(error) = self.store.add_rule_uses(uses).await {
            tracing::warn!(%error, "the uses of rules could not be kept");
        }
    }
}
