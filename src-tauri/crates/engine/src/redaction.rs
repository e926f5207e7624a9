//! Secrets are taken out before anything is kept, logged or sent: a mark
//! stands in the place of each. Signed reasoning stays as it is, since a
//! provider takes it back only byte for byte.

use std::borrow::Cow;

use protocol::{AuditEntry, Block, Message, PermissionRequest, ToolCall, ToolResult};
use redact::Redactor;

/// Parts of names of variables that hold secrets.
const SECRET_NAMES: &[&str] = &[
    "KEY",
    "TOKEN",
    "SECRET",
    "PASSW",
    "PASSPHRASE",
    "CREDENTIAL",
];

/// A shorter value stands in ordinary text, too.
const SHORTEST_VALUE: usize = 12;

/// Knows the shapes of tokens, and the secrets in the environment.
pub(crate) fn redactor(key: Option<&str>) -> Redactor {
    let variables = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .filter(|(name, value)| is_secret(name, value));
    let key = key.map(|key| ("key of the provider".to_owned(), key.to_owned()));
    Redactor::with_values(variables.chain(key))
}

fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let named = SECRET_NAMES.iter().any(|part| name.contains(part));
    let is_word = !value.contains(|c: char| c.is_ascii_digit());
    let is_place = value.starts_with(['/', '.', '~']) || value.contains(char::is_whitespace);
    named && value.len() >= SHORTEST_VALUE && !is_word && !is_place
}

/// The message without secrets; none when it has none.
pub(crate) fn message(redactor: &Redactor, message: &Message) -> Option<Message> {
    let mut found = false;
    let blocks = message.blocks.iter().map(|block| {
        let clean = block_of(redactor, block);
        found |= clean.is_some();
        clean.unwrap_or_else(|| block.clone())
    });
    let blocks: Vec<Block> = blocks.collect();
    found.then(|| Message {
        blocks: blocks.into(),
        ..message.clone()
    })
}

fn block_of(redactor: &Redactor, block: &Block) -> Option<Block> {
    match block {
        Block::Text { text } => Some(Block::Text {
            text: changed(redactor, text)?,
        }),
        Block::ToolCall(call) => Some(Block::ToolCall(call_of(redactor, call)?)),
        Block::ToolResult(result) => Some(Block::ToolResult(self::result(redactor, result)?)),
        _ => None,
    }
}

fn changed(redactor: &Redactor, text: &str) -> Option<String> {
    match redactor.redact(text) {
        Cow::Borrowed(_) => None,
        Cow::Owned(text) => Some(text),
    }
}

fn call_of(redactor: &Redactor, call: &ToolCall) -> Option<ToolCall> {
    let mut input = call.input.clone();
    redactor.redact_json(&mut input).then(|| ToolCall {
        input,
        ..call.clone()
    })
}

/// The result without secrets; none when it has none.
pub(crate) fn result(redactor: &Redactor, result: &ToolResult) -> Option<ToolResult> {
    let content = changed(redactor, &result.content);
    let mut details = result.details.clone();
    let hidden = details
        .as_mut()
        .is_some_and(|details| redactor.redact_json(details));
    (hidden || content.is_some()).then(|| ToolResult {
        content: content.unwrap_or_else(|| result.content.clone()),
        details,
        ..result.clone()
    })
}

/// The entry without secrets.
pub(crate) fn entry(redactor: &Redactor, entry: AuditEntry) -> AuditEntry {
    AuditEntry {
        subject: redactor.redact(&entry.subject).into_owned(),
        detail: redactor.redact(&entry.detail).into_owned(),
        ..entry
    }
}

/// A question as it is kept; the one who is asked sees it as it is.
pub(crate) fn request(redactor: &Redactor, request: &PermissionRequest) -> PermissionRequest {
    let mut kept = request.clone();
    if let Some(call) = call_of(redactor, &request.call) {
        kept.call = call;
    }
    kept.subject = redactor.redact(&request.subject).into_owned();
    kept.title = redactor.redact(&request.title).into_owned();
    kept.accesses = Vec::new();
    for finding in &mut kept.findings {
        finding.reason = redactor.redact(&finding.reason).into_owned();
    }
    kept
}

/// The names of the secrets in a text, each once.
pub(crate) fn names_in(redactor: &Redactor, text: &str) -> Vec<String> {
    let mut names: Vec<String> = redactor
        .find(text)
        .iter()
        .map(|found| found.name.to_owned())
        .collect();
    names.sort();
    names.dedup();
    names
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    #[test]
    fn variables_are_secret_by_name_and_look() {
        for (name, value, secret) in [
            ("GITHUB_TOKEN", "abcdef123456789", true),
            ("db_password", "correct-horse-9-battery", true),
            ("SSH_AUTH_SOCK", "/tmp/ssh-abc123/agent.1", false),
            ("GNOME_KEYRING_CONTROL", "/run/user/1000/keyring", false),
            ("KEYBOARD_LAYOUT_NAME", "dvorak-international", false),
            ("PATH", "abcdef123456789", false),
            ("API_KEY", "short1", false),
        ] {
            assert_eq!(is_secret(name, value), secret, "{name}");
        }
    }

    #[test]
    fn the_tools_know_the_marks() {
        let key = format!("ghp_{}", "a1B2".repeat(9));
        let redacted = Redactor::new().redact(&key).into_owned();
        assert!(redacted.starts_with("[secret: "), "{redacted}");
    }
}
