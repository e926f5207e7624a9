//! Decides whether a tool call may run: allow, ask or deny, and why.
//!
//! A pure function of the call, the rules, the mode, the file system's links
//! and what a repository's own files tell git; it runs nothing and asks
//! nobody. The only place that can make a [`Grant`], without which no tool
//! runs. It fails closed: what it does not understand, it asks about.
#![deny(missing_docs)]

mod bash;
mod gate;
mod grant;
mod path;
mod rule;

pub use bash::{
    CommandVerdict, Decision, DecodedCommand, DecodedLine, DecodedWord, decode_command,
    judge_command,
};
pub use gate::{CallPlan, Gate, Refusal, Verdict};
pub use grant::{Basis, Grant};
pub use path::{Guarded, NotSeen, guarded_in, secret};
pub use rule::{KeptRule, RuleEntry, RuleError, RuleSource, RuleTexts, Rules};
