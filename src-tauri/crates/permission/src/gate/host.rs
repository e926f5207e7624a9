//! Reaching machines on the network: rules by name, then what was read
//! before, then the mode.

use protocol::{Access, Confinement, Host, PermissionMode};

use super::Gate;
use super::ruling::{Ruling, finding};
use super::session::Scope;
use crate::Basis;
use crate::rule::Kind;

/// How a host would be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Way {
    /// By a tool of ours.
    Fetch,
    /// By a command that the sandbox does not confine: what it reaches is
    /// judged with the command, and only what rules forbid counts.
    Open,
    /// By a confined command.
    Confined,
    /// By a confined command that names something outside of the workspace.
    Carrying,
}

impl Gate {
    pub(super) fn rule_on_host(&self, name: &str, mode: PermissionMode, way: Way) -> Ruling {
        let host = match Host::parse(name) {
            Ok(host) => host,
            Err(error) => return Ruling::deny(vec![finding("network.name", said(&error), false)]),
        };
        let by = |kind| self.rules.for_host(kind, &host);
        if let Some(rule) = by(Kind::Deny) {
            return Ruling::denied_by(rule);
        }
        let reached = finding(
            "network.host",
            format!("It would reach `{host}` over the network."),
            false,
        );
        if mode == PermissionMode::Plan {
            return Ruling::planned(vec![reached]);
        }
        if let Some(rule) = by(Kind::Ask) {
            return Ruling::asked_by(rule);
        }
        if way == Way::Open {
            return Ruling::allow(Basis::Harmless);
        }
        if let Some(tainted) = self.tainted_host(&host, way != Way::Fetch) {
            return Ruling::ask(vec![reached, tainted]);
        }
        if way == Way::Carrying {
            let reason = "It names files outside of the workspace, and could send them there.";
            return Ruling::ask(vec![reached, finding("network.outside", reason, false)]);
        }
        if mode == PermissionMode::Bypass {
            return Ruling::allow(Basis::Mode(mode));
        }
        if let Some(rule) = by(Kind::Allow) {
            return Ruling::allowed_by(rule);
        }
        if self.session.reaches(&host) {
            return Ruling::allow(Basis::Session);
        }
        Ruling::ask(vec![reached])
            .spared_by(Some(format!("WebFetch(domain:{host})")))
            .scoped(Some(Scope::Host { host }))
    }
}

/// Walls with a gate in them for each host the call is to reach.
pub(super) fn opened(walls: Confinement, accesses: &[Access]) -> Confinement {
    Confinement {
        hosts: hosts(accesses),
        ..walls
    }
}

/// The hosts that a call is to reach.
pub(super) fn hosts(accesses: &[Access]) -> Vec<Host> {
    let host = |access: &Access| match access {
        Access::Connect { host } => Host::parse(host).ok(),
        _ => None,
    };
    accesses.iter().filter_map(host).collect()
}

fn said(error: &protocol::HostError) -> String {
    format!("It would reach a machine that cannot be named: {error}.")
}
