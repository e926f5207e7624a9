//! Speech to text on a local whisper model that stays warm: one owned thread
//! behind a bounded channel. Only clips that passed the speech gate reach the
//! model, and only text that passes the text guard leaves. It records nothing
//! and keeps no audio.

#[cfg(feature = "native")]
mod engine;
#[cfg(not(feature = "native"))]
#[path = "transcribe/no_engine.rs"]
mod engine;
mod plan;
mod text_guard;
mod threads;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

pub use engine::Engine;
pub use text_guard::Doubt;

use crate::speech_gate::{self, Speech};
use crate::{SAMPLE_RATE, VoiceError};

/// An unused model leaves the memory after this long.
const UNLOAD_AFTER: Duration = Duration::from_secs(10 * 60);

/// Requests that may wait; more would mean that the thread hangs.
const INBOX: usize = 8;

/// Which model to use and how.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SpeechModel {
    /// The model file.
    pub path: PathBuf,
    /// Two-letter code, or none for what is spoken (English-only models
    /// always hear English).
    pub language: Option<String>,
    /// Names and words likely to be said: a style sample for the model.
    pub vocabulary: String,
}

/// What was heard in a clip.
#[derive(Debug, Clone, PartialEq)]
pub struct Heard {
    /// The text; empty when there was no speech.
    pub text: String,
    /// Why there is no text, when there is none.
    pub refused: Option<Refusal>,
    /// The model's own probability that nobody spoke, if it was asked.
    pub no_speech_probability: Option<f32>,
    /// Time spent on the model.
    pub decode_ms: u64,
}

/// Why a clip gave no text.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Refusal {
    /// The sound itself is no speech.
    Sound(speech_gate::NoSpeech),
    /// The model, or what it wrote, says that nobody spoke.
    Words(Doubt),
}

/// Turns a clip into text with a loaded model. Blocks; `abort` ends it early.
///
/// # Errors
/// `Cancelled` when aborted, `Engine` when whisper fails.
pub fn hear(
    engine: &mut Engine,
    model: &SpeechModel,
    clip: &[f32],
    abort: &AtomicBool,
) -> Result<Heard, VoiceError> {
    let speech = match speech_gate::judge(clip) {
        Ok(speech) => speech,
        Err(reason) => return Ok(Heard::nothing(Refusal::Sound(reason))),
    };
    let started = Instant::now();
    let mut texts = Vec::new();
    let mut no_speech: Option<f32> = None;
    let mut doubt = None;
    let sound = &clip[speech.range()];
    let pieces = plan::pieces(sound);
    for range in &pieces {
        let Some(piece) = spoken_part(&sound[range.clone()], pieces.len()) else {
            continue;
        };
        let raw = engine.decode(model, piece, abort)?;
        no_speech = Some(no_speech.map_or(raw.no_speech, |least| least.min(raw.no_speech)));
        match text_guard::judge(&raw, &guard_context(model, &speech, piece)) {
            Ok(text) => texts.push(text),
            Err(reason) => doubt = Some(reason),
        }
    }
    let text = texts.join(" ");
    Ok(Heard {
        refused: doubt.filter(|_| text.is_empty()).map(Refusal::Words),
        text,
        no_speech_probability: no_speech,
        decode_ms: elapsed_ms(started),
    })
}

/// The part of a piece in which somebody speaks. The only piece of a clip
/// was trimmed with it; others begin and end in pauses, in which the model
/// would invent words.
fn spoken_part(piece: &[f32], pieces: usize) -> Option<&[f32]> {
    if pieces == 1 {
        return Some(piece);
    }
    let speech = speech_gate::judge(piece).ok()?;
    Some(&piece[speech.range()])
}

fn guard_context<'a>(
    model: &'a SpeechModel,
    speech: &Speech,
    piece: &[f32],
) -> text_guard::Context<'a> {
    text_guard::Context {
        vocabulary: &model.vocabulary,
        voiced_ms: speech.voiced_ms,
        clip_ms: piece.len() as u64 * 1_000 / u64::from(SAMPLE_RATE),
    }
}

impl Heard {
    fn nothing(refusal: Refusal) -> Self {
        Self {
            text: String::new(),
            refused: Some(refusal),
            no_speech_probability: None,
            decode_ms: 0,
        }
    }
}

pub(crate) fn elapsed_ms(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Handle on a running transcription; dropping it does not stop it.
#[derive(Debug, Clone)]
pub struct Abort(Arc<AtomicBool>);

impl Abort {
    /// Ends the transcription at the model's next step.
    pub fn abort(&self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

type Done = Box<dyn FnOnce(Result<Heard, VoiceError>) + Send>;

enum Request {
    Warm(SpeechModel),
    Hear {
        model: SpeechModel,
        clip: Arc<[f32]>,
        abort: Arc<AtomicBool>,
        done: Done,
    },
}

/// The thread that owns the model.
#[derive(Debug)]
pub struct Transcriber {
    tx: Option<SyncSender<Request>>,
    thread: Option<JoinHandle<()>>,
}

impl Transcriber {
    /// Starts the thread; no model is loaded yet.
    ///
    /// # Errors
    /// `Engine` when the system gives no thread.
    pub fn start() -> Result<Self, VoiceError> {
        let (tx, rx) = sync_channel(INBOX);
        let thread = std::thread::Builder::new()
            .name("voice-whisper".to_owned())
            .spawn(move || run(&rx))
            .map_err(|error| VoiceError::Engine {
                detail: error.to_string(),
            })?;
        Ok(Self {
            tx: Some(tx),
            thread: Some(thread),
        })
    }

    /// Loads the model and runs it once on nothing, so that the next clip
    /// does not wait for that. Errors show when a clip comes.
    pub fn warm(&self, model: SpeechModel) {
        if self.send(Request::Warm(model)).is_err() {
            tracing::debug!("the whisper thread is busy; not warming");
        }
    }

    /// Asks for the text of a clip; `done` is called on the thread.
    ///
    /// # Errors
    /// `Engine` when the thread is gone or its inbox is full.
    pub fn hear(
        &self,
        model: SpeechModel,
        clip: Arc<[f32]>,
        done: impl FnOnce(Result<Heard, VoiceError>) + Send + 'static,
    ) -> Result<Abort, VoiceError> {
        let abort = Arc::new(AtomicBool::new(false));
        self.send(Request::Hear {
            model,
            clip,
            abort: Arc::clone(&abort),
            done: Box::new(done),
        })?;
        Ok(Abort(abort))
    }

    fn send(&self, request: Request) -> Result<(), VoiceError> {
        let tx = self.tx.as_ref().ok_or(VoiceError::Stopped)?;
        tx.try_send(request).map_err(|error| match error {
            TrySendError::Full(_) => VoiceError::Engine {
                detail: "the speech engine is still busy with earlier recordings".to_owned(),
            },
            TrySendError::Disconnected(_) => VoiceError::Stopped,
        })
    }
}

impl Drop for Transcriber {
    fn drop(&mut self) {
        self.tx = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the whisper thread panicked");
        }
    }
}

fn run(rx: &Receiver<Request>) {
    let mut engine: Option<Engine> = None;
    loop {
        let request = match rx.recv_timeout(UNLOAD_AFTER) {
            Ok(request) => request,
            Err(RecvTimeoutError::Timeout) => {
                if engine.take().is_some() {
                    tracing::info!("unloaded the idle speech model");
                }
                continue;
            }
            Err(RecvTimeoutError::Disconnected) => return,
        };
        match request {
            Request::Warm(model) => {
                if let Err(error) = loaded(&mut engine, &model) {
                    tracing::warn!(%error, "cannot warm the speech model");
                }
            }
            Request::Hear {
                model,
                clip,
                abort,
                done,
            } => done(answer(&mut engine, &model, &clip, &abort)),
        }
    }
}

fn answer(
    engine: &mut Option<Engine>,
    model: &SpeechModel,
    clip: &[f32],
    abort: &AtomicBool,
) -> Result<Heard, VoiceError> {
    if abort.load(Ordering::Relaxed) {
        return Err(VoiceError::Cancelled);
    }
    hear(loaded(engine, model)?, model, clip, abort)
}

/// The engine with this model, loaded anew when the file is another one.
fn loaded<'a>(
    engine: &'a mut Option<Engine>,
    model: &SpeechModel,
) -> Result<&'a mut Engine, VoiceError> {
    let fits = engine
        .as_ref()
        .is_some_and(|engine| engine.holds(&model.path));
    if !fits {
        *engine = None;
        let started = Instant::now();
        let mut fresh = Engine::load(&model.path)?;
        fresh.warm(model)?;
        tracing::info!(ms = elapsed_ms(started), "loaded the speech model");
        *engine = Some(fresh);
    }
    engine.as_mut().ok_or(VoiceError::Stopped)
}

#[cfg(test)]
pub(crate) fn test_model() -> PathBuf {
    PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../tests/fixtures/voice/ggml-espeak-commands-q8_0.bin"
    ))
}

#[cfg(test)]
mod tests;
