//! How many tokens something takes. No tokenizer ships: what the provider
//! reports after each request corrects the guess, per model.

use protocol::{Attachment, Block, Message, MessageId};

/// Bytes a token stands for, before anything is known of the model: English
/// prose has about 4, code about 3.
const BYTES_PER_TOKEN: f64 = 3.5;

/// What a message costs beyond its text: role and separators.
const MESSAGE_TOKENS: u64 = 6;

/// What a tool call or result costs beyond its text: id, name, braces.
const CALL_TOKENS: u64 = 24;

/// Pixels a token stands for: Anthropic's own rule of thumb; the others stay
/// below it.
const PIXELS_PER_TOKEN: u64 = 750;

/// Larger images are scaled down before a model sees them: Anthropic's
/// largest, 2576 by 1450 pixels or the like.
const MOST_IMAGE_TOKENS: u64 = 5_000;

/// A page of a document takes some 2,000 tokens (Anthropic says 1,500 to
/// 3,000) and mostly some 60 kB.
const DOCUMENT_BYTES_PER_TOKEN: u64 = 30;

/// One page.
const LEAST_DOCUMENT_TOKENS: u64 = 2_000;

/// How much one report moves the factor: a single odd request must not.
const WEIGHT: f64 = 0.3;

/// A factor beyond these is a wrong report, not a tokenizer.
const FACTORS: std::ops::RangeInclusive<f64> = 0.25..=4.0;

/// Below this many estimated tokens the fixed parts of a request that we do
/// not see (the provider's own prompt) would drown the signal.
const LEAST_TOKENS: u64 = 500;

/// Tokens of some text, uncorrected.
#[must_use]
pub fn tokens_of_text(text: &str) -> u64 {
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "lengths of texts stay far below 2^52 and are not negative"
    )]
    let tokens = (text.len() as f64 / BYTES_PER_TOKEN).ceil() as u64;
    tokens
}

/// Tokens of a message with all its blocks, uncorrected.
#[must_use]
pub fn tokens_of_message(message: &Message) -> u64 {
    MESSAGE_TOKENS + message.blocks.iter().map(tokens_of_block).sum::<u64>()
}

fn tokens_of_block(block: &Block) -> u64 {
    match block {
        Block::ToolCall(call) => {
            CALL_TOKENS + tokens_of_text(&call.name) + tokens_of_text(&call.input.to_string())
        }
        Block::ToolResult(result) => CALL_TOKENS + tokens_of_text(&result.content),
        Block::Text { text } | Block::Thinking { text, .. } => tokens_of_text(text),
        Block::RedactedThinking { data, .. } => tokens_of_text(data),
        Block::Attachment(attachment) => CALL_TOKENS + tokens_of_attachment(attachment),
    }
}

/// The tokens of a list of messages that mostly grows at its end: what was
/// counted before is not counted again.
#[derive(Debug, Default)]
pub struct RunningSum {
    first: Option<MessageId>,
    last: Option<MessageId>,
    length: usize,
    tokens: u64,
}

impl RunningSum {
    /// Tokens of `messages`, uncorrected. They may be the former ones and
    /// more, as long as the former ones were not changed.
    pub fn of(&mut self, messages: &[Message]) -> u64 {
        let counted = self.length.checked_sub(1).filter(|&end| {
            messages.first().map(|first| &first.id) == self.first.as_ref()
                && messages.get(end).map(|last| &last.id) == self.last.as_ref()
        });
        let (from, before) = counted.map_or((0, 0), |end| (end + 1, self.tokens));
        let more: u64 = messages[from..].iter().map(tokens_of_message).sum();
        *self = Self {
            first: messages.first().map(|first| first.id.clone()),
            last: messages.last().map(|last| last.id.clone()),
            length: messages.len(),
            tokens: before + more,
        };
        self.tokens
    }
}

/// Images by their pixels, documents by their size: pages are neither
/// counted nor read here.
fn tokens_of_attachment(attachment: &Attachment) -> u64 {
    if let (Some(width), Some(height)) = (attachment.width, attachment.height) {
        let pixels = u64::from(width) * u64::from(height);
        return pixels.div_ceil(PIXELS_PER_TOKEN).min(MOST_IMAGE_TOKENS);
    }
    let bytes = attachment.data.len() as u64 / 4 * 3;
    (bytes / DOCUMENT_BYTES_PER_TOKEN).max(LEAST_DOCUMENT_TOKENS)
}

/// Corrects estimates by what the provider counted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Calibration {
    factor: f64,
}

impl Default for Calibration {
    fn default() -> Self {
        Self { factor: 1.0 }
    }
}

impl Calibration {
    /// Learns from one request: what was estimated, and what was counted.
    pub fn observe(&mut self, estimated: u64, counted: u64) {
        if estimated < LEAST_TOKENS || counted == 0 {
            return;
        }
        #[expect(clippy::cast_precision_loss, reason = "token counts stay below 2^52")]
        let seen = counted as f64 / estimated as f64;
        if FACTORS.contains(&seen) {
            self.factor += WEIGHT * (seen - self.factor);
        }
    }

    /// The corrected number of tokens.
    #[must_use]
    pub fn correct(&self, estimated: u64) -> u64 {
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "token counts stay below 2^52 and are not negative"
        )]
        let corrected = (estimated as f64 * self.factor).round() as u64;
        corrected
    }
}
