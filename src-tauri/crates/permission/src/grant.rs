//! The proof that a call was judged. Only this crate can make one.

use protocol::{Access, ToolCallId};

/// Permission for one tool call to touch just what it declared. It cannot be
/// cloned, and `Tool::run` consumes it: one grant, one run.
#[derive(Debug)]
pub struct Grant {
    call_id: ToolCallId,
    accesses: Vec<Access>,
}

impl Grant {
    pub(crate) fn mint(call_id: ToolCallId, accesses: Vec<Access>) -> Self {
        Self { call_id, accesses }
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
