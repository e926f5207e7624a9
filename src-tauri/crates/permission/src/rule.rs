//! Rules of the user's settings: `Bash(cargo test *)`, `Read(~/docs/**)`,
//! `Edit(src/**)`, `WebFetch(domain:docs.rs)`, `todo`. Deny beats ask beats allow, whatever the order.
//!
//! A rule never loosens a protected path and never silences a dangerous
//! finding; the gate sees to that.

mod bounds;
mod entry;
mod pattern;

use std::path::Path;

use protocol::{Host, HostPattern};

use crate::path::Ground;
use bounds::Bounds;
pub use entry::{KeptRule, RuleEntry, RuleSource, RuleTexts};
use pattern::{CommandPattern, PathPattern};

/// What stands before the name of a host in a rule.
const DOMAIN: &str = "domain:";

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
    /// What it says of a host cannot be read.
    #[error("`{rule}` names no host: {problem}")]
    Host {
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
    /// Its project is no absolute path.
    #[error("`{rule}` has a project that is not an absolute path")]
    Project {
        /// The rule as written.
        rule: String,
    },
    /// Its last day is none.
    #[error("`{rule}` has an expiry that is not a day; write it as `2027-01-31`")]
    Expiry {
        /// The rule as written.
        rule: String,
    },
    /// An example says something else than the rule.
    #[error(
        "`{rule}` should {}fit its example `{example}`, and it is not so",
        if *should { "" } else { "not " }
    )]
    Example {
        /// The rule as written.
        rule: String,
        /// The example that does not bear it out.
        example: String,
        /// True when the example is one that should fit.
        should: bool,
    },
}

/// One rule.
#[derive(Debug, Clone)]
struct Rule {
    text: String,
    target: Target,
    bounds: Bounds,
}

#[derive(Debug, Clone)]
enum Target {
    Bash(Option<CommandPattern>),
    Read(Option<PathPattern>),
    Write(Option<PathPattern>),
    /// Hosts on the network.
    Fetch(Option<HostPattern>),
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
        let all = |list: &[RuleEntry], kind| {
            list.iter()
                .map(|entry| Rule::of(entry, kind))
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
            .flat_map(|(kind, list)| list.iter().map(move |entry| (kind, entry)));
        for (kind, entry) in all {
            match Rule::of(entry, kind) {
                Ok(rule) => rules.list_mut(kind).push(rule),
                Err(error) => {
                    broken.push(error);
                    rules
                        .ask
                        .extend((kind != Kind::Allow).then(|| Rule::in_place_of(entry.text())));
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
            bounds: Bounds::default(),
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

    /// Those that hold for work in `workspace` (absolute path) on the day
    /// `today` (UTC, `YYYY-MM-DD`).
    #[must_use]
    pub fn in_force(&self, workspace: &Path, today: &str) -> Self {
        let holding = |rules: &[Rule]| {
            let holds = |rule: &&Rule| rule.bounds.hold(workspace, today);
            rules.iter().filter(holds).cloned().collect()
        };
        Self {
            allow: holding(&self.allow),
            ask: holding(&self.ask),
            deny: holding(&self.deny),
        }
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
        self.first(kind, |rule| match &rule.target {
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
        self.first(kind, |rule| rule.covers_path(kind, touching, ground))
    }

    /// The first rule of this kind that covers reaching a host.
    pub(crate) fn for_host(&self, kind: Kind, host: &Host) -> Option<&str> {
        self.first(kind, |rule| rule.covers_host(kind, host))
    }

    /// The first rule of this kind that covers one leaf command.
    pub(crate) fn for_command(&self, kind: Kind, argv: &[&str]) -> Option<&str> {
        self.first(kind, |rule| rule.covers_command(kind, argv))
    }

    /// True when some deny or ask rule looks at the words of commands, so
    /// that a command nobody can decode might be one of them.
    pub(crate) fn reads_commands(&self) -> bool {
        let looks = |rule: &Rule| matches!(rule.target, Target::Bash(Some(_)));
        self.deny.iter().chain(&self.ask).any(looks)
    }

    fn first(&self, kind: Kind, fits: impl Fn(&Rule) -> bool) -> Option<&str> {
        self.list(kind)
            .iter()
            .find(|rule| fits(rule))
            .map(|rule| rule.text.as_str())
    }
}

impl Rule {
    fn of(entry: &RuleEntry, kind: Kind) -> Result<Self, RuleError> {
        let rule = Self::parse(entry.text(), kind)?;
        let Some(kept) = entry.kept() else {
            return Ok(rule);
        };
        bounds::verify(&rule, kept, kind)?;
        Ok(Self {
            bounds: Bounds::of(kept)?,
            ..rule
        })
    }

    fn tool(&self) -> &str {
        match &self.target {
            Target::Tool(name, _) => name,
            _ => "",
        }
    }

    fn covers_path(&self, kind: Kind, touching: Touching<'_>, ground: &Ground) -> bool {
        let Touching { touch, tool, path } = touching;
        let fits = |pattern: &Option<PathPattern>| {
            pattern
                .as_ref()
                .is_none_or(|pattern| pattern.matches(path, ground, kind))
        };
        match (&self.target, touch) {
            (Target::Read(pattern), Touch::Read) | (Target::Write(pattern), Touch::Write) => {
                fits(pattern)
            }
            (Target::Tool(name, Some(pattern)), _) => {
                name.eq_ignore_ascii_case(tool) && pattern.matches(path, ground, kind)
            }
            (Target::Everything, _) => true,
            _ => false,
        }
    }

    fn covers_command(&self, kind: Kind, argv: &[&str]) -> bool {
        match &self.target {
            Target::Bash(pattern) => pattern.as_ref().is_none_or(|pattern| match kind {
                Kind::Allow => pattern.covers(argv),
                Kind::Deny | Kind::Ask => pattern.touches(argv),
            }),
            Target::Everything => true,
            _ => false,
        }
    }

    /// A name that is forbidden stands for all that lies below it too.
    fn covers_host(&self, kind: Kind, host: &Host) -> bool {
        match &self.target {
            Target::Fetch(pattern) => pattern.as_ref().is_none_or(|pattern| match kind {
                Kind::Allow => pattern.fits(host),
                Kind::Deny | Kind::Ask => pattern.touches(host),
            }),
            Target::Everything => true,
            _ => false,
        }
    }

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
            "webfetch" => Target::Fetch(pattern.map(|one| host(text, one)).transpose()?),
            other => Target::Tool(other.to_owned(), path(pattern)?),
        };
        Ok(Self {
            text: trimmed.to_owned(),
            target,
            bounds: Bounds::default(),
        })
    }

    /// What a rule that cannot be read may have meant at most.
    fn in_place_of(text: &str) -> Self {
        let name = text.split('(').next().unwrap_or_default().trim();
        let target = match name.to_ascii_lowercase().as_str() {
            "bash" => Target::Bash(None),
            "read" => Target::Read(None),
            "edit" | "write" => Target::Write(None),
            "webfetch" => Target::Fetch(None),
            _ => Target::Everything,
        };
        Self {
            text: text.trim().to_owned(),
            target,
            bounds: Bounds::default(),
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

/// What `WebFetch(…)` is about.
fn host(rule: &str, pattern: &str) -> Result<HostPattern, RuleError> {
    let problem = |problem| RuleError::Host {
        rule: rule.to_owned(),
        problem,
    };
    let name = pattern
        .strip_prefix(DOMAIN)
        .ok_or_else(|| problem("write it as `WebFetch(domain:docs.rs)`".to_owned()))?;
    HostPattern::parse(name.trim()).map_err(|error| problem(error.to_string()))
}

#[cfg(test)]
mod tests;
