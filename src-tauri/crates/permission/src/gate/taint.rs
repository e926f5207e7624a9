//! What others may have written: once a session has read it, nothing talks to
//! another machine unasked, whatever rule, mode or answer would let it.
//!
//! Reading secrets and writing configuration or notes for agents asks in
//! every mode anyway.

use std::sync::PoisonError;

use protocol::{Finding, Host};

use super::Gate;
use super::ruling::finding;
use crate::bash::{self, Analysis, names};
use crate::path::Place;

/// Subcommands of git that talk to another machine.
const GIT_REMOTE: &[&str] = &[
    "push",
    "fetch",
    "pull",
    "clone",
    "ls-remote",
    "remote",
    "submodule",
    "send-email",
    "request-pull",
    "lfs",
    "svn",
    "p4",
    "daemon",
    "http-push",
    "send-pack",
    "fetch-pack",
];

/// What a session has read that others may have written: the first of each
/// kind is the one to name.
#[derive(Debug, Default)]
pub(super) struct Taint {
    any: Option<String>,
    /// Besides what hosts sent that the sandbox was opened towards.
    foreign: Option<String>,
}

impl Gate {
    /// Notes that the session has read something others may have written.
    pub fn taint(&self, source: String) {
        let mut taint = self.taint.lock().unwrap_or_else(PoisonError::into_inner);
        taint.foreign.get_or_insert_with(|| source.clone());
        taint.any.get_or_insert(source);
    }

    /// The same for what came through the walls, by hosts they were open to.
    pub(super) fn taint_by_host(&self, source: String) {
        let mut taint = self.taint.lock().unwrap_or_else(PoisonError::into_inner);
        taint.any.get_or_insert(source);
    }

    /// The finding about a command that talks to another machine after
    /// something foreign was read.
    pub(super) fn tainted(&self, analysis: &Analysis) -> Option<Finding> {
        let name = talker(analysis)?;
        let taint = self.taint.lock().unwrap_or_else(PoisonError::into_inner);
        let what = format!("`{name}` talks to another machine");
        taint.any.as_ref().map(|source| finding_of(&what, source))
    }

    /// The finding about reaching a host. A command that is confined may go on
    /// with the hosts it was opened towards, whatever they sent.
    pub(super) fn tainted_host(&self, host: &Host, is_confined: bool) -> Option<Finding> {
        let taint = self.taint.lock().unwrap_or_else(PoisonError::into_inner);
        let source = match is_confined {
            true => taint.foreign.as_ref(),
            false => taint.any.as_ref(),
        };
        source.map(|source| finding_of(&format!("`{host}` is another machine"), source))
    }
}

fn finding_of(what: &str, source: &str) -> Finding {
    let reason =
        format!("{what}, and this session has read {source}, which others may have written.");
    finding("taint.network", reason, false)
}

/// Where something comes from that others may have written.
#[derive(Debug, Clone)]
pub(super) enum Source {
    /// This machine, outside of the workspace.
    Outside(String),
    /// Another machine.
    Network(String),
}

impl Source {
    pub(super) fn is_network(&self) -> bool {
        matches!(self, Self::Network(_))
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Outside(text) | Self::Network(text) => text,
        }
    }
}

/// What a command reads, or brings from elsewhere, that others may have
/// written.
pub(super) fn brought_by(analysis: &Analysis) -> Option<Source> {
    let read = analysis.reads.iter().find_map(outside);
    let brought = || bringer(analysis).map(|name| format!("what `{name}` brought"));
    read.map(Source::Outside)
        .or_else(|| brought().map(Source::Network))
}

/// The place, when it is one where others may have written.
pub(super) fn outside(place: &Place) -> Option<String> {
    (!place.inside).then(|| {
        let path = place.resolved.display().to_string();
        format!("`{}`", bash::visible(&path))
    })
}

/// The first program in it that talks to another machine.
fn talker(analysis: &Analysis) -> Option<String> {
    first(analysis, |name, argv| match name {
        "git" => argv.iter().any(|word| GIT_REMOTE.contains(word)),
        other => names::NETWORK.contains(&other) || names::INSTALLERS.contains(&other),
    })
}

/// The first program in it whose output is another machine's words. What git
/// and installers say of their work is their own.
fn bringer(analysis: &Analysis) -> Option<String> {
    first(analysis, |name, _| {
        name != "git" && names::NETWORK.contains(&name)
    })
}

fn first(analysis: &Analysis, fits: impl Fn(&str, &[&str]) -> bool) -> Option<String> {
    analysis.all_argv().find_map(|argv| {
        let name = argv.first()?.rsplit('/').next()?.to_lowercase();
        fits(&name, &argv).then_some(name)
    })
}
