//! Judges what the model wrote: whisper invents text on silence, repeats
//! itself and reads its prompt aloud. Text that is likely one of these never
//! leaves. It sees words and figures only, no sound.

use super::engine::Raw;

/// Above this the model itself says that nobody spoke.
const NO_SPEECH: f32 = 0.6;

/// Below this mean log-probability the words are guesses.
const LEAST_CONFIDENCE: f32 = -1.0;

/// Clips, or speech within a clip, this short may not be a stock phrase.
const STOCK_CLIP_MS: u64 = 1_000;
const STOCK_VOICED_MS: u64 = 250;

/// A run of equal words, or of equal groups of words, this long is a loop.
const WORD_REPEATS: usize = 6;
const GROUP_REPEATS: usize = 4;
const LONGEST_GROUP: usize = 8;

/// What whisper models write when they hear nothing.
const STOCK: [&str; 14] = [
    "thank you",
    "thank you very much",
    "thank you for watching",
    "thanks for watching",
    "thanks",
    "you",
    "bye",
    "bye bye",
    "the end",
    "so",
    "please subscribe",
    "subscribe",
    "i'm sorry",
    "oh",
];

/// Why a text is not believed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Doubt {
    /// The model says that nobody spoke.
    NobodySpoke {
        /// Its probability.
        probability: f32,
    },
    /// The words are guesses.
    Guessed {
        /// Mean log-probability.
        confidence: f32,
    },
    /// The same words over and over, also with the whole window.
    Loop,
    /// The vocabulary read aloud.
    Echo,
    /// A stock phrase on next to no sound.
    Stock,
    /// No words at all, or only a sound in brackets.
    Nothing,
}

/// What the text is judged against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Context<'a> {
    pub vocabulary: &'a str,
    pub voiced_ms: u64,
    pub clip_ms: u64,
}

/// The text if it can be believed.
pub(super) fn judge(raw: &Raw, context: &Context<'_>) -> Result<String, Doubt> {
    let text = words_only(&raw.text);
    if raw.no_speech > NO_SPEECH {
        return Err(Doubt::NobodySpoke {
            probability: raw.no_speech,
        });
    }
    if text.is_empty() {
        return Err(Doubt::Nothing);
    }
    if raw.confidence < LEAST_CONFIDENCE {
        return Err(Doubt::Guessed {
            confidence: raw.confidence,
        });
    }
    if loops(&text) {
        return Err(Doubt::Loop);
    }
    if echoes(&text, context.vocabulary) {
        return Err(Doubt::Echo);
    }
    let short = context.clip_ms < STOCK_CLIP_MS || context.voiced_ms < STOCK_VOICED_MS;
    if short && STOCK.contains(&plain(&text).join(" ").as_str()) {
        return Err(Doubt::Stock);
    }
    Ok(text)
}

/// Single spaces, and no `[music]`, `(applause)` or notes.
fn words_only(text: &str) -> String {
    let mut depth = 0_usize;
    let mut kept = String::new();
    for character in text.chars() {
        match character {
            '[' | '(' | '{' => depth += 1,
            ']' | ')' | '}' => depth = depth.saturating_sub(1),
            '♪' | '♫' | '*' => {}
            _ if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    let kept = kept.split_whitespace().collect::<Vec<_>>().join(" ");
    if kept.chars().any(char::is_alphanumeric) {
        kept
    } else {
        String::new()
    }
}

/// Lower-case words without punctuation.
fn plain(text: &str) -> Vec<String> {
    text.split_whitespace()
        .map(|word| {
            word.trim_matches(|c: char| !c.is_alphanumeric())
                .to_lowercase()
        })
        .filter(|word| !word.is_empty())
        .collect()
}

/// True when the text repeats itself as a stuck model does.
pub(super) fn loops(text: &str) -> bool {
    let words = plain(text);
    (1..=LONGEST_GROUP).any(|size| {
        let wanted = if size == 1 {
            WORD_REPEATS
        } else {
            GROUP_REPEATS
        };
        longest_run(&words, size) >= wanted
    })
}

/// How often a group of `size` words stands behind itself at most.
fn longest_run(words: &[String], size: usize) -> usize {
    let mut longest = 1;
    for start in 0..words.len().saturating_sub(size) {
        let group = &words[start..start + size];
        let run = 1 + words[start + size..]
            .chunks_exact(size)
            .take_while(|next| *next == group)
            .count();
        longest = longest.max(run);
    }
    longest
}

/// True when the text is a piece of the vocabulary read aloud.
pub(super) fn echoes(text: &str, vocabulary: &str) -> bool {
    let text = plain(text);
    let vocabulary = plain(vocabulary);
    // One or two words of the vocabulary are what it is there for.
    text.len() >= 3 && vocabulary.windows(text.len()).any(|window| window == text)
}

#[cfg(test)]
mod tests;
