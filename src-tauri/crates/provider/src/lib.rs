//! From one request to one stream of events, for every model provider and
//! for the offline commander.
//!
//! A provider is a wire (code) and a catalogue entry (TOML in
//! `assets/providers`). Nothing here runs tools or keeps history.
#![deny(missing_docs)]

mod api_key;
mod attempt;
pub mod catalog;
mod commander;
pub mod discover;
mod error;
mod failure;
mod http;
mod lines;
mod remote;
mod retry;
pub mod sse;
mod wire;

pub use api_key::ApiKey;
pub use commander::Offline;
pub use error::ProviderError;
pub use http::HttpClient;
pub use remote::{Patience, Remote};
pub use retry::{MAX_ATTEMPTS, MAX_ATTEMPTS_BROKEN, MAX_ATTEMPTS_UNREACHABLE, RetryPolicy};

use futures::stream::BoxStream;
use protocol::{Block, Effort, Message, ToolSpec, Usage};

/// One request to a model: the whole conversation, since wires are stateless.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// Model name in the provider's words.
    pub model: String,
    /// System prompt.
    pub system: String,
    /// History, oldest first; valid: every tool call has its result.
    pub messages: Vec<Message>,
    /// Tools on offer.
    pub tools: Vec<ToolSpec>,
    /// Most tokens the answer may have; 0 leaves it to the provider.
    pub max_output_tokens: u32,
    /// How hard to think; what the model does not take is read as the nearest
    /// effort it takes.
    pub effort: Effort,
}

/// What a stream yields, in order. After `Discarded` all earlier content of
/// this stream is void. `Finished` is the last event of a good stream.
#[derive(Debug, Clone, PartialEq)]
pub enum StreamEvent {
    /// More answer text.
    Text(String),
    /// More reasoning text.
    Thinking(String),
    /// A block is complete (text, thinking with signature, or a tool call).
    BlockDone(Block),
    /// Tokens of this request; may come more than once, the last one counts.
    Usage(Usage),
    /// The request failed and is made again after a pause.
    Retry {
        /// Number of the coming attempt, from 2.
        attempt: u32,
        /// Pause in milliseconds.
        delay_ms: u64,
        /// What failed.
        reason: String,
    },
    /// Forget what streamed so far; the next attempt begins.
    Discarded,
    /// The answer is complete.
    Finished(Finish),
}

/// Why the model stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finish {
    /// It said all it wanted.
    EndTurn,
    /// It waits for tool results.
    ToolCalls,
    /// It hit `max_output_tokens`.
    MaxTokens,
    /// The answer reached the end of the model's window.
    ContextFull,
    /// It, or a filter of the provider, refused.
    Refusal,
    /// The server paused a long turn; send the history again to go on.
    Pause,
}

/// A stream of one answer.
pub type EventStream = BoxStream<'static, Result<StreamEvent, ProviderError>>;

/// Something that answers requests.
pub trait Provider: Send + Sync {
    /// Stable id, for example `anthropic`.
    fn id(&self) -> &str;

    /// Starts one request. Dropping the stream stops it and closes the
    /// connection. Errors come through the stream, too, as its last item.
    fn stream(&self, request: Request) -> EventStream;
}
