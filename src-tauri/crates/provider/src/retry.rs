//! When a failed request is made again, and how that looks in the stream.
//!
//! The arithmetic is pure and takes its random number as a parameter. What
//! is worth another attempt is decided where the failure is seen.

use std::time::Duration;

use futures::StreamExt;
use futures::stream::{self, BoxStream};
use protocol::ErrorKind;

use crate::failure::{Again, Failure};
use crate::{EventStream, ProviderError, StreamEvent};

/// Attempts while the provider is busy: with the pauses below about a minute
/// and a half on average, which outlasts most overloads.
pub const MAX_ATTEMPTS: u32 = 8;

/// Attempts while there is no connection. Being offline rarely mends itself
/// within a minute, and the user can act on it, so they learn it early.
pub const MAX_ATTEMPTS_UNREACHABLE: u32 = 4;

/// Attempts at an answer that breaks off: each may cost a full answer.
pub const MAX_ATTEMPTS_BROKEN: u32 = 4;

/// First pause at most; doubles with each attempt.
const BASE_DELAY: Duration = Duration::from_millis(500);

/// Longest pause of our own choice: beyond it a person would press the
/// button sooner than we do.
const MAX_DELAY: Duration = Duration::from_secs(30);

/// Longest pause a server may impose. One that asks for more is out of
/// quota rather than busy, and waiting silently would look like a hang.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(120);

/// Spread over an imposed pause, so that many clients told "1 second" do not
/// all come back together.
const RETRY_AFTER_SPREAD: Duration = Duration::from_millis(250);

/// How often and how patiently.
#[derive(Debug, Clone)]
pub struct RetryPolicy {
    /// Most attempts, the first one included. Kinds of failure have lower
    /// limits of their own.
    pub max_attempts: u32,
    /// First pause at most; doubles with each attempt.
    pub base_delay: Duration,
    /// Longest pause of our own choice.
    pub max_delay: Duration,
    /// Longest pause a server may ask for; more ends the attempts.
    pub max_retry_after: Duration,
    /// Gives a number in `0.0..1.0`.
    pub random: fn() -> f64,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: MAX_ATTEMPTS,
            base_delay: BASE_DELAY,
            max_delay: MAX_DELAY,
            max_retry_after: MAX_RETRY_AFTER,
            random: fastrand::f64,
        }
    }
}

impl RetryPolicy {
    /// The pause before the attempt after `attempt` (from 1) failed:
    /// exponential backoff with full jitter, or what the server asked for
    /// and a little spread.
    #[must_use]
    pub fn delay(&self, attempt: u32, retry_after: Option<Duration>, random: f64) -> Duration {
        if let Some(asked) = retry_after {
            return asked + RETRY_AFTER_SPREAD.mul_f64(random);
        }
        let doublings = attempt.saturating_sub(1).min(31);
        let ceiling = self
            .base_delay
            .saturating_mul(1 << doublings)
            .min(self.max_delay);
        ceiling.mul_f64(random)
    }

    /// The pause before the next attempt, or nothing when it was the last.
    fn next_pause(&self, attempt: u32, failure: &Failure) -> Option<Duration> {
        let limit = match failure.error.kind {
            ErrorKind::Unreachable => MAX_ATTEMPTS_UNREACHABLE,
            ErrorKind::BrokenStream => MAX_ATTEMPTS_BROKEN,
            _ => MAX_ATTEMPTS,
        };
        if attempt >= limit.min(self.max_attempts) {
            return None;
        }
        let random = (self.random)();
        match failure.again {
            Again::Never => None,
            Again::Backoff => Some(self.delay(attempt, None, random)),
            Again::After(asked) if asked > self.max_retry_after => None,
            Again::After(asked) => Some(self.delay(attempt, Some(asked), random)),
        }
    }

    fn give_up(&self, failure: Failure) -> ProviderError {
        let mut error = failure.error;
        if let Again::After(asked) = failure.again
            && asked > self.max_retry_after
        {
            error.hint = format!(
                "It asks to wait {} minutes. {}",
                asked.as_secs().div_ceil(60),
                error.hint
            );
        }
        error
    }
}

/// The events of one attempt. It ends with `Finished` or a failure.
pub(crate) type Attempt = BoxStream<'static, Result<StreamEvent, Failure>>;

/// Strings attempts together until one ends well or the policy gives up.
pub(crate) fn retrying<B>(policy: RetryPolicy, label: String, mut begin: B) -> EventStream
where
    B: FnMut() -> Attempt + Send + 'static,
{
    let phase = Phase::Streaming(begin());
    let state = Retrying {
        policy,
        label,
        begin,
        phase,
        attempt: 1,
        has_content: false,
    };
    stream::unfold(state, |mut state| async move {
        let item = state.next().await?;
        Some((item, state))
    })
    .boxed()
}

struct Retrying<B> {
    policy: RetryPolicy,
    label: String,
    begin: B,
    phase: Phase,
    attempt: u32,
    has_content: bool,
}

enum Phase {
    Streaming(Attempt),
    Waiting(Duration),
    Over,
}

impl<B: FnMut() -> Attempt> Retrying<B> {
    async fn next(&mut self) -> Option<Result<StreamEvent, ProviderError>> {
        loop {
            match &mut self.phase {
                Phase::Streaming(attempt) => {
                    let item = attempt.next().await;
                    return Some(self.take(item));
                }
                Phase::Waiting(pause) => tokio::time::sleep(*pause).await,
                Phase::Over => return None,
            }
            self.attempt += 1;
            self.phase = Phase::Streaming((self.begin)());
            if std::mem::take(&mut self.has_content) {
                return Some(Ok(StreamEvent::Discarded));
            }
        }
    }

    fn take(
        &mut self,
        item: Option<Result<StreamEvent, Failure>>,
    ) -> Result<StreamEvent, ProviderError> {
        let end = Failure::broken(&self.label, "it ended early");
        match item.unwrap_or(Err(end)) {
            Ok(event) => {
                match event {
                    StreamEvent::Finished(_) => self.phase = Phase::Over,
                    StreamEvent::Usage(_) => {}
                    _ => self.has_content = true,
                }
                Ok(event)
            }
            Err(failure) => self.fail(failure),
        }
    }

    fn fail(&mut self, failure: Failure) -> Result<StreamEvent, ProviderError> {
        let Some(pause) = self.policy.next_pause(self.attempt, &failure) else {
            self.phase = Phase::Over;
            return Err(self.policy.give_up(failure));
        };
        tracing::debug!(attempt = self.attempt, ?pause, reason = %failure.error.message, "request is made again");
        self.phase = Phase::Waiting(pause);
        Ok(StreamEvent::Retry {
            attempt: self.attempt + 1,
            delay_ms: u64::try_from(pause.as_millis()).unwrap_or(u64::MAX),
            reason: failure.error.message,
        })
    }
}

#[cfg(test)]
mod tests;
