//! Which search engine the tools ask: a server that the user's settings name,
//! else the first one there is a key for. A project has no say in it.

use protocol::{ErrorInfo, ErrorKind};
use web::{SearchConfig, SearchKey, TargetError};

use crate::Settings;
use crate::keys::{Found, Keys};

/// An engine that wants a key.
struct Keyed {
    /// What its key is called in the keyring.
    id: &'static str,
    /// The variable that may hold it.
    variable: &'static str,
    config: fn(SearchKey) -> SearchConfig,
}

/// Tried in this order.
const KEYED: [Keyed; 2] = [
    Keyed {
        id: "brave",
        variable: "BRAVE_API_KEY",
        config: SearchConfig::Brave,
    },
    Keyed {
        id: "tavily",
        variable: "TAVILY_API_KEY",
        config: SearchConfig::Tavily,
    },
];

/// Whether keys are kept for something of this name.
pub(crate) fn is_keyed(id: &str) -> bool {
    KEYED.iter().any(|engine| engine.id == id)
}

/// The engine to ask, if there is one. Blocks: a keyring may be asked, where
/// neither the settings nor the environment have an answer.
pub(crate) fn chosen(settings: &Settings, keys: &Keys) -> Option<SearchConfig> {
    let of_environment = |engine: &Keyed| {
        let key = std::env::var(engine.variable).ok()?;
        (!key.trim().is_empty()).then(|| (engine.config)(SearchKey::new(&key)))
    };
    let kept = |engine: &Keyed| match keys.find(engine.id) {
        Found::Keyring(key) | Found::File(key) => Some((engine.config)(SearchKey::new(&key))),
        Found::Locked | Found::Nowhere => None,
    };
    own(settings)
        .or_else(|| KEYED.iter().find_map(of_environment))
        .or_else(|| KEYED.iter().find_map(kept))
}

/// Whether the server that the settings name can be asked; none is fine.
pub(crate) fn check(settings: &Settings) -> Result<(), TargetError> {
    own(settings).map_or(Ok(()), |config| config.check())
}

/// What is said of a server that cannot be asked.
pub(crate) fn unusable(error: &TargetError) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Config,
        format!("The search server cannot be used: {error}."),
        "Name the machine, for example in its hosts file: `http://search.home.arpa:8888`.",
    )
}

fn own(settings: &Settings) -> Option<SearchConfig> {
    let base_url = settings.search_url.trim().to_owned();
    (!base_url.is_empty()).then_some(SearchConfig::Searxng { base_url })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn the_users_own_server_goes_before_all() {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new(folder.path().join("keys"));
        let settings = Settings {
            search_url: " http://search.home.arpa:8888 ".to_owned(),
            ..Settings::default()
        };
        let base_url = "http://search.home.arpa:8888".to_owned();
        let expected = SearchConfig::Searxng { base_url };
        assert_eq!(chosen(&settings, &keys), Some(expected));
        assert_eq!(check(&settings), Ok(()));
        assert_eq!(check(&Settings::default()), Ok(()));
        let wrong = Settings {
            search_url: "http://127.0.0.1:8888".to_owned(),
            ..Settings::default()
        };
        let error = check(&wrong).unwrap_err();
        assert!(unusable(&error).message.contains("is an address"));
    }
}
