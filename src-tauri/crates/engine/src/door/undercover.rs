//! Which sessions work under cover.

use std::path::Path;

use super::{Inner, lock};
use crate::flags;
use crate::session::Session;
use crate::undercover::{Cover, Machine};

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
