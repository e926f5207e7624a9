#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use tokio::sync::mpsc;

use super::*;

fn hint(n: usize) -> VoiceEvent {
    VoiceEvent::Hint {
        text: n.to_string(),
    }
}

#[test]
fn a_slow_shell_loses_levels_only() {
    let (tx, mut rx) = mpsc::channel(2);
    let mut outbox = Outbox::new(tx);
    for n in 0..5 {
        outbox.send(hint(n));
        outbox.send(VoiceEvent::Level { rms: 0.5 });
    }
    let mut got = Vec::new();
    while let Ok(event) = rx.try_recv() {
        got.push(event);
        outbox.flush();
    }
    got.retain(|event| !matches!(event, VoiceEvent::Level { .. }));
    assert_eq!(got, (0..5).map(hint).collect::<Vec<_>>());
    assert!(outbox.flush());
}

#[test]
fn a_dead_shell_fills_no_memory() {
    let (tx, rx) = mpsc::channel(1);
    let mut outbox = Outbox::new(tx);
    for n in 0..2_000 {
        outbox.send(hint(n));
    }
    assert!(outbox.waiting.len() <= MOST_WAITING);
    drop(rx);
    assert!(outbox.flush());
}
