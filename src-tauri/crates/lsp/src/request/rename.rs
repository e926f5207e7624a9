//! Another name for something, everywhere it is used.

use std::path::Path;

use gen_lsp_types::{RenameParams, RenameRequest};

use crate::edit::Changes;
use crate::error::LspError;
use crate::finding::At;
use crate::server::Server;

/// The longest name, in bytes.
const NAME_BYTES: usize = 500;

impl Server {
    /// The edits that give what stands at `at` the name `new_name`. Whole only
    /// once the server has [settled](Server::settle). Nothing is changed here.
    ///
    /// # Errors
    /// When the server gives no answer or refuses the name, or its edit cannot
    /// be used as a whole.
    pub async fn rename(&self, path: &Path, at: &At, new_name: &str) -> Result<Changes, LspError> {
        self.need("renameProvider", "renaming")?;
        if new_name.trim().is_empty() || new_name.len() > NAME_BYTES {
            return Err(LspError::Nowhere(format!(
                "The new name must have from 1 to {NAME_BYTES} bytes."
            )));
        }
        let (_, target) = self.target(path, at).await?;
        let params = RenameParams {
            text_document_position_params: target,
            new_name: new_name.to_owned(),
            work_done_progress_params: Default::default(),
        };
        let answer = self.call::<RenameRequest>(&params).await?;
        self.changes(answer.unwrap_or_default()).await
    }
}
