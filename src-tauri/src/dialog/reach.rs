//! What a call could touch, in words.

use std::path::Path;

use protocol::{Access, PermissionRequest, visible_line};

/// One line for all of it; empty when there is nothing to say.
pub(super) fn reach(request: &PermissionRequest, home: Option<&Path>) -> String {
    let mut parts: Vec<String> = Vec::new();
    for access in &request.accesses {
        let part = match access {
            Access::Read { path } => format!("reads {}", near(path, home)),
            Access::Write { path } => format!("writes {}", near(path, home)),
            Access::Execute { cwd, .. } if request.confined => {
                format!("runs in {}, and stays in the sandbox", near(cwd, home))
            }
            Access::Execute { cwd, .. } => {
                format!("runs in {}, with your own rights", near(cwd, home))
            }
            Access::Connect { host } => format!("reaches {host}"),
            Access::Unconfined | Access::Ask | Access::Own => continue,
        };
        let part = visible_line(&part);
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    match parts.is_empty() {
        true => String::new(),
        false => format!("It {}.", parts.join(" \u{b7} ")),
    }
}

fn near(path: &str, home: Option<&Path>) -> String {
    match home.and_then(|home| Path::new(path).strip_prefix(home).ok()) {
        Some(rest) if rest.as_os_str().is_empty() => "~".to_owned(),
        Some(rest) => format!("~/{}", rest.display()),
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use protocol::Access;
    use testkit::permission_request;

    use super::reach;

    #[test]
    fn it_says_what_a_yes_gives_away() {
        let host = || "docs.rs".to_owned();
        let mut request = permission_request("make");
        request.accesses.extend([
            Access::Connect { host: host() },
            Access::Connect { host: host() },
            Access::Write {
                path: "/etc/a\u{202e}b".to_owned(),
            },
        ]);
        let home = Some(Path::new("/home/lea"));
        assert_eq!(
            reach(&request, home),
            "It runs in ~/project, with your own rights · reaches docs.rs · writes /etc/a⟨U+202E⟩b."
        );
        request.confined = true;
        assert!(
            reach(&request, home).starts_with("It runs in ~/project, and stays in the sandbox")
        );
    }
}
