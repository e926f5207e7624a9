//! Where a name is defined.

use std::path::Path;

use gen_lsp_types::{
    Definition, DefinitionParams, DefinitionRequest, DefinitionResponse, Location, Range, Uri,
};

use crate::error::LspError;
use crate::finding::{At, Found, Place};
use crate::server::Server;

impl Server {
    /// Where what stands at `at` is defined; more than one place for what has
    /// several definitions.
    ///
    /// # Errors
    /// When the server gives no answer, or the place is not in the file.
    pub async fn definition(&self, path: &Path, at: &At) -> Result<Found<Place>, LspError> {
        self.need("definitionProvider", "definitions")?;
        let (_, target) = self.target(path, at).await?;
        let params = DefinitionParams {
            text_document_position_params: target,
            work_done_progress_params: Default::default(),
            partial_result_params: Default::default(),
        };
        let answer = self.call::<DefinitionRequest>(&params).await?;
        self.places(answer.map_or_else(Vec::new, ranges)).await
    }
}

fn ranges(answer: DefinitionResponse) -> Vec<(Uri, Range)> {
    let of = |location: Location| (location.uri, location.range);
    match answer {
        DefinitionResponse::Definition(Definition::Location(one)) => vec![of(one)],
        DefinitionResponse::Definition(Definition::LocationList(many)) => {
            many.into_iter().map(of).collect()
        }
        DefinitionResponse::DefinitionLinkList(links) => links
            .into_iter()
            .map(|link| (link.target_uri, link.target_selection_range))
            .collect(),
    }
}
