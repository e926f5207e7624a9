//! A sound file to text, the same way a held key goes: the speech gate, the
//! model, the text guard. For `fam transcribe` and for tests. Blocks.

use std::path::Path;
use std::sync::atomic::AtomicBool;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::transcribe::{Engine, SpeechModel, elapsed_ms, hear};
use crate::{SAMPLE_RATE, VoiceError, wav};

/// What a sound file says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, TS)]
pub struct Transcript {
    /// The text; empty when nobody speaks in the file.
    pub text: String,
    /// Wall time from opening the file to the text, in milliseconds.
    #[ts(type = "number")]
    pub duration_ms: u64,
    /// Time in the model, in milliseconds; zero when it was not asked.
    #[ts(type = "number")]
    pub decode_ms: u64,
    /// Length of the sound in milliseconds.
    #[ts(type = "number")]
    pub audio_ms: u64,
    /// True when there is speech.
    pub speech: bool,
    /// The model's own probability that nobody speaks; none when the sound
    /// alone made that clear.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub no_speech_probability: Option<f32>,
    /// File name of the model.
    pub model: String,
}

/// The text of a WAV file by the model in another file.
///
/// # Errors
/// `SoundFile`, `ModelUnreadable`, `ModelDamaged` or `Engine`.
pub fn transcribe_file(path: &Path, model: &Path) -> Result<Transcript, VoiceError> {
    let started = std::time::Instant::now();
    let clip = wav::read_wav(path)?;
    let mut engine = Engine::load(model)?;
    transcribe_clip(&mut engine, model, &clip, started)
}

fn transcribe_clip(
    engine: &mut Engine,
    model: &Path,
    clip: &[f32],
    started: std::time::Instant,
) -> Result<Transcript, VoiceError> {
    let speech_model = SpeechModel {
        path: model.to_owned(),
        ..SpeechModel::default()
    };
    let heard = hear(engine, &speech_model, clip, &AtomicBool::new(false))?;
    Ok(Transcript {
        speech: !heard.text.is_empty(),
        text: heard.text,
        duration_ms: elapsed_ms(started),
        decode_ms: heard.decode_ms,
        audio_ms: clip.len() as u64 * 1_000 / u64::from(SAMPLE_RATE),
        no_speech_probability: heard.no_speech_probability,
        model: model
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests;
