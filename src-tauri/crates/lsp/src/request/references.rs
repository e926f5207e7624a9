//! Where a name is used.

use std::path::Path;

use gen_lsp_types::{ReferenceContext, ReferenceParams, ReferencesRequest};

use crate::error::LspError;
use crate::finding::{At, Found, Place};
use crate::server::Server;

impl Server {
    /// Where what stands at `at` is used, its declaration among it. Whole only
    /// once the server has [settled](Server::settle).
    ///
    /// # Errors
    /// When the server gives no answer, or the place is not in the file.
    pub async fn references(&self, path: &Path, at: &At) -> Result<Found<Place>, LspError> {
        self.need("referencesProvider", "references")?;
        let (_, target) = self.target(path, at).await?;
        let params = ReferenceParams {
            text_document_position_params: target,
            context: ReferenceContext {
                include_declaration: true,
            },
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let answer = self.call::<ReferencesRequest>(&params).await?;
        let locations = answer.unwrap_or_default().into_iter();
        let ranges = locations.map(|location| (location.uri, location.range));
        self.places(ranges.collect()).await
    }
}
