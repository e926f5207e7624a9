//! The composition root and the only door to the agent: start, submit,
//! answer, cancel, subscribe. Every shell (window, `fam`) comes through here.
//!
//! It wires the rooms below and owns their tasks; it draws nothing, records
//! no sound and prints nothing.

mod attachment;
mod checkpoints;
mod clock;
mod context;
mod decoys;
mod doctor;
mod door;
mod draft_file;
mod exchange;
mod export;
mod flags;
#[cfg(feature = "fuzzing")]
#[doc(hidden)]
pub mod fuzzing;
mod home;
mod hub;
mod import;
mod keys;
mod memory;
mod ports;
mod providers;
mod redaction;
mod search;
mod session;
mod settings;
mod side_job;
mod title;
mod trash;
mod trust;
mod undercover;
mod view;

pub use attachment::Attachment;
pub use checkpoint::{OnConflict, Settle};
pub use checkpoints::{Rewind, RewindAction, RewindChange, RewindEntry, RewindNote};
pub use clock::utc_date;
pub use command::{CommandInfo, Page};
pub use doctor::{Finding as DoctorFinding, Health};
pub use door::{
    CommandReply, Engine, Forked, Imported, MemoryView, Options, PolicyAnswer, RewindScope,
    RunLimits, SandboxStatus, Submission, TRASH_DAYS, TrashScope,
};
pub use export::{ExportFormat, Overwrite, export, export_name, save_export};
pub use flags::{BUDDY as BUDDY_FLAG, FlagStage, FlagView, VOICE as VOICE_FLAG};
pub use home::Home;
pub use hub::{EventStream, Lagged};
pub use import::{ImportSource, Skipped};
pub use memory::MemoryFile;
pub use permission::{
    CommandVerdict, Decision, KeptRule, RuleEntry, RuleSource, RuleTexts, judge_command,
};
pub use providers::{ActiveProvider, KeySource, ModelFacts, ModelPrice, ProviderStatus};
pub use redact::Redactor;
pub use settings::{
    EnvironmentVariable, Identity, SettingLayer, SettingOrigin, Settings, Theme,
    UndercoverSettings, VoiceSend, environment_variables, settings_schema,
};
pub use trust::{FoundItem, FoundKind, TrustView};
pub use view::SessionView;

#[cfg(test)]
mod tests;
