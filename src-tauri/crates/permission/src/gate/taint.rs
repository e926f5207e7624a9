//! What others may have written: once a session has read it, nothing talks to
//! another machine unasked, whatever rule, mode or answer would let it.
//!
//! Reading secrets and writing configuration or notes for agents asks in
//! every mode anyway.

use std::sync::PoisonError;

use protocol::Finding;

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

impl Gate {
    /// Notes that the session has read something others may have written;
    /// the first such source is the one to name.
    pub fn taint(&self, source: String) {
        let mut taint = self.taint.lock().unwrap_or_else(PoisonError::into_inner);
        taint.get_or_insert(source);
    }

    /// The finding about a command that talks to another machine after
    /// something foreign was read.
    pub(super) fn tainted(&self, analysis: &Analysis) -> Option<Finding> {
        self.tainted_by(&format!("`{}` talks to another machine", talker(analysis)?))
    }

    /// The finding about what reaches another machine, when something foreign
    /// was read.
    pub(super) fn tainted_by(&self, what: &str) -> Option<Finding> {
        let taint = self.taint.lock().unwrap_or_else(PoisonError::into_inner);
        let source = taint.as_ref()?;
        let reason =
            format!("{what}, and this session has read {source}, which others may have written.");
        Some(finding("taint.network", reason, false))
    }
}

/// What a command reads, or brings from elsewhere, that others may have
/// written.
pub(super) fn brought_by(analysis: &Analysis) -> Option<String> {
    let remote = bringer(analysis).map(|name| format!("what `{name}` brought"));
    remote.or_else(|| analysis.reads.iter().find_map(outside))
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
