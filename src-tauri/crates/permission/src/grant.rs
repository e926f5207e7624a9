//! The proof that a call was judged. Only this crate can make one.

use protocol::{Access, Confinement, ToolCallId};

/// Permission for one tool call to touch just what it declared. It cannot be
/// cloned, and `Tool::run` consumes it: one grant, one run.
#[derive(Debug)]
pub struct Grant {
    call_id: ToolCallId,
    accesses: Vec<Access>,
    confinement: Option<Box<Confinement>>,
}

impl Grant {
    pub(crate) fn mint(call_id: ToolCallId, accesses: Vec<Access>) -> Self {
        Self {
            call_id,
            accesses,
            confinement: None,
        }
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
