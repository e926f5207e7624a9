//! A URL that may be fetched: read once, and never in another way again.
//!
//! It names a host of the internet and no address: rules are about names, and
//! an address would go around them. What its name leads to is looked at when
//! it is connected to.

use std::fmt;

use protocol::{Host, HostError, is_invisible};
use url::Url;

use crate::error::told;

/// The longest URL in bytes. RFC 9110 has servers take 8,000; this one is
/// read by a person before it is fetched.
const URL_BYTES: usize = 4096;

/// Ports where something listens that would take the lines of a request for
/// orders: mail, chat, printers, databases without a password. From the list
/// of bad ports of the WHATWG's Fetch.
const OTHER_PROTOCOLS: &[u16] = &[
    7, 9, 13, 19, 21, 22, 23, 25, 53, 69, 79, 110, 111, 119, 135, 137, 139, 143, 389, 445, 465,
    514, 515, 587, 636, 993, 995, 2049, 3306, 5432, 5060, 6000, 6379, 6667, 9100, 11211,
];

/// A URL that may be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    url: Url,
    host: Host,
}

/// Why a URL is not fetched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// Not one at all.
    #[error("`{text}` is not a URL; write it like `https://docs.rs/serde`")]
    Shape {
        /// What was written.
        text: String,
    },
    /// Something else than the web.
    #[error("only `http://` and `https://` are fetched, not `{text}`")]
    Scheme {
        /// What was written.
        text: String,
    },
    /// Characters that hide something or are read in two ways.
    #[error(
        "the URL holds blanks, backslashes or characters that nobody sees; encode them as `%20`"
    )]
    Characters,
    /// Longer than anybody reads.
    #[error("the URL is longer than {URL_BYTES} bytes")]
    Long,
    /// A name or a password before the host.
    #[error("the URL names a user before the host; nothing is fetched with a login")]
    User,
    /// The host is none of the internet.
    #[error("{0}")]
    Host(#[from] HostError),
    /// The port belongs to something else.
    #[error("port {port} is not one of the web")]
    Port {
        /// The port.
        port: u16,
    },
}

impl Target {
    /// Reads a URL. What stands behind `#` is left out.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, TargetError> {
        let text = text.trim_matches(' ');
        if text.len() > URL_BYTES {
            return Err(TargetError::Long);
        }
        let is_odd = |c: char| c.is_control() || c.is_whitespace() || is_invisible(c) || c == '\\';
        if text.chars().any(is_odd) {
            return Err(TargetError::Characters);
        }
        check_authority(text)?;
        let shape = |_| TargetError::Shape { text: told(text) };
        let mut url = Url::parse(text).map_err(shape)?;
        url.set_fragment(None);
        if !matches!(url.scheme(), "http" | "https") {
            return Err(TargetError::Scheme { text: told(text) });
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TargetError::User);
        }
        let host = match url.host() {
            Some(url::Host::Domain(name)) => Host::parse(name)?,
            Some(address) => {
                let text = address.to_string();
                return Err(HostError::Address { text }.into());
            }
            None => return Err(TargetError::Shape { text: told(text) }),
        };
        let port = url.port_or_known_default().unwrap_or_default();
        if port == 0 || OTHER_PROTOCOLS.contains(&port) {
            return Err(TargetError::Port { port });
        }
        Ok(Self { url, host })
    }

    /// The URL, in its one spelling.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// The machine it leads to.
    #[must_use]
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// What `location` means on this page.
    pub(crate) fn join(&self, location: &str) -> Result<Self, TargetError> {
        let is_odd = |c: char| c.is_control() || c == '\\';
        if location.len() > URL_BYTES {
            return Err(TargetError::Long);
        }
        if location.chars().any(is_odd) {
            return Err(TargetError::Characters);
        }
        let shape = |_| TargetError::Shape {
            text: told(location),
        };
        Self::parse(self.url.join(location).map_err(shape)?.as_str())
    }

    /// Whether `next` is judged with this one: the same host by the same way,
    /// or by the safe instead of the open one.
    pub(crate) fn covers(&self, next: &Self) -> bool {
        let way = |target: &Self| {
            let port = target.url.port_or_known_default();
            (target.url.scheme() == "https", port)
        };
        let is_upgrade = way(self) == (false, Some(80)) && way(next) == (true, Some(443));
        self.host == next.host && (way(self) == way(next) || is_upgrade)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.url.as_str())
    }
}

/// What readers of URLs mend or decode in their own ways is not let through
/// to any of them.
fn check_authority(text: &str) -> Result<(), TargetError> {
    let (scheme, rest) = text
        .split_once("://")
        .ok_or_else(|| TargetError::Shape { text: told(text) })?;
    if !["http", "https"].contains(&scheme.to_ascii_lowercase().as_str()) {
        return Err(TargetError::Scheme { text: told(text) });
    }
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if authority.contains('@') {
        return Err(TargetError::User);
    }
    if authority.is_empty() || authority.contains('%') || authority.ends_with(':') {
        return Err(TargetError::Shape { text: told(text) });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
