//! Keeps a session's requests within the model's window: measures them, masks
//! old tool output first, then has the older part condensed in the background.
//!
//! The stored history is never changed. What condenses is a [`ContextKeeper`], one
//! per turn; what it found out stays with the session in [`ContextState`].

mod condense;
mod overflow;

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use agent::context::{
    Calibration, Compaction, RunningSum, View, choose_cut, masked_before, position,
    tokens_of_message, tokens_of_text,
};
use protocol::{
    Block, ContextPart, ContextPartKind, ContextReport, Effort, ErrorInfo, EventKind, Message,
    MessageId, NoticeLevel, Origin, Role, ToolSpec, Usage,
};
use provider::{Provider, Request};
use serde_json::Value;
use store::Store;
use tokio::sync::OwnedMutexGuard;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tool::Registry;

use crate::door::off_runtime;
use crate::memory;
use crate::session::Session;

pub(crate) use condense::condense;

/// From this share of the window on, old tool output is masked, and when
/// that is not enough, the older part is condensed in the background.
const CONDENSE_AT: f64 = 0.75;

/// From this share on, the next request waits for it.
const WAIT_AT: f64 = 0.92;

/// Share of the window that stays as it was said.
const KEEP: f64 = 0.30;

/// What is known of a session's context between turns.
#[derive(Debug, Default)]
pub(crate) struct ContextState {
    compaction: Option<Compaction>,
    pinned: HashSet<MessageId>,
    /// By model: each counts in its own way.
    calibrations: HashMap<String, Calibration>,
    /// Masked up to here. It only grows, and in steps, so that the provider's
    /// cache of the beginning holds for long.
    masked_to: Option<MessageId>,
    /// By model: what it takes at most, where a refusal has shown that it is
    /// less than was thought. As the model counts.
    ceilings: HashMap<String, u64>,
    /// Estimate of the last request, until the provider's count comes.
    estimated: u64,
    /// Notes of folders below the workspace that the model has been told.
    told: HashSet<PathBuf>,
    /// What was sent last.
    view: View,
    /// Its tokens.
    sum: RunningSum,
}

impl ContextState {
    pub fn restored(compaction: Option<Compaction>, pinned: HashSet<MessageId>) -> Self {
        Self {
            compaction,
            pinned,
            ..Self::default()
        }
    }

    pub fn set_compaction(&mut self, compaction: Option<Compaction>) {
        self.compaction = compaction;
        // The results that told them may be condensed or masked now.
        self.told.clear();
        self.history_changed();
    }

    /// What was made of the history is made anew.
    pub fn history_changed(&mut self) {
        self.view.forget();
        self.sum = RunningSum::default();
    }

    pub fn is_condensed(&self) -> bool {
        self.compaction.is_some()
    }

    pub fn set_pinned(&mut self, pinned: HashSet<MessageId>) {
        self.pinned = pinned;
    }

    /// A model takes no more than this.
    fn learn(&mut self, model: &str, most: u64) {
        let known = self.ceilings.entry(model.to_owned()).or_insert(most);
        *known = (*known).min(most);
    }

    fn masked_before(&self, history: &[Message]) -> usize {
        self.masked_to
            .as_ref()
            .and_then(|id| position(history, id))
            .unwrap_or(0)
    }

    fn visible(&mut self, history: &[Message]) -> Vec<Message> {
        let masked_before = self.masked_before(history);
        self.view
            .of(history, self.compaction.as_ref(), masked_before)
    }
}

/// The parts of a request that a session does not change.
#[derive(Clone)]
pub(crate) struct Frame {
    pub provider: Arc<dyn Provider>,
    pub model: String,
    /// The whole system prompt, memory files included.
    pub system: String,
    /// The memory files' share of it.
    pub memory: String,
    pub registry: Registry,
    pub max_output_tokens: u32,
    pub effort: Effort,
    /// The commander answers, which takes no notes.
    pub offline: bool,
    /// Tokens the model takes; none when there is no limit to keep.
    pub window: Option<u64>,
    /// Tokens of the tools' names, prompts and schemas, uncorrected; decoys
    /// included.
    pub tool_tokens: u64,
    /// What is done when the window fills.
    pub relief: Relief,
    /// Notes of folders below the workspace are told.
    pub tells_notes: bool,
}

/// What is done by itself when the window fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Relief {
    /// Old tool output is masked.
    pub masks: bool,
    /// The older part is condensed.
    pub condenses: bool,
}

/// Tokens that definitions of tools take in every request.
pub(crate) fn tool_tokens(specs: &[ToolSpec]) -> u64 {
    let of = |spec: &ToolSpec| {
        tokens_of_text(&spec.name)
            + tokens_of_text(&spec.description)
            + tokens_of_text(&spec.input_schema.to_string())
    };
    specs.iter().map(of).sum()
}

impl Frame {
    fn request(&self, messages: Vec<Message>) -> Request {
        Request {
            model: self.model.clone(),
            system: self.system.clone(),
            messages,
            tools: self.registry.specs().to_vec(),
            max_output_tokens: self.max_output_tokens,
            effort: self.effort,
        }
    }

    /// Tokens a request may have besides its answer.
    fn room(&self) -> Option<u64> {
        let window = self.window?;
        Some(window.saturating_sub(u64::from(self.max_output_tokens).min(window / 4)))
    }
}

/// Watches over the requests of one turn.
#[derive(Clone)]
pub(crate) struct ContextKeeper {
    pub session: Arc<Session>,
    pub store: Store,
    pub frame: Frame,
    pub tasks: TaskTracker,
    /// Nothing is begun any more once this fires.
    pub shutdown: CancellationToken,
}

impl ContextKeeper {
    /// The messages of the next request. Starts condensing when the window
    /// fills, and waits for it only when nothing else would fit.
    pub async fn fit(&self, history: &[Message]) -> Vec<Message> {
        let mut messages = self.state().visible(history);
        let mut estimated = self.estimate(&messages);
        if let Some(room) = self.room()
            && self.correct(estimated) > share(room, CONDENSE_AT)
        {
            messages = self.make_room(history, room).await;
            estimated = self.estimate(&messages);
        }
        self.state().estimated = estimated;
        messages
    }

    /// Masks, and condenses when masking is not enough.
    async fn make_room(&self, history: &[Message], room: u64) -> Vec<Message> {
        if self.frame.relief.masks {
            self.mask_more(history);
        }
        let messages = self.state().visible(history);
        let tokens = self.tokens(&messages);
        if tokens <= share(room, CONDENSE_AT) || !self.frame.relief.condenses {
            return messages;
        }
        let running = Arc::clone(&self.session.condensing);
        if tokens <= share(room, WAIT_AT) {
            if let Ok(claim) = running.try_lock_owned() {
                self.condense_behind(history, claim);
            }
            return messages;
        }
        let claim = running.lock().await;
        // The one that ran may have been enough.
        let messages = self.state().visible(history);
        if self.tokens(&messages) <= share(room, WAIT_AT) {
            return messages;
        }
        let done = condense(self, history, None).await;
        drop(claim);
        self.tell(done);
        self.state().visible(history)
    }

    fn condense_behind(&self, history: &[Message], claim: OwnedMutexGuard<()>) {
        let (keeper, history) = (self.clone(), history.to_vec());
        self.tasks.spawn(async move {
            let done = condense(&keeper, &history, None).await;
            keeper.tell(done);
            drop(claim);
        });
    }

    /// Learns from what the provider counted.
    pub fn counted(&self, usage: &Usage) {
        let counted = usage.input_tokens + usage.cache_read_tokens + usage.cache_write_tokens;
        let mut state = self.state();
        let estimated = std::mem::take(&mut state.estimated);
        state
            .calibrations
            .entry(self.frame.model.clone())
            .or_default()
            .observe(estimated, counted);
        drop(state);
        if counted > 0 {
            self.session.emit(EventKind::ContextChanged {
                used_tokens: counted + usage.output_tokens,
                window: self.window(),
            });
        }
    }

    /// What the next request would hold.
    pub fn report(&self, history: &[Message]) -> ContextReport {
        let window = self.window();
        let mut state = self.state();
        let calibration = self.calibration(&state);
        let messages = state.visible(history);
        let decoys = self.frame.registry.decoys();
        let decoy_tokens = tool_tokens(decoys);
        let mut parts = vec![
            (
                ContextPartKind::System,
                tokens_of_text(&self.frame.system)
                    .saturating_sub(tokens_of_text(&self.frame.memory)),
            ),
            (
                ContextPartKind::Tools,
                self.frame.tool_tokens.saturating_sub(decoy_tokens),
            ),
            (ContextPartKind::Decoys, decoy_tokens),
            (ContextPartKind::Memory, tokens_of_text(&self.frame.memory)),
        ];
        for kind in [
            ContextPartKind::Summary,
            ContextPartKind::Requests,
            ContextPartKind::Answers,
            ContextPartKind::Results,
        ] {
            let of_kind = messages.iter().filter(|message| kind_of(message) == kind);
            parts.push((kind, of_kind.map(tokens_of_message).sum()));
        }
        let names = |kind| {
            let names = decoys.iter().map(|decoy| decoy.name.clone());
            (kind == ContextPartKind::Decoys).then(|| names.collect())
        };
        let parts: Vec<ContextPart> = parts
            .into_iter()
            .filter(|(kind, _)| *kind != ContextPartKind::Decoys || !decoys.is_empty())
            .map(|(kind, tokens)| ContextPart {
                kind,
                tokens: calibration.correct(tokens),
                names: names(kind),
            })
            .collect();
        ContextReport {
            window,
            used: parts.iter().map(|part| part.tokens).sum(),
            parts,
            condensed: state.is_condensed(),
            masked: state.masked_before(history) as u64,
        }
    }

    /// Tokens the model takes, by the catalogue or by what it refused.
    fn window(&self) -> Option<u64> {
        let learnt = self.learnt();
        self.frame.window.into_iter().chain(learnt).min()
    }

    /// Tokens a request may have besides its answer.
    fn room(&self) -> Option<u64> {
        let learnt = self.learnt();
        self.frame.room().into_iter().chain(learnt).min()
    }

    fn learnt(&self) -> Option<u64> {
        self.state().ceilings.get(&self.frame.model).copied()
    }

    fn estimate(&self, messages: &[Message]) -> u64 {
        tokens_of_text(&self.frame.system) + self.frame.tool_tokens + self.state().sum.of(messages)
    }

    /// Tokens of a request with these messages, as the model counts them.
    fn tokens(&self, messages: &[Message]) -> u64 {
        self.correct(self.estimate(messages))
    }

    fn correct(&self, estimated: u64) -> u64 {
        self.calibration(&self.state()).correct(estimated)
    }

    fn calibration(&self, state: &ContextState) -> Calibration {
        let known = state.calibrations.get(&self.frame.model);
        known.copied().unwrap_or_default()
    }

    /// Moves the mask forward, as far as it goes.
    fn mask_more(&self, history: &[Message]) {
        let to = masked_before(history);
        let mut state = self.state();
        if to > state.masked_before(history) {
            state.masked_to = history.get(to).map(|message| message.id.clone());
            state.told.clear();
            state.sum = RunningSum::default();
        }
    }

    /// Where to cut, in tokens as the model counts them.
    fn cut(&self, history: &[Message]) -> Option<usize> {
        let room = self.room();
        let state = self.state();
        let calibration = self.calibration(&state);
        let tokens: Vec<u64> = history
            .iter()
            .map(|message| calibration.correct(tokens_of_message(message)))
            .collect();
        let keep = room.map_or(u64::MAX, |room| share(room, KEEP));
        let cut = choose_cut(history, &tokens, keep)?;
        let before = state
            .compaction
            .as_ref()
            .and_then(|compaction| position(history, &compaction.first_kept));
        // What is condensed already is not condensed again.
        (before.unwrap_or(0) < cut).then_some(cut)
    }

    /// Notes of the folders in which these paths lie, as far as they are new
    /// to the model.
    pub async fn notes_below(&self, paths: Vec<PathBuf>) -> Option<String> {
        if paths.is_empty() || !self.frame.tells_notes {
            return None;
        }
        let workspace = self.session.workspace.clone();
        let mut told = self.state().told.clone();
        let found = off_runtime(move || {
            let notes = memory::notes_below(&workspace, &paths, &mut told);
            Ok((notes, told))
        });
        let (notes, told) = found.await.ok()?;
        self.state().told.extend(told);
        notes
    }

    fn tell(&self, done: Result<bool, ErrorInfo>) {
        if let Err(error) = done {
            tracing::warn!(message = %error.message, "the conversation could not be condensed");
            self.session.emit(EventKind::Notice {
                level: NoticeLevel::Warning,
                text: format!("The conversation could not be condensed: {}", error.message),
            });
        }
    }

    fn state(&self) -> MutexGuard<'_, ContextState> {
        lock(&self.session.context)
    }

    fn todos(&self) -> Value {
        self.session.todos()
    }
}

fn kind_of(message: &Message) -> ContextPartKind {
    let has_results = message
        .blocks
        .iter()
        .any(|block| matches!(block, Block::ToolResult(_)));
    match (message.role, message.origin) {
        (Role::Assistant, _) => ContextPartKind::Answers,
        (Role::User, _) if has_results => ContextPartKind::Results,
        (Role::User, Origin::Program) => ContextPartKind::Summary,
        (Role::User, _) => ContextPartKind::Requests,
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "windows stay far below 2^52 and are not negative"
)]
fn share(room: u64, part: f64) -> u64 {
    (room as f64 * part) as u64
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
