//! Provider keys: from the environment, else from the system's keyring.
//! A key is never written to a file, a log or an event.

use protocol::{ErrorInfo, ErrorKind};

/// Service name of our entries in the keyring.
const SERVICE: &str = "dev.familiar.desktop";

/// Reads the key of `provider` from the keyring; `None` when there is no
/// entry or no keyring. Talks to D-Bus: call it off the runtime.
pub(crate) fn from_keyring(provider: &str) -> Option<String> {
    match keyring::Entry::new(SERVICE, provider).and_then(|entry| entry.get_password()) {
        Ok(key) if !key.is_empty() => Some(key),
        Ok(_) => None,
        Err(error) => {
            tracing::debug!(%error, provider, "no key from the keyring");
            None
        }
    }
}

/// Stores the key of `provider` in the keyring.
pub(crate) fn store(provider: &str, key: &str) -> Result<(), ErrorInfo> {
    keyring::Entry::new(SERVICE, provider)
        .and_then(|entry| entry.set_password(key))
        .map_err(|error| no_keyring(&error))
}

/// Removes the key of `provider`; fine when there is none.
pub(crate) fn delete(provider: &str) -> Result<(), ErrorInfo> {
    let gone = keyring::Entry::new(SERVICE, provider).and_then(|entry| entry.delete_credential());
    match gone {
        Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
        Err(error) => Err(no_keyring(&error)),
    }
}

fn no_keyring(error: &keyring::Error) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Desktop,
        format!("The system's keyring cannot be used: {error}."),
        "Start a keyring service (for example gnome-keyring), or set the key in the environment, for example ANTHROPIC_API_KEY.",
    )
}
