#![allow(clippy::panic, reason = "tests")]

use protocol::{Event, EventKind, MessageId, SessionId};

use super::{ShellEvent, push_merged};

fn delta(seq: u64, message: &str, text: &str) -> ShellEvent {
    ShellEvent::Agent {
        event: Event {
            session_id: SessionId::from("s"),
            seq,
            at_ms: seq,
            kind: EventKind::TextDelta {
                message_id: MessageId::from(message),
                text: text.into(),
            },
        },
    }
}

fn level(rms: f32) -> ShellEvent {
    ShellEvent::Voice {
        event: voice::VoiceEvent::Level { rms },
    }
}

fn merged(events: Vec<ShellEvent>) -> String {
    let mut batch = Vec::new();
    for event in events {
        push_merged(&mut batch, event);
    }
    batch
        .iter()
        .map(|event| match event {
            ShellEvent::Agent { event } => match &event.kind {
                EventKind::TextDelta { message_id, text } => {
                    format!("{}:{message_id}:{text}", event.seq)
                }
                other => format!("{other:?}"),
            },
            ShellEvent::Voice { event } => format!("{event:?}"),
            other => format!("{other:?}"),
        })
        .collect::<Vec<_>>()
        .join(" | ")
}

#[test]
fn deltas_of_one_message_become_one() {
    let batch = merged(vec![
        delta(1, "a", "Hel"),
        delta(2, "a", "lo"),
        delta(3, "a", "."),
    ]);
    assert_eq!(batch, "3:a:Hello.");
}

#[test]
fn deltas_of_two_messages_keep_their_order() {
    let batch = merged(vec![
        delta(1, "a", "x"),
        delta(2, "b", "y"),
        delta(3, "a", "z"),
    ]);
    assert_eq!(batch, "1:a:x | 2:b:y | 3:a:z");
}

#[test]
fn only_the_newest_of_neighbouring_levels_is_sent() {
    let batch = merged(vec![level(0.1), level(0.2), delta(1, "a", "x"), level(0.3)]);
    assert_eq!(batch, "Level { rms: 0.2 } | 1:a:x | Level { rms: 0.3 }");
}
