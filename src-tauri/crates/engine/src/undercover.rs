//! Undercover: what a session keeps to itself in the traces it leaves in
//! public — commit messages, trailers, author data, branch names, texts of
//! pull requests, and what a request says of the machine.
//!
//! It looks and stops; it never rewrites what somebody wrote. What cannot be
//! read is stopped, too. It covers traces in git and its forges, not what
//! files or tool output hold.

mod command;
mod commits;
mod git;
mod terms;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use permission::{CallPlan, Refusal, decode_command};
use protocol::{Access, Finding, ToolCall, ToolCallId};

use crate::settings::{Identity, UndercoverSettings};
pub(crate) use terms::{Machine, TermKind, Terms};

/// Leaks that are told of one command or push; more only repeat them.
const MOST_TOLD: usize = 10;

/// What one session keeps to itself.
#[derive(Debug)]
pub(crate) struct Cover {
    terms: Terms,
    identity: Option<Identity>,
    workspace: PathBuf,
    home: Option<String>,
    /// Commits that were told of already.
    told: Mutex<HashSet<String>>,
    announced: AtomicBool,
}

impl Cover {
    /// The cover of a workspace by what the settings and its project say.
    pub fn new(
        workspace: &Path,
        settings: &[&UndercoverSettings],
        project: &[String],
        machine: Machine,
    ) -> Self {
        let listed = settings.iter().flat_map(|settings| &settings.terms);
        let listed: Vec<&String> = listed.chain(project).collect();
        Self {
            terms: Terms::new(&listed, &machine),
            identity: settings
                .iter()
                .find_map(|settings| settings.identity.clone()),
            workspace: workspace.to_owned(),
            home: machine.home,
            told: Mutex::default(),
            announced: AtomicBool::new(false),
        }
    }

    /// What the user reads once; a window shows it all the time besides.
    pub fn announcement(&self) -> Option<&'static str> {
        (!self.announced.swap(true, Ordering::Relaxed))
            .then_some("This project is worked on under cover.")
    }

    /// A text for the prompt without the folders of this machine.
    pub fn without_paths(&self, text: &str) -> String {
        let text = text.replace(&self.workspace.display().to_string(), ".");
        match &self.home {
            Some(home) => text.replace(home, "~"),
            None => text,
        }
    }

    /// The terms, and whom git takes for the author where that is somebody
    /// else than the session's identity.
    async fn terms_in(&self, folder: &Path) -> Terms {
        let mut terms = self.terms.clone();
        let Some(identity) = &self.identity else {
            return terms;
        };
        for (key, own) in [
            ("user.name", &identity.name),
            ("user.email", &identity.email),
        ] {
            let usual = git::config(folder, key).await.ok().flatten();
            if let Some(usual) = usual.filter(|usual| usual != own) {
                terms.add(&usual, TermKind::Identity);
            }
        }
        terms
    }
}

/// Something that would tell, or that nobody can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Leak {
    /// Where it stands: "line 2 of the message (`-m`)".
    pub place: String,
    pub why: Why,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Why {
    /// It names this.
    Names { found: String, kind: TermKind },
    /// It cannot be read before it runs.
    Unreadable(String),
}

impl Leak {
    fn unreadable(place: impl Into<String>, why: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            why: Why::Unreadable(why.into()),
        }
    }

    pub fn in_words(&self) -> String {
        match &self.why {
            Why::Names { found, kind } => {
                format!(
                    "{} names `{found}`, {}.",
                    capitalised(&self.place),
                    kind.in_words()
                )
            }
            Why::Unreadable(why) => {
                format!("{} cannot be checked: {why}.", capitalised(&self.place))
            }
        }
    }

    pub fn into_refusal(self) -> Refusal {
        let hint = match self.why {
            Why::Names { .. } => "Take that out and try again",
            Why::Unreadable(_) => {
                "Write it so that it can be read before it runs: plain text with `-m '…'`, or a file with `-F`"
            }
        };
        Refusal {
            reason: format!("This project is worked on under cover, and nothing was run. {hint}."),
            findings: vec![Finding {
                check: "undercover".to_owned(),
                reason: self.in_words(),
                danger: true,
                span: None,
            }],
        }
    }
}

/// What the model reads after a command that made leaking commits.
pub(crate) fn advice(leaks: &[Leak]) -> Option<String> {
    if leaks.is_empty() {
        return None;
    }
    let mut words = "This project is worked on under cover, and the new commits tell something. They cannot be pushed until it is mended, for example with `git commit --amend -m '…'`:".to_owned();
    for leak in leaks {
        words.push_str("\n- ");
        words.push_str(&leak.in_words());
    }
    Some(words)
}

/// Watches the commands of one turn.
#[derive(Clone)]
pub(crate) struct Watch {
    cover: Arc<Cover>,
    /// Where HEAD was before a call that runs.
    heads: Arc<Mutex<HashMap<ToolCallId, Option<String>>>>,
}

impl Watch {
    pub fn new(cover: Arc<Cover>) -> Self {
        Self {
            cover,
            heads: Arc::default(),
        }
    }

    /// Variables that make commits those of the session's identity.
    pub fn variables(&self) -> Vec<(String, String)> {
        let Some(identity) = &self.cover.identity else {
            return Vec::new();
        };
        let (name, email) = (&identity.name, &identity.email);
        [
            ("GIT_AUTHOR_NAME", name),
            ("GIT_AUTHOR_EMAIL", email),
            ("GIT_COMMITTER_NAME", name),
            ("GIT_COMMITTER_EMAIL", email),
        ]
        .map(|(variable, value)| (variable.to_owned(), value.clone()))
        .into()
    }

    /// What a call would tell, if anything.
    pub async fn leak_of(&self, plan: &CallPlan) -> Option<Leak> {
        for (command, folder) in commands(plan) {
            let line = decode_command(command, &self.cover.workspace, folder);
            if !command::concerns(&line) {
                continue;
            }
            let terms = self.cover.terms_in(folder).await;
            let look = command::Look { terms: &terms };
            let leak = look.at(command, &line, folder).await;
            if leak.is_some() {
                return leak;
            }
        }
        None
    }

    /// Remembers where HEAD is.
    pub async fn before(&self, call: &ToolCall, plan: &CallPlan) {
        if let Some(cwd) = folder(plan) {
            let head = git::head(cwd).await;
            self.heads().insert(call.id.clone(), head);
        }
    }

    /// Looks through the commits that a call made.
    pub async fn after(&self, call: &ToolCall, plan: &CallPlan) -> Vec<Leak> {
        let before = self.heads().remove(&call.id);
        let (Some(cwd), Some(before)) = (folder(plan), before) else {
            return Vec::new();
        };
        let now = git::head(cwd).await;
        let Some(now) = now.filter(|now| Some(now) != before.as_ref()) else {
            return Vec::new();
        };
        let terms = self.cover.terms_in(cwd).await;
        let mut revisions = vec![now];
        if let Some(before) = before {
            revisions.push(format!("^{before}"));
        }
        let told = {
            let told = self.cover.told.lock();
            told.unwrap_or_else(PoisonError::into_inner).clone()
        };
        let leaks = match commits::leaks(cwd, &revisions, &terms).await {
            Ok(leaks) => leaks,
            Err(why) => return vec![Leak::unreadable("the new commits", why)],
        };
        let fresh: Vec<commits::CommitLeak> = leaks
            .into_iter()
            .filter(|leak| !told.contains(&leak.hash))
            .take(MOST_TOLD)
            .collect();
        let mut told = self
            .cover
            .told
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        told.extend(fresh.iter().map(|leak| leak.hash.clone()));
        fresh.into_iter().map(|leak| leak.leak).collect()
    }

    fn heads(&self) -> std::sync::MutexGuard<'_, HashMap<ToolCallId, Option<String>>> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The commands of a call, each with the folder it starts in.
fn commands(plan: &CallPlan) -> impl Iterator<Item = (&str, &Path)> {
    plan.accesses.iter().filter_map(|access| match access {
        Access::Execute { command, cwd } => Some((command.as_str(), Path::new(cwd))),
        _ => None,
    })
}

/// Where a call runs a command, if it does.
fn folder(plan: &CallPlan) -> Option<&Path> {
    commands(plan).next().map(|(_, folder)| folder)
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
