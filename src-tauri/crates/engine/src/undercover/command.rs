//! Reads a shell command for what it would publish: the messages, names and
//! texts it gives to git and to the programs of git forges.
//!
//! It stops what it cannot read. A script that calls git by itself is not
//! seen here; the commits it makes are looked through afterwards.

use std::path::{Path, PathBuf};

use permission::{DecodedCommand, DecodedLine, DecodedWord};

use super::terms::{Named, Terms};
use super::{Leak, Why, commits, git};

mod arguments;

use arguments::{Argument, Arguments};

/// A longer message is no message.
const MOST_MESSAGE_BYTES: u64 = 256 * 1024;

/// What a command is looked at with.
pub(super) struct Look<'a> {
    pub terms: &'a Terms,
}

/// Whether a line may publish something at all; most do not, and git need not
/// be asked about them.
pub(super) fn concerns(line: &DecodedLine) -> bool {
    let programs = ["git", "gh", "glab", "hub", "export", "declare"];
    let concerns = |one: &DecodedCommand| {
        one.words.first().is_some_and(|name| !name.known)
            || programs.contains(&one.program().as_str())
            || one
                .assignments
                .iter()
                .any(|word| word.text.starts_with("GIT_"))
    };
    !line.whole || line.commands.iter().any(concerns)
}

/// A command and where it runs.
struct Site<'a> {
    one: &'a DecodedCommand,
    folder: &'a Path,
    /// Every folder it may run in.
    folders: &'a [PathBuf],
}

/// Verbs of git that publish, or write what is published later.
const VERBS: &[&str] = &[
    "commit",
    "tag",
    "merge",
    "branch",
    "switch",
    "checkout",
    "worktree",
    "push",
    "commit-tree",
    "send-email",
    "notes",
];

/// Verbs of forge programs that write something.
const FORGE_VERBS: &[&str] = &[
    "create", "new", "edit", "update", "comment", "note", "review", "merge", "close", "api",
];

impl Look<'_> {
    /// What `command`, taken apart in `line`, would tell when run in `folder`.
    pub async fn at(&self, command: &str, line: &DecodedLine, folder: &Path) -> Option<Leak> {
        if !line.whole && publishes(command) {
            return Some(Leak::unreadable("the command", "it is too complicated"));
        }
        for one in &line.commands {
            // They are exported already, so that setting one is enough.
            if let Some(leak) = self.at_author(&one.assignments) {
                return Some(leak);
            }
            let leak = match one.program().as_str() {
                "git" | "gh" | "glab" | "hub" => self.at_each(one, folder).await,
                "export" | "declare" => self.at_author(&one.words),
                _ => self.at_other(one),
            };
            if leak.is_some() {
                return leak;
            }
        }
        None
    }

    /// git or a forge program, in every repository it may run in.
    async fn at_each(&self, one: &DecodedCommand, folder: &Path) -> Option<Leak> {
        let folders = arguments::folders(one, folder);
        let mut repositories: Vec<&PathBuf> = Vec::new();
        for folder in &folders {
            if git::head(folder).await.is_some() {
                repositories.push(folder);
            }
        }
        if repositories.is_empty() {
            repositories.extend(folders.first());
        }
        for folder in repositories {
            let site = Site {
                one,
                folder,
                folders: &folders,
            };
            let leak = match one.program().as_str() {
                "git" => self.at_git(&site).await,
                _ => self.at_forge(&site).await,
            };
            if leak.is_some() {
                return leak;
            }
        }
        None
    }

    /// A program whose name is computed may be git.
    fn at_other(&self, one: &DecodedCommand) -> Option<Leak> {
        let name = one.words.first()?;
        let mut rest = one.words.iter().skip(1);
        let unclear = !name.known && rest.any(|word| VERBS.contains(&word.text.as_str()));
        unclear.then(|| Leak::unreadable("the command", "the name of its program is computed"))
    }

    async fn at_git(&self, site: &Site<'_>) -> Option<Leak> {
        let words = match self.behind_alias(&site.one.words, site.folder).await {
            Ok(words) => words,
            Err(leak) => return Some(leak),
        };
        let at = arguments::verb_at(&words)?;
        let verb = words[at].text.clone();
        if !VERBS.contains(&verb.as_str()) {
            return None;
        }
        if let Some(leak) = self.at_author(&words[..at]) {
            return Some(leak);
        }
        let arguments = Arguments::read(&verb, &words[at + 1..]);
        if let Some(word) = arguments.unknown() {
            return Some(Leak::unreadable(
                format!("`{}`", word.text),
                "the shell would still replace a part of it",
            ));
        }
        match verb.as_str() {
            "push" | "send-email" => self.at_push(&arguments, site.folder).await,
            "branch" | "switch" | "checkout" | "worktree" => arguments
                .new_names(&verb)
                .iter()
                .find_map(|name| self.at_name(name)),
            _ => self.at_message(&verb, &arguments, site).await,
        }
    }

    /// The words of a git command, an alias of the configuration replaced.
    async fn behind_alias(
        &self,
        words: &[DecodedWord],
        folder: &Path,
    ) -> Result<Vec<DecodedWord>, Leak> {
        let Some(at) = arguments::verb_at(words) else {
            return Ok(words.to_vec());
        };
        if words[..at].iter().any(|word| word.text.contains("alias.")) {
            return Err(Leak::unreadable("the command", "it makes an alias"));
        }
        let verb = &words[at].text;
        if VERBS.contains(&verb.as_str()) {
            return Ok(words.to_vec());
        }
        let alias = git::config(folder, &format!("alias.{verb}")).await;
        let Ok(Some(alias)) = alias else {
            return Ok(words.to_vec());
        };
        if alias.starts_with('!') && publishes(&alias) {
            let place = format!("the alias `{verb}`");
            return Err(Leak::unreadable(place, "it runs a program"));
        }
        let known = |text: &str| DecodedWord {
            text: text.to_owned(),
            known: true,
        };
        let mut unfolded = words.to_vec();
        unfolded.splice(at..=at, alias.split_whitespace().map(known));
        Ok(unfolded)
    }

    /// Variables and options that set who commits.
    fn at_author(&self, words: &[DecodedWord]) -> Option<Leak> {
        let settings = [
            "GIT_AUTHOR_",
            "GIT_COMMITTER_",
            "user.",
            "author.",
            "committer.",
        ];
        words.iter().find_map(|word| {
            let (name, value) = word.text.split_once('=')?;
            if !settings.iter().any(|start| name.starts_with(start)) {
                return None;
            }
            if !word.known {
                return Some(Leak::unreadable(
                    format!("`{name}`"),
                    "its value is computed",
                ));
            }
            self.leak(format!("`{name}`"), self.terms.named_in(value))
        })
    }

    /// A commit, a tag, a merge, a note.
    async fn at_message(&self, verb: &str, arguments: &Arguments, site: &Site<'_>) -> Option<Leak> {
        for argument in &arguments.all {
            let leak = match argument {
                Argument::Message { option, text } => {
                    self.in_text(&format!("the message (`{option}`)"), text)
                }
                Argument::File { option, path } => {
                    self.in_file((option.as_str(), path.as_str()), site).await
                }
                Argument::Value { option, text } => {
                    self.leak(format!("`{option}`"), self.terms.named_in(text))
                }
                Argument::Name(name) if verb == "tag" => self.at_name(name),
                _ => None,
            };
            if leak.is_some() {
                return leak;
            }
        }
        // Without a terminal git takes a merge's own message, and no editor.
        let opens_editor = match verb {
            "commit" => !arguments.has_message(),
            "tag" => arguments.is_annotated() && !arguments.has_message(),
            _ => false,
        };
        opens_editor.then(|| Leak::unreadable("the message", "git would open an editor for it"))
    }

    async fn in_file(&self, (option, path): (&str, &str), site: &Site<'_>) -> Option<Leak> {
        if path == "-" {
            let place = format!("the message (`{option} -`)");
            if site.one.reads_elsewhere || site.one.input.is_empty() {
                let why = "it comes from another program or a file";
                return Some(Leak::unreadable(place, why));
            }
            let mut input = site.one.input.iter();
            return input.find_map(|text| self.in_text(&place, text));
        }
        let place = format!("`{path}`");
        let candidates: Vec<PathBuf> = site
            .folders
            .iter()
            .map(|folder| folder.join(path))
            .collect();
        let read = tokio::task::spawn_blocking(move || read_messages(&candidates)).await;
        match read {
            Ok(Ok(texts)) => texts.iter().find_map(|text| self.in_text(&place, text)),
            Ok(Err(error)) => Some(Leak::unreadable(place, error.to_string())),
            Err(error) => Some(Leak::unreadable(place, error.to_string())),
        }
    }

    /// What a push would take along.
    async fn at_push(&self, arguments: &Arguments, folder: &Path) -> Option<Leak> {
        let mut revisions: Vec<String> = Vec::new();
        let all = ["--all", "--mirror", "--branches", "--tags", "--follow-tags"];
        if arguments.has_flag(&all) {
            revisions.push("--branches".to_owned());
            revisions.push("--tags".to_owned());
        }
        // The first operand is where to, the rest is what.
        for what in arguments.names().skip(1) {
            let what = what.trim_start_matches('+');
            let (source, target) = what.split_once(':').unwrap_or((what, what));
            if source.is_empty() || arguments.has_flag(&["--delete", "-d"]) {
                continue;
            }
            if let Some(leak) = self.at_name(target) {
                return Some(leak);
            }
            match git::revision(folder, source).await {
                Some(commit) => revisions.push(commit),
                None => {
                    return Some(Leak::unreadable(
                        format!("`{source}`"),
                        "git does not know it",
                    ));
                }
            }
        }
        if let Some(leak) = arguments
            .values()
            .find_map(|(option, text)| self.leak(format!("`{option}`"), self.terms.named_in(text)))
        {
            return Some(leak);
        }
        let deletes = arguments.has_flag(&["--delete", "-d"])
            || (arguments.names().count() > 1 && revisions.is_empty());
        if deletes {
            return None;
        }
        self.in_commits(revisions, folder).await
    }

    /// What the commits tell that would go out; those of HEAD when nothing is
    /// named.
    async fn in_commits(&self, mut revisions: Vec<String>, folder: &Path) -> Option<Leak> {
        if revisions.is_empty() {
            if let Some(leak) = git::branch(folder)
                .await
                .and_then(|name| self.at_name(&name))
            {
                return Some(leak);
            }
            revisions.push(git::head(folder).await?);
        }
        match commits::leaks(folder, &revisions, self.terms).await {
            Ok(leaks) => leaks.into_iter().next().map(|found| found.leak),
            Err(why) => Some(Leak::unreadable("the commits to push", why)),
        }
    }

    /// `gh pr create` and its like.
    async fn at_forge(&self, site: &Site<'_>) -> Option<Leak> {
        let words = site.one.words.get(1..).unwrap_or_default();
        let verb = words
            .iter()
            .take(4)
            .find(|word| FORGE_VERBS.contains(&word.text.as_str()))?
            .text
            .clone();
        let arguments = Arguments::read("forge", words);
        if let Some(word) = arguments.unknown() {
            return Some(Leak::unreadable(
                format!("`{}`", word.text),
                "the shell would still replace a part of it",
            ));
        }
        for argument in &arguments.all {
            let leak = match argument {
                Argument::File { option, path } => {
                    self.in_file((option.as_str(), path.as_str()), site).await
                }
                Argument::Message { option, text } | Argument::Value { option, text } => {
                    self.in_text(&format!("`{option}`"), text)
                }
                Argument::Name(text) => self.in_text(&format!("`{text}`"), text),
                Argument::Flag(_) | Argument::Unknown(_) => None,
            };
            if leak.is_some() {
                return leak;
            }
        }
        let takes_commits = words
            .iter()
            .any(|word| matches!(word.text.as_str(), "pr" | "mr"))
            && matches!(verb.as_str(), "create" | "new");
        if takes_commits {
            return self.in_commits(Vec::new(), site.folder).await;
        }
        None
    }

    fn at_name(&self, name: &str) -> Option<Leak> {
        let name = name.strip_prefix("refs/heads/").unwrap_or(name);
        self.leak(
            format!("the name `{name}`"),
            self.terms.named_in_branch(name),
        )
    }

    fn in_text(&self, place: &str, text: &str) -> Option<Leak> {
        let named = self.terms.named_in(text)?;
        let place = match named.line {
            Some(number) => format!("line {number} of {place}"),
            None => place.to_owned(),
        };
        self.leak(place, Some(named))
    }

    fn leak(&self, place: String, named: Option<Named>) -> Option<Leak> {
        let named = named?;
        Some(Leak {
            place,
            why: Why::Names {
                found: named.found,
                kind: named.kind,
            },
        })
    }
}

/// The file in every folder that has it.
fn read_messages(candidates: &[PathBuf]) -> std::io::Result<Vec<String>> {
    let mut texts = Vec::new();
    let mut missing = None;
    for path in candidates {
        match read_message(path) {
            Ok(text) => texts.push(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => missing = Some(error),
            Err(error) => return Err(error),
        }
    }
    match missing {
        Some(error) if texts.is_empty() => Err(error),
        _ => Ok(texts),
    }
}

fn read_message(path: &Path) -> std::io::Result<String> {
    use std::io::Read;
    let mut bytes = Vec::new();
    std::fs::File::open(path)?
        .take(MOST_MESSAGE_BYTES + 1)
        .read_to_end(&mut bytes)?;
    if bytes.len() as u64 > MOST_MESSAGE_BYTES {
        return Err(std::io::Error::other("it is too long for a message"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Whether a line that cannot be taken apart may publish something.
fn publishes(text: &str) -> bool {
    let programs = ["git", "gh", "glab", "hub"];
    let mut words = text.split(|c: char| !c.is_alphanumeric() && c != '-');
    let has_program = words.clone().any(|word| programs.contains(&word));
    has_program && words.any(|word| VERBS.contains(&word) || FORGE_VERBS.contains(&word))
}
