//! Flags and commands, as the user types them.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use protocol::{Effort, PermissionMode};

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
    /// Find, show, keep, share and bring in sessions.
    Session(SessionArgs),
    /// Say every setting in force and where it comes from.
    Config(ConfigArgs),
    /// List the feature flags, or set one.
    Flags(FlagsArgs),
    /// Say what was stopped or noticed on your behalf.
    Audit(AuditArgs),
    /// Show, give or take back the trust in a folder.
    Trust(TrustArgs),
}

#[derive(Debug, clap::Args)]
pub struct RunArgs {
    /// Who answers: anthropic, offline.
    #[arg(long, value_name = "P")]
    pub provider: Option<String>,
    /// Model name; the provider's default otherwise.
    #[arg(long, value_name = "M")]
    pub model: Option<String>,
    /// How hard the model thinks: auto, low, medium, high or max.
    #[arg(long, value_name = "LEVEL")]
    pub effort: Option<Effort>,
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
    /// Stop when this many tokens are used, cached ones included.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub max_tokens: Option<u64>,
    /// Turn a feature flag on (`name`) or off (`-name`, `name=off`); can be
    /// given more than once.
    #[arg(long = "flag", value_name = "NAME", allow_hyphen_values = true)]
    pub flags: Vec<String>,
    /// Go on with this session, or the one whose id begins so.
    #[arg(long, value_name = "ID")]
    pub resume: Option<String>,
    /// Give this image or PDF along; may be given several times.
    #[arg(long, value_name = "FILE")]
    pub attach: Vec<PathBuf>,
    /// What to do; `-` reads it from standard input.
    pub prompt: String,
}

#[derive(Debug, clap::Args)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub command: Option<ConfigCommand>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Print the JSON Schema of settings files.
    Schema,
    /// List the variables that set something.
    Environment,
}

#[derive(Debug, clap::Args)]
pub struct FlagsArgs {
    /// The flag to set; all are listed otherwise.
    #[arg(requires = "state")]
    pub name: Option<String>,
    /// What it becomes.
    pub state: Option<FlagStateArg>,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum FlagStateArg {
    /// On, in your settings.
    On,
    /// Off, in your settings.
    Off,
    /// As if you had not set it.
    Default,
}

#[derive(Debug, clap::Args)]
pub struct AuditArgs {
    #[command(subcommand)]
    pub command: Option<AuditCommand>,
    /// The most entries to print, the newest first.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Subcommand)]
pub enum AuditCommand {
    /// Look whether the ledger is as it was written.
    Verify {
        /// The hash that the ledger ended with at some time; it must still be
        /// in it.
        #[arg(long, value_name = "HASH")]
        head: Option<String>,
        /// Print JSON.
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
pub struct TrustArgs {
    /// The folder; the current one otherwise.
    #[arg(value_name = "FOLDER", default_value = ".")]
    pub folder: PathBuf,
    /// Trust it, and what lies in it up to the next repository.
    #[arg(long, conflicts_with_all = ["revoke", "list"])]
    pub give: bool,
    /// Take the trust back.
    #[arg(long, conflicts_with = "list")]
    pub revoke: bool,
    /// List all trusted folders.
    #[arg(long)]
    pub list: bool,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
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
    List(SessionListArgs),
    /// Print one session as Markdown.
    Show {
        /// The session, or the beginning of its id.
        id: String,
    },
    /// Find messages and titles that hold all words.
    Search(SessionSearchArgs),
    /// Write one session as Markdown, JSON or HTML.
    Export(SessionExportArgs),
    /// Give a session another title.
    Rename {
        /// The session, or the beginning of its id.
        id: String,
        /// The new title.
        title: String,
    },
    /// Take a session out of the list and keep it.
    Archive {
        /// The session, or the beginning of its id.
        id: String,
    },
    /// Put a session into the trash.
    Delete {
        /// The session, or the beginning of its id.
        id: String,
    },
    /// Bring a session back into the list, from the archive or the trash.
    Restore {
        /// The session, or the beginning of its id.
        id: String,
    },
    /// Remove sessions in the trash for good.
    EmptyTrash {
        /// Only what has been there for this many days.
        #[arg(long, value_name = "DAYS", default_value_t = 0)]
        older_than: u64,
    },
    /// Begin a new session with the history of another.
    Fork {
        /// The session, or the beginning of its id.
        id: String,
        /// Keep the first N messages only.
        #[arg(long, value_name = "N")]
        at: Option<usize>,
    },
    /// Go back to before a request: the files, the conversation, or both.
    Rewind(SessionRewindArgs),
    /// Take back the session's last change of files.
    Undo {
        /// The session, or the beginning of its id.
        id: String,
    },
    /// Make the change of files again that was undone last.
    Redo {
        /// The session, or the beginning of its id.
        id: String,
    },
    /// Bring in conversations of another program; changes nothing there.
    Import(SessionImportArgs),
}

#[derive(Debug, clap::Args)]
pub struct SessionListArgs {
    /// Only those whose title or messages hold this.
    #[arg(default_value = "")]
    pub query: String,
    /// Also those in the archive and the trash.
    #[arg(long)]
    pub all: bool,
    /// The most lines to print.
    #[arg(long, value_name = "N", default_value_t = 200, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct SessionSearchArgs {
    /// The words; the last one may be the beginning of a word.
    #[arg(required = true)]
    pub words: Vec<String>,
    /// Also in the archive and the trash.
    #[arg(long)]
    pub all: bool,
    /// The most hits to print.
    #[arg(long, value_name = "N", default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: u32,
    /// Print JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, clap::Args)]
pub struct SessionExportArgs {
    /// The session, or the beginning of its id.
    pub id: String,
    /// md, json or html; otherwise what the file's name says, or json.
    #[arg(long, value_name = "F")]
    pub format: Option<ExportFormatArg>,
    /// Write to this file instead of standard output.
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Replace the file when there is one.
    #[arg(long, requires = "output")]
    pub force: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum ExportFormatArg {
    /// Markdown.
    Md,
    /// JSON, complete and versioned.
    Json,
    /// One HTML file without scripts.
    Html,
}

#[derive(Debug, clap::Args)]
pub struct SessionRewindArgs {
    /// The session, or the beginning of its id.
    pub id: String,
    /// The request to go back to, counted from 1; the last one otherwise.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub to: Option<u32>,
    /// What goes back.
    #[arg(long, value_name = "S", default_value = "files")]
    pub scope: RewindScopeArg,
    /// Also put back what others changed in the meantime.
    #[arg(long)]
    pub overwrite: bool,
    /// Only say what would change.
    #[arg(long)]
    pub dry_run: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum RewindScopeArg {
    /// The files of the folder.
    Files,
    /// The conversation; what goes stays on its branch.
    Chat,
    /// Both.
    Both,
}

#[derive(Debug, clap::Args)]
pub struct SessionImportArgs {
    /// The program; all that are found otherwise.
    pub source: Option<ImportSourceArg>,
    /// Where its conversations are; its usual folder otherwise.
    #[arg(long, value_name = "DIR", requires = "source")]
    pub from: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
pub enum ImportSourceArg {
    /// Claude Code.
    ClaudeCode,
    /// Codex.
    Codex,
    /// opencode.
    #[value(name = "opencode")]
    OpenCode,
}

fn positive(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number > 0.0 && number.is_finite() => Ok(number),
        _ => Err("give an amount above zero, for example 0.50".into()),
    }
}
