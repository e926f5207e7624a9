//! Reading and writing files: the requested path and where it leads.

use protocol::{Finding, PermissionMode, ToolCall};

use super::Gate;
use super::ruling::{Ruling, finding};
use super::session::Scope;
use crate::path::Place;
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
        if let Some(rule) = self.path_rule(Kind::Ask, touch, &call.name, &place) {
            return Ruling::asked_by(rule).about(subject);
        }
        let allowed = self.path_allowed(touch, &call.name, &place)
            || self.tool_allowed(&call.name) && place.inside;
        let granted = match touch {
            Touch::Read => self.session.reads(&place.resolved),
            Touch::Write => loose.is_empty() && self.session.edits(&call.name),
        };
        let free = match (mode, touch) {
            (PermissionMode::Bypass, _) => true,
            (_, Touch::Read) => loose.is_empty(),
            // A confined command could do it too.
            (PermissionMode::Edits | PermissionMode::Auto, Touch::Write) => loose.is_empty(),
            _ => false,
        };
        if allowed || free || (granted && mode != PermissionMode::Plan) {
            return Ruling::allow();
        }
        if mode == PermissionMode::Plan {
            return Ruling::planned(loose);
        }
        let scope = scope(touch, call, &place, &loose);
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
    pub(super) fn path_allowed(&self, touch: Touch, tool: &str, place: &Place) -> bool {
        let by = |path| {
            self.rules
                .for_path(Kind::Allow, Touching { touch, tool, path }, &self.ground)
                .is_some()
        };
        place.known && by(&place.requested) && by(&place.resolved)
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
