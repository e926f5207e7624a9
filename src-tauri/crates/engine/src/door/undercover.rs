//! Which sessions work under cover, and the audit ledger at the door.

use std::path::Path;

use protocol::{AuditEntry, ErrorInfo};

use super::{Engine, Inner, lock};
use crate::flags;
use crate::session::Session;
use crate::undercover::{Cover, Machine};

impl Engine {
    /// What was stopped or noticed on the user's behalf, the newest first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn audit(&self, limit: u32) -> Result<Vec<AuditEntry>, ErrorInfo> {
        Ok(self.inner.store.audit(limit).await?)
    }
}

impl Inner {
    /// What a session keeps to itself; none when neither the settings nor its
    /// project want it to work under cover.
    pub(super) fn cover(&self, session: &Session) -> Option<Cover> {
        let settings = lock(&self.settings).clone();
        let everywhere = self.flag(flags::UNDERCOVER);
        let layers = lock(&self.layers).clone();
        let entries = layers.undercover(&settings, Path::new(&session.workspace));
        let project = session.project().undercover.as_deref();
        let wanted = everywhere
            || layers.all_undercover
            || project.is_some()
            || entries.iter().any(|entry| entry.enabled);
        wanted.then(|| {
            Cover::new(
                &session.workspace,
                &entries,
                project.unwrap_or_default(),
                Machine::here(),
            )
        })
    }
}
