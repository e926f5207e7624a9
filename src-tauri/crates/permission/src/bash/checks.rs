//! The checks, one file each. A new one is its file, its `mod` line and its
//! line in [`CHECKS`]; a test compares the table with the folder.

mod agent;
mod archive;
mod arithmetic;
mod assignment;
mod background;
mod bomb;
mod brace;
mod cloud;
mod compound;
mod confusable;
mod continuation;
mod control_bytes;
mod database;
mod decoder;
mod destroy;
mod device;
mod disk;
mod dollar_quote;
mod download_run;
mod dynamic_command;
mod environment;
mod exec_option;
mod exfiltration;
mod firewall;
mod function;
mod git_history;
mod git_program;
mod heredoc;
mod history;
mod host;
mod ifs;
mod inline_code;
mod invisible;
mod links;
mod network_shell;
mod newline;
mod option;
mod outside;
mod padding;
mod parameter;
mod permissions;
mod persistence;
mod pipe_to_shell;
mod planted;
mod privilege;
mod process_substitution;
mod protected_write;
mod publish;
mod redirect;
mod reentry;
mod ruin;
mod secret_read;
mod security_off;
mod socket;
mod subscript;
mod substitution;
mod tilde;
mod too_long;
mod unlisted;
mod unparsed;
mod zsh;

use protocol::Span;

use super::{Hit, Subject};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// It is not plainly read-only.
    Ask,
    /// It can destroy, leak or escape.
    Danger,
    /// The same, and no mode lets it run unasked: protected places, secrets.
    Guarded,
    /// Ruinous whatever the intent.
    Ruin,
}

/// One check.
pub(super) struct Check {
    /// Stable id, shown to users and used in tests: `bash.` and its file.
    pub(super) id: &'static str,
    run: fn(&Subject<'_>, &mut Hits),
}

/// Where a check puts what it finds.
pub(super) struct Hits {
    check: &'static str,
    list: Vec<Hit>,
}

impl Hits {
    fn add(&mut self, level: Level, span: Span, reason: impl Into<String>) {
        let (check, reason, span) = (self.check, reason.into(), Some(span));
        let known = |hit: &Hit| hit.check == check && hit.reason == reason && hit.span == span;
        if !self.list.iter().any(known) {
            self.list.push(Hit {
                check,
                level,
                reason,
                span,
                leaf: None,
            });
        }
    }

    fn ask(&mut self, span: Span, reason: impl Into<String>) {
        self.add(Level::Ask, span, reason);
    }

    fn danger(&mut self, span: Span, reason: impl Into<String>) {
        self.add(Level::Danger, span, reason);
    }

    fn guarded(&mut self, span: Span, reason: impl Into<String>) {
        self.add(Level::Guarded, span, reason);
    }

    fn ruin(&mut self, span: Span, reason: impl Into<String>) {
        self.add(Level::Ruin, span, reason);
    }

    /// A finding that an allow rule for this leaf answers.
    fn ask_leaf(&mut self, leaf: usize, span: Span, reason: impl Into<String>) {
        self.list.push(Hit {
            check: self.check,
            level: Level::Ask,
            reason: reason.into(),
            span: Some(span),
            leaf: Some(leaf),
        });
    }
}

/// Runs every check.
pub(super) fn run(subject: &Subject<'_>) -> Vec<Hit> {
    let mut hits = Hits {
        check: "",
        list: Vec::new(),
    };
    for check in CHECKS {
        hits.check = check.id;
        (check.run)(subject, &mut hits);
    }
    hits.list
}

/// Every check, in the order of the alphabet.
pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "bash.agent",
        run: agent::run,
    },
    Check {
        id: "bash.archive",
        run: archive::run,
    },
    Check {
        id: "bash.arithmetic",
        run: arithmetic::run,
    },
    Check {
        id: "bash.assignment",
        run: assignment::run,
    },
    Check {
        id: "bash.background",
        run: background::run,
    },
    Check {
        id: "bash.bomb",
        run: bomb::run,
    },
    Check {
        id: "bash.brace",
        run: brace::run,
    },
    Check {
        id: "bash.cloud",
        run: cloud::run,
    },
    Check {
        id: "bash.compound",
        run: compound::run,
    },
    Check {
        id: "bash.confusable",
        run: confusable::run,
    },
    Check {
        id: "bash.continuation",
        run: continuation::run,
    },
    Check {
        id: "bash.control_bytes",
        run: control_bytes::run,
    },
    Check {
        id: "bash.database",
        run: database::run,
    },
    Check {
        id: "bash.decoder",
        run: decoder::run,
    },
    Check {
        id: "bash.destroy",
        run: destroy::run,
    },
    Check {
        id: "bash.device",
        run: device::run,
    },
    Check {
        id: "bash.disk",
        run: disk::run,
    },
    Check {
        id: "bash.dollar_quote",
        run: dollar_quote::run,
    },
    Check {
        id: "bash.download_run",
        run: download_run::run,
    },
    Check {
        id: "bash.dynamic_command",
        run: dynamic_command::run,
    },
    Check {
        id: "bash.environment",
        run: environment::run,
    },
    Check {
        id: "bash.exec_option",
        run: exec_option::run,
    },
    Check {
        id: "bash.exfiltration",
        run: exfiltration::run,
    },
    Check {
        id: "bash.firewall",
        run: firewall::run,
    },
    Check {
        id: "bash.function",
        run: function::run,
    },
    Check {
        id: "bash.git_history",
        run: git_history::run,
    },
    Check {
        id: "bash.git_program",
        run: git_program::run,
    },
    Check {
        id: "bash.heredoc",
        run: heredoc::run,
    },
    Check {
        id: "bash.history",
        run: history::run,
    },
    Check {
        id: "bash.host",
        run: host::run,
    },
    Check {
        id: "bash.ifs",
        run: ifs::run,
    },
    Check {
        id: "bash.inline_code",
        run: inline_code::run,
    },
    Check {
        id: "bash.invisible",
        run: invisible::run,
    },
    Check {
        id: "bash.links",
        run: links::run,
    },
    Check {
        id: "bash.network_shell",
        run: network_shell::run,
    },
    Check {
        id: "bash.newline",
        run: newline::run,
    },
    Check {
        id: "bash.option",
        run: option::run,
    },
    Check {
        id: "bash.outside",
        run: outside::run,
    },
    Check {
        id: "bash.padding",
        run: padding::run,
    },
    Check {
        id: "bash.parameter",
        run: parameter::run,
    },
    Check {
        id: "bash.permissions",
        run: permissions::run,
    },
    Check {
        id: "bash.persistence",
        run: persistence::run,
    },
    Check {
        id: "bash.pipe_to_shell",
        run: pipe_to_shell::run,
    },
    Check {
        id: "bash.planted",
        run: planted::run,
    },
    Check {
        id: "bash.privilege",
        run: privilege::run,
    },
    Check {
        id: "bash.process_substitution",
        run: process_substitution::run,
    },
    Check {
        id: "bash.protected_write",
        run: protected_write::run,
    },
    Check {
        id: "bash.publish",
        run: publish::run,
    },
    Check {
        id: "bash.redirect",
        run: redirect::run,
    },
    Check {
        id: "bash.reentry",
        run: reentry::run,
    },
    Check {
        id: "bash.ruin",
        run: ruin::run,
    },
    Check {
        id: "bash.secret_read",
        run: secret_read::run,
    },
    Check {
        id: "bash.security_off",
        run: security_off::run,
    },
    Check {
        id: "bash.socket",
        run: socket::run,
    },
    Check {
        id: "bash.subscript",
        run: subscript::run,
    },
    Check {
        id: "bash.substitution",
        run: substitution::run,
    },
    Check {
        id: "bash.tilde",
        run: tilde::run,
    },
    Check {
        id: "bash.too_long",
        run: too_long::run,
    },
    Check {
        id: "bash.unlisted",
        run: unlisted::run,
    },
    Check {
        id: "bash.unparsed",
        run: unparsed::run,
    },
    Check {
        id: "bash.zsh",
        run: zsh::run,
    },
];

#[cfg(test)]
mod tests;
