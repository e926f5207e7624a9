//! A name for a session, found by the provider's fast model after the first
//! answer. Until then, and where there is no such model, the first words of the
//! request stand; a name the user gave is never touched.

use std::sync::Arc;
use std::time::Duration;

use protocol::{Effort, Message, Origin, Role, TurnId};
use provider::{Provider, Request};

use super::Inner;
use crate::clock::now_ms;
use crate::flags;
use crate::ports::Audience;
use crate::providers::Chosen;
use crate::session::Session;
use crate::side_job::SideJobs;
use crate::title;

const PROMPT: &str = include_str!("../../../../../assets/prompts/title.md");

/// Room for a title, and for the reasoning of a model that cannot be kept
/// from it.
const MAX_OUTPUT_TOKENS: u32 = 1_000;

/// A title that comes later is not worth an open connection.
const PATIENCE: Duration = Duration::from_secs(30);

/// Characters of the request and of the answer that are shown to the model:
/// what it is about stands at the beginning.
const REQUEST_CHARS: usize = 2_000;
const ANSWER_CHARS: usize = 1_000;

/// Who names a session.
pub(super) struct Namer {
    provider: Arc<dyn Provider>,
    model: String,
}

impl Namer {
    /// None for scripts, which need no names and should end at once, and
    /// where the provider has no fast model.
    pub fn of(inner: &Inner, chosen: &Chosen) -> Option<Self> {
        let model = chosen.fast_model.clone()?;
        let wanted = inner.audience() == Audience::Person && inner.flag(flags::BACKGROUND_TITLES);
        wanted.then(|| Self {
            provider: Arc::clone(&chosen.provider),
            model,
        })
    }
}

/// Names the session in the background, if its first turn has just ended and
/// nobody has named it.
pub(super) async fn name_behind(inner: &Arc<Inner>, session: &Arc<Session>, namer: Namer) {
    let history = session.history.lock().await;
    let mut requests = history.iter().filter(|message| is_request(message));
    let (Some(first), None) = (requests.next(), requests.next()) else {
        return;
    };
    let words = first.text();
    let answer = history
        .iter()
        .rfind(|message| message.role == Role::Assistant)
        .map(Message::text)
        .unwrap_or_default();
    drop(history);
    let first_title = title::from_request(&words);
    if session.summary().title != first_title {
        return;
    }
    let request = request(namer.model, &words, &answer);
    let (inner, session) = (Arc::clone(inner), Arc::clone(session));
    let tracker = inner.tasks.clone();
    tracker.spawn(async move {
        let jobs = SideJobs {
            session: &session,
            store: &inner.store,
            provider: &namer.provider,
            shutdown: &inner.shutdown,
        };
        let answer = jobs.text(request, PATIENCE).await;
        let Some(title) = answer.as_deref().and_then(title::from_answer) else {
            return;
        };
        // The user may have been quicker.
        if session.summary().title != first_title {
            return;
        }
        match inner.store.rename(&session.id, &title).await {
            Ok(()) => session.rename(title),
            Err(error) => tracing::warn!(%error, "a title could not be kept"),
        }
    });
}

fn is_request(message: &Message) -> bool {
    message.role == Role::User && message.origin != Origin::Program
}

fn request(model: String, words: &str, answer: &str) -> Request {
    let start = |text: &str, longest| text.chars().take(longest).collect::<String>();
    let material = format!(
        "<request>\n{}\n</request>\n<answer>\n{}\n</answer>",
        start(words, REQUEST_CHARS),
        start(answer, ANSWER_CHARS)
    );
    let message = Message::user_text(TurnId::from(""), material, Origin::Program, now_ms());
    Request {
        model,
        system: PROMPT.to_owned(),
        messages: vec![message],
        tools: Vec::new(),
        max_output_tokens: MAX_OUTPUT_TOKENS,
        effort: Effort::Low,
    }
}
