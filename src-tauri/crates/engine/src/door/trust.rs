//! Trust in folders at the door. A folder nobody has trusted is restricted:
//! a person at a window cannot choose the modes that run things unasked
//! there, and nothing that lies in it is started. A script that names such a
//! mode for its one run has said so itself.

use std::path::{Path, PathBuf};

use protocol::{AuditKind, ErrorInfo, ErrorKind, PermissionMode, TrustedFolder};

use super::{Engine, Inner, off_runtime, usable_workspace, workspace_gone};
use crate::clock::now_ms;
use crate::trust::{self, TrustView};

impl Engine {
    /// What a folder brings, and whether it is trusted.
    ///
    /// # Errors
    /// When the folder is gone, or the store cannot be read.
    pub async fn trust_view(&self, folder: &Path) -> Result<TrustView, ErrorInfo> {
        let trusted = self.inner.store.trusted().await?;
        let folder = folder.to_owned();
        off_runtime(move || {
            let folder = usable_workspace(&folder)?;
            Ok(TrustView {
                path: folder.display().to_string(),
                trusted: trust::is_trusted(&folder, &trusted),
                found: trust::look(&folder),
            })
        })
        .await
    }

    /// Trusts a folder and what lies in it, up to the next repository.
    ///
    /// # Errors
    /// When the folder is gone, or the store cannot be written.
    pub async fn trust_folder(&self, folder: &Path) -> Result<TrustView, ErrorInfo> {
        let view = self.trust_view(folder).await?;
        let known = trust::identity(Path::new(&view.path), now_ms())
            .ok_or_else(|| workspace_gone(folder, "it cannot be looked at"))?;
        self.inner.store.trust(&known).await?;
        let kinds: Vec<String> = view.found.iter().map(|item| item.path.clone()).collect();
        let detail = match kinds.is_empty() {
            true => "Nothing that could run was found in it.".to_owned(),
            false => format!("Shown with it: {}.", kinds.join(", ")),
        };
        self.inner
            .put_on_record(AuditKind::TrustGiven, None, (view.path.clone(), detail))
            .await;
        self.trust_view(folder).await
    }

    /// Takes the trust in a folder back; false when there was none. Sessions
    /// in it that work in a mode for trusted folders go back to asking.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub async fn revoke_trust(&self, path: &str) -> Result<bool, ErrorInfo> {
        let was_trusted = self.inner.store.revoke_trust(path).await?;
        if !was_trusted {
            return Ok(false);
        }
        let what = (path.to_owned(), "It is restricted again.".to_owned());
        self.inner
            .put_on_record(AuditKind::TrustRevoked, None, what)
            .await;
        for session in self.inner.open_sessions() {
            let mode = session.mode();
            if self.inner.may_use(&session.workspace, mode).await.is_err() {
                session.set_mode(PermissionMode::Ask);
            }
        }
        Ok(true)
    }

    /// All trusted folders.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn trusted_folders(&self) -> Result<Vec<TrustedFolder>, ErrorInfo> {
        Ok(self.inner.store.trusted().await?)
    }
}

impl Inner {
    /// Whether a mode may be used in a folder.
    ///
    /// # Errors
    /// The folder is not trusted and the mode runs things unasked.
    pub(super) async fn may_use(
        &self,
        folder: &Path,
        mode: PermissionMode,
    ) -> Result<(), ErrorInfo> {
        let is_loose = matches!(mode, PermissionMode::Auto | PermissionMode::Bypass);
        if !is_loose || self.is_told(mode) {
            return Ok(());
        }
        let trusted = self.store.trusted().await?;
        let real: PathBuf = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        if trust::is_trusted(&real, &trusted) {
            return Ok(());
        }
        Err(ErrorInfo::new(
            ErrorKind::NotTrusted,
            format!(
                "Mode {} is for folders you trust, and `{}` is not one yet.",
                mode.name(),
                folder.display()
            ),
            "Look at what it brings and trust it, or choose another mode.",
        ))
    }

    /// A flag of this process asked for the mode.
    fn is_told(&self, mode: PermissionMode) -> bool {
        self.options.permission_mode == Some(mode)
    }
}
