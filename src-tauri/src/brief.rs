//! A permission question in brief, for places with little room: a
//! notification's buttons and the pet's bubble. What they cannot show whole,
//! they do not allow; it can still be denied there, or opened.

use protocol::{Access, Answer, PermissionRequest, visible_line};

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
        let subject = cut(&whole);
        let hides = title != request.title || whole != request.subject;
        // What a file would become is nowhere in here.
        let writes = |access: &Access| matches!(access, Access::Write { .. });
        let allowable =
            !request.danger && !hides && subject == whole && !request.accesses.iter().any(writes);
        Self {
            title: cut(&title),
            subject,
            allowable,
        }
    }
}

fn cut(text: &str) -> String {
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    let mut head: String = text.chars().take(LONGEST - 1).collect();
    head.push('…');
    head
}

#[cfg(test)]
mod tests {
    use protocol::{RequestId, ToolCall, ToolCallId};
    use serde_json::json;

    use super::{Access, Brief, PermissionRequest};

    fn request(subject: &str) -> PermissionRequest {
        PermissionRequest {
            id: RequestId::from("r"),
            call: ToolCall {
                id: ToolCallId::from("c"),
                name: "bash".to_owned(),
                input: json!({ "command": subject }),
            },
            title: "Run a command?".to_owned(),
            subject: subject.to_owned(),
            accesses: vec![Access::Execute {
                command: subject.to_owned(),
                cwd: "/home/lea/project".to_owned(),
            }],
            findings: Vec::new(),
            danger: false,
            session_scope: None,
            rule: None,
            approved_before: 0,
            confined: false,
        }
    }

    #[test]
    fn a_short_and_plain_command_can_be_allowed_in_brief() {
        let brief = Brief::of(&request("cargo test -p buddy"));
        assert_eq!(brief.subject, "cargo test -p buddy");
        assert!(brief.allowable);
    }

    #[test]
    fn what_is_dangerous_hidden_long_or_unseen_is_only_denied_or_opened() {
        let mut dangerous = request("make");
        dangerous.danger = true;
        let mut writes = request("src/main.rs");
        let path = "/home/lea/project/src/main.rs".to_owned();
        writes.accesses = vec![Access::Write { path }];
        let mut titled = request("make");
        titled.title = "Run\u{202e}?".to_owned();
        let long = format!("echo {}", "a".repeat(200));
        for request in [
            dangerous,
            writes,
            titled,
            request("make\nmake install"),
            request("make \u{200b}x"),
            request(&long),
        ] {
            assert!(!Brief::of(&request).allowable, "{request:?}");
        }
        assert_eq!(Brief::of(&request(&long)).subject.chars().count(), 90);
    }
}
