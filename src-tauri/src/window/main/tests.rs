#![allow(clippy::unwrap_used, reason = "tests")]

use super::is_ours;

#[test]
fn only_the_app_itself_is_navigated_to() {
    for (url, ours) in [
        ("tauri://localhost/index.html", true),
        ("http://tauri.localhost/index.html", true),
        ("https://tauri.localhost.evil.example/", false),
        ("http://evil.example/tauri.localhost", false),
        ("file:///etc/passwd", false),
        ("data:text/html,x", false),
        ("about:blank", false),
    ] {
        assert_eq!(is_ours(&url.parse().unwrap()), ours, "{url}");
    }
}
