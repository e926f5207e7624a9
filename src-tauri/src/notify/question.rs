//! A permission question as a notification whose buttons answer it.
//!
//! Any program on the session bus can send a signal that says a button was
//! pressed, so only the daemon that shows the notification is listened to.
//! The bus itself vouches for who sent a message.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use futures::StreamExt;
use protocol::RequestId;
use serde::Serialize;
use tokio_util::sync::CancellationToken;
use zbus::message::Type;
use zbus::zvariant::{DynamicType, Value};
use zbus::{Connection, MatchRule, Message, MessageStream};

use super::escape;
use crate::brief::{ARMING, Brief, Choice};

/// From the Desktop Notifications Specification 1.2.
const INTERFACE: &str = "org.freedesktop.Notifications";
const PATH: &str = "/org/freedesktop/Notifications";

/// Signals that may wait to be read.
const QUEUE: usize = 16;

/// The questions that stand in notifications.
#[derive(Clone, Default)]
pub struct Questions(Arc<Mutex<HashMap<RequestId, CancellationToken>>>);

impl Questions {
    /// Shows the question until it is answered, here or elsewhere. `None`
    /// when it was put away, answered elsewhere, or cannot be shown. It can be
    /// withdrawn from now on, not only once the future runs.
    pub fn ask(
        &self,
        id: RequestId,
        brief: Brief,
    ) -> impl Future<Output = Option<Choice>> + Send + use<> {
        let over = CancellationToken::new();
        self.lock().insert(id.clone(), over.clone());
        let questions = self.clone();
        async move {
            let chosen = show(&brief, &over).await;
            questions.lock().remove(&id);
            chosen.unwrap_or_else(|error| {
                tracing::warn!(%error, "the question could not be shown as a notification");
                None
            })
        }
    }

    /// Takes the question back: it was answered elsewhere.
    pub fn withdraw(&self, id: &RequestId) {
        if let Some(over) = self.lock().remove(id) {
            over.cancel();
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<RequestId, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn show(brief: &Brief, over: &CancellationToken) -> zbus::Result<Option<Choice>> {
    let bus = Connection::session().await?;
    let rule = MatchRule::builder()
        .msg_type(Type::Signal)
        .interface(INTERFACE)?
        .path(PATH)?
        .build();
    // Before it is shown, so that no press is missed; on the connection that
    // shows it, for some daemons tell nobody else.
    let mut signals = MessageStream::for_match_rule(rule, &bus, Some(QUEUE)).await?;
    let reply = call(&bus, "Notify", &notification(brief)).await?;
    let id: u32 = reply.body().deserialize()?;
    let chosen = wait(&mut signals, &reply, id, over).await;
    // Gone already where the daemon puts away what was pressed.
    if let Err(error) = call(&bus, "CloseNotification", &id).await {
        tracing::debug!(%error, "the notification was gone");
    }
    chosen
}

/// Waits for a word of the daemon that said it shows notification `id`.
async fn wait(
    signals: &mut MessageStream,
    daemon: &Message,
    id: u32,
    over: &CancellationToken,
) -> zbus::Result<Option<Choice>> {
    let shown = Instant::now();
    loop {
        let signal = tokio::select! {
            biased;
            () = over.cancelled() => return Ok(None),
            signal = signals.next() => signal,
        };
        let Some(signal) = signal else {
            return Ok(None);
        };
        let signal = signal?;
        if signal.header().sender() != daemon.header().sender() {
            tracing::warn!("a program that shows no notifications says that one was answered");
            continue;
        }
        match read(&signal, id) {
            Some(Heard::Pressed(Choice::Allow)) if shown.elapsed() < ARMING => {}
            Some(Heard::Pressed(choice)) => return Ok(Some(choice)),
            Some(Heard::Gone) => return Ok(None),
            None => {}
        }
    }
}

async fn call<B>(bus: &Connection, method: &str, body: &B) -> zbus::Result<Message>
where
    B: Serialize + DynamicType,
{
    bus.call_method(Some(INTERFACE), PATH, Some(INTERFACE), method, body)
        .await
}

/// What `Notify` takes: the program, no earlier notification to replace, icon,
/// summary, body, keys and labels of actions, hints, and that it never expires.
type Notification = (
    &'static str,
    u32,
    &'static str,
    &'static str,
    String,
    Vec<&'static str>,
    HashMap<&'static str, Value<'static>>,
    i32,
);

fn notification(brief: &Brief) -> Notification {
    let mut actions = vec![OPEN, "Show", DENY, "Deny"];
    if brief.allowable {
        actions.extend([ALLOW, "Allow once"]);
    }
    (
        "Familiar",
        0,
        "dev.familiar.desktop",
        "Familiar asks for permission",
        escape(&format!("{}\n{}", brief.title, brief.subject)),
        actions,
        HashMap::new(),
        0,
    )
}

const ALLOW: &str = "allow";
const DENY: &str = "deny";
/// What a click on the notification itself stands for, by the specification.
const OPEN: &str = "default";

enum Heard {
    Pressed(Choice),
    /// Put away: no answer.
    Gone,
}

fn read(signal: &Message, id: u32) -> Option<Heard> {
    let header = signal.header();
    match header.member()?.as_str() {
        "ActionInvoked" => {
            let (of, action): (u32, String) = signal.body().deserialize().ok()?;
            let choice = match action.as_str() {
                ALLOW => Choice::Allow,
                DENY => Choice::Deny,
                OPEN => Choice::Open,
                _ => return None,
            };
            (of == id).then_some(Heard::Pressed(choice))
        }
        "NotificationClosed" => {
            let (of, _): (u32, u32) = signal.body().deserialize().ok()?;
            (of == id).then_some(Heard::Gone)
        }
        _ => None,
    }
}
