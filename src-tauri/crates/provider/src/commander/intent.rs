//! What a request asks for. Pure: words in, one intent out.

use super::phrasebook;
use super::utterance::{Utterance, Voice};

/// A file as it was called: a name, or the one spoken of last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum FileRef {
    /// A file name or path.
    Named(String),
    /// A noun that may be part of a name: "the queue".
    Vague(String),
    /// "it"
    Last,
}

/// A request that was understood, or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Intent {
    /// "hello"
    Greet,
    /// "thank you"
    Thanks,
    /// "what can you do"
    Help,
    /// Show a file, or a few of its lines.
    Open {
        file: FileRef,
        lines: Option<(u64, u64)>,
    },
    /// List a folder; none is the whole workspace's top.
    List { folder: Option<String> },
    /// Search text in files.
    Search {
        pattern: String,
        scope: Option<String>,
    },
    /// Where a name is used.
    Uses { name: String },
    /// Which file defines a name.
    Definition { name: String },
    /// Where a file is.
    Locate { name: String },
    /// Make a file that is not there.
    Create { file: FileRef, text: String },
    /// Make a folder.
    CreateFolder { name: String },
    /// Make or overwrite a file.
    Write { file: FileRef, text: String },
    /// Add lines at a file's end.
    Append { file: FileRef, text: String },
    /// Replace text in a file; none asks which.
    Replace {
        old: String,
        new: String,
        file: Option<FileRef>,
    },
    /// Remove a file.
    Delete { file: FileRef },
    /// Give a file another name or place.
    Move { file: FileRef, to: String },
    /// Copy a file.
    Copy { file: FileRef, to: String },
    /// Run one of the project's tasks.
    Task(Task),
    /// Run a command as given.
    Command { command: String },
    /// Ask git something.
    Git(Git),
    /// Commit; without a message it asks for one.
    Commit { message: Option<String> },
    /// Make a branch and switch to it.
    NewBranch { name: String },
    /// Switch to a branch.
    SwitchBranch { name: String },
    /// Push the branch.
    Push,
    /// Count a file's lines.
    CountLines { file: FileRef },
    /// Count tests, in files of a name or everywhere.
    CountTests { name: Option<String> },
    /// The request before this one, once more.
    Again,
    /// "yes", "deny it", "confirm pepper": an answer to no question.
    Answer,
    /// "stop", "never mind".
    Stop,
    /// Understood, and not for the commander.
    Beyond(Beyond),
    /// One request, then another: "create a file called a.txt and open it".
    Both(Box<Intent>, Box<Intent>),
    /// Not understood.
    Unknown,
}

/// A task most projects have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// All tests, or those of a name.
    Test { filter: Option<String> },
    /// Build it.
    Build,
    /// Check it.
    Lint,
    /// Format it.
    Format,
}

/// A question to git that changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Git {
    /// What is changed or new.
    Status,
    /// Status and the size of each change.
    Changes,
    /// The changes in full.
    Diff,
    /// Commits since midnight, and what is uncommitted.
    Today,
    /// The latest commits.
    Log,
    /// Branches.
    Branches,
}

/// What the commander understands and cannot do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Beyond {
    /// Writing, fixing, renaming or judging code.
    Think,
    /// Explaining; the thing to explain when it was named.
    Explain(String),
    /// Taking changes back.
    Undo,
    /// Remembering things.
    Memory,
    /// Sessions, modes, settings: in the window.
    Window,
    /// Plans.
    Plan,
    /// Agents beside this one.
    Agents,
    /// Servers and other things that keep running.
    Server,
    /// Deleting or merging a branch, of which no name was given.
    Branch,
    /// The companion and its voice.
    Companion,
    /// What was spent.
    Cost,
    /// What happened before or elsewhere.
    Past,
    /// Updating Familiar.
    Update,
    /// Looking at an image or a document given along.
    Look,
}

/// Places at which a request may fall into two that are looked at.
const JOINTS: usize = 8;

/// Words a second request begins with. Without this, "search for salt and
/// pepper" would be two requests.
const SECOND_VERBS: &[&str] = &[
    "open",
    "read",
    "show",
    "list",
    "run",
    "search",
    "find",
    "create",
    "make",
    "write",
    "overwrite",
    "append",
    "replace",
    "delete",
    "rename",
    "move",
    "copy",
    "build",
    "format",
    "lint",
    "test",
    "commit",
    "push",
];

/// Understands one request, or two in a row.
pub(super) fn parse(text: &str, voice: Voice) -> Intent {
    let utterance = Utterance::new(text, voice);
    let whole = phrasebook::look_up(&utterance);
    let joined = utterance.joints().take(JOINTS).find_map(|(left, right)| {
        let begins = right
            .split_whitespace()
            .find(|word| !word.eq_ignore_ascii_case("then"))?;
        let second = SECOND_VERBS.contains(&begins.to_lowercase().as_str())
            && right.split_whitespace().count() > 1;
        let both = second.then(|| {
            (
                phrasebook::look_up(&Utterance::new(left, voice)),
                parse(right, voice),
            )
        });
        both.filter(|(first, second)| {
            first.is_sure() && second.is_sure() && !whole.says_more(first)
        })
    });
    match joined {
        Some((first, second)) => Intent::Both(Box::new(first), Box::new(second)),
        None => whole,
    }
}

impl Intent {
    /// "Create a file and write x into it" is one request: a file with text.
    fn says_more(&self, first: &Self) -> bool {
        matches!(
            (self, first),
            (Self::Create { text: whole, .. }, Self::Create { file: FileRef::Named(_), text })
                if text.is_empty() && !whole.is_empty()
        )
    }

    /// Whether it does something, to something called by its name.
    fn is_sure(&self) -> bool {
        match self {
            Self::Open { file, .. } | Self::CountLines { file } => {
                !matches!(file, FileRef::Vague(_))
            }
            Self::Greet | Self::Thanks | Self::Help | Self::Again | Self::Answer | Self::Stop => {
                false
            }
            Self::Beyond(_) | Self::Unknown => false,
            Self::Replace { file, .. } => file.is_some(),
            _ => true,
        }
    }
}
