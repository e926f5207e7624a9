//! The actor behind the handle: one thread, one struct, one inbox. It
//! decides nothing; the push-to-talk machine does.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use tokio::sync::mpsc::Sender;

use super::outbox::Outbox;
use super::{VoiceConfig, VoiceEvent};
use crate::capture::{Capture, CaptureEvent, Source};
use crate::push_to_talk::{Cue, Effect, Event, PushToTalk, Take, VoiceState};
use crate::sound::Sounds;
use crate::transcribe::{Abort, Heard, SpeechModel, Transcriber};
use crate::{SAMPLE_RATE, VoiceError};

/// A microphone that gives no sample for so long is taken for hung. Wireless
/// ones need up to three seconds.
const OPEN_LIMIT: Duration = Duration::from_secs(8);

/// Transcribing may take this long, and more for longer recordings; loading
/// a big model from a slow disk is in it.
const TRANSCRIBE_LIMIT: Duration = Duration::from_secs(30);
const TRANSCRIBE_LIMIT_PER_SECOND: f64 = 4.0;

/// How soon events that the shell had no room for are sent again.
const FLUSH_EVERY: Duration = Duration::from_millis(20);

pub(super) enum Message {
    Pressed {
        at_ms: u64,
    },
    Released {
        at_ms: u64,
    },
    Cancelled,
    Retry,
    Configure(VoiceConfig),
    Enable(bool),
    /// From the capture thread of that generation.
    Captured(u64, CaptureEvent),
    Heard(Take, Result<Heard, VoiceError>),
    Shutdown,
}

type MakeSource = Box<dyn Fn() -> Box<dyn Source> + Send>;

pub(super) struct Actor {
    config: VoiceConfig,
    machine: PushToTalk,
    make_source: MakeSource,
    tx: SyncSender<Message>,
    capture: Option<Capture>,
    generation: u64,
    transcriber: Transcriber,
    sounds: Option<Sounds>,
    outbox: Outbox,
    flushed: bool,
    shown: VoiceState,
    work: Option<(Take, Abort)>,
    kept: Option<Arc<[f32]>>,
    heard: Option<Heard>,
    deadline: Option<Instant>,
}

/// Unix time in milliseconds.
pub(super) fn now_ms() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| {
            u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
        })
}

impl Actor {
    pub(super) fn new(
        config: VoiceConfig,
        make_source: MakeSource,
        tx: SyncSender<Message>,
        events: Sender<VoiceEvent>,
    ) -> Result<Self, VoiceError> {
        let mut machine = PushToTalk::new();
        if !config.enabled {
            machine.handle(Event::Disabled);
        }
        Ok(Self {
            config,
            machine,
            make_source,
            tx,
            capture: None,
            generation: 0,
            transcriber: Transcriber::start()?,
            sounds: None,
            outbox: Outbox::new(events),
            flushed: true,
            shown: VoiceState::Idle,
            work: None,
            kept: None,
            heard: None,
            deadline: None,
        })
    }

    pub(super) fn run(mut self, rx: Receiver<Message>) {
        self.show();
        loop {
            match rx.recv_timeout(self.patience()) {
                Ok(Message::Shutdown) | Err(RecvTimeoutError::Disconnected) => break,
                Ok(message) => self.receive(message),
                Err(RecvTimeoutError::Timeout) => {}
            }
            self.flushed = self.outbox.flush();
            if self
                .deadline
                .is_some_and(|deadline| Instant::now() >= deadline)
            {
                self.overdue();
            }
        }
        if let Some((_, abort)) = self.work.take() {
            abort.abort();
        }
        // Gone before the threads are waited for: none of them may hang in
        // sending to an inbox that nobody empties.
        drop(rx);
    }

    fn patience(&self) -> Duration {
        let until = self
            .deadline
            .map_or(Duration::from_secs(3_600), |deadline| {
                deadline.saturating_duration_since(Instant::now())
            });
        if self.flushed {
            until
        } else {
            until.min(FLUSH_EVERY)
        }
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Pressed { at_ms } => self.step(Event::Pressed { at_ms }),
            Message::Released { at_ms } => self.step(Event::Released { at_ms }),
            Message::Cancelled => self.step(Event::Cancelled),
            Message::Retry => self.step(Event::Retry),
            Message::Enable(enabled) => self.enable(enabled),
            Message::Configure(config) => self.configure(config),
            Message::Captured(generation, event) if generation == self.generation => {
                self.captured(event);
            }
            Message::Captured(..) | Message::Shutdown => {}
            Message::Heard(take, heard) => self.heard(take, heard),
        }
    }

    fn configure(&mut self, config: VoiceConfig) {
        let enabled = config.enabled;
        let other_microphone = config.microphone != self.config.microphone;
        let switched = enabled != self.config.enabled;
        self.config = config;
        if other_microphone && let Some(capture) = &self.capture {
            // A recording that runs ends on the microphone it began with.
            if let Err(error) = capture.close() {
                tracing::debug!(%error, "the microphone stays open");
            }
        }
        if switched {
            self.enable(enabled);
        }
    }

    fn enable(&mut self, enabled: bool) {
        self.config.enabled = enabled;
        self.step(if enabled {
            Event::Enabled
        } else {
            Event::Disabled
        });
    }

    fn captured(&mut self, event: CaptureEvent) {
        match event {
            CaptureEvent::Ready { take, substitute } => {
                if let Some(name) = substitute.filter(|_| take == self.machine.take()) {
                    self.hint(format!(
                        "The chosen microphone is not there; I listen to {name}."
                    ));
                }
                self.deadline = self.deadline.filter(|_| take != self.machine.take());
                self.step(Event::CaptureReady(take));
            }
            CaptureEvent::Level { rms } => {
                if matches!(self.machine.state(), VoiceState::Listening { .. }) {
                    self.outbox.send(VoiceEvent::Level { rms });
                }
            }
            CaptureEvent::Dead { take } => {
                if take == self.machine.take() {
                    self.hint("The microphone gives only silence. Is it muted?".to_owned());
                }
            }
            CaptureEvent::Failed { take, error } => {
                self.step(Event::CaptureFailed(take, error.info()));
            }
            CaptureEvent::Lost { take, error, clip } => {
                self.keep(take, clip);
                self.step(Event::CaptureLost(take, error.info()));
            }
            CaptureEvent::Full { take } => self.step(Event::CaptureFull(take)),
            CaptureEvent::Finished {
                take, dead: true, ..
            } => {
                self.step(Event::DeadMicrophone(take, VoiceError::Silent.info()));
            }
            CaptureEvent::Finished { take, clip, .. } => {
                self.keep(take, clip);
                self.transcribe(take);
            }
        }
    }

    fn keep(&mut self, take: Take, clip: Arc<[f32]>) {
        if take == self.machine.take() && !clip.is_empty() {
            self.kept = Some(clip);
        }
    }

    /// Hands the kept recording to the model, if it is still wanted.
    fn transcribe(&mut self, take: Take) {
        if take != self.machine.take() || self.machine.state() != &VoiceState::Transcribing {
            return;
        }
        let Some(clip) = self.kept.clone() else {
            self.step(Event::TranscribeFailed(
                take,
                VoiceError::NothingKept.info(),
            ));
            return;
        };
        let seconds = clip.len() as f64 / f64::from(SAMPLE_RATE);
        let limit = Duration::from_secs_f64(seconds * TRANSCRIBE_LIMIT_PER_SECOND);
        self.deadline = Some(Instant::now() + TRANSCRIBE_LIMIT + limit);
        let tx = self.tx.clone();
        let done = move |heard| {
            // Fails only when voice has ended, and then nobody asks.
            let _ = tx.send(Message::Heard(take, heard));
        };
        match self.transcriber.hear(self.model(), clip, done) {
            Ok(abort) => self.work = Some((take, abort)),
            Err(error) => self.step(Event::TranscribeFailed(take, error.info())),
        }
    }

    fn model(&self) -> SpeechModel {
        SpeechModel {
            path: self.config.model_path.clone(),
            language: self.config.language.clone(),
            vocabulary: self.config.vocabulary.clone(),
        }
    }

    fn heard(&mut self, take: Take, heard: Result<Heard, VoiceError>) {
        if self.work.as_ref().is_some_and(|(of, _)| *of == take) {
            self.work = None;
        }
        let event = match heard {
            Err(error) => Event::TranscribeFailed(take, error.info()),
            Ok(heard) if heard.text.is_empty() => {
                tracing::debug!(refused = ?heard.refused, "no speech");
                Event::Silence(take)
            }
            Ok(heard) => {
                let text = heard.text.clone();
                self.heard = Some(heard);
                Event::Transcribed(take, text)
            }
        };
        self.step(event);
    }

    fn overdue(&mut self) {
        self.deadline = None;
        let error = match self.machine.state() {
            VoiceState::Listening { .. } => {
                // The thread may hang in the audio system for ever: a new one
                // takes its place, and it ends when it wakes.
                self.capture = None;
                VoiceError::NotStarting
            }
            _ => VoiceError::TimedOut,
        };
        self.step(Event::TimedOut(error.info()));
    }

    fn step(&mut self, event: Event) {
        let effects = self.machine.handle(event);
        self.show();
        for effect in effects {
            self.carry_out(effect);
        }
    }

    /// Tells the shell the state if it is another than before.
    fn show(&mut self) {
        let state = self.machine.state().clone();
        if state != self.shown {
            if !matches!(
                state,
                VoiceState::Listening { .. } | VoiceState::Transcribing
            ) {
                self.deadline = None;
            }
            self.shown = state.clone();
            self.outbox.send(VoiceEvent::State { state });
        }
    }

    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::StartCapture(take) => self.start_capture(take),
            Effect::Transcribe(take) => {
                self.deadline = Some(Instant::now() + TRANSCRIBE_LIMIT);
                let finished = self.capture.as_ref().map(|capture| capture.finish(take));
                if let Some(Err(error)) = finished {
                    self.step(Event::TranscribeFailed(take, error.info()));
                }
            }
            Effect::DiscardCapture(take) => {
                if let Some(Err(error)) = self.capture.as_ref().map(|capture| capture.discard(take))
                {
                    tracing::debug!(%error, "the recording ends later");
                }
            }
            Effect::TranscribeKept(take) => self.transcribe(take),
            Effect::Abort(take) => {
                if let Some((_, abort)) = self.work.take_if(|(of, _)| *of == take) {
                    abort.abort();
                }
            }
            Effect::Deliver(text) => self.deliver(text),
            Effect::Hint(hint) => self.hint(hint.text().to_owned()),
            Effect::Cue(cue) => self.cue(cue),
        }
    }

    fn start_capture(&mut self, take: Take) {
        // The model loads while the user speaks.
        self.transcriber.warm(self.model());
        self.deadline = Some(Instant::now() + OPEN_LIMIT);
        if let Err(error) = self.record(take) {
            self.capture = None;
            self.step(Event::CaptureFailed(take, error.info()));
        }
    }

    fn record(&mut self, take: Take) -> Result<(), VoiceError> {
        if self.capture.is_none() {
            self.generation += 1;
            let generation = self.generation;
            let tx = self.tx.clone();
            let events = move |event| {
                // Fails only when voice has ended, and then nobody listens.
                let _ = tx.send(Message::Captured(generation, event));
            };
            self.capture = Some(Capture::start((self.make_source)(), Box::new(events))?);
        }
        match &self.capture {
            Some(capture) => capture.record(take, self.config.microphone.clone()),
            None => Err(VoiceError::Stopped),
        }
    }

    fn deliver(&mut self, text: String) {
        let audio_ms = self
            .kept
            .take()
            .map_or(0, |clip| clip.len() as u64 * 1_000 / u64::from(SAMPLE_RATE));
        let decode_ms = self.heard.take().map_or(0, |heard| heard.decode_ms);
        self.outbox.send(VoiceEvent::Transcript {
            text,
            audio_ms,
            decode_ms,
        });
    }

    fn hint(&mut self, text: String) {
        self.outbox.send(VoiceEvent::Hint { text });
    }

    fn cue(&mut self, cue: Cue) {
        if self.config.cue_volume <= 0.0 {
            return;
        }
        if self.sounds.is_none() {
            self.sounds = Sounds::start();
        }
        if let Some(sounds) = &self.sounds {
            sounds.play(cue, self.config.cue_volume);
        }
    }
}
