//! What a server proposes to do about some lines: fixes and refactorings.

use std::path::Path;

use gen_lsp_types as lsp;

use super::clipped;
use crate::edit::Changes;
use crate::error::LspError;
use crate::position::Lines;
use crate::server::Server;

/// Proposals in one answer.
const ACTIONS: usize = 100;

/// Problems sent along, to be fixed.
const PROBLEMS: usize = 100;

/// A proposal. Its edits come with [`Server::action_changes`].
#[derive(Debug, Clone)]
pub struct Action {
    /// What it does, in the server's words.
    pub title: String,
    /// Like `quickfix` or `refactor.extract`.
    pub kind: Option<String>,
    /// The server thinks it the best one.
    pub is_preferred: bool,
    /// Why it cannot be done here.
    pub disabled: Option<String>,
    raw: lsp::CodeAction,
}

impl Server {
    /// Proposals for the lines `first` to `last`, from 1.
    ///
    /// # Errors
    /// When the server gives no answer, or the lines are not in the file.
    pub async fn code_actions(
        &self,
        path: &Path,
        first: usize,
        last: usize,
    ) -> Result<Vec<Action>, LspError> {
        self.need("codeActionProvider", "code actions")?;
        let document = self.sync(path).await?;
        let range = Lines::of(document.text()).range(first, last, self.encoding())?;
        let (known, _) = self.board().known(&document.path);
        let concerned = known
            .into_iter()
            .filter(|one| one.range.start <= range.end && range.start <= one.range.end);
        let params = lsp::CodeActionParams {
            text_document: document.id(),
            range,
            context: lsp::CodeActionContext {
                diagnostics: concerned.take(PROBLEMS).collect(),
                only: None,
                trigger_kind: Some(lsp::CodeActionTriggerKind::Invoked),
            },
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let answer = self.call::<lsp::CodeActionRequest>(&params).await?;
        let proposals = answer.into_iter().flatten().take(ACTIONS);
        Ok(proposals.map(Action::of).collect())
    }

    /// The edits of a proposal. Nothing is changed here.
    ///
    /// # Errors
    /// When the proposal is not an edit but something the server would do
    /// itself, or its edit cannot be used.
    pub async fn action_changes(&self, action: &Action) -> Result<Changes, LspError> {
        let mut raw = action.raw.clone();
        if raw.edit.is_none() && self.offers().resolves("codeActionProvider") {
            raw = self.call::<lsp::CodeActionResolveRequest>(&raw).await?;
        }
        match raw.edit {
            Some(edit) => self.changes(edit).await,
            None => Err(LspError::NotOffered {
                server: self.name(),
                what: "this action as an edit; it would change files itself, which is not allowed",
            }),
        }
    }
}

impl Action {
    fn of(answer: lsp::CodeActionResponse) -> Self {
        let raw = match answer {
            lsp::CodeActionResponse::CodeAction(action) => action,
            lsp::CodeActionResponse::Command(command) => lsp::CodeAction {
                title: command.title.clone(),
                command: Some(command),
                ..Default::default()
            },
        };
        Self {
            title: clipped(&raw.title),
            kind: raw.kind.as_ref().map(|kind| clipped(&kind.to_string())),
            is_preferred: raw.is_preferred == Some(true),
            disabled: raw.disabled.as_ref().map(|why| clipped(&why.reason)),
            raw,
        }
    }
}
