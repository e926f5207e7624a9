//! Patterns of rules: globs over paths, words over commands.

use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::Kind;
use crate::bash::names;
use crate::path::{Ground, normal};

/// A glob below the workspace, the home folder or the root.
#[derive(Debug, Clone)]
pub(super) struct PathPattern {
    base: Base,
    globs: Vec<GlobMatcher>,
}

#[derive(Debug, Clone, Copy)]
enum Base {
    Workspace,
    Home,
    Root,
}

impl PathPattern {
    /// Reads a pattern. What forbids ignores case, what allows does not.
    pub(super) fn parse(text: &str, kind: Kind) -> Result<Self, String> {
        let (base, rest) = if let Some(rest) = text.strip_prefix("~/") {
            (Base::Home, rest)
        } else if text == "~" {
            (Base::Home, "**")
        } else if text.starts_with('/') {
            (Base::Root, text)
        } else {
            (Base::Workspace, text.strip_prefix("./").unwrap_or(text))
        };
        if rest.split('/').any(|part| part == "..") {
            return Err("`..` has no place in a pattern; write the folder it means".to_owned());
        }
        let compile = |glob: &str| {
            GlobBuilder::new(glob)
                .literal_separator(true)
                .case_insensitive(kind != Kind::Allow)
                .build()
                .map(|glob| glob.compile_matcher())
                .map_err(|error| error.kind().to_string())
        };
        let mut globs = vec![compile(rest)?];
        if let Some(folder) = rest.strip_suffix("/**") {
            globs.push(compile(folder)?);
        }
        Ok(Self { base, globs })
    }

    pub(super) fn matches(&self, path: &Path, ground: &Ground, kind: Kind) -> bool {
        let path: PathBuf = normal(path);
        let below = match self.base {
            Base::Workspace => ground.relative(&path),
            Base::Home => ground.home().and_then(|home| path.strip_prefix(home).ok()),
            Base::Root => Some(path.as_path()),
        };
        let Some(below) = below else { return false };
        let hit = |path: &Path| self.globs.iter().any(|glob| glob.is_match(path));
        // A rule that forbids a folder forbids what lies in it.
        hit(below)
            || (kind != Kind::Allow
                && below
                    .ancestors()
                    .skip(1)
                    .any(|folder| !folder.as_os_str().is_empty() && hit(folder)))
    }
}

/// The words of a command; `*` stands for any text in a word, and a last
/// word `*` for any further words, none too.
#[derive(Debug, Clone)]
pub(super) struct CommandPattern {
    words: Vec<String>,
    open: bool,
}

impl CommandPattern {
    pub(super) fn parse(text: &str) -> Self {
        let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let mut open = false;
        if words.len() > 1 && words.last().is_some_and(|word| word == "*") {
            words.pop();
            open = true;
        } else if let Some(last) = words.last_mut()
            && let Some(head) = last.strip_suffix(":*").filter(|head| !head.is_empty())
        {
            *last = head.to_owned();
            open = true;
        }
        Self { words, open }
    }

    /// The program through which this pattern would run anything.
    pub(super) fn runs_anything(&self) -> Option<&str> {
        let first = self.words.first()?;
        let wild = self.open || self.words.iter().any(|word| word.contains('*'));
        let second = self.words.get(1).map(String::as_str);
        let packages = matches!(first.as_str(), "npm" | "pnpm" | "yarn" | "bun")
            && matches!(second, None | Some("exec" | "x" | "dlx" | "create"));
        let any = first.contains('*') || names::runs_others(first) || packages;
        (wild && any).then_some(first.as_str())
    }

    /// Word by word: what an allow rule needs.
    pub(super) fn covers(&self, argv: &[&str]) -> bool {
        let long_enough = if self.open {
            argv.len() >= self.words.len()
        } else {
            argv.len() == self.words.len()
        };
        long_enough
            && self
                .words
                .iter()
                .zip(argv)
                .all(|(pattern, word)| wild(pattern, word))
    }

    /// By words or by the whole text, under any spelling of the program's
    /// folder: what a rule that forbids needs.
    pub(super) fn touches(&self, argv: &[&str]) -> bool {
        let Some((first, rest)) = argv.split_first() else {
            return false;
        };
        let base = first.rsplit('/').next().unwrap_or(first);
        [*first, base].into_iter().any(|name| {
            let mut words = vec![name];
            words.extend_from_slice(rest);
            self.covers(&words)
                || wild(&self.text(), &words.join(" "))
                || (self.open && wild(&self.words.join(" "), &words.join(" ")))
        })
    }

    fn text(&self) -> String {
        let text = self.words.join(" ");
        if self.open { format!("{text} *") } else { text }
    }
}

/// `*` in `pattern` stands for any run of characters.
fn wild(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = parts.next().and_then(|head| text.strip_prefix(head)) else {
        return false;
    };
    let parts: Vec<&str> = parts.collect();
    let Some((last, middle)) = parts.split_last() else {
        return rest.is_empty();
    };
    let mut rest = rest;
    for part in middle {
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}
