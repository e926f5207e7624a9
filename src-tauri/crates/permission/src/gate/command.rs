//! Running commands: what the reader of `bash` found, then rules, then the
//! mode.

use std::path::Path;

use protocol::{Finding, PermissionMode, ToolCall};

use super::Gate;
use super::ruling::{Ruling, finding};
use super::session::Scope;
use super::taint::brought_by;
use crate::Basis;
use crate::bash::{self, Analysis, Decision, Hit, Level, names};
use crate::path::Place;
use crate::rule::{Kind, Touch};

impl Gate {
    pub(super) fn rule_on_command(
        &self,
        call: &ToolCall,
        command: &str,
        cwd: &Path,
        mode: PermissionMode,
    ) -> Ruling {
        let folder = self.ground.place(cwd, self.ground.root());
        let analysis = bash::analyse(command, &self.ground, &folder.resolved);
        let only_reads = analysis.decision() == Decision::Allow && folder.inside;
        self.rule_on_analysis(call, &analysis, (command, &folder), mode)
            .reading(only_reads)
            .straying(strays(&analysis))
            .bringing(brought_by(&analysis))
    }

    fn rule_on_analysis(
        &self,
        call: &ToolCall,
        analysis: &Analysis,
        (command, folder): (&str, &Place),
        mode: PermissionMode,
    ) -> Ruling {
        if let Some(ruling) = self.forbidden(call, analysis, command) {
            return ruling;
        }
        let subject = Some(bash::visible(command));
        let outside = (!folder.inside).then(|| runs_outside(folder));
        let findings = || {
            analysis
                .findings()
                .into_iter()
                .chain(outside.clone())
                .collect::<Vec<Finding>>()
        };
        let plain = analysis.decision() == Decision::Allow && outside.is_none();
        if mode == PermissionMode::Plan {
            let asked = self.asked(call, analysis, command);
            return if plain {
                asked.unwrap_or_else(|| Ruling::allow(Basis::Harmless))
            } else {
                Ruling::planned(findings())
            };
        }
        let guarded = analysis.hits.iter().any(|hit| hit.level >= Level::Guarded);
        if guarded {
            return Ruling::ask(findings()).about(subject);
        }
        if let Some(ruling) = self.asked(call, analysis, command) {
            return ruling.about(subject);
        }
        let tainted = self.tainted(analysis);
        if tainted.is_none()
            && let Some(ruling) = self.let_through(call, analysis, (command, folder), mode)
        {
            return ruling.about(subject);
        }
        let danger = analysis.hits.iter().any(|hit| hit.level >= Level::Danger);
        let (walls, unwalled) = match mode {
            PermissionMode::Auto if outside.is_none() && !danger => self.walls(),
            _ => (None, None),
        };
        if plain || walls.is_some() {
            let basis = if plain {
                Basis::Harmless
            } else {
                Basis::Sandbox
            };
            return Ruling::allow(basis).behind(walls);
        }
        let rule = if danger || outside.is_some() || tainted.is_some() {
            None
        } else {
            suggestion(analysis)
        };
        let scope = (!danger && tainted.is_none()).then(|| Scope::Command {
            command: command.to_owned(),
            cwd: folder.resolved.clone(),
        });
        let also = tainted.into_iter().chain(unwalled);
        let findings = findings().into_iter().chain(also).collect();
        Ruling::ask(findings)
            .scoped(scope)
            .spared_by(rule)
            .about(subject)
    }

    /// What the mode, a rule or an earlier answer lets through as it is.
    fn let_through(
        &self,
        call: &ToolCall,
        analysis: &Analysis,
        (command, folder): (&str, &Place),
        mode: PermissionMode,
    ) -> Option<Ruling> {
        if mode == PermissionMode::Bypass {
            return Some(self.bypass(analysis));
        }
        let plain = analysis.decision() == Decision::Allow;
        let ruled = (!plain && folder.inside).then(|| self.allowed(call, analysis));
        if let Some(rule) = ruled.flatten() {
            return Some(Ruling::allowed_by(rule));
        }
        let remembered = self.session.command(command, &folder.resolved);
        remembered.then(|| Ruling::allow(Basis::Session))
    }

    /// What no mode and no answer lets through.
    fn forbidden(&self, call: &ToolCall, analysis: &Analysis, command: &str) -> Option<Ruling> {
        if let Some(rule) = self.command_rule(Kind::Deny, analysis, command) {
            return Some(Ruling::denied_by(rule));
        }
        let by_path = |touch| {
            analysis
                .touches
                .iter()
                .find_map(|place| self.path_rule(Kind::Deny, touch, &call.name, place))
        };
        let read = analysis
            .reads
            .iter()
            .find_map(|place| self.path_rule(Kind::Deny, Touch::Read, &call.name, place));
        if let Some(rule) = read
            .or_else(|| by_path(Touch::Read))
            .or_else(|| self.written(Kind::Deny, call, analysis))
        {
            return Some(Ruling::denied_by(rule));
        }
        (analysis.decision() == Decision::Deny).then(|| Ruling::deny(analysis.findings()))
    }

    fn asked(&self, call: &ToolCall, analysis: &Analysis, command: &str) -> Option<Ruling> {
        let read = || {
            analysis
                .reads
                .iter()
                .find_map(|place| self.path_rule(Kind::Ask, Touch::Read, &call.name, place))
        };
        let rule = self
            .command_rule(Kind::Ask, analysis, command)
            .or_else(read)
            .or_else(|| self.written(Kind::Ask, call, analysis))?;
        let mut ruling = Ruling::asked_by(rule);
        ruling.findings.extend(analysis.findings());
        Some(ruling)
    }

    /// A rule about changing files holds for a command that names the file
    /// and is not known to read only.
    fn written(&self, kind: Kind, call: &ToolCall, analysis: &Analysis) -> Option<&str> {
        if analysis.decision() == Decision::Allow {
            return None;
        }
        analysis
            .touches
            .iter()
            .find_map(|place| self.path_rule(kind, Touch::Write, &call.name, place))
    }

    /// A rule that forbids holds for the whole line and for every command
    /// anywhere in it.
    fn command_rule(&self, kind: Kind, analysis: &Analysis, command: &str) -> Option<&str> {
        let whole: Vec<&str> = command.split_whitespace().collect();
        self.rules.for_command(kind, &whole).or_else(|| {
            analysis
                .all_argv()
                .find_map(|argv| self.rules.for_command(kind, &argv))
        })
    }

    /// Every finding is one that a rule answers, and a rule answers each;
    /// the first of these rules.
    fn allowed(&self, call: &ToolCall, analysis: &Analysis) -> Option<&str> {
        if !analysis.decoded {
            return None;
        }
        let answer = |hit: &Hit| {
            let argv = analysis.leaf_argv(hit.leaf?);
            self.rules
                .for_command(Kind::Allow, &argv)
                .or_else(|| self.tool_allowed(&call.name))
        };
        let rules: Option<Vec<&str>> = analysis.hits.iter().map(answer).collect();
        rules?.first().copied()
    }

    /// Bypass runs all but what a rule might forbid if it could be read.
    fn bypass(&self, analysis: &Analysis) -> Ruling {
        if analysis.decoded || !self.rules.reads_commands() {
            return Ruling::allow(Basis::Mode(PermissionMode::Bypass));
        }
        let mut findings = vec![finding(
            "rule.unsure",
            "A rule forbids some commands, and this one cannot be read well enough to know.",
            false,
        )];
        findings.extend(analysis.findings());
        Ruling::ask(findings)
    }
}

/// It names something outside of the workspace.
fn strays(analysis: &Analysis) -> bool {
    let mut named = analysis.reads.iter().chain(&analysis.touches);
    named.any(|place| !place.inside)
}

fn runs_outside(folder: &Place) -> Finding {
    let shown = folder.resolved.display();
    let reason = format!("It would run in `{shown}`, outside of the workspace.");
    finding("gate.outside", reason, false)
}

/// The rule for exactly this command, when such a rule would spare the next
/// question about it. None for what runs whatever it is given: there the same
/// words may mean another program tomorrow.
fn suggestion(analysis: &Analysis) -> Option<String> {
    let [leaf] = analysis.script.leaves.as_slice() else {
        return None;
    };
    let argv = leaf.argv();
    let answered = |hit: &Hit| hit.leaf == Some(0);
    // A pattern has no way to say these.
    let plain = |word: &&str| {
        !word.is_empty() && !word.contains(|c: char| c.is_whitespace() || "*()".contains(c))
    };
    let fits = analysis.decoded
        && argv.iter().all(plain)
        && analysis.hits.iter().all(answered)
        && !argv.last().is_some_and(|word| word.ends_with(":*"))
        && !argv.first().is_some_and(|name| names::runs_others(name));
    fits.then(|| format!("Bash({})", argv.join(" ")))
}
