//! How much of a model's window a clip needs, and where a clip that is longer
//! than the window is cut. Pure arithmetic; nothing here touches the model.

use std::ops::Range;

use crate::SAMPLE_RATE;

/// Encoder positions per second of sound.
const POSITIONS_PER_SECOND: f64 = 50.0;

/// Positions beyond the clip's end; without some the model repeats itself.
const MARGIN: u32 = 128;

/// The smallest window. Published models were never trained on shorter ones
/// and start to loop or to lose words well below ten seconds.
const LEAST_POSITIONS: u32 = 512;

/// Clips longer than this use the whole window.
const FULL_WINDOW_SECONDS: f64 = 25.0;

/// Text comes at three or four tokens a second; more than this is a loop.
const TOKENS_PER_SECOND: f64 = 10.0;
const TOKEN_SLACK: u32 = 16;

/// Longest piece handed to the model at once, and how far back from its end
/// a quiet place to cut is looked for.
const PIECE_SECONDS: usize = 28;
const CUT_SEARCH_SECONDS: usize = 10;
const CUT_WINDOW_MS: usize = 200;

fn seconds(samples: usize) -> f64 {
    samples as f64 / f64::from(SAMPLE_RATE)
}

/// Encoder positions for a clip on a model whose full window is `full`.
pub(super) fn audio_ctx(samples: usize, full: u32) -> u32 {
    let seconds = seconds(samples);
    if seconds > FULL_WINDOW_SECONDS {
        return full;
    }
    let wanted = (seconds * POSITIONS_PER_SECOND).ceil() as u32 + MARGIN;
    // Flash attention works in steps of 64 positions.
    wanted.max(LEAST_POSITIONS).next_multiple_of(64).min(full)
}

/// Most tokens that a clip can reasonably hold.
pub(super) fn max_tokens(samples: usize) -> u32 {
    (seconds(samples) * TOKENS_PER_SECOND).ceil() as u32 + TOKEN_SLACK
}

/// Cuts a clip into pieces that fit the window, each cut at the quietest
/// place near the piece's end.
pub(super) fn pieces(clip: &[f32]) -> Vec<Range<usize>> {
    let rate = SAMPLE_RATE as usize;
    let most = PIECE_SECONDS * rate;
    let mut pieces = Vec::new();
    let mut start = 0;
    while clip.len() - start > most {
        let from = start + most - CUT_SEARCH_SECONDS * rate;
        let cut = quietest(&clip[from..start + most]) + from;
        pieces.push(start..cut);
        start = cut;
    }
    pieces.push(start..clip.len());
    pieces
}

/// Middle of the quietest window in the samples.
fn quietest(samples: &[f32]) -> usize {
    let window = CUT_WINDOW_MS * SAMPLE_RATE as usize / 1_000;
    let energy = |at: usize| -> f32 { samples[at..at + window].iter().map(|x| x * x).sum() };
    (0..samples.len().saturating_sub(window))
        .step_by(window / 4)
        .min_by(|a, b| energy(*a).total_cmp(&energy(*b)))
        .unwrap_or(0)
        + window / 2
}

#[cfg(test)]
mod tests;
