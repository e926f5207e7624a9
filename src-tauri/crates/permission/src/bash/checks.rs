//! The checks, one file each. A new one is its file, its `mod` line and its
//! line in [`CHECKS`]; a test compares the table with the folder.

mod agent;
mod archive;
mod arithmetic;
mod assignment;
mod background;
mod bomb;
mod brace;
mod capture;
mod cloud;
mod cloud_metadata;
mod compound;
mod confusable;
mod continuation;
mod control_bytes;
mod database;
mod decoder;
mod deep_read;
mod destroy;
mod device;
mod disk;
mod dollar_quote;
mod download_run;
mod dynamic_command;
mod environment;
mod exec_option;
mod exfiltration;
mod fed_shell;
mod fetch_chain;
mod firewall;
mod function;
mod git_history;
mod git_program;
mod git_repository;
mod heredoc;
mod history;
mod host;
mod ifs;
mod inline_code;
mod inline_path;
mod invisible;
mod irrevocable;
mod links;
mod loaded_code;
mod miner;
mod network_shell;
mod newer_shell;
mod option;
mod output_option;
mod outside;
mod padding;
mod parameter;
mod per_file;
mod permissions;
mod persistence;
mod pipe_to_shell;
mod planted;
mod powershell;
mod privilege;
mod process_substitution;
mod protected_write;
mod publish;
mod redirect;
mod reentry;
mod ruin;
mod secret_flow;
mod secret_read;
mod secret_verb;
mod security_off;
mod socket;
mod subscript;
mod substitution;
mod tilde;
mod too_long;
mod tree_read;
mod truncation;
mod unlisted;
mod unparsed;
mod wildcard;
mod zsh;

use protocol::Span;

use super::script::Leaf;
use super::{Hit, Subject};
pub(super) use assignment::is_plain_setting;
pub(super) use environment::secret_name;

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
        let known = |hit: &&mut Hit| hit.check == check && hit.reason == reason && hit.span == span;
        match self.list.iter_mut().find(known) {
            Some(hit) => hit.level = hit.level.max(level),
            None => self.list.push(Hit {
                check,
                level,
                reason,
                span,
                leaf: None,
            }),
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

    /// The same, unless the command may be no command at all.
    fn ruin_of(&mut self, leaf: &Leaf, span: Span, reason: impl Into<String>) {
        if leaf.guessed {
            self.danger(span, reason);
        } else {
            self.ruin(span, reason);
        }
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
    check("bash.agent", agent::run),
    check("bash.archive", archive::run),
    check("bash.arithmetic", arithmetic::run),
    check("bash.assignment", assignment::run),
    check("bash.background", background::run),
    check("bash.bomb", bomb::run),
    check("bash.brace", brace::run),
    check("bash.capture", capture::run),
    check("bash.cloud", cloud::run),
    check("bash.cloud_metadata", cloud_metadata::run),
    check("bash.compound", compound::run),
    check("bash.confusable", confusable::run),
    check("bash.continuation", continuation::run),
    check("bash.control_bytes", control_bytes::run),
    check("bash.database", database::run),
    check("bash.decoder", decoder::run),
    check("bash.deep_read", deep_read::run),
    check("bash.destroy", destroy::run),
    check("bash.device", device::run),
    check("bash.disk", disk::run),
    check("bash.dollar_quote", dollar_quote::run),
    check("bash.download_run", download_run::run),
    check("bash.dynamic_command", dynamic_command::run),
    check("bash.environment", environment::run),
    check("bash.exec_option", exec_option::run),
    check("bash.exfiltration", exfiltration::run),
    check("bash.fed_shell", fed_shell::run),
    check("bash.fetch_chain", fetch_chain::run),
    check("bash.firewall", firewall::run),
    check("bash.function", function::run),
    check("bash.git_history", git_history::run),
    check("bash.git_program", git_program::run),
    check("bash.git_repository", git_repository::run),
    check("bash.heredoc", heredoc::run),
    check("bash.history", history::run),
    check("bash.host", host::run),
    check("bash.ifs", ifs::run),
    check("bash.inline_code", inline_code::run),
    check("bash.inline_path", inline_path::run),
    check("bash.invisible", invisible::run),
    check("bash.irrevocable", irrevocable::run),
    check("bash.links", links::run),
    check("bash.loaded_code", loaded_code::run),
    check("bash.miner", miner::run),
    check("bash.network_shell", network_shell::run),
    check("bash.newer_shell", newer_shell::run),
    check("bash.option", option::run),
    check("bash.output_option", output_option::run),
    check("bash.outside", outside::run),
    check("bash.padding", padding::run),
    check("bash.parameter", parameter::run),
    check("bash.per_file", per_file::run),
    check("bash.permissions", permissions::run),
    check("bash.persistence", persistence::run),
    check("bash.pipe_to_shell", pipe_to_shell::run),
    check("bash.planted", planted::run),
    check("bash.powershell", powershell::run),
    check("bash.privilege", privilege::run),
    check("bash.process_substitution", process_substitution::run),
    check("bash.protected_write", protected_write::run),
    check("bash.publish", publish::run),
    check("bash.redirect", redirect::run),
    check("bash.reentry", reentry::run),
    check("bash.ruin", ruin::run),
    check("bash.secret_flow", secret_flow::run),
    check("bash.secret_read", secret_read::run),
    check("bash.secret_verb", secret_verb::run),
    check("bash.security_off", security_off::run),
    check("bash.socket", socket::run),
    check("bash.subscript", subscript::run),
    check("bash.substitution", substitution::run),
    check("bash.tilde", tilde::run),
    check("bash.too_long", too_long::run),
    check("bash.tree_read", tree_read::run),
    check("bash.truncation", truncation::run),
    check("bash.unlisted", unlisted::run),
    check("bash.unparsed", unparsed::run),
    check("bash.wildcard", wildcard::run),
    check("bash.zsh", zsh::run),
];

const fn check(id: &'static str, run: fn(&Subject<'_>, &mut Hits)) -> Check {
    Check { id, run }
}

#[cfg(test)]
mod tests;
