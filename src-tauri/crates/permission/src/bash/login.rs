//! Logins that somebody left in the settings of git, which are no secret by
//! their name.

use std::path::Path;

use crate::path::Place;

const WHY: &str = "the settings of git hold a login, or cannot be looked at";

/// Longer settings are not looked at, in bytes.
const LONGEST: u64 = 1 << 20;

/// Why nothing may read it unasked.
pub(super) fn secret(place: &Place) -> Option<&'static str> {
    let login = || holds_login(&place.resolved).then_some(WHY);
    place.secret().or_else(login)
}

/// True for settings of git with a login in them, and for those that cannot
/// be looked at now: what stands there when the command runs is not known.
pub(super) fn holds_login(path: &Path) -> bool {
    let is_config = path
        .file_name()
        .is_some_and(|name| name.to_string_lossy().starts_with("config"));
    if !is_config || !path.components().any(|part| part.as_os_str() == ".git") {
        return false;
    }
    match std::fs::metadata(path) {
        Ok(found) if found.is_dir() => return false,
        // Opening a pipe would wait for somebody who writes into it.
        Ok(found) if found.is_file() && found.len() <= LONGEST => {}
        _ => return true,
    }
    let Ok(bytes) = std::fs::read(path) else {
        return true;
    };
    let text = String::from_utf8_lossy(&bytes);
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
