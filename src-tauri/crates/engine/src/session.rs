//! One open session: what of it lives in memory while the store keeps the
//! rest. All small state sits behind one mutex that no await is held over.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent::context::Compaction;
use permission::{Gate, Rules};
use protocol::{
    Answer, AnsweredBy, Block, Event, EventKind, Message, MessageId, Origin, PermissionMode,
    PermissionRequest, Question, RequestId, Role, RuleUse, SessionId, SessionState, SessionSummary,
    TurnId, Usage,
};
use serde_json::Value;
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tool::{FileLedger, Jobs};

use crate::SessionView;
use crate::clock::{now_ms, utc_date};
use crate::context::ContextState;
use crate::hub::Hub;
use crate::settings::project::Project;
use crate::undercover::Cover;

/// One open session.
pub(crate) struct Session {
    pub id: SessionId,
    pub workspace: PathBuf,
    pub files: Arc<FileLedger>,
    /// Its commands in the background.
    pub jobs: Arc<Jobs>,
    gate: Mutex<Gate>,
    /// What its workspace asks for.
    project: Project,
    /// Set while it is worked on under cover.
    cover: Mutex<Option<Arc<Cover>>>,
    pub context: Mutex<ContextState>,
    /// Held while the conversation is being condensed.
    pub condensing: Arc<tokio::sync::Mutex<()>>,
    /// Held by the running turn for its whole length.
    pub history: tokio::sync::Mutex<Vec<Message>>,
    hub: Hub,
    live: Mutex<Live>,
}

struct Live {
    summary: SessionSummary,
    /// The store has a row for it.
    stored: bool,
    mode: PermissionMode,
    running: Option<Running>,
    partial: Option<Partial>,
    permissions: HashMap<RequestId, Waiting<PermissionRequest, (Answer, AnsweredBy)>>,
    questions: HashMap<RequestId, Waiting<Question, Option<String>>>,
    todos: Value,
    usage: Usage,
    /// How often each rule let a call through since that was last kept.
    rule_uses: HashMap<String, RuleUse>,
    seq: u64,
}

struct Running {
    turn_id: TurnId,
    cancel: CancellationToken,
}

/// An answer that streams at this moment.
struct Partial {
    message_id: MessageId,
    text: String,
}

struct Waiting<Q, A> {
    question: Q,
    answer: oneshot::Sender<A>,
}

impl Session {
    pub fn new(
        summary: SessionSummary,
        mode: PermissionMode,
        hub: Hub,
        (rules, project): (Rules, Project),
        jobs: Jobs,
    ) -> Self {
        let mode = project.cap(mode);
        let workspace = PathBuf::from(&summary.workspace);
        let rules = in_force(&project.tighten(rules), &workspace);
        let gate = Gate::with_rules(workspace, rules);
        Self {
            id: summary.id.clone(),
            workspace: PathBuf::from(&summary.workspace),
            files: Arc::new(FileLedger::default()),
            jobs: Arc::new(jobs),
            gate: Mutex::new(gate),
            project,
            cover: Mutex::default(),
            context: Mutex::default(),
            condensing: Arc::default(),
            history: tokio::sync::Mutex::new(Vec::new()),
            hub,
            live: Mutex::new(Live {
                summary,
                stored: false,
                mode,
                running: None,
                partial: None,
                permissions: HashMap::new(),
                questions: HashMap::new(),
                todos: Value::Null,
                usage: Usage::default(),
                rule_uses: HashMap::new(),
                seq: 0,
            }),
        }
    }

    /// A session that the store already has.
    pub fn restored(self, history: Vec<Message>, usage: Usage, context: ContextState) -> Self {
        {
            let mut live = self.live();
            live.stored = true;
            live.usage = usage;
            live.todos = last_todos(&history);
        }
        if let Some(source) = first_source(&history) {
            self.gate().taint(source);
        }
        Self {
            history: tokio::sync::Mutex::new(history),
            context: Mutex::new(context),
            ..self
        }
    }

    fn live(&self) -> MutexGuard<'_, Live> {
        self.live.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Numbers an event, folds it into what is live, and sends it.
    pub fn emit(&self, kind: EventKind) {
        let mut live = self.live();
        live.fold(&kind);
        live.seq += 1;
        // Sent under the lock, so that `seq` and the order of arrival agree.
        self.hub.send(Event {
            session_id: self.id.clone(),
            seq: live.seq,
            at_ms: now_ms(),
            kind,
        });
    }

    pub fn mode(&self) -> PermissionMode {
        self.live().mode
    }

    /// The loosest mode the project allows, at most this one.
    pub fn cap(&self, mode: PermissionMode) -> PermissionMode {
        self.project.cap(mode)
    }

    /// What its project asks for.
    pub fn project(&self) -> &Project {
        &self.project
    }

    /// What it keeps to itself; none when it does not work under cover.
    pub fn cover(&self) -> Option<Arc<Cover>> {
        let cover = self.cover.lock().unwrap_or_else(PoisonError::into_inner);
        cover.clone()
    }

    pub fn set_cover(&self, cover: Option<Cover>) {
        *self.cover.lock().unwrap_or_else(PoisonError::into_inner) = cover.map(Arc::new);
    }

    /// Sets a mode that the project allows.
    pub fn set_mode(&self, mode: PermissionMode) {
        self.live().mode = mode;
        self.emit(EventKind::ModeChanged { mode });
    }

    pub fn set_compaction(&self, compaction: Option<Compaction>) {
        self.context().set_compaction(compaction);
    }

    pub fn set_pinned(&self, pinned: HashSet<MessageId>) {
        self.context().set_pinned(pinned);
    }

    fn context(&self) -> MutexGuard<'_, ContextState> {
        self.context.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The todo list as the `todo` tool left it.
    pub fn todos(&self) -> Value {
        self.live().todos.clone()
    }

    pub fn set_rules(&self, rules: Rules) {
        let rules = self.rules_of(&rules);
        self.gate().set_rules(rules);
    }

    /// What of the user's rules holds here today, with the project's own.
    pub fn rules_of(&self, user: &Rules) -> Rules {
        in_force(&self.project.tighten(user.clone()), &self.workspace)
    }

    pub fn gate(&self) -> MutexGuard<'_, Gate> {
        self.gate.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A rule let a call through.
    pub fn rule_used(&self, rule: &str, at_ms: u64) {
        let mut live = self.live();
        let used = live.rule_uses.entry(rule.to_owned()).or_insert(RuleUse {
            rule: rule.to_owned(),
            count: 0,
            used_ms: at_ms,
        });
        used.count += 1;
        used.used_ms = at_ms;
    }

    /// The uses since the last call of this.
    pub fn take_rule_uses(&self) -> Vec<RuleUse> {
        std::mem::take(&mut self.live().rule_uses)
            .into_values()
            .collect()
    }

    /// The rule that a question still open offers to save.
    pub fn rule_on_offer(&self, id: &RequestId) -> Option<String> {
        let live = self.live();
        live.permissions.get(id)?.question.rule.clone()
    }

    pub fn set_sandbox(&self, hidden: Option<Vec<PathBuf>>) {
        self.gate().set_sandbox(hidden);
    }

    pub fn summary(&self) -> SessionSummary {
        self.live().summary.clone()
    }

    pub fn is_stored(&self) -> bool {
        self.live().stored
    }

    pub fn mark_stored(&self) {
        self.live().stored = true;
    }

    pub fn rename(&self, title: String) {
        self.live().summary.title = title;
        self.announce();
    }

    /// Takes over what follows from a history that was cut or exchanged.
    pub fn history_changed(&self, history: &[Message]) {
        let todos = last_todos(history);
        self.context
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .history_changed();
        self.live().summary.message_count = history.len() as u64;
        self.emit(EventKind::TodosChanged { todos });
        self.announce();
    }

    /// Claims the session for a turn; false when one runs already.
    pub fn begin(&self, turn_id: &TurnId, cancel: &CancellationToken) -> bool {
        let mut live = self.live();
        if live.running.is_some() {
            return false;
        }
        live.running = Some(Running {
            turn_id: turn_id.clone(),
            cancel: cancel.clone(),
        });
        live.summary.state = SessionState::Working;
        true
    }

    /// Gives the session free again.
    pub fn end(&self, state: SessionState) {
        {
            let mut live = self.live();
            live.running = None;
            live.partial = None;
            live.summary.state = state;
            live.permissions.clear();
            live.questions.clear();
        }
        self.announce();
    }

    /// Stops the running turn; false when none runs.
    pub fn cancel(&self) -> bool {
        let running = self
            .live()
            .running
            .as_ref()
            .map(|running| (running.turn_id.clone(), running.cancel.clone()));
        let Some((turn_id, cancel)) = running else {
            return false;
        };
        tracing::info!(session = %self.id, turn = %turn_id, "turn cancelled");
        cancel.cancel();
        true
    }

    /// Sends the session's line as it is now.
    pub fn announce(&self) {
        let summary = self.summary();
        self.emit(EventKind::SessionUpdated { summary });
    }

    /// Registers a permission question and announces it.
    pub fn ask_permission(
        &self,
        request: PermissionRequest,
    ) -> oneshot::Receiver<(Answer, AnsweredBy)> {
        let (tx, rx) = oneshot::channel();
        {
            let mut live = self.live();
            live.summary.state = SessionState::Waiting;
            live.permissions.insert(
                request.id.clone(),
                Waiting {
                    question: request.clone(),
                    answer: tx,
                },
            );
        }
        self.emit(EventKind::PermissionAsked { request });
        self.announce();
        rx
    }

    /// The first answer wins; false for every later one.
    pub fn answer_permission(&self, id: &RequestId, answer: Answer, by: AnsweredBy) -> bool {
        let Some(waiting) = self.live().permissions.remove(id) else {
            return false;
        };
        self.emit(EventKind::PermissionAnswered {
            request_id: id.clone(),
            answer: answer.clone(),
            by,
        });
        self.back_to_work();
        waiting.answer.send((answer, by)).is_ok()
    }

    /// Registers an `ask_user` question and announces it.
    pub fn ask_question(&self, question: Question) -> oneshot::Receiver<Option<String>> {
        let (tx, rx) = oneshot::channel();
        {
            let mut live = self.live();
            live.summary.state = SessionState::Waiting;
            live.questions.insert(
                question.id.clone(),
                Waiting {
                    question: question.clone(),
                    answer: tx,
                },
            );
        }
        self.emit(EventKind::QuestionAsked { question });
        self.announce();
        rx
    }

    /// The first answer wins; false for every later one.
    pub fn answer_question(&self, id: &RequestId, answer: Option<String>) -> bool {
        let Some(waiting) = self.live().questions.remove(id) else {
            return false;
        };
        self.emit(EventKind::QuestionAnswered {
            request_id: id.clone(),
            answer: answer.clone(),
        });
        self.back_to_work();
        waiting.answer.send(answer).is_ok()
    }

    fn back_to_work(&self) {
        {
            let mut live = self.live();
            let waits = !live.permissions.is_empty() || !live.questions.is_empty();
            live.summary.state = if waits {
                SessionState::Waiting
            } else {
                SessionState::Working
            };
        }
        self.announce();
    }

    /// What a window needs to draw the session, apart from the messages.
    pub fn view(&self) -> SessionView {
        let undercover = self.cover().is_some();
        let live = self.live();
        SessionView {
            summary: live.summary.clone(),
            messages: live
                .partial
                .iter()
                .map(|partial| partial.message(live.running.as_ref()))
                .collect(),
            older: None,
            unreadable: None,
            mode: live.mode,
            undercover,
            running: live.running.is_some(),
            permissions: live
                .permissions
                .values()
                .map(|waiting| waiting.question.clone())
                .collect(),
            questions: live
                .questions
                .values()
                .map(|waiting| waiting.question.clone())
                .collect(),
            todos: live.todos.clone(),
            usage: live.usage,
            last_seq: live.seq,
        }
    }
}

impl Live {
    /// Keeps what a window opened later must still see.
    fn fold(&mut self, kind: &EventKind) {
        match kind {
            EventKind::MessageStarted { message_id } => {
                self.partial = Some(Partial {
                    message_id: message_id.clone(),
                    text: String::new(),
                });
            }
            EventKind::TextDelta { text, .. } => {
                if let Some(partial) = &mut self.partial {
                    partial.text.push_str(text);
                }
            }
            EventKind::MessageDiscarded { .. } => self.partial = None,
            EventKind::MessageAdded { message } => {
                self.summary.message_count += 1;
                self.summary.updated_ms = message.created_ms;
                if message.role == Role::Assistant {
                    self.partial = None;
                }
            }
            EventKind::TodosChanged { todos } => self.todos = todos.clone(),
            EventKind::UsageReported { usage } => self.usage += *usage,
            _ => {}
        }
    }
}

impl Partial {
    fn message(&self, running: Option<&Running>) -> Message {
        Message {
            id: self.message_id.clone(),
            turn_id: running.map_or_else(|| TurnId::from(""), |running| running.turn_id.clone()),
            role: Role::Assistant,
            origin: Origin::Program,
            blocks: vec![Block::Text {
                text: self.text.clone(),
            }]
            .into(),
            created_ms: now_ms(),
        }
    }
}

/// The rules that hold in `workspace` today.
fn in_force(rules: &Rules, workspace: &Path) -> Rules {
    rules.in_force(workspace, &utc_date(now_ms()))
}

/// The first thing in a history that others may have written.
fn first_source(history: &[Message]) -> Option<String> {
    let blocks = history.iter().flat_map(|message| message.blocks.iter());
    blocks
        .filter_map(|block| match block {
            Block::ToolResult(result) => result.source.clone(),
            _ => None,
        })
        .next()
}

/// The todo list as the last `todo` call of a history left it.
fn last_todos(history: &[Message]) -> Value {
    history
        .iter()
        .rev()
        .flat_map(|message| message.tool_calls().collect::<Vec<_>>().into_iter().rev())
        .find(|call| call.name == "todo")
        .and_then(|call| call.input.get("todos").cloned())
        .unwrap_or(Value::Null)
}
