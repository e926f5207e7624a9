//! The session bus (D-Bus): tray, notifications, the keyring and the search
//! for an app that already runs go over it. Without one the app works, but
//! has to say what is missing.

use protocol::ErrorInfo;

/// What to tell the user when there is no session bus.
#[cfg(target_os = "linux")]
pub fn missing() -> Option<ErrorInfo> {
    use gtk::gio;

    let error = gio::bus_get_sync(gio::BusType::Session, gio::Cancellable::NONE).err()?;
    tracing::warn!(%error, "there is no session bus");
    Some(ErrorInfo::new(
        protocol::ErrorKind::Desktop,
        "There is no session bus (D-Bus): no tray icon, no notifications, no keyring. Closing the window ends Familiar.",
        "Start Familiar from a desktop session, or with `dbus-run-session familiar`.",
    ))
}

/// Only Linux desktops have such a bus.
#[cfg(not(target_os = "linux"))]
pub fn missing() -> Option<ErrorInfo> {
    None
}
