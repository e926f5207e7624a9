//! What a server says by itself: what is kept of it, and what it is answered
//! when it asks. It is never allowed to do anything through us.

use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use super::activity::Activity;
use crate::peer::Listener;
use crate::peer::message::{METHOD_NOT_FOUND, Refusal};
use crate::problem::Board;
use crate::uri;

/// Sections of a configuration answered at one time; servers ask for a few.
const SECTIONS: usize = 1000;

/// How much of a server's log lines goes to our log, in characters.
const LOG_CHARS: usize = 500;

/// The ear of one server.
pub(crate) struct Inbox {
    pub(crate) board: Board,
    pub(crate) activity: Activity,
    folder: Value,
    settings: Value,
}

impl Inbox {
    pub(crate) fn new(root: &Path, settings: Value) -> Self {
        Self {
            board: Board::new(),
            activity: Activity::new(),
            folder: folder(root),
            settings,
        }
    }

    fn configuration(&self, params: &str) -> Value {
        #[derive(Deserialize)]
        struct Wanted {
            items: Vec<Item>,
        }
        #[derive(Deserialize)]
        struct Item {
            #[serde(default)]
            section: Option<String>,
        }
        let Ok(wanted) = serde_json::from_str::<Wanted>(params) else {
            return json!([]);
        };
        let items = wanted.items.iter().take(SECTIONS);
        items
            .map(|item| self.section(item.section.as_deref()))
            .collect()
    }

    fn section(&self, name: Option<&str>) -> Value {
        let path = name.into_iter().flat_map(|name| name.split('.'));
        let found = path
            .filter(|part| !part.is_empty())
            .try_fold(&self.settings, |value, part| value.get(part));
        found.cloned().unwrap_or(Value::Null)
    }
}

impl Listener for Inbox {
    fn hear(&self, method: &str, params: &str) {
        match method {
            "textDocument/publishDiagnostics" => self.board.publish(params),
            "$/progress" => self.activity.progress(params),
            "experimental/serverStatus" => self.activity.status(params),
            "window/logMessage" | "window/showMessage" => {
                let said: String = params.chars().take(LOG_CHARS).collect();
                tracing::trace!(said, "a language server says");
            }
            _ => {}
        }
    }

    fn reply(&self, method: &str, params: &str) -> Result<Value, Refusal> {
        match method {
            "workspace/configuration" => Ok(self.configuration(params)),
            "workspace/workspaceFolders" => Ok(json!([self.folder])),
            "client/registerCapability"
            | "client/unregisterCapability"
            | "window/workDoneProgress/create"
            | "window/showMessageRequest"
            | "workspace/diagnostic/refresh" => Ok(Value::Null),
            "window/showDocument" => Ok(json!({"success": false})),
            // Files change through the caller and its gate only.
            "workspace/applyEdit" => Ok(json!({
                "applied": false,
                "failureReason": "This client applies no edits that it did not ask for.",
            })),
            _ => Err(Refusal {
                code: METHOD_NOT_FOUND,
                message: "This client does not know the method.".to_owned(),
            }),
        }
    }

    fn ended(&self) {
        self.activity.end();
        self.board.end();
    }
}

/// The root as the protocol's workspace folder.
pub(crate) fn folder(root: &Path) -> Value {
    let name = root.file_name().unwrap_or(root.as_os_str());
    let uri = uri::of(root).map(|uri| uri.0);
    json!({"uri": uri, "name": name.to_string_lossy()})
}
