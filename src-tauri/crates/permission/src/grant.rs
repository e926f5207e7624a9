//! The proof that a call was judged. Only this crate can make one.

use protocol::{Access, Confinement, PermissionMode, ToolCallId};

/// What lets a call run. In order: of several, the last is the one to tell.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// It only reads in the workspace, or touches the agent's own notes.
    Harmless,
    /// It runs behind the walls of the sandbox.
    Sandbox,
    /// The mode in force.
    Mode(PermissionMode),
    /// What the user allowed until the session ends.
    Session,
    /// A rule of the settings, by its text.
    Rule(String),
    /// The user, asked about this very call.
    Person,
}

impl Basis {
    /// In words that follow "because".
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Harmless => "it only reads in the workspace".to_owned(),
            Self::Sandbox => "the sandbox confines it".to_owned(),
            Self::Mode(mode) => format!("the mode is {}", mode.name()),
            Self::Session => "it was allowed until the session ends".to_owned(),
            Self::Rule(rule) => format!("the rule `{rule}` allows it"),
            Self::Person => "the user said yes".to_owned(),
        }
    }
}

/// Permission for one tool call to touch just what it declared. It cannot be
/// cloned, and `Tool::run` consumes it: one grant, one run.
#[derive(Debug)]
pub struct Grant {
    call_id: ToolCallId,
    accesses: Vec<Access>,
    basis: Basis,
    confinement: Option<Box<Confinement>>,
    source: Option<String>,
    only_reads: bool,
}

impl Grant {
    pub(crate) fn mint(call_id: ToolCallId, accesses: Vec<Access>, basis: Basis) -> Self {
        Self {
            call_id,
            accesses,
            basis,
            confinement: None,
            source: None,
            only_reads: false,
        }
    }

    pub(crate) fn only_reading(mut self, only_reads: bool) -> Self {
        self.only_reads = only_reads;
        self
    }

    pub(crate) fn bringing(mut self, source: Option<String>) -> Self {
        self.source = source;
        self
    }

    pub(crate) fn behind(mut self, walls: Option<Confinement>) -> Self {
        self.confinement = walls.map(Box::new);
        self
    }

    /// The walls that a command of this call must run behind; none where a
    /// person, a rule or a mode let it run as it is.
    #[must_use]
    pub fn confinement(&self) -> Option<&Confinement> {
        self.confinement.as_deref()
    }

    /// What lets the call run.
    #[must_use]
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// Where what the call brings comes from, when others may have written it.
    #[must_use]
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    /// True when the call may change more than the agent's own notes.
    #[must_use]
    pub fn may_change(&self) -> bool {
        !self.only_reads
    }

    /// The call this grant is for.
    #[must_use]
    pub fn call_id(&self) -> &ToolCallId {
        &self.call_id
    }

    /// What the call may touch, exactly as judged.
    #[must_use]
    pub fn accesses(&self) -> &[Access] {
        &self.accesses
    }

    /// True when this very access was judged and allowed.
    #[must_use]
    pub fn covers(&self, access: &Access) -> bool {
        self.accesses.contains(access)
    }
}
