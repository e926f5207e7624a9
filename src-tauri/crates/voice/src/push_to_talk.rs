//! The push-to-talk state machine: what a press, a release and everything
//! that follows them mean. Pure: events with their time go in, the new state
//! and the effects to carry out come out. It opens no microphone and runs no
//! model; the pipeline does that.

use protocol::ErrorInfo;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A shorter press is a tap, not a phrase.
pub const SHORT_TAP_MS: u64 = 150;

/// Key repeat sends a press again at latest after this long; a later one
/// means that the release before it was lost.
const REPEAT_GAP_MS: u64 = 1_000;

/// What voice is doing, as the window shows it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum VoiceState {
    /// Waiting for the key.
    #[default]
    Idle,
    /// The key is held.
    Listening {
        /// Unix time in milliseconds of the press.
        #[ts(type = "number")]
        since_ms: u64,
        /// True once the microphone delivers: only now is it worth speaking.
        ready: bool,
    },
    /// The recording is being turned into text.
    Transcribing,
    /// Something went wrong; the next press starts anew.
    Error {
        /// What, and what to do about it.
        info: ErrorInfo,
    },
    /// Push-to-talk is switched off; presses do nothing.
    Disabled,
}

/// Number of a recording and of its transcription; results of an older one
/// are ignored.
pub type Take = u64;

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The key went down.
    Pressed {
        /// Unix time in milliseconds.
        at_ms: u64,
    },
    /// The key went up.
    Released {
        /// Unix time in milliseconds.
        at_ms: u64,
    },
    /// The user wants none of it (Esc).
    Cancelled,
    /// The first real sample of this recording is there.
    CaptureReady(Take),
    /// The microphone could not be opened.
    CaptureFailed(Take, ErrorInfo),
    /// The microphone went away while recording; what it heard is kept.
    CaptureLost(Take, ErrorInfo),
    /// The recording reached its greatest length.
    CaptureFull(Take),
    /// The text is there.
    Transcribed(Take, String),
    /// No text can be had from the recording; it is kept.
    TranscribeFailed(Take, ErrorInfo),
    /// There was no speech in the recording.
    Silence(Take),
    /// The recording was nothing but zeros.
    DeadMicrophone(Take, ErrorInfo),
    /// The current step took too long.
    TimedOut(ErrorInfo),
    /// Try the kept recording again.
    Retry,
    /// Push-to-talk was switched on.
    Enabled,
    /// Push-to-talk was switched off.
    Disabled,
    /// Sound cues off.
    Muted,
    /// Sound cues on.
    Unmuted,
}

/// What the pipeline must do now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Start recording.
    StartCapture(Take),
    /// End the recording and transcribe it.
    Transcribe(Take),
    /// End the recording and forget it.
    DiscardCapture(Take),
    /// Transcribe the kept recording under a new number.
    TranscribeKept(Take),
    /// Stop transcribing.
    Abort(Take),
    /// Hand the text to the user.
    Deliver(String),
    /// Say something small.
    Hint(Hint),
    /// Play a short sound.
    Cue(Cue),
}

/// Small things worth saying that are no errors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hint {
    /// The press was a tap.
    HoldTheKey,
    /// The key went up before the microphone delivered.
    StillStarting,
    /// Nothing was said.
    NothingHeard,
    /// The recording ended by itself.
    TooLong,
    /// Push-to-talk is switched off.
    SwitchedOff,
}

impl Hint {
    /// The words for it.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::HoldTheKey => "Hold the key while you speak.",
            Self::StillStarting => {
                "The microphone was still starting. Hold the key until it listens, then speak."
            }
            Self::NothingHeard => "I did not hear any words.",
            Self::TooLong => "That was the longest recording I take; I write down what I have.",
            Self::SwitchedOff => "Push-to-talk is switched off.",
        }
    }
}

/// Short sounds that tell what the microphone does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cue {
    /// It listens now.
    Start,
    /// It stopped listening.
    Stop,
    /// It did not work.
    Error,
}

/// The machine.
#[derive(Debug, Clone, Default)]
pub struct PushToTalk {
    state: VoiceState,
    take: Take,
    muted: bool,
    held: bool,
    last_press_ms: u64,
}

impl PushToTalk {
    /// Idle, switched on, with sound.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The state now.
    #[must_use]
    pub fn state(&self) -> &VoiceState {
        &self.state
    }

    /// Number of the newest recording.
    #[must_use]
    pub fn take(&self) -> Take {
        self.take
    }

    /// Takes one event in; the returned effects are to be carried out in
    /// order.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Pressed { at_ms } => self.pressed(at_ms),
            Event::Released { at_ms } => self.released(at_ms),
            Event::Cancelled => self.cancelled(),
            Event::CaptureReady(take) => self.ready(take),
            Event::CaptureFailed(take, info) | Event::CaptureLost(take, info) => {
                self.capture_ended(take, info)
            }
            Event::CaptureFull(take) => self.full(take),
            Event::Transcribed(take, text) => self.finished(take, vec![Effect::Deliver(text)]),
            Event::Silence(take) => self.finished(take, vec![Effect::Hint(Hint::NothingHeard)]),
            Event::TranscribeFailed(take, info) | Event::DeadMicrophone(take, info) => {
                self.gave_up(take, info)
            }
            Event::TimedOut(info) => self.timed_out(info),
            Event::Retry => self.retry(),
            Event::Enabled => {
                if self.state == VoiceState::Disabled {
                    self.state = VoiceState::Idle;
                }
                Vec::new()
            }
            Event::Disabled => self.disabled(),
            Event::Muted => {
                self.muted = true;
                Vec::new()
            }
            Event::Unmuted => {
                self.muted = false;
                Vec::new()
            }
        }
    }

    fn pressed(&mut self, at_ms: u64) -> Vec<Effect> {
        let repeat = self.held && at_ms.saturating_sub(self.last_press_ms) < REPEAT_GAP_MS;
        let listening = matches!(self.state, VoiceState::Listening { .. });
        self.held = true;
        self.last_press_ms = at_ms;
        if repeat || listening {
            return Vec::new();
        }
        if self.state == VoiceState::Disabled {
            return vec![Effect::Hint(Hint::SwitchedOff)];
        }
        let mut effects = Vec::new();
        if self.state == VoiceState::Transcribing {
            effects.push(Effect::Abort(self.take));
        }
        self.take += 1;
        self.state = VoiceState::Listening {
            since_ms: at_ms,
            ready: false,
        };
        effects.push(Effect::StartCapture(self.take));
        effects
    }

    fn released(&mut self, at_ms: u64) -> Vec<Effect> {
        self.held = false;
        let VoiceState::Listening { since_ms, ready } = self.state else {
            return Vec::new();
        };
        let hint = if at_ms.saturating_sub(since_ms) < SHORT_TAP_MS {
            Hint::HoldTheKey
        } else if !ready {
            Hint::StillStarting
        } else {
            return self.transcribe(Vec::new());
        };
        self.state = VoiceState::Idle;
        vec![Effect::DiscardCapture(self.take), Effect::Hint(hint)]
    }

    fn transcribe(&mut self, mut effects: Vec<Effect>) -> Vec<Effect> {
        self.state = VoiceState::Transcribing;
        effects.push(Effect::Transcribe(self.take));
        self.cue(Cue::Stop, effects)
    }

    fn cancelled(&mut self) -> Vec<Effect> {
        let effects = self.drop_current();
        if self.state != VoiceState::Disabled {
            self.state = VoiceState::Idle;
        }
        effects
    }

    /// What ends the current step without an outcome.
    fn drop_current(&self) -> Vec<Effect> {
        match self.state {
            VoiceState::Listening { ready: true, .. } => {
                self.cue(Cue::Stop, vec![Effect::DiscardCapture(self.take)])
            }
            VoiceState::Listening { .. } => vec![Effect::DiscardCapture(self.take)],
            VoiceState::Transcribing => vec![Effect::Abort(self.take)],
            VoiceState::Idle | VoiceState::Error { .. } | VoiceState::Disabled => Vec::new(),
        }
    }

    fn ready(&mut self, take: Take) -> Vec<Effect> {
        match &mut self.state {
            VoiceState::Listening { ready, .. } if take == self.take && !*ready => {
                *ready = true;
                self.cue(Cue::Start, Vec::new())
            }
            _ => Vec::new(),
        }
    }

    fn capture_ended(&mut self, take: Take, info: ErrorInfo) -> Vec<Effect> {
        let current = matches!(
            self.state,
            VoiceState::Listening { .. } | VoiceState::Transcribing
        );
        if take != self.take || !current {
            return Vec::new();
        }
        self.fail(info, Vec::new())
    }

    fn full(&mut self, take: Take) -> Vec<Effect> {
        match self.state {
            VoiceState::Listening { .. } if take == self.take => {
                self.transcribe(vec![Effect::Hint(Hint::TooLong)])
            }
            _ => Vec::new(),
        }
    }

    fn transcribing(&self, take: Take) -> bool {
        take == self.take && self.state == VoiceState::Transcribing
    }

    fn finished(&mut self, take: Take, effects: Vec<Effect>) -> Vec<Effect> {
        if !self.transcribing(take) {
            return Vec::new();
        }
        self.state = VoiceState::Idle;
        effects
    }

    fn gave_up(&mut self, take: Take, info: ErrorInfo) -> Vec<Effect> {
        if !self.transcribing(take) {
            return Vec::new();
        }
        self.fail(info, Vec::new())
    }

    fn fail(&mut self, info: ErrorInfo, effects: Vec<Effect>) -> Vec<Effect> {
        self.state = VoiceState::Error { info };
        self.cue(Cue::Error, effects)
    }

    fn timed_out(&mut self, info: ErrorInfo) -> Vec<Effect> {
        let effects = match self.state {
            VoiceState::Listening { .. } => vec![Effect::DiscardCapture(self.take)],
            VoiceState::Transcribing => vec![Effect::Abort(self.take)],
            VoiceState::Idle | VoiceState::Error { .. } | VoiceState::Disabled => {
                return Vec::new();
            }
        };
        self.fail(info, effects)
    }

    fn retry(&mut self) -> Vec<Effect> {
        match self.state {
            VoiceState::Idle | VoiceState::Error { .. } => {
                self.take += 1;
                self.state = VoiceState::Transcribing;
                vec![Effect::TranscribeKept(self.take)]
            }
            VoiceState::Listening { .. } | VoiceState::Transcribing | VoiceState::Disabled => {
                Vec::new()
            }
        }
    }

    fn disabled(&mut self) -> Vec<Effect> {
        let effects = self.drop_current();
        self.state = VoiceState::Disabled;
        effects
    }

    fn cue(&self, cue: Cue, mut effects: Vec<Effect>) -> Vec<Effect> {
        if !self.muted {
            effects.push(Effect::Cue(cue));
        }
        effects
    }
}

#[cfg(test)]
mod tests;
