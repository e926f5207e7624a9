//! Where the agent's and the microphone's events are spread: to the window,
//! the pet, the dialogs, the notifications, and from a transcript back to
//! the agent.

use engine::{Engine, EventStream, Submission, VoiceSend};
use protocol::{
    Answer, AnsweredBy, ErrorInfo, Event, EventKind, Origin, PermissionRequest, RequestId, Role,
    SessionId,
};
use tauri::{AppHandle, Manager};
use tokio::sync::mpsc;
use voice::{VoiceEvent, VoiceState};

use crate::brief::{Brief, Choice};
use crate::ipc::types::ShellEvent;
use crate::{Shell, dialog, hotkey, ipc, notify, window};

/// Spreads the agent's events until the engine is gone.
pub async fn follow_agent(app: AppHandle, mut events: EventStream) {
    let mut last_answer = String::new();
    while let Some(next) = events.next().await {
        let shell = app.state::<Shell>();
        match next {
            Ok(event) => {
                on_agent(&app, &shell, &event, &mut last_answer);
                shell.relay.send(ShellEvent::Agent { event });
            }
            Err(lagged) => shell.relay.send(ShellEvent::Lagged { count: lagged.0 }),
        }
    }
}

fn on_agent(app: &AppHandle, shell: &Shell, event: &Event, last_answer: &mut String) {
    window::pet::on_agent(app, event);
    match &event.kind {
        EventKind::MessageAdded { message } if message.role == Role::Assistant => {
            *last_answer = message.text()
        }
        EventKind::PermissionAsked { request } => {
            ask_everywhere(app, shell, &event.session_id, request)
        }
        EventKind::PermissionAnswered { request_id, .. } => {
            dialog::withdraw(app, request_id.clone());
            window::pet::withdraw(app, request_id);
            shell.questions.withdraw(request_id);
        }
        // The settings changed without the window.
        EventKind::RuleSaved { .. } => ipc::settings::follow_soon(app),
        _ => {}
    }
    if shell.engine.settings().notifications
        && !shell.is_focused()
        && let Some((summary, body)) = notify::words(&event.kind, last_answer)
    {
        shell.spawn_blocking(move || notify::show(summary, &body));
    }
}

/// Puts the question wherever the person may look; the first answer holds.
fn ask_everywhere(
    app: &AppHandle,
    shell: &Shell,
    session: &SessionId,
    request: &PermissionRequest,
) {
    let asked = app.clone();
    let on_answer = move |id: &_, answer| {
        answer_with(&asked.state::<Shell>(), id, answer, AnsweredBy::Dialog);
    };
    dialog::ask_permission(app, request.clone(), Box::new(on_answer));
    if shell.is_focused() {
        // The card is in front of them.
        return;
    }
    let brief = Brief::of(request);
    let (id, session) = (request.id.clone(), session.clone());
    window::pet::ask(app, id.clone(), session.clone(), brief.clone());
    if shell.engine.settings().notifications {
        let asked = app.clone();
        let chosen = shell.questions.ask(id.clone(), brief);
        shell.spawn(async move {
            if let Some(choice) = chosen.await {
                choose(&asked, &session, &id, choice, AnsweredBy::Notification);
            }
        });
    }
}

/// Does what the person chose in a place with little room.
pub fn choose(
    app: &AppHandle,
    session: &SessionId,
    id: &RequestId,
    choice: Choice,
    by: AnsweredBy,
) {
    let shell = app.state::<Shell>();
    match choice.answer() {
        Some(answer) => answer_with(&shell, id, answer, by),
        None => {
            focus(&shell, session);
            window::main::show(app);
        }
    }
}

/// In a task: dialogs answer on the main thread, which is none of the
/// runtime's, and an answer may leave a rule to save.
fn answer_with(shell: &Shell, id: &RequestId, answer: Answer, by: AnsweredBy) {
    let (engine, id) = (shell.engine.clone(), id.clone());
    shell.spawn(async move {
        engine.answer(&id, &answer, by);
    });
}

/// The window turns to this session, and voice speaks to it.
fn focus(shell: &Shell, id: &SessionId) {
    shell.set_current(id);
    shell.relay.send(ShellEvent::FocusSession {
        session_id: id.to_string(),
    });
}

/// Spreads the microphone's events until the pipeline is gone.
pub async fn follow_voice(app: AppHandle, mut events: mpsc::Receiver<VoiceEvent>) {
    let mut was_listening = false;
    while let Some(event) = events.recv().await {
        let shell = app.state::<Shell>();
        match &event {
            VoiceEvent::State { state } => {
                let listening = matches!(state, VoiceState::Listening { .. });
                if listening != was_listening {
                    was_listening = listening;
                    on_listening(&app, listening);
                }
            }
            VoiceEvent::Transcript { text, .. } => on_transcript(&app, &shell, text).await,
            _ => {}
        }
        window::pet::on_voice(&app, &event);
        shell.relay.send(ShellEvent::Voice { event });
    }
}

fn on_listening(app: &AppHandle, listening: bool) {
    let change = if listening {
        hotkey::Listening::Began
    } else {
        hotkey::Listening::Ended
    };
    if let Err(error) = app.run_on_main_thread(move || hotkey::grab_escape(change)) {
        tracing::error!(%error, "Escape cannot be grabbed");
    }
}

/// Sends what was said, unless it waits in the composer for editing.
async fn on_transcript(app: &AppHandle, shell: &Shell, text: &str) {
    if shell.engine.settings().voice_send == VoiceSend::Hold {
        window::main::show(app);
        return;
    }
    if shell.are_files_waiting() {
        // Only the window has them: it sends both.
        shell.relay.send(ShellEvent::Heard {
            text: text.to_owned(),
        });
        return;
    }
    if let Err(error) = send(shell, text).await {
        tracing::warn!(%error, "what was said could not be sent");
        // Nothing that was said is lost: it waits in the composer.
        shell.relay.send(ShellEvent::Draft {
            text: text.to_owned(),
            error,
        });
        window::main::show(app);
    }
}

async fn send(shell: &Shell, text: &str) -> Result<(), ErrorInfo> {
    let id = match shell.current() {
        Some(id) => id,
        None => begin_session(shell, &shell.engine)?,
    };
    let submission = Submission {
        text: text.to_owned(),
        origin: Origin::Spoken,
        ..Submission::default()
    };
    shell.engine.submit(&id, submission).await?;
    Ok(())
}

fn begin_session(shell: &Shell, engine: &Engine) -> Result<SessionId, ErrorInfo> {
    let id = engine.start_session(&shell.workspace()?)?.id;
    focus(shell, &id);
    Ok(id)
}
