//! Conversations of other programs, read from their logs. Read-only and line
//! by line: what is not understood is left out and counted, and what comes
//! out is always a history a model accepts.
//!
//! The formats are not documented by their makers; they are read as public
//! descriptions of them say, and each source's module names what it skips.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use protocol::{Block, ErrorInfo, ErrorKind, Message, MessageId, Origin, Role, ToolResult, TurnId};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::exchange;

mod claude_code;
mod codex;
mod lines;
mod opencode;
mod timestamp;

/// Folders below the given one that are looked into.
const DEPTH: usize = 8;

/// Files of one import; more is somebody's whole disk.
const MOST_FILES: usize = 50_000;

/// Broken lines named for each file; the rest is only counted.
const NAMED_BROKEN: usize = 10;

/// A program whose conversations can be brought in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum ImportSource {
    /// `~/.claude/projects/*/*.jsonl`
    ClaudeCode,
    /// `~/.codex/sessions/**/rollout-*.jsonl`
    Codex,
    /// `~/.local/share/opencode/storage/session/*/*.json`
    #[serde(rename = "opencode")]
    OpenCode,
}

impl ImportSource {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::ClaudeCode, Self::Codex, Self::OpenCode];

    /// The name on the command line and in a session's `source`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::ClaudeCode => "claude-code",
            Self::Codex => "codex",
            Self::OpenCode => "opencode",
        }
    }

    /// Where the program keeps its conversations.
    ///
    /// # Errors
    /// When this account has no home folder.
    pub fn usual_folder(self) -> Result<PathBuf, ErrorInfo> {
        let from = |name: &str| {
            std::env::var_os(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let home = directories::BaseDirs::new().ok_or_else(|| {
            ErrorInfo::new(
                ErrorKind::Config,
                "This account has no home folder.",
                "Name the folder with `--from`.",
            )
        })?;
        let home = home.home_dir();
        Ok(match self {
            Self::ClaudeCode => from("CLAUDE_CONFIG_DIR")
                .unwrap_or_else(|| home.join(".claude"))
                .join("projects"),
            Self::Codex => from("CODEX_HOME")
                .unwrap_or_else(|| home.join(".codex"))
                .join("sessions"),
            Self::OpenCode => from("XDG_DATA_HOME")
                .unwrap_or_else(|| home.join(".local/share"))
                .join("opencode/storage"),
        })
    }

    fn takes(self, path: &Path) -> bool {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        match self {
            // `agent-…` files are side conversations of sub-agents.
            Self::ClaudeCode => name.ends_with(".jsonl") && !name.starts_with("agent-"),
            Self::Codex => name.ends_with(".jsonl") && name.starts_with("rollout-"),
            Self::OpenCode => name.ends_with(".json") && name.starts_with("ses"),
        }
    }
}

/// What of one file could not be brought in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, TS)]
pub struct Skipped {
    /// The file.
    pub file: PathBuf,
    /// Entries of kinds this build does not know, by kind.
    #[ts(type = "Record<string, number>")]
    pub unknown: BTreeMap<String, u64>,
    /// Entries that make no sense: line number (0 for the file itself) and
    /// why. The first ones only.
    #[ts(type = "Array<[number, string]>")]
    pub broken: Vec<(u64, String)>,
    /// How many make no sense in all.
    #[ts(type = "number")]
    pub broken_count: u64,
}

impl Skipped {
    fn new(file: &Path) -> Self {
        Self {
            file: file.to_owned(),
            ..Self::default()
        }
    }

    fn unknown(&mut self, kind: &str) {
        *self.unknown.entry(kind.to_owned()).or_default() += 1;
    }

    fn broken(&mut self, line: u64, why: impl ToString) {
        self.broken_count += 1;
        if self.broken.len() < NAMED_BROKEN {
            self.broken.push((line, why.to_string()));
        }
    }

    fn is_empty(&self) -> bool {
        self.unknown.is_empty() && self.broken_count == 0
    }
}

/// A conversation as it was found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Conversation {
    /// The other program's id.
    pub id: String,
    pub title: Option<String>,
    /// Absolute path; empty when unknown.
    pub workspace: String,
    /// A valid history.
    pub messages: Vec<Message>,
}

/// What one file holds.
#[derive(Debug)]
pub(crate) struct Reading {
    /// None when there is no message in it.
    pub conversation: Option<Conversation>,
    /// None when all of it was understood.
    pub skipped: Option<Skipped>,
}

/// The files of a source below `folder`, oldest name first.
pub(crate) fn files(source: ImportSource, folder: &Path) -> Result<Vec<PathBuf>, ErrorInfo> {
    if !folder.is_dir() {
        return Err(ErrorInfo::new(
            ErrorKind::NotFound,
            format!("There is no folder `{}`.", folder.display()),
            "Name the folder with `--from`, or check that the program was used on this account.",
        ));
    }
    let start = match source {
        ImportSource::OpenCode if folder.join("session").is_dir() => folder.join("session"),
        _ => folder.to_owned(),
    };
    let mut found = Vec::new();
    let mut folders = vec![(start, 0)];
    while let Some((folder, depth)) = folders.pop() {
        let entries = match std::fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) => {
                tracing::warn!(folder = %folder.display(), %error, "a folder cannot be read");
                continue;
            }
        };
        for entry in entries.filter_map(Result::ok) {
            let (path, kind) = (entry.path(), entry.file_type());
            // Links are not followed: they may lead anywhere, and in circles.
            match kind {
                Ok(kind) if kind.is_dir() && depth < DEPTH => folders.push((path, depth + 1)),
                Ok(kind) if kind.is_file() && source.takes(&path) => found.push(path),
                _ => {}
            }
        }
        if found.len() >= MOST_FILES {
            break;
        }
    }
    found.sort();
    found.truncate(MOST_FILES);
    Ok(found)
}

/// Reads one file; never fails as a whole.
pub(crate) fn read(source: ImportSource, file: &Path) -> Reading {
    let mut skipped = Skipped::new(file);
    let conversation = match source {
        ImportSource::ClaudeCode => claude_code::read(file, &mut skipped),
        ImportSource::Codex => codex::read(file, &mut skipped),
        ImportSource::OpenCode => opencode::read(file, &mut skipped),
    };
    Reading {
        conversation: conversation.filter(|one| !one.messages.is_empty()),
        skipped: Some(skipped).filter(|skipped| !skipped.is_empty()),
    }
}

/// Puts pieces together to messages in the order they come.
struct Assembly {
    messages: Vec<Message>,
    turn: TurnId,
    /// Time of the latest piece that had one, for those that have none.
    last_ms: u64,
}

impl Assembly {
    fn new() -> Self {
        Self {
            messages: Vec::new(),
            turn: TurnId::new(),
            last_ms: 0,
        }
    }

    /// The clock of a log may jump; a history's does not run backwards.
    fn time(&mut self, at_ms: Option<u64>) -> u64 {
        self.last_ms = self.last_ms.max(at_ms.unwrap_or_default());
        self.last_ms
    }

    /// What the user wrote: a new turn.
    fn request(&mut self, text: &str, at_ms: Option<u64>) {
        if text.trim().is_empty() {
            return;
        }
        self.turn = TurnId::new();
        let block = Block::Text {
            text: text.to_owned(),
        };
        self.push((Role::User, Origin::Typed), block, at_ms);
    }

    /// What the other program put in for the model to read.
    fn context(&mut self, text: &str, at_ms: Option<u64>) {
        if !text.trim().is_empty() {
            let block = Block::Text {
                text: text.to_owned(),
            };
            self.push((Role::User, Origin::Program), block, at_ms);
        }
    }

    /// A piece of the model's answer.
    fn answer(&mut self, block: Block, at_ms: Option<u64>) {
        if matches!(&block, Block::Text { text } if text.is_empty()) {
            return;
        }
        match self.messages.last_mut() {
            Some(last) if last.role == Role::Assistant => last.blocks.push(block),
            _ => self.push((Role::Assistant, Origin::Program), block, at_ms),
        }
    }

    /// What became of a call.
    fn result(&mut self, result: ToolResult, at_ms: Option<u64>) {
        let block = Block::ToolResult(result);
        match self.messages.last_mut() {
            Some(last) if matches!(last.blocks.first(), Some(Block::ToolResult(_))) => {
                last.blocks.push(block);
            }
            _ => self.push((Role::User, Origin::Program), block, at_ms),
        }
    }

    fn push(&mut self, (role, origin): (Role, Origin), block: Block, at_ms: Option<u64>) {
        let created_ms = self.time(at_ms);
        self.messages.push(Message {
            id: MessageId::new(),
            turn_id: self.turn.clone(),
            role,
            origin,
            blocks: vec![block].into(),
            created_ms,
        });
    }

    fn finish(self) -> Vec<Message> {
        exchange::mend(self.messages)
    }
}

#[cfg(test)]
mod tests;
