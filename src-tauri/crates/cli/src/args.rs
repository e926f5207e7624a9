//! Flags and commands, as the user types them.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use protocol::PermissionMode;

/// Familiar without a window.
#[derive(Debug, Parser)]
#[command(name = "fam", version, about, arg_required_else_help = true)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Do what PROMPT asks in the current folder, then exit.
    Run(RunArgs),
    /// Say what works on this machine, what is missing, and the fix.
    Doctor(DoctorArgs),
    /// Turn a WAV file into text, the way the app does with the microphone.
    Transcribe(TranscribeArgs),
    /// Look at the permission gate without running anything.
    Permission(PermissionArgs),
    /// Look at stored sessions.
    Session(SessionArgs),
}

#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// Who answers: anthropic, offline.
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    /// Model name; the provider's default otherwise.
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// Base URL of the provider.
    #[arg(long, value_name = "URL")]
    pub base_url: Option<String>,
    /// plan, ask, edits, auto or bypass.
    #[arg(long, value_name = "MODE")]
    pub permission_mode: Option<PermissionMode>,
    /// Print one JSON event per line instead of text.
    #[arg(long)]
    pub json: bool,
    /// Stop after this many requests to the model.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub max_turns: Option<u32>,
    /// Stop when this much money is spent, in US dollars.
    #[arg(long, value_name = "USD", value_parser = positive)]
    pub max_cost: Option<f64>,
    /// Go on with this session.
    #[arg(long, value_name = "ID")]
    pub resume: Option<String>,
    /// What to do; `-` reads it from standard input.
    pub prompt: String,
}

#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct TranscribeArgs {
    /// The recording.
    pub file: PathBuf,
    /// Speech model; the installed one otherwise.
    #[arg(long, value_name = "PATH")]
    pub model: Option<PathBuf>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct PermissionArgs {
    #[command(subcommand)]
    pub command: PermissionCommand,
}

#[derive(Debug, Subcommand)]
pub enum PermissionCommand {
    /// Judge shell commands; runs none of them.
    Test {
        /// Read `{"cmd": "…"}` lines from standard input, answer each with a
        /// line of JSON.
        #[arg(long, required = true)]
        jsonl: bool,
        /// The folder commands would run in; the current one otherwise.
        #[arg(long, value_name = "DIR")]
        workspace: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub struct SessionArgs {
    #[command(subcommand)]
    pub command: SessionCommand,
}

#[derive(Debug, Subcommand)]
pub enum SessionCommand {
    /// List sessions, newest first.
    List {
        /// Only those whose title or messages hold this.
        #[arg(default_value = "")]
        query: String,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print one session.
    Show {
        /// The session.
        id: String,
    },
    /// Print one session as JSON, whole.
    Export {
        /// The session.
        id: String,
    },
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("give an amount above zero, for example 0.50".into()),
    }
}
