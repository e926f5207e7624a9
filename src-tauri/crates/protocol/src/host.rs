//! Names of machines on the network: read once, in one way, and compared
//! label by label.

use std::fmt;

/// RFC 1035 allows no more characters in a name.
const NAME_CHARS: usize = 253;

/// What begins a pattern for everything below a name.
const BELOW: &str = "*.";

/// The name of a machine as a URL would hold it: small letters, ASCII, at
/// least two labels. Never an address, which would go around what is said of
/// names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Host(String);

/// Which hosts something is about: one, or all below one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HostPattern {
    /// `*`.
    Any,
    /// `docs.rs`.
    One(Host),
    /// `*.docs.rs`, which is not `docs.rs` itself.
    Below(Host),
}

/// Why something is no name of a host.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// An IPv4 or IPv6 address, in whatever spelling.
    #[error("`{text}` is an address; name the host instead")]
    Address {
        /// What was written.
        text: String,
    },
    /// `localhost`, or the name of a machine in the house.
    #[error("`{text}` is not a name of the internet, which has at least two parts")]
    OneLabel {
        /// What was written.
        text: String,
    },
    /// Anything else.
    #[error("`{text}` is not the name of a host; write it like `docs.rs`")]
    Shape {
        /// What was written.
        text: String,
    },
}

impl Host {
    /// Reads a name as browsers do. Ports, users, paths and a dot at the end
    /// do not belong to it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        let shape = || HostError::Shape {
            text: shortened(text),
        };
        let is_plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !"@/\\:?#[]%*".contains(c);
        if text.is_empty() || text.ends_with('.') {
            return Err(shape());
        }
        if text.parse::<std::net::Ipv6Addr>().is_ok() || text.starts_with('[') {
            return Err(HostError::Address {
                text: shortened(text),
            });
        }
        if !text.chars().all(is_plain) {
            return Err(shape());
        }
        let name = match url::Host::parse(text) {
            Ok(url::Host::Domain(name)) => name,
            Ok(_) => {
                return Err(HostError::Address {
                    text: shortened(text),
                });
            }
            Err(_) => return Err(shape()),
        };
        if name.len() > NAME_CHARS || name.ends_with('.') || name.split('.').any(str::is_empty) {
            return Err(shape());
        }
        if !name.contains('.') || name.ends_with(".localhost") {
            return Err(HostError::OneLabel {
                text: shortened(text),
            });
        }
        Ok(Self(name))
    }

    /// As it stands in a URL.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it lies below `other`, by whole labels.
    #[must_use]
    pub fn is_below(&self, other: &Self) -> bool {
        self.0
            .strip_suffix(&other.0)
            .is_some_and(|rest| rest.ends_with('.') && rest.len() > 1)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl HostPattern {
    /// Reads `docs.rs`, `*.docs.rs` or `*`.
    ///
    /// # Errors
    /// What is wrong with the name.
    pub fn parse(text: &str) -> Result<Self, HostError> {
        if text == "*" {
            return Ok(Self::Any);
        }
        match text.strip_prefix(BELOW) {
            Some(name) => Host::parse(name).map(Self::Below),
            None => Host::parse(text).map(Self::One),
        }
    }

    /// Whether it means this host.
    #[must_use]
    pub fn fits(&self, host: &Host) -> bool {
        match self {
            Self::Any => true,
            Self::One(name) => name == host,
            Self::Below(name) => host.is_below(name),
        }
    }

    /// The same, and every host below: what a person who forbids a name
    /// means at most.
    #[must_use]
    pub fn touches(&self, host: &Host) -> bool {
        match self {
            Self::Any => true,
            Self::One(name) | Self::Below(name) => name == host || host.is_below(name),
        }
    }
}

/// Enough of it to know it by.
fn shortened(text: &str) -> String {
    text.chars().take(80).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn a_name_has_one_spelling() {
        for (text, name) in [
            ("docs.rs", "docs.rs"),
            ("DOCS.Rs", "docs.rs"),
            ("bücher.example", "xn--bcher-kva.example"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            // Full-width letters and dots are the same name to a resolver.
            ("ｄｏｃｓ．rs", "docs.rs"),
            ("a.b-c.d0.io", "a.b-c.d0.io"),
        ] {
            assert_eq!(Host::parse(text).unwrap().as_str(), name, "{text}");
        }
    }

    #[test]
    fn what_is_no_name_is_refused() {
        for text in [
            "",
            ".",
            "docs.rs.",
            "a..b",
            "docs.rs:443",
            "u@docs.rs",
            "docs.rs/x",
            "docs rs",
            "docs.rs\n",
            "docs\0.rs",
            "http://docs.rs",
            "a%2eb",
            "*.docs.rs",
            "docs.rs#x",
            "docs.rs?x",
            "a\\b.c",
            "docs.rs%00.evil.com",
        ] {
            let error = Host::parse(text).unwrap_err();
            assert!(
                matches!(error, HostError::Shape { .. }),
                "{text:?}: {error}"
            );
        }
        assert!(Host::parse(&format!("{}.rs", "a.".repeat(130))).is_err());
    }

    #[test]
    fn addresses_are_refused_in_every_spelling() {
        for text in [
            "127.0.0.1",
            "127.1",
            "0x7f.1",
            "0177.0.0.1",
            "2130706433",
            "0x7f000001",
            "0",
            "::1",
            "[::1]",
            "::ffff:127.0.0.1",
            "169.254.169.254",
            "１２７.0.0.1",
            "fe80::1",
        ] {
            let error = Host::parse(text).unwrap_err();
            assert!(
                matches!(error, HostError::Address { .. }),
                "{text:?}: {error}"
            );
        }
        for text in ["localhost", "intranet", "LOCALHOST", "x.localhost"] {
            let error = Host::parse(text).unwrap_err();
            assert!(
                matches!(error, HostError::OneLabel { .. }),
                "{text:?}: {error}"
            );
        }
    }

    #[test]
    fn patterns_compare_whole_labels() {
        let host = |text| Host::parse(text).unwrap();
        let pattern = |text| HostPattern::parse(text).unwrap();
        assert!(pattern("docs.rs").fits(&host("docs.rs")));
        assert!(!pattern("docs.rs").fits(&host("evildocs.rs")));
        assert!(!pattern("docs.rs").fits(&host("docs.rs.evil.com")));
        assert!(!pattern("docs.rs").fits(&host("a.docs.rs")));
        assert!(pattern("*.docs.rs").fits(&host("a.b.docs.rs")));
        assert!(!pattern("*.docs.rs").fits(&host("docs.rs")));
        assert!(!pattern("*.docs.rs").fits(&host("evildocs.rs")));
        assert!(pattern("*").fits(&host("any.where")));
        assert!(pattern("docs.rs").touches(&host("a.docs.rs")));
        assert!(pattern("*.docs.rs").touches(&host("docs.rs")));
        assert!(!pattern("*.docs.rs").touches(&host("evildocs.rs")));
        for text in ["*.", "*docs.rs", "*.*.rs", "**", "*.com.", "*.rs"] {
            assert!(HostPattern::parse(text).is_err(), "{text}");
        }
    }
}
