//! Sample rates: mono samples of any rate to another. Whole clips at once;
//! live streams are resampled when the recording ends.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler};

const CHUNK_FRAMES: usize = 1024;

/// The clip at another sample rate.
pub(crate) fn resample(samples: Vec<f32>, from_hz: u32, to_hz: u32) -> Result<Vec<f32>, String> {
    if from_hz == to_hz || samples.is_empty() {
        return Ok(samples);
    }
    let mut resampler = Fft::<f32>::new(
        from_hz as usize,
        to_hz as usize,
        CHUNK_FRAMES,
        1,
        FixedSync::Both,
    )
    .map_err(|error| error.to_string())?;
    let frames = samples.len();
    let input = InterleavedSlice::new(&samples, 1, frames).map_err(|error| error.to_string())?;
    let output = resampler
        .process_all(&input, frames, None)
        .map_err(|error| error.to_string())?;
    Ok(output.take_data())
}

/// One channel from interleaved frames: their mean.
pub(crate) fn mono(interleaved: &[f32], channels: u16) -> Vec<f32> {
    let channels = usize::from(channels.max(1));
    if channels == 1 {
        return interleaved.to_vec();
    }
    interleaved
        .chunks_exact(channels)
        .map(|frame| frame.iter().sum::<f32>() / channels as f32)
        .collect()
}

#[cfg(test)]
mod tests;
