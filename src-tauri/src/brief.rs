//! A permission question in brief, for places with little room: a
//! notification's buttons and the pet's bubble. What they cannot show whole,
//! they do not allow; it can still be denied there, or opened.

use std::time::Duration;

use protocol::{Access, Answer, PermissionRequest, visible_line};

/// A button pressed sooner was meant for what stood there before.
pub const ARMING: Duration = Duration::from_millis(350);

/// Longest subject that may be allowed in brief, in characters: desktops show
/// about two lines of a notification's body before they cut it.
const LONGEST: usize = 90;

/// What fits into little room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// One sentence, with nothing hidden in it.
    pub title: String,
    /// The command or the path, cut at some length.
    pub subject: String,
    /// All that would happen stands here, and none of it is dangerous.
    pub allowable: bool,
}

/// What a person chose in a place with little room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// This call only.
    Allow,
    /// No.
    Deny,
    /// Neither yet: show all of it.
    Open,
}

impl Choice {
    /// The answer it stands for, if it is one.
    pub fn answer(self) -> Option<Answer> {
        match self {
            Self::Allow => Some(Answer::AllowOnce),
            Self::Deny => Some(Answer::Deny { feedback: None }),
            Self::Open => None,
        }
    }
}

impl Brief {
    pub fn of(request: &PermissionRequest) -> Self {
        let title = visible_line(&request.title);
        let whole = visible_line(&request.subject);
        let subject = cut(&whole, LONGEST);
        let hides = title != request.title || whole != request.subject;
        let told = |access: &Access| is_told(access, &whole);
        let allowable =
            !request.danger && !hides && subject == whole && request.accesses.iter().all(told);
        Self {
            title: cut(&title, LONGEST),
            subject,
            allowable,
        }
    }
}

/// Whether the subject alone tells of the access. What a file would become
/// is nowhere in it, nor that a command leaves the sandbox; a machine is when
/// it is named in full.
fn is_told(access: &Access, subject: &str) -> bool {
    match access {
        Access::Write { .. } | Access::Unconfined => false,
        Access::Connect { host } => subject
            .split(|c: char| !(c.is_alphanumeric() || "-._".contains(c)))
            .any(|part| part == host),
        Access::Read { .. } | Access::Execute { .. } | Access::Ask | Access::Own => true,
    }
}

/// At most `longest` characters, the last of them an ellipsis where some are
/// missing.
pub fn cut(text: &str, longest: usize) -> String {
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let mut head: String = text.chars().take(longest - 1).collect();
    head.push('…');
    head
}

#[cfg(test)]
mod tests {
    use testkit::permission_request;

    use super::{Access, Brief};

    #[test]
    fn a_short_and_plain_command_can_be_allowed_in_brief() {
        let brief = Brief::of(&permission_request("cargo test -p buddy"));
        assert_eq!(brief.subject, "cargo test -p buddy");
        assert!(brief.allowable);
    }

    #[test]
    fn what_is_dangerous_hidden_long_or_unseen_is_only_denied_or_opened() {
        let mut dangerous = permission_request("make");
        dangerous.danger = true;
        let mut writes = permission_request("src/main.rs");
        let path = "/home/lea/project/src/main.rs".to_owned();
        writes.accesses = vec![Access::Write { path }];
        let mut titled = permission_request("make");
        titled.title = "Run\u{202e}?".to_owned();
        let long = format!("echo {}", "a".repeat(200));
        for request in [
            dangerous,
            writes,
            titled,
            permission_request("make\nmake install"),
            permission_request("make \u{200b}x"),
            permission_request(&long),
        ] {
            assert!(!Brief::of(&request).allowable, "{request:?}");
        }
        let brief = Brief::of(&permission_request(&long));
        assert_eq!(brief.subject.chars().count(), 90);
    }

    #[test]
    fn a_command_that_leaves_the_sandbox_is_not_allowed_in_brief() {
        let mut leaves = permission_request("cargo build");
        leaves.accesses.push(Access::Unconfined);
        assert!(!Brief::of(&leaves).allowable);
    }

    #[test]
    fn a_machine_must_be_named_in_what_is_shown() {
        let reaches = |subject: &str, host: &str| {
            let mut request = permission_request(subject);
            let host = host.to_owned();
            request.accesses.push(Access::Connect { host });
            Brief::of(&request).allowable
        };
        assert!(reaches("curl https://docs.rs/tokio", "docs.rs"));
        assert!(!reaches("cargo build", "crates.io"));
        assert!(!reaches("curl https://docs.rs.example/tokio", "docs.rs"));
        assert!(!reaches("curl https://mydocs.rs/tokio", "docs.rs"));
    }
}
