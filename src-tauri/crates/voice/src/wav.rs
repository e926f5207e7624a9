//! WAV files of any common kind to one channel of whisper's sample rate.
//! Other formats are refused with a reason.

use std::path::Path;

use hound::{SampleFormat, WavReader};

use crate::resample::{mono, resample};
use crate::{SAMPLE_RATE, VoiceError};

/// Longest sound file that is read, so that a hostile header cannot fill the
/// memory.
const MAX_FILE_SECONDS: u64 = 30 * 60;

/// Programs that write a WAV into a pipe cannot know its length and claim
/// about two or four gigabytes; such a file simply ends where it ends.
const STREAMED_CLAIM_BYTES: u64 = 0x7fff_0000;

/// The file as one channel at [`SAMPLE_RATE`].
pub(crate) fn read_wav(path: &Path) -> Result<Vec<f32>, VoiceError> {
    let fail = |detail: String| VoiceError::SoundFile {
        path: path.to_owned(),
        detail,
    };
    let reader = WavReader::open(path).map_err(|error| fail(reason(&error)))?;
    let spec = reader.spec();
    if spec.sample_rate < 1_000 || spec.channels == 0 {
        return Err(fail(format!(
            "{} Hz with {} channels is no usable sound",
            spec.sample_rate, spec.channels
        )));
    }
    let interleaved = read_samples(reader).map_err(fail)?;
    if interleaved.is_empty() {
        return Err(fail("it holds no sound".to_owned()));
    }
    resample(
        mono(&interleaved, spec.channels),
        spec.sample_rate,
        SAMPLE_RATE,
    )
    .map_err(fail)
}

fn read_samples<R: std::io::Read>(mut reader: WavReader<R>) -> Result<Vec<f32>, String> {
    let spec = reader.spec();
    let per_second = u64::from(spec.sample_rate) * u64::from(spec.channels);
    let claimed = u64::from(reader.len());
    let streamed = claimed * u64::from(spec.bits_per_sample) / 8 >= STREAMED_CLAIM_BYTES;
    if !streamed && claimed > per_second * MAX_FILE_SECONDS {
        return Err(format!(
            "it is longer than {} minutes",
            MAX_FILE_SECONDS / 60
        ));
    }
    let limit = (per_second * MAX_FILE_SECONDS) as usize;
    let scale = 1.0 / (1_u64 << (spec.bits_per_sample.clamp(1, 32) - 1)) as f32;
    match spec.sample_format {
        SampleFormat::Float => collect(reader.samples::<f32>(), limit, streamed),
        SampleFormat::Int => collect(
            reader
                .samples::<i32>()
                .map(|sample| sample.map(|sample| sample as f32 * scale)),
            limit,
            streamed,
        ),
    }
}

fn collect(
    samples: impl Iterator<Item = Result<f32, hound::Error>>,
    limit: usize,
    streamed: bool,
) -> Result<Vec<f32>, String> {
    let mut all = Vec::new();
    for sample in samples.take(limit) {
        match sample {
            Ok(sample) if sample.is_finite() => all.push(sample),
            Ok(_) => all.push(0.0),
            Err(_) if streamed => break,
            Err(error) => return Err(reason(&error)),
        }
    }
    Ok(all)
}

fn reason(error: &hound::Error) -> String {
    match error {
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            "it is cut short".to_owned()
        }
        hound::Error::IoError(error) if error.kind() == std::io::ErrorKind::NotFound => {
            "there is no such file".to_owned()
        }
        // hound reports a short read as its own kind of I/O error.
        hound::Error::IoError(error) if error.to_string().contains("Failed to read enough") => {
            "it is cut short or no WAV file".to_owned()
        }
        hound::Error::IoError(error) => error.to_string(),
        hound::Error::FormatError(detail) => format!("it is no WAV file ({detail})"),
        hound::Error::Unsupported => "its kind of WAV is not supported".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests;
