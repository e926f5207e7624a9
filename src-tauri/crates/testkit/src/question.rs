//! Permission requests as the gate would make them.

use protocol::{Access, PermissionRequest, RequestId, ToolCall, ToolCallId};
use serde_json::json;

/// A request to run `command` in `/home/lea/project`, in no way remarkable.
#[must_use]
pub fn permission_request(command: &str) -> PermissionRequest {
    PermissionRequest {
        id: RequestId::from("r"),
        call: ToolCall {
            id: ToolCallId::from("c"),
            name: "bash".to_owned(),
            input: json!({ "command": command }),
        },
        title: "Run a command?".to_owned(),
        subject: command.to_owned(),
        accesses: vec![Access::Execute {
            command: command.to_owned(),
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
