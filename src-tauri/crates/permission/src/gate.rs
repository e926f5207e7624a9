//! The one gate for all tools: rules, then paths and commands, then the
//! mode.
//!
//! `auto` runs unasked only what a sandbox confines; without one, or for what
//! is to run outside of it, it asks as `ask` does. Waiting for an answer never
//! ends by itself, least of all in a yes.

mod command;
mod file;
mod host;
mod ruling;
mod session;
mod taint;
mod walls;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use protocol::{
    Access, Answer, Confinement, Finding, PermissionMode, PermissionRequest, RequestId, ToolCall,
    ToolCallId,
};

use crate::bash::Decision;
use crate::path::{Ground, Place};
use crate::rule::{Kind, Rules, Touch};
use crate::{Basis, Grant, bash};
use host::Way;
use ruling::Ruling;
use session::{Scope, SessionGrants};
use taint::{Source, Taint};

/// More questions than this are never open at once; the oldest lapse.
const PENDING_LIMIT: usize = 256;

/// What a tool says about a call before it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallPlan {
    /// Verb in plain words for the card, present tense: "Read", "Run".
    pub title: String,
    /// What it is about: relative path, pattern, command.
    pub subject: String,
    /// The sentence to ask the user with: "Create `hello.txt`?"
    pub question: String,
    /// Everything the call would touch.
    pub accesses: Vec<Access>,
}

/// What the gate says of a call.
#[derive(Debug)]
pub enum Verdict {
    /// Run it with this grant.
    Allow(Grant),
    /// Ask the user, then call [`Gate::settle`].
    Ask(Box<PermissionRequest>),
    /// Do not run it; tell the model why.
    Deny(Refusal),
}

/// A no, with its reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// One sentence for the model and the user.
    pub reason: String,
    /// The findings behind it.
    pub findings: Vec<Finding>,
}

/// The policy of one session: its workspace, its rules, and what the user
/// allowed for the session so far.
#[derive(Debug)]
pub struct Gate {
    ground: Ground,
    rules: Rules,
    session: SessionGrants,
    /// Set where commands can be confined: what they must not see.
    sandbox: Option<Vec<PathBuf>>,
    pending: Mutex<BTreeMap<RequestId, Pending>>,
    /// What the session has read that others may have written.
    taint: Mutex<Taint>,
}

/// A question that was asked and not answered yet.
#[derive(Debug)]
struct Pending {
    request: PermissionRequest,
    scopes: Vec<Scope>,
    /// Where every path led when it was asked about.
    targets: Vec<PathBuf>,
    effects: Effects,
}

/// What a call does when it runs.
#[derive(Debug, Default)]
struct Effects {
    /// What it runs behind.
    walls: Option<Confinement>,
    /// Where what it brings comes from, when others may have written it.
    source: Option<Source>,
    only_reads: bool,
}

impl Effects {
    /// Walls are open towards the hosts that the call is to reach. A command
    /// that itself asks has none: it runs as it is after a yes.
    fn of(rulings: &[Ruling], accesses: &[Access]) -> Self {
        let walls = rulings.iter().find_map(|ruling| ruling.walls.clone());
        let sources = rulings.iter().filter_map(|ruling| ruling.source.clone());
        Self {
            walls: walls.map(|walls| host::opened(walls, accesses)),
            // Of several, the network is the one that may weigh less.
            source: sources.min_by_key(Source::is_network),
            only_reads: rulings.iter().all(|ruling| ruling.only_reads),
        }
    }
}

impl Gate {
    /// A gate without rules for the session that works in `workspace`
    /// (absolute path).
    #[must_use]
    pub fn new(workspace: PathBuf) -> Self {
        Self::with_rules(workspace, Rules::default())
    }

    /// A gate with the user's rules.
    #[must_use]
    pub fn with_rules(workspace: PathBuf, rules: Rules) -> Self {
        Self {
            ground: Ground::new(&workspace),
            rules,
            session: SessionGrants::default(),
            sandbox: None,
            pending: Mutex::default(),
            taint: Mutex::default(),
        }
    }

    /// Puts other rules in force, for the calls from now on. What the user
    /// allowed for the session stays, as far as the rules let it.
    pub fn set_rules(&mut self, rules: Rules) {
        self.rules = rules;
    }

    /// Judges one call under `mode`. A question it answers with waits for
    /// [`Gate::settle`].
    #[must_use]
    pub fn judge(&self, call: &ToolCall, plan: &CallPlan, mode: PermissionMode) -> Verdict {
        let is_outside = plan.accesses.contains(&Access::Unconfined);
        let mode = match mode {
            PermissionMode::Auto if is_outside || self.sandbox.is_none() => PermissionMode::Ask,
            mode => mode,
        };
        let rulings = self.rulings(call, &plan.accesses, mode);
        let decision = rulings
            .iter()
            .map(|ruling| ruling.decision)
            .max()
            .unwrap_or(Decision::Ask);
        let deciding = || rulings.iter().filter(|ruling| ruling.decision == decision);
        let findings: Vec<Finding> = deciding()
            .flat_map(|ruling| ruling.findings.iter().cloned())
            .collect();
        match decision {
            Decision::Allow => {
                let basis = rulings.iter().map(|ruling| &ruling.basis).max();
                let basis = basis.cloned().unwrap_or(Basis::Harmless);
                let effects = Effects::of(&rulings, &plan.accesses);
                let accesses = plan.accesses.clone();
                Verdict::Allow(self.mint(call.id.clone(), accesses, basis, effects))
            }
            Decision::Deny => {
                let reason = deciding()
                    .map(|ruling| ruling.reason())
                    .next()
                    .unwrap_or_default();
                Verdict::Deny(Refusal { reason, findings })
            }
            Decision::Ask => self.ask(call, plan, &rulings, findings),
        }
    }

    /// Turns the user's answer to `request` into a grant or a refusal, and
    /// remembers an answer given for the session. Only a question of this
    /// gate that still waits can be settled, and only once.
    ///
    /// # Errors
    /// The refusal, when the answer was no, the question is not one of
    /// ours, or a path leads elsewhere than when it was asked about.
    pub fn settle(
        &mut self,
        request: &PermissionRequest,
        answer: &Answer,
    ) -> Result<Grant, Refusal> {
        let pending = self
            .pending
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&request.id);
        let Some(pending) = pending.filter(|pending| pending.request == *request) else {
            return Err(Refusal {
                reason: "This question was already answered, or was never asked. Ask again."
                    .to_owned(),
                findings: Vec::new(),
            });
        };
        if let Answer::Deny { feedback } = answer {
            let feedback = feedback
                .as_deref()
                .map(str::trim)
                .filter(|text| !text.is_empty());
            let reason = match feedback {
                Some(text) => format!("The user said no: {text}"),
                None => "The user said no.".to_owned(),
            };
            return Err(Refusal {
                reason,
                findings: pending.request.findings,
            });
        }
        if self.targets(&pending.request.accesses) != pending.targets {
            return Err(Refusal {
                reason: "A path led elsewhere when the answer came than when it was asked about. Nothing was run; ask again.".to_owned(),
                findings: vec![ruling::finding("path.changed", "A link on the way was changed while the question was open.", true)],
            });
        }
        let effects = self.effects_now(pending.effects, &pending.request.accesses)?;
        if *answer == Answer::AllowSession && pending.request.session_scope.is_some() {
            self.session.remember(pending.scopes);
        }
        let request = pending.request;
        if let Some(rule) = request.rule {
            self.session.approved(rule);
        }
        let accesses = request.accesses;
        Ok(self.mint(request.call.id, accesses, Basis::Person, effects))
    }

    /// The walls as they must be now: while the question was open, files may
    /// have come that they have to keep or to hide.
    fn effects_now(&self, effects: Effects, accesses: &[Access]) -> Result<Effects, Refusal> {
        if effects.walls.is_none() {
            return Ok(effects);
        }
        match self.walls() {
            (Some(walls), _) => Ok(Effects {
                walls: Some(host::opened(walls, accesses)),
                ..effects
            }),
            (None, why) => Err(Refusal {
                reason: "The sandbox cannot hold it any more. Nothing was run; ask again."
                    .to_owned(),
                findings: why.into_iter().collect(),
            }),
        }
    }

    /// A grant that says what its call brings in, which the session has read
    /// from then on.
    fn mint(&self, call_id: ToolCallId, accesses: Vec<Access>, basis: Basis, of: Effects) -> Grant {
        let source = match basis {
            // No network behind closed walls, and nothing private to read.
            Basis::Sandbox if host::hosts(&accesses).is_empty() => None,
            _ => of.source,
        };
        match &source {
            Some(Source::Network(text)) if of.walls.is_some() => self.taint_by_host(text.clone()),
            Some(source) => self.taint(source.text().to_owned()),
            None => {}
        }
        Grant::mint(call_id, accesses, basis)
            .behind(of.walls)
            .bringing(source.map(|source| source.text().to_owned()))
            .only_reading(of.only_reads)
    }

    /// The word on each access; what a command is to reach comes last, since
    /// it matters little when the command runs without walls.
    fn rulings(&self, call: &ToolCall, accesses: &[Access], mode: PermissionMode) -> Vec<Ruling> {
        if accesses.is_empty() {
            let ruling = self.tool_rules(&call.name);
            return vec![ruling.unwrap_or_else(|| Ruling::undeclared(mode))];
        }
        let is_host = |access: &&Access| matches!(access, Access::Connect { .. });
        let is_run = |access: &Access| matches!(access, Access::Execute { .. });
        let others = accesses.iter().filter(|access| !is_host(access));
        let mut rulings: Vec<Ruling> = others
            .map(|access| self.rule_on(call, access, (mode, Way::Fetch)))
            .collect();
        let has_walls = rulings.iter().any(|ruling| ruling.walls.is_some());
        let way = match accesses.iter().any(is_run) {
            false => Way::Fetch,
            true if !has_walls => Way::Open,
            true if rulings.iter().any(|ruling| ruling.strays) => Way::Carrying,
            true => Way::Confined,
        };
        let hosts = accesses.iter().filter(is_host);
        rulings.extend(hosts.map(|access| self.rule_on(call, access, (mode, way))));
        rulings
    }

    /// `way` is how a host would be reached.
    fn rule_on(
        &self,
        call: &ToolCall,
        access: &Access,
        (mode, way): (PermissionMode, Way),
    ) -> Ruling {
        let by_name = self.tool_rules(&call.name);
        if let Some(ruling) = by_name
            .as_ref()
            .filter(|ruling| ruling.decision == Decision::Deny)
        {
            return ruling.clone();
        }
        let own = match access {
            Access::Read { path } => self
                .rule_on_path(call, Touch::Read, path, mode)
                .reading(true)
                .bringing(taint::outside(&self.place(path)).map(Source::Outside)),
            Access::Write { path } => self.rule_on_path(call, Touch::Write, path, mode),
            Access::Execute { command, cwd } => {
                self.rule_on_command(call, command, Path::new(cwd), mode)
            }
            Access::Connect { host } => self
                .rule_on_host(host, mode, way)
                .bringing(Some(Source::Network(format!("what `{host}` sent")))),
            // It only says how a command is judged.
            Access::Unconfined | Access::Ask | Access::Own => {
                Ruling::allow(Basis::Harmless).reading(true)
            }
        };
        match by_name {
            Some(ruling) if ruling.decision > own.decision => {
                ruling.reading(own.only_reads).bringing(own.source)
            }
            _ => own,
        }
    }

    /// What a rule says that names the tool alone.
    fn tool_rules(&self, tool: &str) -> Option<Ruling> {
        let by = |kind| self.rules.for_tool(kind, tool);
        by(Kind::Deny)
            .map(Ruling::denied_by)
            .or_else(|| by(Kind::Ask).map(Ruling::asked_by))
            .or_else(|| by(Kind::Allow).map(Ruling::allowed_by))
    }

    /// The rule that allows this tool whatever it touches.
    fn tool_allowed(&self, tool: &str) -> Option<&str> {
        self.rules.for_tool(Kind::Allow, tool)
    }

    fn ask(
        &self,
        call: &ToolCall,
        plan: &CallPlan,
        rulings: &[Ruling],
        findings: Vec<Finding>,
    ) -> Verdict {
        let asking: Vec<&Ruling> = rulings
            .iter()
            .filter(|ruling| ruling.decision == Decision::Ask)
            .collect();
        let danger = findings.iter().any(|finding| finding.danger);
        let scopes: Option<Vec<Scope>> = asking.iter().map(|ruling| ruling.scope.clone()).collect();
        let scopes = scopes.filter(|_| !danger).unwrap_or_default();
        let mut words: Vec<String> = Vec::new();
        for scope in &scopes {
            let text = scope.words(self.ground.root());
            if !words.contains(&text) {
                words.push(text);
            }
        }
        let rule = match asking.as_slice() {
            [one] if !danger => one.rule.clone(),
            _ => None,
        };
        let approved_before = rule
            .as_deref()
            .map_or(0, |rule| self.session.times_approved(rule));
        let subject = asking
            .iter()
            .find_map(|ruling| ruling.subject.clone())
            .unwrap_or_else(|| bash::visible(&plan.subject));
        let effects = Effects::of(rulings, &plan.accesses);
        let request = PermissionRequest {
            id: RequestId::new(),
            call: call.clone(),
            title: plan.question.clone(),
            subject,
            accesses: plan.accesses.clone(),
            findings: distinct(findings),
            danger,
            session_scope: (!words.is_empty()).then(|| words.join("; ")),
            rule,
            approved_before,
            confined: effects.walls.is_some(),
        };
        let targets = self.targets(&plan.accesses);
        let mut pending = self.pending.lock().unwrap_or_else(PoisonError::into_inner);
        if pending.len() >= PENDING_LIMIT {
            pending.pop_first();
        }
        pending.insert(
            request.id.clone(),
            Pending {
                request: request.clone(),
                scopes,
                targets,
                effects,
            },
        );
        Verdict::Ask(Box::new(request))
    }

    fn targets(&self, accesses: &[Access]) -> Vec<PathBuf> {
        let path = |access: &Access| match access {
            Access::Read { path } | Access::Write { path } => Some(path.clone()),
            Access::Execute { cwd, .. } => Some(cwd.clone()),
            Access::Connect { .. } | Access::Unconfined | Access::Ask | Access::Own => None,
        };
        accesses
            .iter()
            .filter_map(path)
            .map(|path| self.place(&path).resolved)
            .collect()
    }

    fn place(&self, path: &str) -> Place {
        self.ground.place(Path::new(path), self.ground.root())
    }
}

/// Each reason once: several files are often asked about for the same one.
fn distinct(findings: Vec<Finding>) -> Vec<Finding> {
    let mut kept: Vec<Finding> = Vec::with_capacity(findings.len());
    for finding in findings {
        if !kept.contains(&finding) {
            kept.push(finding);
        }
    }
    kept
}

#[cfg(test)]
mod tests;
