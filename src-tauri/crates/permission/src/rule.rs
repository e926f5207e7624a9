//! Rules of the user's settings: `Bash(cargo test *)`, `Read(~/docs/**)`,
//! `Edit(src/**)`, `todo`. Deny beats ask beats allow, whatever the order.
//!
//! A rule never loosens a protected path and never silences a dangerous
//! finding; the gate sees to that.

mod pattern;

use std::path::Path;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::path::Ground;
use pattern::{CommandPattern, PathPattern};

/// The rules as settings hold them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(default, deny_unknown_fields)]
pub struct RuleTexts {
    /// Run without asking.
    pub allow: Vec<String>,
    /// Always ask, whatever else allows it.
    pub ask: Vec<String>,
    /// Never run.
    pub deny: Vec<String>,
}

/// All rules of a session, read and checked.
#[derive(Debug, Clone, Default)]
pub struct Rules {
    allow: Vec<Rule>,
    ask: Vec<Rule>,
    deny: Vec<Rule>,
}

/// A rule that cannot be read, with its own text.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum RuleError {
    /// Not `Tool` or `Tool(pattern)`.
    #[error(
        "`{rule}` is not a rule; write `Tool` or `Tool(pattern)`, for example `Bash(cargo test *)`"
    )]
    Shape {
        /// The rule as written.
        rule: String,
    },
    /// Parentheses with nothing between them.
    #[error("`{rule}` has an empty pattern; leave out the parentheses to mean every call")]
    EmptyPattern {
        /// The rule as written.
        rule: String,
    },
    /// The path pattern is not one.
    #[error("`{rule}` has a path pattern that cannot be read: {problem}")]
    Pattern {
        /// The rule as written.
        rule: String,
        /// What is wrong with it.
        problem: String,
    },
    /// An allow rule that would allow everything through one program.
    #[error(
        "`{rule}` would allow any program through `{command}`; name the full command without `*`"
    )]
    TooWide {
        /// The rule as written.
        rule: String,
        /// The program that runs others.
        command: String,
    },
}

/// One rule.
#[derive(Debug, Clone)]
struct Rule {
    text: String,
    target: Target,
}

#[derive(Debug, Clone)]
enum Target {
    Bash(Option<CommandPattern>),
    Read(Option<PathPattern>),
    Write(Option<PathPattern>),
    /// One tool by its name; with a pattern, what it reads or writes.
    Tool(String, Option<PathPattern>),
    /// Every call there is: stands for a rule whose tool cannot be made out.
    Everything,
}

/// What a path is touched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Touch {
    Read,
    Write,
}

/// A tool about to touch a path.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Touching<'a> {
    pub(crate) touch: Touch,
    pub(crate) tool: &'a str,
    pub(crate) path: &'a Path,
}

/// Which rules to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Deny,
    Ask,
    Allow,
}

impl Rules {
    /// Reads and checks every rule.
    ///
    /// # Errors
    /// The first rule that cannot be read, by its text.
    pub fn parse(texts: &RuleTexts) -> Result<Self, RuleError> {
        let all = |list: &[String], kind| {
            list.iter()
                .map(|text| Rule::parse(text, kind))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(Self {
            allow: all(&texts.allow, Kind::Allow)?,
            ask: all(&texts.ask, Kind::Ask)?,
            deny: all(&texts.deny, Kind::Deny)?,
        })
    }

    /// Reads what can be read. Nothing gets looser by a mistake: a broken allow
    /// rule is left out, and a broken ask or deny rule asks about all that its
    /// tool does, in every mode.
    #[must_use]
    pub fn read(texts: &RuleTexts) -> (Self, Vec<RuleError>) {
        let mut rules = Self::default();
        let mut broken = Vec::new();
        let lists = [
            (Kind::Deny, &texts.deny),
            (Kind::Ask, &texts.ask),
            (Kind::Allow, &texts.allow),
        ];
        let all = lists
            .into_iter()
            .flat_map(|(kind, list)| list.iter().map(move |text| (kind, text)));
        for (kind, text) in all {
            match Rule::parse(text, kind) {
                Ok(rule) => rules.list_mut(kind).push(rule),
                Err(error) => {
                    broken.push(error);
                    rules
                        .ask
                        .extend((kind != Kind::Allow).then(|| Rule::in_place_of(text)));
                }
            }
        }
        (rules, broken)
    }

    /// The rules when their text is lost: every call asks, since a deny rule
    /// may have been among them.
    #[must_use]
    pub fn lost() -> Self {
        let everything = Rule {
            text: "ask about everything until the rules can be read".to_owned(),
            target: Target::Everything,
        };
        Self {
            ask: vec![everything],
            ..Self::default()
        }
    }

    /// These rules and others: whatever one of them denies, asks or allows,
    /// deny beats ask beats allow.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.deny.extend(other.deny);
        self.ask.extend(other.ask);
        self.allow.extend(other.allow);
        self
    }

    /// These rules without what they allow.
    #[must_use]
    pub fn without_allow(mut self) -> Self {
        self.allow.clear();
        self
    }

    fn list_mut(&mut self, kind: Kind) -> &mut Vec<Rule> {
        match kind {
            Kind::Deny => &mut self.deny,
            Kind::Ask => &mut self.ask,
            Kind::Allow => &mut self.allow,
        }
    }

    fn list(&self, kind: Kind) -> &[Rule] {
        match kind {
            Kind::Deny => &self.deny,
            Kind::Ask => &self.ask,
            Kind::Allow => &self.allow,
        }
    }

    /// The first rule of this kind that names the tool without a pattern.
    pub(crate) fn for_tool(&self, kind: Kind, tool: &str) -> Option<&str> {
        self.first(kind, |target| match target {
            Target::Tool(name, None) => name.eq_ignore_ascii_case(tool),
            Target::Everything => true,
            _ => false,
        })
    }

    /// The first rule of this kind that covers a tool touching a path.
    pub(crate) fn for_path(
        &self,
        kind: Kind,
        touching: Touching<'_>,
        ground: &Ground,
    ) -> Option<&str> {
        let Touching { touch, tool, path } = touching;
        let fits = |pattern: &Option<PathPattern>| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.matches(path, ground, kind))
        };
        self.first(kind, |target| match (target, touch) {
            (Target::Read(pattern), Touch::Read) | (Target::Write(pattern), Touch::Write) => {
                fits(pattern)
            }
            (Target::Tool(name, Some(pattern)), _) => {
                name.eq_ignore_ascii_case(tool) && pattern.matches(path, ground, kind)
            }
            (Target::Everything, _) => true,
            _ => false,
        })
    }

    /// The first rule of this kind that covers one leaf command.
    pub(crate) fn for_command(&self, kind: Kind, argv: &[&str]) -> Option<&str> {
        self.first(kind, |target| match target {
            Target::Bash(pattern) => pattern.as_ref().is_none_or(|pattern| match kind {
                Kind::Allow => pattern.covers(argv),
                Kind::Deny | Kind::Ask => pattern.touches(argv),
            }),
            Target::Everything => true,
            _ => false,
        })
    }

    /// True when some deny or ask rule looks at the words of commands, so
    /// that a command nobody can decode might be one of them.
    pub(crate) fn reads_commands(&self) -> bool {
        let looks = |rule: &Rule| matches!(rule.target, Target::Bash(Some(_)));
        self.deny.iter().chain(&self.ask).any(looks)
    }

    fn first(&self, kind: Kind, fits: impl Fn(&Target) -> bool) -> Option<&str> {
        self.list(kind)
            .iter()
            .find(|rule| fits(&rule.target))
            .map(|rule| rule.text.as_str())
    }
}

impl Rule {
    fn parse(text: &str, kind: Kind) -> Result<Self, RuleError> {
        let rule = || text.to_owned();
        let shape = || RuleError::Shape { rule: rule() };
        let trimmed = text.trim();
        let (name, pattern) = match trimmed.split_once('(') {
            None => (trimmed, None),
            Some((name, rest)) => (name, Some(rest.strip_suffix(')').ok_or_else(shape)?.trim())),
        };
        if name.is_empty()
            || !name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'))
        {
            return Err(shape());
        }
        if pattern == Some("") {
            return Err(RuleError::EmptyPattern { rule: rule() });
        }
        let path = |pattern: Option<&str>| {
            let read = |pattern| {
                PathPattern::parse(pattern, kind).map_err(|problem| RuleError::Pattern {
                    rule: rule(),
                    problem,
                })
            };
            pattern.map(read).transpose()
        };
        let target = match name.to_ascii_lowercase().as_str() {
            "bash" => Target::Bash(Self::command(text, pattern, kind)?),
            "read" => Target::Read(path(pattern)?),
            "edit" | "write" => Target::Write(path(pattern)?),
            other => Target::Tool(other.to_owned(), path(pattern)?),
        };
        Ok(Self {
            text: trimmed.to_owned(),
            target,
        })
    }

    /// What a rule that cannot be read may have meant at most.
    fn in_place_of(text: &str) -> Self {
        let name = text.split('(').next().unwrap_or_default().trim();
        let target = match name.to_ascii_lowercase().as_str() {
            "bash" => Target::Bash(None),
            "read" => Target::Read(None),
            "edit" | "write" => Target::Write(None),
            _ => Target::Everything,
        };
        Self {
            text: text.trim().to_owned(),
            target,
        }
    }

    fn command(
        text: &str,
        pattern: Option<&str>,
        kind: Kind,
    ) -> Result<Option<CommandPattern>, RuleError> {
        let Some(pattern) = pattern.filter(|pattern| *pattern != "*") else {
            return Ok(None);
        };
        let pattern = CommandPattern::parse(pattern);
        match pattern.runs_anything() {
            Some(command) if kind == Kind::Allow => Err(RuleError::TooWide {
                rule: text.to_owned(),
                command: command.to_owned(),
            }),
            _ => Ok(Some(pattern)),
        }
    }
}

#[cfg(test)]
mod tests;
