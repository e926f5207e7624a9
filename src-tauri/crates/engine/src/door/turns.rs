//! From a submission to the end of its turn.

use std::sync::Arc;
use std::time::Instant;

use agent::{Surroundings, Turn, TurnEnd, TurnPorts, run_turn, system_prompt};
use protocol::{
    ErrorInfo, ErrorKind, EventKind, Message, NoticeLevel, Origin, SessionId, SessionState,
    StopReason, TurnId,
};
use store::TurnStart;
use tokio_util::sync::CancellationToken;
use tool::Registry;

use super::{Inner, Submission, budget, lock, naming, off_runtime, usable_workspace};
use crate::attachment;
use crate::clock::{now_ms, utc_date};
use crate::context::{ContextKeeper, Frame, Relief, tool_tokens};
use crate::decoys;
use crate::flags;
use crate::memory;
use crate::ports::Ports;
use crate::providers::Chosen;
use crate::redaction;
use crate::session::Session;
use crate::title;
use crate::undercover::Watch;

/// Makes the request durable and starts its turn.
pub(super) async fn submit(
    inner: &Arc<Inner>,
    id: &SessionId,
    submission: Submission,
) -> Result<TurnId, ErrorInfo> {
    if submission.text.trim().is_empty()
        && submission.attachments.is_empty()
        && submission.attachments_of.is_none()
    {
        return Err(ErrorInfo::new(
            ErrorKind::Usage,
            "The request is empty.",
            "Say or type what you want.",
        ));
    }
    let session = inner.session(id).await?;
    usable_workspace(&session.workspace)?;
    let turn_id = TurnId::new();
    let cancel = inner.shutdown.child_token();
    if !session.begin(&turn_id, &cancel) {
        return Err(ErrorInfo::new(
            ErrorKind::Busy,
            "A turn is running in this session.",
            "Wait for it to end, or stop it first.",
        ));
    }
    let begun = begin(inner, &session, &turn_id, submission).await;
    if let Err(error) = begun {
        session.end(SessionState::Idle);
        return Err(error);
    }
    let (inner, spawned_id) = (Arc::clone(inner), turn_id.clone());
    let tracker = inner.tasks.clone();
    tracker.spawn(async move { run(&inner, &session, spawned_id, cancel).await });
    Ok(turn_id)
}

/// Writes session and request to the store.
async fn begin(
    inner: &Inner,
    session: &Arc<Session>,
    turn_id: &TurnId,
    submission: Submission,
) -> Result<(), ErrorInfo> {
    let earlier = match submission.attachments_of {
        Some(id) => {
            let message = inner.store.message(&session.id, &id).await?;
            message.attachments().cloned().collect()
        }
        None => Vec::new(),
    };
    let blocks = attachment::blocks(earlier, submission.attachments).await?;
    let mut message = Message::user_text(
        turn_id.clone(),
        submission.text,
        submission.origin,
        now_ms(),
    );
    if message.text().trim().is_empty() {
        message.blocks.clear();
    }
    if let Some(clean) = redaction::message(&inner.redactor, &message) {
        tell_of_secrets(inner, session, &message);
        message = clean;
    }
    // Models look at the files first and read the question then.
    message.blocks.splice(..0, blocks);
    if !session.is_stored() {
        session.rename(title_of(&message));
        inner.store.create_session(&session.summary()).await?;
        inner.store.set_mode(&session.id, session.mode()).await?;
        session.mark_stored();
    }
    inner.store.append_message(&session.id, &message).await?;
    session.history.lock().await.push(message.clone());
    if inner.flag(flags::CHECKPOINTS) {
        inner.checkpoints.at_message(session, &message.id).await;
    }
    session.emit(EventKind::MessageAdded { message });
    session.announce();
    Ok(())
}

/// Says what was left out of a request, and what to do instead.
fn tell_of_secrets(inner: &Inner, session: &Session, message: &Message) {
    let names = redaction::names_in(&inner.redactor, &message.text()).join(", ");
    session.emit(EventKind::Notice {
        level: NoticeLevel::Warning,
        text: format!(
            "A secret in your message was left out ({names}): it is neither sent nor kept. Put it into a file or the environment, and say where it is."
        ),
    });
}

/// Made of the words, or of the first file's name where there are none.
fn title_of(message: &Message) -> String {
    let text = message.text();
    let first = message.attachments().next();
    match first {
        Some(attachment) if text.trim().is_empty() => title::from_request(&attachment.name),
        _ => title::from_request(&text),
    }
}

async fn run(
    inner: &Arc<Inner>,
    session: &Arc<Session>,
    turn_id: TurnId,
    cancel: CancellationToken,
) {
    let started = Instant::now();
    let mut namer = None;
    inner.choose_search();
    let end = match inner.choose_provider(session).await {
        Ok(chosen) => {
            namer = naming::Namer::of(inner, &chosen);
            run_with(inner, session, &turn_id, chosen, cancel).await
        }
        Err(error) => TurnEnd::failed(error),
    };
    let namer = namer.filter(|_| end.reason == StopReason::Done);
    let finished = inner
        .store
        .turn_finished(&turn_id, end.reason, end.usage, now_ms())
        .await;
    if let Err(error) = finished {
        tracing::error!(%error, turn = %turn_id, "the end of a turn could not be recorded");
    }
    inner.keep_rule_uses(session).await;
    if let Some(error) = &end.error {
        tracing::warn!(kind = ?error.kind, message = %error.message, turn = %turn_id, "turn failed");
    }
    let state = if end.reason == StopReason::Failed {
        SessionState::Failed
    } else {
        SessionState::Idle
    };
    session.end(state);
    session.emit(EventKind::TurnFinished {
        turn_id,
        reason: end.reason,
        error: end.error,
        usage: end.usage,
        duration_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
    });
    if let Some(namer) = namer {
        naming::name_behind(inner, session, namer).await;
    }
}

async fn run_with(
    inner: &Inner,
    session: &Arc<Session>,
    turn_id: &TurnId,
    chosen: Chosen,
    cancel: CancellationToken,
) -> TurnEnd {
    let active = &chosen.active;
    let start = TurnStart {
        session: session.id.clone(),
        turn: turn_id.clone(),
        provider: active.id.clone(),
        model: active.model.clone(),
        at_ms: now_ms(),
    };
    if let Err(error) = inner.store.turn_started(&start).await {
        return TurnEnd::failed(error.into());
    }
    if let Err(error) = inner.settle_mode(session).await {
        return TurnEnd::failed(error);
    }
    session.set_rules(lock(&inner.rules).clone());
    session.emit(EventKind::TurnStarted {
        turn_id: turn_id.clone(),
        provider: active.id.clone(),
        model: active.model.clone(),
        mode: session.mode(),
    });
    if let Some(text) = chosen.notice.clone()
        && lock(&inner.told).insert(text.clone())
    {
        session.emit(EventKind::Notice {
            level: NoticeLevel::Info,
            text,
        });
    }
    if let Some(text) = session.cover().and_then(|cover| cover.announcement()) {
        session.emit(EventKind::Notice {
            level: NoticeLevel::Info,
            text: text.to_owned(),
        });
    }
    let limits = match budget::limits(inner, session, &chosen).await {
        Ok(limits) => limits,
        Err(error) => return TurnEnd::failed(error),
    };
    let keeper = keeper(inner, session, &chosen).await;
    let turn = Turn {
        id: turn_id.clone(),
        system: keeper.frame.system.clone(),
        model: chosen.active.model.clone(),
        max_output_tokens: chosen.max_output_tokens,
        effort: chosen.active.effort,
        limits,
        provider: chosen.provider,
        registry: keeper.frame.registry.clone(),
        workspace: session.workspace.clone(),
        files: Arc::clone(&session.files),
        cancel: cancel.clone(),
    };
    let ports: Arc<dyn TurnPorts> = Arc::new(Ports {
        session: Arc::clone(session),
        store: inner.store.clone(),
        checkpoints: inner
            .flag(flags::CHECKPOINTS)
            .then(|| Arc::clone(&inner.checkpoints)),
        cancel,
        audience: inner.audience(),
        keeper,
        watch: session.cover().map(Watch::new),
        redactor: inner.redactor.clone(),
    });
    let mut history = session.history.lock().await;
    run_turn(&turn, &ports, &mut history).await
}

/// What watches over the requests of a session to this provider.
pub(super) async fn keeper(
    inner: &Inner,
    session: &Arc<Session>,
    chosen: &Chosen,
) -> ContextKeeper {
    let cover = session.cover();
    let mut memory = memory_part(inner, session).await;
    if let Some(cover) = &cover {
        memory = cover.without_paths(&memory);
    }
    let mut system = system_prompt(&Surroundings {
        workspace: session.workspace.display().to_string(),
        os: std::env::consts::OS,
        date: utc_date(session.summary().created_ms),
        mode: session.mode(),
        undercover: cover.is_some(),
    });
    system.push_str(&memory);
    let registry = registry(inner, session, chosen).await;
    ContextKeeper {
        session: Arc::clone(session),
        store: inner.store.clone(),
        frame: Frame {
            provider: Arc::clone(&chosen.provider),
            model: chosen.active.model.clone(),
            system,
            memory,
            max_output_tokens: chosen.max_output_tokens,
            effort: chosen.active.effort,
            offline: chosen.active.offline,
            window: chosen.window,
            tool_tokens: tool_tokens(registry.specs()),
            registry,
            relief: Relief {
                masks: inner.flag(flags::MASK_OUTPUT),
                condenses: inner.flag(flags::AUTO_COMPACT),
            },
            tells_notes: inner.flag(flags::MEMORY_FILES),
        },
        tasks: inner.tasks.clone(),
        shutdown: inner.shutdown.clone(),
    }
}

/// The tools of a session, with decoys among them when the user wants that.
/// The offline commander sends nothing anywhere and gets none.
async fn registry(inner: &Inner, session: &Session, chosen: &Chosen) -> Registry {
    let plain = inner.registry.clone();
    if chosen.active.offline || !inner.flag(flags::DECOYS) {
        return plain;
    }
    let (data, workspace) = (inner.home.data.clone(), session.workspace.clone());
    let registry = plain.clone();
    let mixed = tokio::task::spawn_blocking(move || decoys::among(registry, &data, &workspace));
    let problem = match mixed.await {
        Ok(Ok(registry)) => return registry,
        Ok(Err(error)) => error.to_string(),
        Err(error) => error.to_string(),
    };
    session.emit(EventKind::Notice {
        level: NoticeLevel::Warning,
        text: format!("No decoys are sent: their seed cannot be kept ({problem})."),
    });
    plain
}

/// The memory files as they are now. Someone who edits one wants it heeded in
/// the next turn, even if the provider's cache has to begin anew for it.
async fn memory_part(inner: &Inner, session: &Session) -> String {
    if !inner.flag(flags::MEMORY_FILES) {
        return String::new();
    }
    let (config, workspace) = (inner.home.config.clone(), session.workspace.clone());
    let found = off_runtime(move || Ok(memory::find(&config, &workspace))).await;
    match found {
        Ok(files) => memory::prompt_part(&files),
        Err(error) => {
            tracing::warn!(message = %error.message, "the memory files could not be read");
            String::new()
        }
    }
}

impl Submission {
    /// A typed request.
    #[must_use]
    pub fn typed(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            origin: Origin::Typed,
            ..Self::default()
        }
    }
}
