//! Where and how long a rule holds, and whether its examples bear it out.

use std::path::{Path, PathBuf};

use protocol::Host;

use super::entry::KeptRule;
use super::{Kind, Rule, RuleError, Target, Touch, Touching};
use crate::bash;
use crate::path::Ground;

/// Where and how long a rule holds.
#[derive(Debug, Clone, Default)]
pub(super) struct Bounds {
    project: Option<PathBuf>,
    expires: Option<String>,
}

impl Bounds {
    pub(super) fn of(kept: &KeptRule) -> Result<Self, RuleError> {
        let project = kept.project.as_ref().map(PathBuf::from);
        if project.as_ref().is_some_and(|path| !path.is_absolute()) {
            return Err(RuleError::Project {
                rule: kept.rule.clone(),
            });
        }
        if kept.expires.as_deref().is_some_and(|day| !is_day(day)) {
            return Err(RuleError::Expiry {
                rule: kept.rule.clone(),
            });
        }
        Ok(Self {
            project,
            expires: kept.expires.clone(),
        })
    }

    /// True for work in `workspace` (absolute) on the day `today`.
    pub(super) fn hold(&self, workspace: &Path, today: &str) -> bool {
        let here = self
            .project
            .as_ref()
            .is_none_or(|project| workspace.starts_with(project));
        here && self.expires.as_deref().is_none_or(|last| today <= last)
    }
}

/// `YYYY-MM-DD`, whose order as text is the order in time.
fn is_day(text: &str) -> bool {
    let parts: Vec<&str> = text.split('-').collect();
    let is_number = |part: &&str, digits: usize| {
        part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    let [year, month, day] = parts.as_slice() else {
        return false;
    };
    is_number(year, 4)
        && is_number(month, 2)
        && is_number(day, 2)
        && ("01"..="12").contains(month)
        && ("01"..="31").contains(day)
}

/// Holds the rule against its own examples.
pub(super) fn verify(rule: &Rule, kept: &KeptRule, kind: Kind) -> Result<(), RuleError> {
    let wanted = [(&kept.matches, true), (&kept.not_matches, false)];
    for (examples, should) in wanted {
        for example in examples {
            if fits(rule, kind, example) != Some(should) {
                return Err(RuleError::Example {
                    rule: rule.text.clone(),
                    example: example.clone(),
                    should,
                });
            }
        }
    }
    Ok(())
}

/// Whether the rule speaks of this command or path; `None` when it cannot be
/// said, so that an example of that kind is always wrong.
fn fits(rule: &Rule, kind: Kind, example: &str) -> Option<bool> {
    // No real folder: patterns are compared by their words alone.
    let workspace = Path::new("/example");
    let by_path = |touch| {
        let ground = Ground::unlinked(workspace);
        let path = ground.expand_home(example)?;
        let path = workspace.join(path);
        let touching = Touching {
            touch,
            tool: rule.tool(),
            path: &path,
        };
        Some(rule.covers_path(kind, touching, &ground))
    };
    match &rule.target {
        Target::Bash(_) => {
            let line = bash::decode_command(example, workspace, workspace);
            if !line.whole || line.commands.is_empty() {
                return None;
            }
            let covers = |command: &bash::DecodedCommand| {
                let argv: Vec<&str> = command
                    .words
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect();
                rule.covers_command(kind, &argv)
            };
            let mut commands = line.commands.iter();
            Some(match kind {
                Kind::Allow => commands.all(covers),
                Kind::Ask | Kind::Deny => commands.any(covers),
            })
        }
        Target::Read(_) => by_path(Touch::Read),
        Target::Fetch(_) => Some(rule.covers_host(kind, &Host::parse(example).ok()?)),
        Target::Write(_) | Target::Tool(_, Some(_)) => by_path(Touch::Write),
        Target::Tool(name, None) => Some(name.eq_ignore_ascii_case(example)),
        Target::Everything => None,
    }
}
