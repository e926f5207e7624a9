//! Logins that somebody left in the settings of git, which are no secret by
//! their name.

use std::path::Path;

use crate::path::Place;

const WHY: &str = "the settings of git hold a login";

/// Why nothing may read it unasked.
pub(super) fn secret(place: &Place) -> Option<&'static str> {
    let login = || holds_login(&place.resolved).then_some(WHY);
    place.secret().or_else(login)
}

/// True for settings of git with a login in them.
pub(super) fn holds_login(path: &Path) -> bool {
    let is_config = path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("config"));
    if !is_config || !path.components().any(|part| part.as_os_str() == ".git") {
        return false;
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().any(|line| {
        let low = line.to_ascii_lowercase();
        in_address(line) || low.contains("extraheader") || low.contains("password")
    })
}

/// `https://token@host/…`
fn in_address(line: &str) -> bool {
    let rest = line.split_once("://").map(|(_, rest)| rest);
    rest.and_then(|rest| rest.split('/').next())
        .is_some_and(|host| host.contains('@'))
}
