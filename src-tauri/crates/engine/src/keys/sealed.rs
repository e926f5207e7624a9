//! Keys in a file that a passphrase locks, for machines without a keyring.
//!
//! The passphrase becomes a key through Argon2id (RFC 9106), and the provider
//! keys are sealed under it with XChaCha20-Poly1305. All that stands in the
//! file in the clear (which providers it has keys for, the costs, the salt)
//! is authenticated with them, so nothing of it can be exchanged unnoticed.

use std::collections::BTreeMap;
use std::io::ErrorKind as Io;
use std::path::Path;

use argon2::{Algorithm, Argon2, Params, Version};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use chacha20poly1305::aead::{Aead, Generate, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use protocol::{ErrorInfo, ErrorKind};
use serde::{Deserialize, Serialize};

use crate::draft_file::draft;

const FORMAT: u32 = 1;
/// RFC 9106, section 4, second recommended option: 64 MiB, 3 passes; one lane,
/// because a thread per lane gains nothing on a small machine.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
/// A file of somebody else must not make us fill the memory or work for hours.
const MOST_MEMORY_KIB: u32 = 1024 * 1024;
const MOST_PASSES: u32 = 16;
/// No file of ours is longer, in bytes.
const LONGEST_FILE: u64 = 1024 * 1024;
/// Shortest passphrase, in characters.
const SHORTEST: usize = 8;

/// The file as it stands on disk.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SealedFile {
    clear: Header,
    nonce: String,
    sealed: String,
}

/// What stands in the clear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Header {
    version: u32,
    providers: Vec<String>,
    memory_kib: u32,
    passes: u32,
    salt: String,
}

/// The keys, and what is needed to seal them again.
pub(super) struct Opened {
    header: Header,
    cipher: XChaCha20Poly1305,
    pub(super) keys: BTreeMap<String, String>,
}

impl SealedFile {
    /// Reads the file; `None` when there is none.
    pub(super) fn read(path: &Path) -> Result<Option<Self>, ErrorInfo> {
        let size = match std::fs::metadata(path) {
            Err(error) if error.kind() == Io::NotFound => return Ok(None),
            Err(error) => return Err(unreadable(path, &error)),
            Ok(metadata) => metadata.len(),
        };
        if size > LONGEST_FILE {
            return Err(damaged(path, "it is too long"));
        }
        let text = std::fs::read(path).map_err(|error| unreadable(path, &error))?;
        let file: Self =
            serde_json::from_slice(&text).map_err(|error| damaged(path, &error.to_string()))?;
        let header = &file.clear;
        if header.version != FORMAT {
            return Err(damaged(path, "it was written by another version"));
        }
        if header.memory_kib > MOST_MEMORY_KIB || header.passes > MOST_PASSES {
            return Err(damaged(path, "opening it would take too much"));
        }
        Ok(Some(file))
    }

    /// Whether it has a key for `provider`.
    pub(super) fn has(&self, provider: &str) -> bool {
        self.clear.providers.iter().any(|name| name == provider)
    }

    /// Opens it. Takes about a tenth of a second and 64 MiB.
    pub(super) fn open(&self, path: &Path, passphrase: &str) -> Result<Opened, ErrorInfo> {
        let cipher = cipher(&self.clear, passphrase).map_err(|why| damaged(path, &why))?;
        self.unseal(path, cipher)
    }

    /// Opens it again, as it is on disk by now.
    pub(super) fn reopen(&self, path: &Path, before: &Opened) -> Result<Opened, ErrorInfo> {
        self.unseal(path, before.cipher.clone())
    }

    fn unseal(&self, path: &Path, cipher: XChaCha20Poly1305) -> Result<Opened, ErrorInfo> {
        let bytes = |text: &str| BASE64.decode(text).map_err(|error| error.to_string());
        let nonce = bytes(&self.nonce).map_err(|why| damaged(path, &why))?;
        let sealed = bytes(&self.sealed).map_err(|why| damaged(path, &why))?;
        let nonce = XNonce::try_from(nonce.as_slice())
            .map_err(|_| damaged(path, "its nonce has another length"))?;
        let clear = self.clear.in_the_clear();
        let payload = Payload {
            msg: &sealed,
            aad: &clear,
        };
        let plain = cipher
            .decrypt(&nonce, payload)
            .map_err(|_| wrong_passphrase())?;
        let keys =
            serde_json::from_slice(&plain).map_err(|error| damaged(path, &error.to_string()))?;
        Ok(Opened {
            header: self.clear.clone(),
            cipher,
            keys,
        })
    }
}

impl Opened {
    /// Nothing yet, under a new passphrase.
    pub(super) fn new(passphrase: &str) -> Result<Self, ErrorInfo> {
        if passphrase.chars().count() < SHORTEST {
            return Err(ErrorInfo::new(
                ErrorKind::Usage,
                format!("The passphrase is shorter than {SHORTEST} characters."),
                "Take a sentence: it is long, and you can keep it in mind.",
            ));
        }
        let header = Header {
            version: FORMAT,
            providers: Vec::new(),
            memory_kib: MEMORY_KIB,
            passes: PASSES,
            salt: BASE64.encode(XNonce::generate()),
        };
        let cipher = cipher(&header, passphrase).map_err(|why| cannot_seal(&why))?;
        Ok(Self {
            header,
            cipher,
            keys: BTreeMap::new(),
        })
    }

    /// Seals the keys into the file, whole or not at all.
    pub(super) fn write(&mut self, path: &Path) -> Result<(), ErrorInfo> {
        self.header.providers = self.keys.keys().cloned().collect();
        let nonce = XNonce::generate();
        let plain = serde_json::to_vec(&self.keys).map_err(|why| cannot_seal(&why.to_string()))?;
        let clear = self.header.in_the_clear();
        let payload = Payload {
            msg: &plain,
            aad: &clear,
        };
        let sealed = self
            .cipher
            .encrypt(&nonce, payload)
            .map_err(|why| cannot_seal(&why.to_string()))?;
        let file = SealedFile {
            clear: self.header.clone(),
            nonce: BASE64.encode(nonce),
            sealed: BASE64.encode(sealed),
        };
        let text = serde_json::to_string(&file).map_err(|why| cannot_seal(&why.to_string()))?;
        draft(path, &text)
            .and_then(|file| file.persist(path).map_err(|error| error.error))
            .map_err(|error| {
                ErrorInfo::new(
                    ErrorKind::Disk,
                    format!("`{}` cannot be written: {error}.", path.display()),
                    "Nothing was changed. Free some space, or check the folder's permissions.",
                )
            })?;
        Ok(())
    }
}

impl Header {
    /// The bytes that are authenticated with the keys.
    fn in_the_clear(&self) -> Vec<u8> {
        let Self {
            version,
            providers,
            memory_kib,
            passes,
            salt,
        } = self;
        format!("{version}\n{memory_kib}\n{passes}\n{salt}\n{providers:?}").into_bytes()
    }
}

fn cipher(header: &Header, passphrase: &str) -> Result<XChaCha20Poly1305, String> {
    let salt = BASE64.decode(&header.salt).map_err(|why| why.to_string())?;
    let mut key = [0; 32];
    Params::new(header.memory_kib, header.passes, 1, Some(key.len()))
        .and_then(|params| {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(
                passphrase.as_bytes(),
                &salt,
                &mut key,
            )
        })
        .map_err(|why| why.to_string())?;
    Ok(XChaCha20Poly1305::new(&key.into()))
}

fn wrong_passphrase() -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Auth,
        "The passphrase does not open the file of keys.",
        "Try again. Without the passphrase nobody can read the file: then remove it and enter the keys anew.",
    )
}

fn damaged(path: &Path, why: &str) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("The file of keys `{}` is damaged: {why}.", path.display()),
        "Bring it back from a backup, or remove it and enter the keys anew.",
    )
}

fn unreadable(path: &Path, error: &std::io::Error) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Disk,
        format!(
            "The file of keys `{}` cannot be read: {error}.",
            path.display()
        ),
        "Check the permissions of the file and its folder.",
    )
}

fn cannot_seal(why: &str) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Internal,
        format!("The keys cannot be sealed: {why}."),
        "Nothing was written. Please report this.",
    )
}

#[cfg(test)]
mod tests;
