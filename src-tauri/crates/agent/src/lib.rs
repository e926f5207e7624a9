//! The turn loop: stream an answer, judge its tool calls, run them, feed the
//! results back, until the model has nothing more to do.
//!
//! History goes in, events and new messages come out through ports; the loop
//! does no IO of its own, so a turn can be replayed.

mod answer;
mod calls;
pub mod context;
mod history;
mod limits;
mod ports;
mod prompt;
mod turn;

pub use history::close_open_calls;
pub use limits::{Budget, Limits};
pub use ports::{GatePort, TurnPorts, Word};
pub use prompt::{Surroundings, system_prompt};
pub use turn::{Turn, TurnEnd, run_turn};
