//! The composition root and the only door to the agent: start, submit,
//! answer, cancel, subscribe. Every shell (window, `fam`) comes through here.
//!
//! It wires the rooms below and owns their tasks; it draws nothing, records
//! no sound and prints nothing.

mod clock;
mod doctor;
mod door;
mod home;
mod hub;
mod keys;
mod ports;
mod providers;
mod session;
mod settings;
mod title;
mod view;

pub use doctor::{Finding as DoctorFinding, Health};
pub use door::{Engine, Options, RunLimits, Submission};
pub use home::Home;
pub use hub::{EventStream, Lagged};
pub use permission::{CommandVerdict, Decision, judge_command};
pub use providers::{ActiveProvider, KeySource, ProviderStatus};
pub use settings::{Settings, Theme, VoiceSend};
pub use view::SessionView;

#[cfg(test)]
mod tests;
