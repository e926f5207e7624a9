//! whisper.cpp, loaded and called the way push-to-talk needs it: greedy, no
//! timestamps, a window shrunk to the clip, and the model's own word on
//! whether anybody spoke. The only place that names whisper-rs.

use std::ffi::{c_int, c_void};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use whisper_rs::{
    FullParams, SamplingStrategy, WhisperContext, WhisperContextParameters, WhisperState,
};

use super::{SpeechModel, plan, text_guard, threads};
use crate::{SAMPLE_RATE, VoiceError, model_file};

/// whisper.cpp refuses less than a tenth of a second without saying so; a
/// clip is padded with silence to this many samples.
const LEAST_SAMPLES: usize = SAMPLE_RATE as usize;

/// What the model wrote, before anybody judged it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Raw {
    pub text: String,
    /// Mean logarithm of the tokens' probabilities.
    pub confidence: f32,
    /// The model's probability that nobody spoke.
    pub no_speech: f32,
}

/// A model in memory with one state to run it in.
pub struct Engine {
    path: PathBuf,
    context: WhisperContext,
    state: WhisperState,
    /// Kept because every new set of parameters leaks its strings.
    params: Option<(Settings, FullParams<'static, 'static>)>,
}

/// What a set of parameters depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Settings {
    language: Option<String>,
    vocabulary: String,
}

impl Engine {
    /// Loads a model file after making sure that it is whole.
    ///
    /// # Errors
    /// `ModelUnreadable`, `ModelDamaged`, or `Engine` when whisper refuses.
    pub fn load(path: &Path) -> Result<Self, VoiceError> {
        if path.as_os_str().is_empty() {
            return Err(VoiceError::NoModel);
        }
        model_file::inspect(path)?;
        whisper_rs::install_logging_hooks();
        let mut parameters = WhisperContextParameters::default();
        parameters.flash_attn(true);
        let damaged = |error: whisper_rs::WhisperError| VoiceError::ModelDamaged {
            path: path.to_owned(),
            detail: error.to_string(),
        };
        let context = WhisperContext::new_with_params(path, parameters).map_err(damaged)?;
        let state = context.create_state().map_err(failed)?;
        Ok(Self {
            path: path.to_owned(),
            context,
            state,
            params: None,
        })
    }

    /// True when this is the engine for that file.
    #[must_use]
    pub fn holds(&self, path: &Path) -> bool {
        self.path == path
    }

    /// Runs the model once so that its buffers exist before they are needed.
    ///
    /// # Errors
    /// As a transcription.
    pub fn warm(&mut self, model: &SpeechModel) -> Result<(), VoiceError> {
        let silence = vec![0.0; LEAST_SAMPLES];
        self.decode(model, &silence, &AtomicBool::new(false))
            .map(|_| ())
    }

    /// The model's text for one piece that fits its window.
    pub(super) fn decode(
        &mut self,
        model: &SpeechModel,
        piece: &[f32],
        abort: &AtomicBool,
    ) -> Result<Raw, VoiceError> {
        let full = u32::try_from(self.context.model_n_audio_ctx()).unwrap_or(1_500);
        let shrunk = plan::audio_ctx(piece.len(), full);
        let padded = padded(piece);
        let first = self.run(model, &padded, shrunk, abort)?;
        let echo = text_guard::echoes(&first.text, &model.vocabulary);
        let looping = text_guard::loops(&first.text);
        if !echo && !looping {
            return Ok(first);
        }
        tracing::debug!(echo, looping, "decoding once more with the whole window");
        let plain = SpeechModel {
            vocabulary: String::new(),
            ..model.clone()
        };
        self.run(&plain, &padded, full, abort)
    }

    fn run(
        &mut self,
        model: &SpeechModel,
        samples: &[f32],
        audio_ctx: u32,
        abort: &AtomicBool,
    ) -> Result<Raw, VoiceError> {
        let mut params = self.params(model)?;
        params.set_audio_ctx(c_int::try_from(audio_ctx).unwrap_or(0));
        let threads = threads::free();
        params.set_n_threads(c_int::try_from(threads).unwrap_or(1));
        params.set_max_tokens(c_int::try_from(plan::max_tokens(samples.len())).unwrap_or(0));
        // SAFETY: the callback only reads the flag, through the pointer set
        // here; the flag outlives the call that uses the parameters, and the
        // parameters do not outlive this function.
        unsafe {
            params.set_abort_callback(Some(aborted));
            params.set_abort_callback_user_data(std::ptr::from_ref(abort) as *mut c_void);
        }
        let ran = self.state.full(params, samples);
        if abort.load(Ordering::Relaxed) {
            return Err(VoiceError::Cancelled);
        }
        ran.map_err(failed)?;
        let (text, confidence) = self.text();
        Ok(Raw {
            text,
            confidence,
            no_speech: self.no_speech(threads)?,
        })
    }

    /// The written segments and how sure the model was of their tokens.
    fn text(&self) -> (String, f32) {
        let end = self.context.token_eot();
        let mut bytes = Vec::new();
        let mut sum = 0.0;
        let mut count = 0;
        for segment in self.state.as_iter() {
            bytes.extend_from_slice(segment.to_bytes().unwrap_or_default());
            let tokens = (0..segment.n_tokens()).filter_map(|n| segment.get_token(n));
            for token in tokens.filter(|token| token.token_id() < end) {
                sum += token.token_probability().max(f32::MIN_POSITIVE).ln();
                count += 1;
            }
        }
        let confidence = if count == 0 { 0.0 } else { sum / count as f32 };
        (String::from_utf8_lossy(&bytes).into_owned(), confidence)
    }

    /// The probability of the no-speech token right after the start token,
    /// on what the encoder just heard. `no_speech_probability()` of a
    /// segment is read at the wrong place in whisper.cpp 1.8 and is of no use.
    fn no_speech(&mut self, threads: usize) -> Result<f32, VoiceError> {
        let start = self.context.token_sot();
        let nobody = self.context.token_nosp();
        self.state.decode(&[start], 0, threads).map_err(failed)?;
        let logits = self.state.get_logits().map_err(failed)?;
        Ok(probability(logits, usize::try_from(nobody).unwrap_or(0)))
    }

    fn params(&mut self, model: &SpeechModel) -> Result<FullParams<'static, 'static>, VoiceError> {
        let settings = Settings {
            language: self.language(model)?,
            vocabulary: model.vocabulary.replace('\0', " "),
        };
        if let Some((kept, params)) = &self.params
            && *kept == settings
        {
            return Ok(params.clone());
        }
        let params = build(&settings);
        self.params = Some((settings, params.clone()));
        Ok(params)
    }

    fn language(&self, model: &SpeechModel) -> Result<Option<String>, VoiceError> {
        if !self.context.is_multilingual() {
            return Ok(Some("en".to_owned()));
        }
        match model.language.as_deref() {
            None | Some("" | "auto") => Ok(None),
            Some(code) if !code.contains('\0') && whisper_rs::get_lang_id(code).is_some() => {
                Ok(Some(code.to_owned()))
            }
            Some(code) => Err(VoiceError::Language {
                language: code.to_owned(),
            }),
        }
    }
}

fn build(settings: &Settings) -> FullParams<'static, 'static> {
    let mut params = FullParams::new(SamplingStrategy::Greedy { best_of: 1 });
    // Every kind of printing is off; no timestamps are asked for.
    params.set_print_progress(false);
    params.set_print_realtime(false);
    params.set_print_special(false);
    params.set_print_timestamps(false);
    params.set_no_timestamps(true);
    params.set_single_segment(true);
    params.set_no_context(true);
    params.set_suppress_blank(true);
    params.set_suppress_nst(true);
    // One decode: a second one at another temperature invents rather than
    // hears, and the guards judge the first.
    params.set_temperature(0.0);
    params.set_temperature_inc(0.0);
    if let Some(language) = &settings.language {
        // The string is leaked by the setter whatever its lifetime.
        params.set_language(Some(Box::leak(language.clone().into_boxed_str())));
    } else {
        params.set_language(None);
    }
    if !settings.vocabulary.trim().is_empty() {
        params.set_initial_prompt(&settings.vocabulary);
    }
    params
}

fn padded(piece: &[f32]) -> std::borrow::Cow<'_, [f32]> {
    if piece.len() >= LEAST_SAMPLES {
        return piece.into();
    }
    let mut padded = piece.to_vec();
    padded.resize(LEAST_SAMPLES, 0.0);
    padded.into()
}

fn probability(logits: &[f32], index: usize) -> f32 {
    let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - most).exp()).sum();
    logits
        .get(index)
        .map_or(0.0, |logit| (logit - most).exp() / sum)
}

fn failed(error: whisper_rs::WhisperError) -> VoiceError {
    VoiceError::Engine {
        detail: error.to_string(),
    }
}

/// Called by whisper.cpp between steps; true ends the run.
unsafe extern "C" fn aborted(flag: *mut c_void) -> bool {
    // SAFETY: `run` set the pointer to a flag that lives through the call.
    unsafe { &*(flag as *const AtomicBool) }.load(Ordering::Relaxed)
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}
