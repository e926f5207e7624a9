//! The engine's side of the turn's ports: store, subscribers, gate, user.

mod record;

use std::path::PathBuf;
use std::sync::Arc;

use agent::{GatePort, TurnPorts, Word};
use async_trait::async_trait;
use permission::{CallPlan, Grant, Refusal, Verdict};
use protocol::{
    Access, Answer, AnsweredBy, AuditKind, ErrorInfo, EventKind, Message, NoticeLevel,
    PermissionRequest, Question, QuestionOption, RequestId, ToolCall, ToolResult, Usage,
};
use redact::Redactor;
use serde_json::Value;
use store::Store;
use tokio_util::sync::CancellationToken;
use tool::{AskPort, Jobs, TrashPort};

use crate::checkpoints::{CallSide, Keeper};
use crate::clock::now_ms;
use crate::context::ContextKeeper;
use crate::redaction;
use crate::session::Session;
use crate::trash::Trash;
use crate::undercover::{self, Watch};

/// Whether anybody can be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Audience {
    /// A window or a terminal shows questions.
    Person,
    /// A script runs us: what would ask is refused.
    Nobody,
}

/// The ports of one turn.
#[derive(Clone)]
pub(crate) struct Ports {
    pub session: Arc<Session>,
    pub store: Store,
    /// None when no snapshots are taken.
    pub checkpoints: Option<Arc<Keeper>>,
    pub cancel: CancellationToken,
    pub audience: Audience,
    pub keeper: ContextKeeper,
    /// Set while the session works under cover.
    pub watch: Option<Watch>,
    pub redactor: Redactor,
}

#[async_trait]
impl TurnPorts for Ports {
    async fn append(&self, message: Message) -> Result<Message, ErrorInfo> {
        let message = redaction::message(&self.redactor, &message).unwrap_or(message);
        self.store
            .append_message(&self.session.id, &message)
            .await?;
        self.session.emit(EventKind::MessageAdded {
            message: message.clone(),
        });
        Ok(message)
    }

    fn emit(&self, kind: EventKind) {
        self.session.emit(match kind {
            // Piece by piece; what is kept is the whole result.
            EventKind::ToolOutput {
                call_id,
                stream,
                text,
            } => EventKind::ToolOutput {
                call_id,
                stream,
                text: self.redactor.redact(&text).into_owned(),
            },
            kind => kind,
        });
    }

    fn cleaned(&self, result: ToolResult) -> ToolResult {
        redaction::result(&self.redactor, &result).unwrap_or(result)
    }

    async fn fit(&self, history: &[Message]) -> Vec<Message> {
        self.keeper.fit(history).await
    }

    async fn overflowed(&self, history: &[Message], said: &str) -> bool {
        self.keeper.overflowed(history, said).await
    }

    fn counted(&self, usage: &Usage) {
        self.keeper.counted(usage);
    }

    async fn permit(&self, request: PermissionRequest) -> Option<(Answer, AnsweredBy)> {
        if self.audience == Audience::Nobody {
            let answer = Answer::Deny { feedback: None };
            self.record_answer(&request, &answer, AnsweredBy::Nobody)
                .await;
            return Some((answer, AnsweredBy::Nobody));
        }
        let waiting = self.session.ask_permission(request.clone());
        let answered = tokio::select! {
            // Cancel-safe: the receiver is dropped with the turn that waits.
            biased;
            () = self.cancel.cancelled() => None,
            answered = waiting => answered.ok(),
        };
        match &answered {
            Some((answer, by)) => self.record_answer(&request, answer, *by).await,
            None => {
                self.session.answer_permission(
                    &request.id,
                    Answer::Deny { feedback: None },
                    AnsweredBy::Nobody,
                );
            }
        }
        answered
    }

    async fn decoy_called(&self, call: &ToolCall) {
        self.warn(format!(
            "The model called `{}`, a decoy: a tool that does not exist. Nothing was run.",
            call.name
        ));
        self.put_on_record(
            AuditKind::DecoyCalled,
            &call.name,
            "The model called a decoy; nothing was run.".to_owned(),
        )
        .await;
    }

    async fn ruled(&self, call: &ToolCall, plan: &CallPlan, word: Word<'_>) -> Result<(), Refusal> {
        self.record_word(call, plan, word).await
    }

    async fn ended(&self, call: &ToolCall, result: &ToolResult) {
        self.record_end(call, result).await;
    }

    async fn forbid(&self, _: &ToolCall, plan: &CallPlan) -> Option<Refusal> {
        let watch = self.watch.as_ref()?;
        let leak = watch.leak_of(plan).await?;
        self.warn(format!("Stopped under cover: {}", leak.in_words()));
        self.put_on_record(AuditKind::LeakStopped, &plan.subject, leak.in_words())
            .await;
        Some(leak.into_refusal())
    }

    fn jobs(&self) -> Arc<Jobs> {
        Arc::clone(&self.session.jobs)
    }

    fn trash(&self) -> Arc<dyn TrashPort> {
        Arc::new(Trash)
    }

    fn variables(&self) -> Vec<(String, String)> {
        self.watch
            .as_ref()
            .map(Watch::variables)
            .unwrap_or_default()
    }

    async fn before_run(&self, call: &ToolCall, plan: &CallPlan, may_change: bool) {
        let kept = async {
            if let Some(checkpoints) = self.checkpoints.as_ref().filter(|_| may_change) {
                checkpoints
                    .at_call(&self.session, call, plan, CallSide::Before)
                    .await;
            }
            if let Some(watch) = &self.watch {
                watch.before(call, plan).await;
            }
        };
        tokio::select! {
            // Cancel-safe: the snapshot goes on by itself.
            biased;
            () = self.cancel.cancelled() => {}
            () = kept => {}
        }
    }

    async fn after_run(
        &self,
        call: &ToolCall,
        plan: &CallPlan,
        may_change: bool,
    ) -> Option<String> {
        if let Some(checkpoints) = self.checkpoints.as_ref().filter(|_| may_change) {
            checkpoints
                .at_call(&self.session, call, plan, CallSide::After)
                .await;
        }
        let notes = self.keeper.notes_below(touched(plan)).await;
        let Some(watch) = &self.watch else {
            return notes;
        };
        let leaks = watch.after(call, plan).await;
        for leak in &leaks {
            self.warn(format!("Found under cover: {}", leak.in_words()));
            self.put_on_record(AuditKind::LeakFound, &leak.place, leak.in_words())
                .await;
        }
        let words: Vec<String> = [undercover::advice(&leaks), notes]
            .into_iter()
            .flatten()
            .collect();
        Some(words.join("\n\n")).filter(|words| !words.is_empty())
    }

    fn gate(&self) -> &dyn GatePort {
        self
    }

    fn ask(&self) -> Arc<dyn AskPort> {
        Arc::new(self.clone())
    }

    fn now_ms(&self) -> u64 {
        now_ms()
    }
}

/// Files and folders that a call named.
fn touched(plan: &CallPlan) -> Vec<PathBuf> {
    let path = |access: &Access| match access {
        Access::Read { path } | Access::Write { path } => Some(PathBuf::from(path)),
        _ => None,
    };
    plan.accesses.iter().filter_map(path).collect()
}

impl Ports {
    fn warn(&self, text: String) {
        self.session.emit(EventKind::Notice {
            level: NoticeLevel::Warning,
            text,
        });
    }
}

impl GatePort for Ports {
    fn judge(&self, call: &ToolCall, plan: &CallPlan) -> Verdict {
        let mode = self.session.mode();
        self.session.gate().judge(call, plan, mode)
    }

    fn settle(&self, request: &PermissionRequest, answer: &Answer) -> Result<Grant, Refusal> {
        self.session.gate().settle(request, answer)
    }
}

#[async_trait]
impl AskPort for Ports {
    async fn ask(&self, text: String, options: Vec<QuestionOption>) -> Option<String> {
        if self.audience == Audience::Nobody {
            return None;
        }
        let question = Question {
            id: RequestId::new(),
            text,
            options,
        };
        let id = question.id.clone();
        let waiting = self.session.ask_question(question);
        tokio::select! {
            // Cancel-safe: the receiver is dropped with the turn that waits.
            biased;
            () = self.cancel.cancelled() => {
                self.session.answer_question(&id, None);
                None
            }
            answered = waiting => answered.ok().flatten(),
        }
    }

    fn todos_changed(&self, todos: Value) {
        self.session.emit(EventKind::TodosChanged { todos });
    }
}
