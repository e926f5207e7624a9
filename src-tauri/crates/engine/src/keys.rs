//! Provider keys: from the environment, else from the system's keyring, else
//! from a file that a passphrase locks. A key is never written in the clear,
//! and stands in no log and no event.

mod sealed;

use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::{ErrorInfo, ErrorKind};

use sealed::{Opened, SealedFile};

/// Service name of our entries in the keyring.
const SERVICE: &str = "dev.familiar.desktop";
/// The passphrase, for programs that nobody can ask.
pub(crate) const PASSPHRASE: &str = "FAMILIAR_PASSPHRASE";

/// The keyring, and the file that stands in for it. What is asked of them
/// blocks (D-Bus, the disk, Argon2id): call it off the runtime.
pub(crate) struct Keys {
    file: PathBuf,
    lock: Mutex<Lock>,
}

enum Lock {
    Closed {
        /// The passphrase of the environment does not fit.
        tried: bool,
    },
    Open(Opened),
}

/// Where a provider's key was found.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Keyring(String),
    File(String),
    /// There is one, in the file that is still locked.
    Locked,
    Nowhere,
}

impl Keys {
    /// The file need not exist.
    pub(crate) fn new(file: PathBuf) -> Self {
        Self {
            file,
            lock: Mutex::new(Lock::Closed { tried: false }),
        }
    }

    /// Looks for the key of `provider`. A file that cannot be read is told in
    /// the log; it has no key then.
    pub(crate) fn find(&self, provider: &str) -> Found {
        if let Some(key) = from_keyring(provider) {
            return Found::Keyring(key);
        }
        self.find_in_file(provider).unwrap_or_else(|error| {
            tracing::warn!(%error, "no key from the file");
            Found::Nowhere
        })
    }

    /// The file has a key for `provider`, and is locked.
    pub(crate) fn is_locked_for(&self, provider: &str) -> bool {
        matches!(*self.lock(), Lock::Closed { .. })
            && SealedFile::read(&self.file)
                .is_ok_and(|file| file.is_some_and(|file| file.has(provider)))
    }

    fn find_in_file(&self, provider: &str) -> Result<Found, ErrorInfo> {
        let mut lock = self.lock();
        if let Lock::Closed { tried } = *lock {
            let Some(file) = SealedFile::read(&self.file)? else {
                return Ok(Found::Nowhere);
            };
            if !file.has(provider) {
                return Ok(Found::Nowhere);
            }
            let passphrase = std::env::var(PASSPHRASE).ok().filter(|_| !tried);
            let Some(passphrase) = passphrase else {
                return Ok(Found::Locked);
            };
            match file.open(&self.file, &passphrase) {
                Ok(opened) => *lock = Lock::Open(opened),
                Err(error) => {
                    tracing::warn!(%error, "{PASSPHRASE} does not open the file of keys");
                    *lock = Lock::Closed { tried: true };
                    return Ok(Found::Locked);
                }
            }
        }
        let Lock::Open(opened) = &*lock else {
            return Ok(Found::Locked);
        };
        Ok(opened
            .keys
            .get(provider)
            .map_or(Found::Nowhere, |key| Found::File(key.clone())))
    }

    /// Stores the key of `provider` in the keyring; where there is none, in
    /// the file, if the user opened it.
    pub(crate) fn store(&self, provider: &str, key: &str) -> Result<(), ErrorInfo> {
        let kept = keyring::Entry::new(SERVICE, provider)
            .and_then(|entry| entry.set_password(key))
            .map_err(|error| no_keyring(&error));
        match (kept, &mut *self.lock()) {
            (Err(_), Lock::Open(opened)) => self.put(opened, provider, key),
            (kept, _) => kept,
        }
    }

    /// Stores the key in the file, which it makes where there is none.
    pub(crate) fn seal(
        &self,
        provider: &str,
        key: &str,
        passphrase: &str,
    ) -> Result<(), ErrorInfo> {
        let mut lock = self.lock();
        let mut opened = match SealedFile::read(&self.file)? {
            Some(file) => file.open(&self.file, passphrase)?,
            None => Opened::new(passphrase)?,
        };
        self.put(&mut opened, provider, key)?;
        *lock = Lock::Open(opened);
        Ok(())
    }

    /// Opens the file for the rest of the run.
    pub(crate) fn unlock(&self, passphrase: &str) -> Result<(), ErrorInfo> {
        let mut lock = self.lock();
        let file = SealedFile::read(&self.file)?.ok_or_else(no_file)?;
        *lock = Lock::Open(file.open(&self.file, passphrase)?);
        Ok(())
    }

    /// Removes the key of `provider` wherever it is; fine when there is none.
    pub(crate) fn delete(&self, provider: &str) -> Result<(), ErrorInfo> {
        let gone =
            keyring::Entry::new(SERVICE, provider).and_then(|entry| entry.delete_credential());
        let gone = match gone {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(()),
            Err(error) => Err(no_keyring(&error)),
        };
        let Some(file) = SealedFile::read(&self.file)? else {
            return gone;
        };
        if !file.has(provider) {
            return gone;
        }
        match &mut *self.lock() {
            Lock::Open(opened) => {
                *opened = file.reopen(&self.file, opened)?;
                opened.keys.remove(provider);
                opened.write(&self.file)
            }
            Lock::Closed { .. } => Err(locked()),
        }
    }

    /// Adds a key to what the file holds by now: another program of ours may
    /// have changed it.
    fn put(&self, opened: &mut Opened, provider: &str, key: &str) -> Result<(), ErrorInfo> {
        if let Some(file) = SealedFile::read(&self.file)? {
            *opened = file.reopen(&self.file, opened)?;
        }
        opened.keys.insert(provider.to_owned(), key.to_owned());
        opened.write(&self.file)
    }

    fn lock(&self) -> MutexGuard<'_, Lock> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn from_keyring(provider: &str) -> Option<String> {
    match keyring::Entry::new(SERVICE, provider).and_then(|entry| entry.get_password()) {
        Ok(key) if !key.is_empty() => Some(key),
        Ok(_) => None,
        Err(error) => {
            tracing::debug!(%error, provider, "no key from the keyring");
            None
        }
    }
}

/// A key is in the file, and the file is locked.
pub(crate) fn locked() -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Auth,
        "The file of keys is locked.",
        format!(
            "Enter its passphrase in the settings, under the provider, or set {PASSPHRASE} in the environment."
        ),
    )
}

fn no_file() -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        "There is no file of keys.",
        "Enter a key in the settings.",
    )
}

fn no_keyring(error: &keyring::Error) -> ErrorInfo {
    // Why there is no store, not that there is none.
    let error = match (error, keyring::Entry::store_status()) {
        (keyring::Error::NoDefaultStore, Err(why)) => why,
        _ => error,
    };
    ErrorInfo::new(
        ErrorKind::Desktop,
        format!("The system's keyring cannot be used: {error}."),
        "Start a keyring service (for example gnome-keyring), keep the key in a file that a passphrase locks, or set it in the environment, for example ANTHROPIC_API_KEY.",
    )
}
