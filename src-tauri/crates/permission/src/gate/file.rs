//! Reading and writing files: the requested path and where it leads.

use protocol::{Finding, PermissionMode, ToolCall};

use super::Gate;
use super::ruling::{Ruling, finding};
use super::session::Scope;
use crate::Basis;
use crate::path::{Ground, Place};
use crate::rule::{Kind, Touch, Touching};

impl Gate {
    pub(super) fn rule_on_path(
        &self,
        call: &ToolCall,
        touch: Touch,
        path: &str,
        mode: PermissionMode,
    ) -> Ruling {
        let place = self.place(path);
        if let Some(rule) = self.path_rule(Kind::Deny, touch, &call.name, &place) {
            return Ruling::denied_by(rule);
        }
        let subject = shown(&place);
        let guarded = guarded(touch, &place);
        let loose = loose(touch, &place);
        if mode == PermissionMode::Plan && (touch == Touch::Write || !guarded.is_empty()) {
            return Ruling::planned(guarded);
        }
        let link = place.linked.then(|| {
            let reason = format!(
                "`{}` is a link, or lies behind one; it leads to `{}`.",
                place.requested.display(),
                place.resolved.display()
            );
            finding("path.link", reason, touch == Touch::Write && !place.inside)
        });
        let with_link =
            |findings: Vec<Finding>| findings.into_iter().chain(link.clone()).collect::<Vec<_>>();
        if !guarded.is_empty() {
            return Ruling::ask(with_link(guarded)).about(subject);
        }
        let allowed = self
            .path_allowed(touch, &call.name, &place)
            .or_else(|| self.tool_allowed(&call.name).filter(|_| place.inside));
        if let Some(rule) = self.path_rule(Kind::Ask, touch, &call.name, &place) {
            // A rule that asks is no way out of a mode that refuses.
            if mode == PermissionMode::Plan && !loose.is_empty() && allowed.is_none() {
                return Ruling::planned(loose);
            }
            return Ruling::asked_by(rule).about(subject);
        }
        let granted = match touch {
            Touch::Read => self.session.reads(&place.resolved),
            Touch::Write => loose.is_empty() && self.session.edits(&call.name),
        };
        let free = match (mode, touch) {
            (_, Touch::Read) if loose.is_empty() => Some(Basis::Harmless),
            (PermissionMode::Bypass, _) => Some(Basis::Mode(mode)),
            // A confined command could do it too.
            (PermissionMode::Edits | PermissionMode::Auto, Touch::Write) if loose.is_empty() => {
                Some(Basis::Mode(mode))
            }
            _ => None,
        };
        let granted = (granted && mode != PermissionMode::Plan).then_some(Basis::Session);
        let ruled = allowed.map(|rule| Basis::Rule(rule.to_owned()));
        if let Some(basis) = ruled.or(granted).or(free) {
            return Ruling::allow(basis);
        }
        if mode == PermissionMode::Plan {
            return Ruling::planned(loose);
        }
        let scope = scope(touch, call, &place, &loose);
        let rule = suggestion(touch, &place, &self.ground);
        let findings = if loose.is_empty() {
            vec![finding(
                "mode.ask",
                "Changing files asks in this mode.",
                false,
            )]
        } else {
            loose
        };
        Ruling::ask(with_link(findings))
            .scoped(scope)
            .spared_by(rule)
            .about(subject)
    }

    /// A rule that forbids holds when it fits either end of a link.
    pub(super) fn path_rule(
        &self,
        kind: Kind,
        touch: Touch,
        tool: &str,
        place: &Place,
    ) -> Option<&str> {
        let by = |path| {
            self.rules
                .for_path(kind, Touching { touch, tool, path }, &self.ground)
        };
        by(&place.requested).or_else(|| by(&place.resolved))
    }

    /// A rule that allows must fit both ends.
    pub(super) fn path_allowed(&self, touch: Touch, tool: &str, place: &Place) -> Option<&str> {
        let by = |path| {
            self.rules
                .for_path(Kind::Allow, Touching { touch, tool, path }, &self.ground)
        };
        by(&place.requested).filter(|_| place.known && by(&place.resolved).is_some())
    }
}

/// What asks in every mode.
fn guarded(touch: Touch, place: &Place) -> Vec<Finding> {
    let shown = place.resolved.display();
    let found = match touch {
        Touch::Read => place.secret().map(|why| {
            finding(
                "path.secret",
                format!("Reading `{shown}` may leak something: {why}."),
                true,
            )
        }),
        Touch::Write => place.protected().map(|why| {
            finding(
                "path.protected",
                format!("`{shown}` is protected: {why}."),
                true,
            )
        }),
    };
    let secret_write = || {
        place.secret().map(|why| {
            finding(
                "path.secret",
                format!("`{shown}` is sensitive: {why}."),
                true,
            )
        })
    };
    found
        .or_else(|| (touch == Touch::Write).then(secret_write).flatten())
        .into_iter()
        .collect()
}

/// What asks unless a rule, the session or the mode allows it.
fn loose(touch: Touch, place: &Place) -> Vec<Finding> {
    let shown = place.resolved.display();
    if !place.known {
        return vec![finding(
            "path.unknown",
            format!("Nobody can say where `{shown}` leads."),
            true,
        )];
    }
    if !place.inside {
        let verb = if touch == Touch::Read {
            "read"
        } else {
            "changed"
        };
        return vec![finding(
            "path.outside",
            format!("`{shown}` would be {verb}, outside of the workspace."),
            false,
        )];
    }
    if touch == Touch::Write && place.hard_linked() {
        return vec![finding(
            "path.hard_link",
            format!("`{shown}` has another name somewhere; a change shows there too."),
            false,
        )];
    }
    Vec::new()
}

/// The resolved target, when the requested path does not tell it.
fn shown(place: &Place) -> Option<String> {
    (place.linked || !place.inside)
        .then(|| crate::bash::visible(&place.resolved.display().to_string()))
}

fn scope(touch: Touch, call: &ToolCall, place: &Place, loose: &[Finding]) -> Option<Scope> {
    match touch {
        Touch::Write => loose.is_empty().then(|| Scope::Edits {
            tool: call.name.clone(),
        }),
        Touch::Read => (place.known && place.resolved.parent().is_some()).then(|| Scope::Reads {
            path: place.resolved.clone(),
        }),
    }
}

/// The rule for exactly this file, when such a rule would spare the next
/// question about it.
fn suggestion(touch: Touch, place: &Place, ground: &Ground) -> Option<String> {
    if !place.known || place.linked {
        return None;
    }
    let path = match (touch, ground.relative(&place.requested)) {
        (Touch::Write, Some(below)) => below.to_str()?,
        (Touch::Write, None) => return None,
        (Touch::Read, _) => place.resolved.to_str()?,
    };
    let literal = !path.is_empty() && !path.contains(|c: char| "*?[]{}()!\\".contains(c));
    let verb = match touch {
        Touch::Read => "Read",
        Touch::Write => "Edit",
    };
    literal.then(|| format!("{verb}({path})"))
}
