//! A rewind as a window shows it, planned or done.

use checkpoint::{Action, Change, EntryKind, Failed, Gap, Kept, Plan, Rewound, WhyKept};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What a rewind of files would do, or did.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
pub struct Rewind {
    /// What changes, by path.
    pub changes: Vec<RewindChange>,
    /// What stays as it is although it differs, and why.
    pub kept: Vec<RewindNote>,
    /// What could not be put back, and why; never in a plan.
    pub failed: Vec<RewindNote>,
}

/// One path that changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RewindChange {
    /// Below the workspace; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// What happens there.
    pub action: RewindAction,
    /// What it is.
    pub entry: RewindEntry,
    /// Bytes that are written.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Somebody else changed it too, between two calls.
    pub also_by_others: bool,
}

/// What happens to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RewindAction {
    /// It appears.
    Create,
    /// Its content, target or kind changes.
    Replace,
    /// Only its mode changes.
    ChangeMode,
    /// It goes.
    Delete,
}

/// What a path is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RewindEntry {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
}

/// Words about one path.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct RewindNote {
    /// Below the workspace; bytes that are no UTF-8 are replaced.
    pub path: String,
    /// Why, as the end of a sentence.
    pub why: String,
}

/// Paths named in one sentence; more are counted.
const PATHS_NAMED: usize = 4;

impl Rewind {
    /// What was done, in a sentence or two.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (gone, back): (Vec<&RewindChange>, Vec<&RewindChange>) = self
            .changes
            .iter()
            .filter(|change| change.entry != RewindEntry::Folder)
            .partition(|change| change.action == RewindAction::Delete);
        let mut words = [named("Put back", &back), named("Removed", &gone)].concat();
        if words.is_empty() {
            words.push_str("No file had to be changed.");
        }
        for note in self.kept.iter().chain(&self.failed) {
            words.push_str(&format!(" {} stayed as it is: {}.", note.path, note.why));
        }
        words.trim().to_owned()
    }
}

fn named(verb: &str, changes: &[&RewindChange]) -> String {
    let paths: Vec<&str> = changes.iter().map(|change| change.path.as_str()).collect();
    match paths.len() {
        0 => String::new(),
        count if count <= PATHS_NAMED => format!(" {verb}: {}.", paths.join(", ")),
        count => format!(
            " {verb} {count} files: {}, and more.",
            paths[..PATHS_NAMED].join(", ")
        ),
    }
}

impl From<Plan> for Rewind {
    fn from(plan: Plan) -> Self {
        Self {
            changes: plan.changes.iter().map(RewindChange::from).collect(),
            kept: plan.kept.iter().map(kept).collect(),
            failed: Vec::new(),
        }
    }
}

impl From<Rewound> for Rewind {
    fn from(done: Rewound) -> Self {
        Self {
            changes: done.changes.iter().map(RewindChange::from).collect(),
            kept: done.kept.iter().map(kept).collect(),
            failed: done.failed.iter().map(failed).collect(),
        }
    }
}

impl From<&Change> for RewindChange {
    fn from(change: &Change) -> Self {
        Self {
            path: change.path.to_string(),
            action: match change.action {
                Action::Create => RewindAction::Create,
                Action::Replace => RewindAction::Replace,
                Action::ChangeMode => RewindAction::ChangeMode,
                Action::Delete => RewindAction::Delete,
            },
            entry: match change.kind {
                EntryKind::File => RewindEntry::File,
                EntryKind::Folder => RewindEntry::Folder,
                EntryKind::Link => RewindEntry::Link,
            },
            bytes: change.bytes,
            also_by_others: change.also_by_others,
        }
    }
}

fn kept(kept: &Kept) -> RewindNote {
    let why = match kept.why {
        WhyKept::ChangedByOthers => "it was changed outside of this session since",
        WhyKept::NotEmpty => "the folder holds something that stays",
        WhyKept::NotSaved(gap) => not_saved(gap),
    };
    RewindNote {
        path: kept.path.to_string(),
        why: why.to_owned(),
    }
}

fn not_saved(gap: Gap) -> &'static str {
    match gap {
        Gap::Ignored => "git ignores it, so it was not saved",
        Gap::VersionControl => "it belongs to version control",
        Gap::Special => "it is a pipe, a socket or a device",
        Gap::TooLarge => "it is too large to be saved",
        Gap::Unreadable => "it cannot be read, so it was not saved",
        Gap::OtherFileSystem => "it is on another disk",
        Gap::TooMany => "the folder has more files than are saved",
        Gap::TooSlow => "looking at the whole folder took too long",
    }
}

fn failed(failed: &Failed) -> RewindNote {
    RewindNote {
        path: failed.path.to_string(),
        why: failed.why.to_string(),
    }
}
