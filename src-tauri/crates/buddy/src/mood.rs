//! Which mood the companion is in: a pure state machine over agent events,
//! the voice and the clock.
//!
//! It decides nothing about pictures and keeps no timer; `next_change_at`
//! tells when a tick is due.
//!
//! When several sessions compete, what needs the user comes first: a question
//! blocks work and goes stale, so waiting wins; a failure needs eyes next; an
//! open microphone is the user's own doing and shows headphones even while
//! waiting; then what is being done (working), what is being thought, what
//! went well, and nothing at all.

use std::collections::BTreeMap;

use protocol::{EventKind, SessionId};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

mod session;

use session::SessionMood;

/// A finished turn pleases this long.
const HAPPY_MS: u64 = 4_000;
/// A poke pleases this long.
const POKED_MS: u64 = 2_000;
/// A failure alarms at most this long.
const ALARMED_MS: u64 = 20_000;
/// After this long without anything, sleep.
const ASLEEP_AFTER_MS: u64 = 5 * 60 * 1_000;
/// More sessions than this are not watched at once; the quietest is dropped.
const MAX_SESSIONS: usize = 64;

/// What the companion feels, as the shell and the logs name it.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, TS,
)]
#[serde(rename_all = "snake_case")]
pub enum Mood {
    #[default]
    Idle,
    Listening,
    Thinking,
    Working,
    /// For the user: a question is open.
    Waiting,
    Happy,
    Alarmed,
    Asleep,
}

/// A shade of a mood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Accent {
    #[default]
    Plain,
    /// Working, but only looking.
    Searching,
    /// Happy because tests turned green after they were red.
    Proud,
    /// Waiting with an open microphone.
    Listening,
}

/// A mood and its shade; every look has a choreography.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
pub struct Look {
    pub mood: Mood,
    pub accent: Accent,
}

/// What may change the mood.
#[derive(Debug, Clone, Copy)]
pub enum BuddyInput<'a> {
    /// Something happened in a session.
    Agent(&'a SessionId, &'a EventKind),
    /// A session was closed, or its events were lost: forget what it did.
    SessionGone(&'a SessionId),
    /// The microphone opened or closed.
    Listening(bool),
    /// Speech is being turned into text, or no longer.
    Transcribing(bool),
    /// Something outside a session failed: no microphone, no model.
    Trouble,
    /// The user clicked it.
    Poked,
    /// Time passed.
    Tick,
}

/// One step of the mood, for the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct MoodChange {
    pub from: Mood,
    pub to: Mood,
    #[ts(type = "number")]
    pub at_ms: u64,
}

/// The machine.
#[derive(Debug, Clone, Default)]
pub struct MoodMachine {
    sessions: BTreeMap<SessionId, SessionMood>,
    listening: bool,
    transcribing: bool,
    /// A poke's joy lasts until then.
    poked_until_ms: u64,
    /// Trouble outside a session alarms until then.
    trouble_until_ms: u64,
    last_input_ms: u64,
    /// What ends up to here has been dealt with.
    seen_ms: u64,
    look: Look,
    since_ms: u64,
    previous: Option<(Look, u64)>,
}

impl Look {
    /// Every look there is.
    pub const ALL: [Self; 11] = [
        Self::plain(Mood::Idle),
        Self::plain(Mood::Listening),
        Self::plain(Mood::Thinking),
        Self::plain(Mood::Working),
        Self {
            mood: Mood::Working,
            accent: Accent::Searching,
        },
        Self::plain(Mood::Waiting),
        Self {
            mood: Mood::Waiting,
            accent: Accent::Listening,
        },
        Self::plain(Mood::Happy),
        Self {
            mood: Mood::Happy,
            accent: Accent::Proud,
        },
        Self::plain(Mood::Alarmed),
        Self::plain(Mood::Asleep),
    ];

    /// A mood without a shade.
    #[must_use]
    pub const fn plain(mood: Mood) -> Self {
        Self {
            mood,
            accent: Accent::Plain,
        }
    }

    /// Its name in the choreography table.
    #[must_use]
    pub fn name(self) -> &'static str {
        match (self.mood, self.accent) {
            (Mood::Idle, _) => "idle",
            (Mood::Listening, _) => "listening",
            (Mood::Thinking, _) => "thinking",
            (Mood::Working, Accent::Searching) => "searching",
            (Mood::Working, _) => "working",
            (Mood::Waiting, Accent::Listening) => "waiting_listening",
            (Mood::Waiting, _) => "waiting",
            (Mood::Happy, Accent::Proud) => "proud",
            (Mood::Happy, _) => "happy",
            (Mood::Alarmed, _) => "alarmed",
            (Mood::Asleep, _) => "asleep",
        }
    }
}

impl MoodMachine {
    /// Idle, from now on.
    #[must_use]
    pub fn new(now_ms: u64) -> Self {
        Self {
            last_input_ms: now_ms,
            since_ms: now_ms,
            ..Self::default()
        }
    }

    /// Takes in what happened; says so when the mood changed by it. The look
    /// may change without the mood.
    pub fn apply(&mut self, input: BuddyInput<'_>, now_ms: u64) -> Option<MoodChange> {
        self.take_in(input, now_ms);
        self.seen_ms = self.seen_ms.max(now_ms);
        let look = self.decide(now_ms);
        if look == self.look {
            return None;
        }
        let from = self.look.mood;
        self.previous = Some((self.look, self.since_ms));
        self.look = look;
        self.since_ms = now_ms;
        (from != look.mood).then_some(MoodChange {
            from,
            to: look.mood,
            at_ms: now_ms,
        })
    }

    /// The look now.
    #[must_use]
    pub fn look(&self) -> Look {
        self.look
    }

    /// When the look began, and the one before it with its beginning.
    #[must_use]
    pub fn since(&self) -> (u64, Option<(Look, u64)>) {
        (self.since_ms, self.previous)
    }

    /// When time alone changes the mood: a tick is due then.
    #[must_use]
    pub fn next_change_at(&self) -> Option<u64> {
        let sleep = (self.look.mood == Mood::Idle).then(|| self.last_input_ms + ASLEEP_AFTER_MS);
        let ends = self.sessions.values().flat_map(SessionMood::ends_ms);
        ends.chain([self.poked_until_ms, self.trouble_until_ms])
            .chain(sleep)
            .filter(|end| *end > self.seen_ms)
            .min()
    }

    fn take_in(&mut self, input: BuddyInput<'_>, now_ms: u64) {
        match input {
            BuddyInput::Tick => return,
            BuddyInput::Agent(_, EventKind::SessionUpdated { .. }) => return,
            BuddyInput::Agent(id, kind) => self.session(id, now_ms).apply(kind, now_ms),
            BuddyInput::SessionGone(id) => {
                self.sessions.remove(id);
                return;
            }
            BuddyInput::Listening(on) => {
                self.listening = on;
                if on {
                    self.calm();
                }
            }
            BuddyInput::Transcribing(on) => self.transcribing = on,
            BuddyInput::Trouble => self.trouble_until_ms = now_ms + ALARMED_MS,
            BuddyInput::Poked => {
                self.calm();
                self.poked_until_ms = now_ms + POKED_MS;
            }
        }
        self.last_input_ms = now_ms;
    }

    /// The user turned to it, so an alarm has done its work.
    fn calm(&mut self) {
        self.trouble_until_ms = 0;
        self.sessions.values_mut().for_each(SessionMood::calm);
    }

    fn session(&mut self, id: &SessionId, now_ms: u64) -> &mut SessionMood {
        if !self.sessions.contains_key(id) && self.sessions.len() >= MAX_SESSIONS {
            let quietest = self
                .sessions
                .iter()
                .min_by_key(|(_, session)| session.quiet_rank());
            if let Some(id) = quietest.map(|(id, _)| id.clone()) {
                self.sessions.remove(&id);
            }
        }
        let session = self.sessions.entry(id.clone()).or_default();
        session.touch(now_ms);
        session
    }

    fn decide(&self, now_ms: u64) -> Look {
        let sessions = || self.sessions.values();
        if sessions().any(SessionMood::waits) {
            let accent = if self.listening {
                Accent::Listening
            } else {
                Accent::Plain
            };
            return Look {
                mood: Mood::Waiting,
                accent,
            };
        }
        if self.trouble_until_ms > now_ms || sessions().any(|session| session.alarms(now_ms)) {
            return Look::plain(Mood::Alarmed);
        }
        if self.listening {
            return Look::plain(Mood::Listening);
        }
        let mut working = sessions()
            .filter_map(|session| session.works(now_ms))
            .peekable();
        if working.peek().is_some() {
            let looks_only = working.all(|accent| accent == Accent::Searching);
            let accent = if looks_only {
                Accent::Searching
            } else {
                Accent::Plain
            };
            return Look {
                mood: Mood::Working,
                accent,
            };
        }
        if self.transcribing || sessions().any(SessionMood::thinks) {
            return Look::plain(Mood::Thinking);
        }
        let mut joys = sessions()
            .filter_map(|session| session.pleases(now_ms))
            .peekable();
        if joys.peek().is_some() {
            let proud = joys.any(|accent| accent == Accent::Proud);
            let accent = if proud { Accent::Proud } else { Accent::Plain };
            return Look {
                mood: Mood::Happy,
                accent,
            };
        }
        if self.poked_until_ms > now_ms {
            return Look::plain(Mood::Happy);
        }
        let quiet_ms = now_ms.saturating_sub(self.last_input_ms);
        Look::plain(if quiet_ms >= ASLEEP_AFTER_MS {
            Mood::Asleep
        } else {
            Mood::Idle
        })
    }
}

#[cfg(test)]
mod tests;
