//! The first words: what we can take, and what the server can do.

use std::path::Path;
use std::time::Duration;

use gen_lsp_types as lsp;
use serde::Deserialize;
use serde_json::{Value, json};

use super::inbox;
use crate::catalog::Entry;
use crate::error::LspError;
use crate::peer::Peer;
use crate::position::Encoding;

/// How long a server may take to say hello. Large ones read settings and find
/// their tools first; the slowest on a cold disk take some ten seconds.
const HELLO_LIMIT: Duration = Duration::from_secs(60);

/// What a server said it can do. Kept unread but for what is asked: servers
/// say many things there, and few of them matter.
#[derive(Debug)]
pub(crate) struct Offers {
    capabilities: Value,
    pub(crate) encoding: Encoding,
}

impl Offers {
    /// Whether it has the provider of this name.
    pub(crate) fn has(&self, provider: &str) -> bool {
        !matches!(
            self.capabilities.get(provider),
            None | Some(Value::Null | Value::Bool(false))
        )
    }

    /// Whether it completes a proposal when asked for it (`resolveProvider`).
    pub(crate) fn resolves(&self, provider: &str) -> bool {
        let provider = self.capabilities.get(provider);
        provider.and_then(|provider| provider.get("resolveProvider")) == Some(&Value::Bool(true))
    }

    /// The name under which it wants to be asked for problems, if it has one.
    pub(crate) fn diagnostic_identifier(&self) -> Option<String> {
        let provider = self.capabilities.get("diagnosticProvider")?;
        provider.get("identifier")?.as_str().map(str::to_owned)
    }
}

/// `initialize` and `initialized`.
pub(super) async fn greet(peer: &Peer, entry: &Entry, root: &Path) -> Result<Offers, LspError> {
    #[derive(Deserialize)]
    struct Hello {
        capabilities: Value,
    }
    let method = "initialize";
    let unreadable = |why: String| LspError::Unreadable {
        server: entry.name,
        method: method.to_owned(),
        why,
    };
    let said = peer
        .request(method, Some(&introduction(entry, root)), HELLO_LIMIT)
        .await?;
    let hello: Hello =
        serde_json::from_str(said.get()).map_err(|error| unreadable(error.to_string()))?;
    let name = hello.capabilities.get("positionEncoding");
    let name = name.and_then(Value::as_str);
    let encoding = Encoding::chosen(name)
        .ok_or_else(|| unreadable("it counts columns in a unit that was not offered".to_owned()))?;
    peer.notify("initialized", Some(&json!({})))?;
    Ok(Offers {
        capabilities: hello.capabilities,
        encoding,
    })
}

/// Without our process id: a server in a sandbox cannot see our process, takes
/// us for dead and ends. Whoever launched it ends it with us.
fn introduction(entry: &Entry, root: &Path) -> Value {
    let folder = inbox::folder(root);
    json!({
        "processId": null,
        "clientInfo": {"name": "familiar"},
        "rootPath": root,
        "rootUri": folder["uri"],
        "workspaceFolders": [folder],
        "capabilities": capabilities(),
        "initializationOptions": (entry.options)(),
    })
}

fn capabilities() -> lsp::ClientCapabilities {
    lsp::ClientCapabilities {
        workspace: Some(workspace_capabilities()),
        text_document: Some(document_capabilities()),
        window: Some(lsp::WindowClientCapabilities {
            work_done_progress: Some(true),
            ..Default::default()
        }),
        general: Some(lsp::GeneralClientCapabilities {
            position_encodings: Some(Encoding::offered()),
            ..Default::default()
        }),
        experimental: Some(json!({"serverStatusNotification": true})),
        ..Default::default()
    }
}

fn workspace_capabilities() -> lsp::WorkspaceClientCapabilities {
    lsp::WorkspaceClientCapabilities {
        apply_edit: Some(false),
        workspace_edit: Some(lsp::WorkspaceEditClientCapabilities {
            document_changes: Some(true),
            resource_operations: Some(vec![
                lsp::ResourceOperationKind::Create,
                lsp::ResourceOperationKind::Rename,
                lsp::ResourceOperationKind::Delete,
            ]),
            ..Default::default()
        }),
        workspace_folders: Some(true),
        configuration: Some(true),
        symbol: Some(lsp::WorkspaceSymbolClientCapabilities::default()),
        ..Default::default()
    }
}

fn document_capabilities() -> lsp::TextDocumentClientCapabilities {
    let literal = lsp::ClientCodeActionLiteralOptions {
        code_action_kind: lsp::ClientCodeActionKindOptions {
            value_set: vec![
                lsp::CodeActionKind::QuickFix,
                lsp::CodeActionKind::Refactor,
                lsp::CodeActionKind::Source,
            ],
        },
    };
    lsp::TextDocumentClientCapabilities {
        synchronization: Some(lsp::TextDocumentSyncClientCapabilities {
            did_save: Some(true),
            ..Default::default()
        }),
        hover: Some(lsp::HoverClientCapabilities {
            content_format: Some(vec![lsp::MarkupKind::Markdown, lsp::MarkupKind::PlainText]),
            ..Default::default()
        }),
        definition: Some(lsp::DefinitionClientCapabilities {
            link_support: Some(true),
            ..Default::default()
        }),
        document_symbol: Some(lsp::DocumentSymbolClientCapabilities {
            hierarchical_document_symbol_support: Some(true),
            ..Default::default()
        }),
        code_action: Some(lsp::CodeActionClientCapabilities {
            code_action_literal_support: Some(literal),
            is_preferred_support: Some(true),
            disabled_support: Some(true),
            data_support: Some(true),
            resolve_support: Some(lsp::ClientCodeActionResolveOptions {
                properties: vec!["edit".to_owned()],
            }),
            ..Default::default()
        }),
        references: Some(lsp::ReferenceClientCapabilities::default()),
        rename: Some(lsp::RenameClientCapabilities::default()),
        call_hierarchy: Some(lsp::CallHierarchyClientCapabilities::default()),
        diagnostic: Some(lsp::DiagnosticClientCapabilities::default()),
        publish_diagnostics: Some(lsp::PublishDiagnosticsClientCapabilities {
            version_support: Some(true),
            ..Default::default()
        }),
        ..Default::default()
    }
}
