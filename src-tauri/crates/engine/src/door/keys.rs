//! The keys of providers and search engines, as the settings change them.

use std::sync::Arc;

use protocol::ErrorInfo;

use super::{Engine, off_runtime};
use crate::keys::Keys;
use crate::providers::key_for;

impl Engine {
    /// Keeps a provider's key in the keyring, or in the file of keys where
    /// there is no keyring and the file is open.
    ///
    /// # Errors
    /// Unknown provider, empty key, or no keyring and no open file.
    pub async fn set_key(&self, provider: &str, key: &str) -> Result<(), ErrorInfo> {
        let (id, key) = key_for(provider, key)?;
        self.with_keys(move |keys| keys.store(&id, &key)).await
    }

    /// Keeps a provider's key in a file that `passphrase` locks, and opens the
    /// file for this run. The file is made where there is none.
    ///
    /// # Errors
    /// Unknown provider, empty key, a passphrase that is too short or does not
    /// open the file, or a file that cannot be read or written.
    pub async fn seal_key(
        &self,
        provider: &str,
        key: &str,
        passphrase: &str,
    ) -> Result<(), ErrorInfo> {
        let (id, key) = key_for(provider, key)?;
        let passphrase = passphrase.to_owned();
        self.with_keys(move |keys| keys.seal(&id, &key, &passphrase))
            .await
    }

    /// Opens the file of keys for this run.
    ///
    /// # Errors
    /// When there is none, it cannot be read, or the passphrase does not fit.
    pub async fn unlock_keys(&self, passphrase: &str) -> Result<(), ErrorInfo> {
        let passphrase = passphrase.to_owned();
        self.with_keys(move |keys| keys.unlock(&passphrase)).await
    }

    /// Removes a provider's key from the keyring and the file.
    ///
    /// # Errors
    /// When it can be removed from neither, or the file is locked.
    pub async fn delete_key(&self, provider: &str) -> Result<(), ErrorInfo> {
        let id = provider.to_owned();
        self.with_keys(move |keys| keys.delete(&id)).await
    }

    async fn with_keys(
        &self,
        work: impl FnOnce(&Keys) -> Result<(), ErrorInfo> + Send + 'static,
    ) -> Result<(), ErrorInfo> {
        let keys = Arc::clone(&self.inner.keys);
        off_runtime(move || work(&keys)).await?;
        self.inner.search_changed();
        Ok(())
    }
}
