//! From the way a file was called to the one that is meant.

use serde_json::json;

use super::{Run, Step};
use crate::commander::intent::FileRef;
use crate::commander::name::{PathIssue, inside, looks_like_file};
use crate::commander::reading::{self, EntryKind};
use crate::commander::report;
use crate::commander::wildcard::{any_case, escape};

/// The most files offered when several are meant.
const CHOICES: usize = 6;

/// The most near names shown when none is meant.
const NEAR_NAMES: usize = 6;

/// What was meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    File(String),
    Folder(String),
}

impl Run<'_> {
    /// The existing file or folder meant by `file`.
    pub(super) fn target(&mut self, file: &FileRef) -> Result<Target, Step> {
        match file {
            FileRef::Last => self.path(file).map(Target::File),
            FileRef::Named(_) => self.path(file).and_then(|path| self.named(&path)),
            FileRef::Vague(noun) => self.vague(noun),
        }
    }

    /// The existing file meant by `file`; a folder ends the plan.
    pub(super) fn file(&mut self, file: &FileRef) -> Result<String, Step> {
        match self.target(file)? {
            Target::File(path) => Ok(path),
            Target::Folder(path) => Err(Step::Say(format!(
                "{} is a folder, and that works on single files only.",
                report::code(&path)
            ))),
        }
    }

    /// The path of a file that may not exist.
    pub(super) fn path(&self, file: &FileRef) -> Result<String, Step> {
        let name = match file {
            FileRef::Named(name) | FileRef::Vague(name) => name,
            FileRef::Last => {
                let last = self.last_file().map(str::to_owned);
                return last.ok_or_else(|| Step::Say(NO_LAST_FILE.to_owned()));
            }
        };
        inside_or_say(name)
    }

    /// What stands at `path`; none when nothing does or its folder is missing.
    pub(super) fn entry(&mut self, path: &str) -> Result<Option<(String, EntryKind)>, Step> {
        let (folder, name) = path.rsplit_once('/').unwrap_or((".", path));
        let listing = self.call("list_dir", json!({ "path": folder }))?;
        if !listing.ok {
            return Ok(None);
        }
        let entries = reading::entries(listing);
        let exact = entries.iter().find(|entry| entry.name == name);
        let same = exact.or_else(|| {
            entries
                .iter()
                .find(|entry| entry.name.eq_ignore_ascii_case(name))
        });
        Ok(same.map(|entry| {
            let found = if folder == "." {
                entry.name.clone()
            } else {
                format!("{folder}/{}", entry.name)
            };
            (found, entry.kind)
        }))
    }

    fn named(&mut self, path: &str) -> Result<Target, Step> {
        if path == "." {
            return Ok(Target::Folder(path.to_owned()));
        }
        let found = self.glob(&pattern_of(path))?;
        let at_root: Vec<&String> = found.iter().filter(|file| is_at(file, path)).collect();
        match (at_root.as_slice(), found.as_slice()) {
            ([only], _) => return Ok(Target::File((*only).clone())),
            (_, [only]) => return Ok(Target::File(only.clone())),
            (_, [_, ..]) => return self.choose(path, &found).map(Target::File),
            _ => {}
        }
        // The search passes over ignored files; the folder's list does not.
        match self.entry(path)? {
            Some((found, EntryKind::File)) => Ok(Target::File(found)),
            Some((found, EntryKind::Folder)) => Ok(Target::Folder(found)),
            None => Err(self.missing(path)?),
        }
    }

    fn vague(&mut self, noun: &str) -> Result<Target, Step> {
        if let Ok(path) = inside(noun)
            && let Some((found, kind)) = self.entry(&path)?
        {
            return Ok(match kind {
                EntryKind::File => Target::File(found),
                EntryKind::Folder => Target::Folder(found),
            });
        }
        let found = self.glob(&format!("**/*{}*", any_case(noun)))?;
        let stem = |file: &&String| {
            let name = file.rsplit('/').next().unwrap_or(file);
            name.split('.')
                .next()
                .is_some_and(|stem| stem.eq_ignore_ascii_case(noun))
        };
        let exact: Vec<&String> = found.iter().filter(stem).collect();
        match (exact.as_slice(), found.as_slice()) {
            ([only], _) => Ok(Target::File((*only).clone())),
            (_, [only]) => Ok(Target::File(only.clone())),
            (_, []) => Err(Step::Say(format!(
                "No file here has {} in its name. To look inside the files, say “search for {noun}”.",
                report::code(noun)
            ))),
            (_, _) => self.choose(noun, &found).map(Target::File),
        }
    }

    /// Paths that match a glob pattern.
    pub(super) fn glob(&mut self, pattern: &str) -> Result<Vec<String>, Step> {
        let reply = self.must(
            "glob",
            json!({ "pattern": pattern }),
            "Say the name in another way.",
        )?;
        Ok(reading::paths(reply))
    }

    fn missing(&mut self, path: &str) -> Result<Step, Step> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let stem = name
            .split('.')
            .find(|part| !part.is_empty())
            .unwrap_or(name);
        let near = self.glob(&format!("**/*{}*", any_case(stem)))?;
        let mut words = format!("There is no {} here.", report::code(path));
        if near.is_empty() {
            words.push_str(" No name comes near it either; “list the files” shows what there is.");
        } else {
            words.push_str(" These names come near it:\n\n");
            words.push_str(&report::bullets(&near, NEAR_NAMES));
        }
        Ok(Step::Say(words))
    }

    fn choose(&mut self, name: &str, found: &[String]) -> Result<String, Step> {
        let shown = &found[..found.len().min(CHOICES)];
        let options: Vec<_> = shown.iter().map(|file| json!({ "label": file })).collect();
        let question = match found.len() {
            count if count > CHOICES => {
                format!("{count} files fit `{name}`; the first {CHOICES} are offered. Which one?")
            }
            count => format!("{count} files fit `{name}`. Which one?"),
        };
        let reply = self.call(
            "ask_user",
            json!({ "question": question, "options": options }),
        )?;
        let answer = reading::answer(reply);
        let chosen = answer.and_then(|answer| {
            found
                .iter()
                .find(|file| file.as_str() == answer)
                .or_else(|| only(found, |file| file.ends_with(answer)))
        });
        chosen.cloned().ok_or_else(|| {
            Step::Say(format!(
                "{} files fit {}, and I do not know which one you mean:\n\n{}\n\nName it with its folder, for example “open {}”.",
                found.len(),
                report::code(name),
                report::bullets(found, CHOICES),
                found.first().map_or(name, String::as_str)
            ))
        })
    }
}

const NO_LAST_FILE: &str = "I do not know which file you mean: none was opened or changed in this session. Name it, \
                            for example “open main.rs”.";

/// The path inside the folder, or the words why not.
pub(super) fn inside_or_say(name: &str) -> Result<String, Step> {
    inside(name).map_err(|issue| {
        Step::Say(match issue {
            PathIssue::Outside => format!("{} leads out of this folder, and I only work inside it. Nothing was done.", report::code(name)),
            PathIssue::Absolute => format!(
                "{} does not start in this folder, and I only work inside it. Name it as seen from here. Nothing was done.",
                report::code(name)
            ),
            PathIssue::Unprintable => "That name holds characters that no name should hold. Nothing was done.".to_owned(),
        })
    })
}

fn only(found: &[String], fits: impl Fn(&String) -> bool) -> Option<&String> {
    let mut fitting = found.iter().filter(|file| fits(file));
    let first = fitting.next()?;
    fitting.next().is_none().then_some(first)
}

/// A name without an ending may have one: `README` is also `README.md`.
fn pattern_of(path: &str) -> String {
    let escaped = escape(path);
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.contains('.') || !looks_like_file(path) {
        format!("**/{escaped}")
    } else {
        format!("**/{{{escaped},{escaped}.*}}")
    }
}

/// Whether `file` is what `path` names, seen from the workspace's top.
fn is_at(file: &str, path: &str) -> bool {
    file == path
        || file
            .strip_prefix(path)
            .is_some_and(|rest| rest.starts_with('.') && !rest.contains('/'))
}
