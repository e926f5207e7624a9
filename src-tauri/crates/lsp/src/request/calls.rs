//! Who calls a function, and whom it calls.

use std::path::{Path, PathBuf};

use gen_lsp_types as lsp;
use serde::Serialize;

use super::clipped;
use super::document_symbols::kind_name;
use crate::error::LspError;
use crate::finding::{At, Found, Place};
use crate::server::Server;
use crate::uri;

/// Functions that one place can mean: overloads.
const MEANT: usize = 5;

/// Functions in one answer.
const CALLS: usize = 500;

/// Places of one function that are listed.
const SITES: usize = 50;

/// A function on the other end of calls.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// Its name.
    pub name: String,
    /// What it is: `function`, `method`.
    pub kind: &'static str,
    /// Signature or where it lies, when the server says it.
    pub detail: Option<String>,
    /// Its name, where it is defined.
    pub place: Place,
    /// Where the calls are.
    pub sites: Vec<Place>,
}

/// Calls in one direction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Calls {
    /// Names of the functions that were meant; none when there is no function.
    pub of: Vec<String>,
    /// The other ends.
    pub calls: Found<Call>,
}

impl Server {
    /// Who calls the function at `at`. Whole only once the server has
    /// [settled](Server::settle).
    ///
    /// # Errors
    /// When the server gives no answer, or the place is not in the file.
    pub async fn incoming_calls(&self, path: &Path, at: &At) -> Result<Calls, LspError> {
        let items = self.functions(path, at).await?;
        let mut found = Vec::new();
        for item in &items {
            let params = lsp::CallHierarchyIncomingCallsParams {
                item: item.clone(),
                work_done_progress_params: Default::default(),
                partial_result_params: Default::default(),
            };
            let answer = self
                .call::<lsp::CallHierarchyIncomingCallsRequest>(&params)
                .await?;
            found.extend(answer.into_iter().flatten().map(|call| Raw {
                sites_in: call.from.uri.clone(),
                item: call.from,
                sites: call.from_ranges,
            }));
        }
        self.calls(&items, found).await
    }

    /// Whom the function at `at` calls.
    ///
    /// # Errors
    /// When the server gives no answer, or the place is not in the file.
    pub async fn outgoing_calls(&self, path: &Path, at: &At) -> Result<Calls, LspError> {
        let items = self.functions(path, at).await?;
        let mut found = Vec::new();
        for item in &items {
            let params = lsp::CallHierarchyOutgoingCallsParams {
                item: item.clone(),
                work_done_progress_params: Default::default(),
                partial_result_params: Default::default(),
            };
            let answer = self
                .call::<lsp::CallHierarchyOutgoingCallsRequest>(&params)
                .await?;
            found.extend(answer.into_iter().flatten().map(|call| Raw {
                sites_in: item.uri.clone(),
                item: call.to,
                sites: call.from_ranges,
            }));
        }
        self.calls(&items, found).await
    }

    async fn functions(
        &self,
        path: &Path,
        at: &At,
    ) -> Result<Vec<lsp::CallHierarchyItem>, LspError> {
        self.need("callHierarchyProvider", "calls")?;
        let (_, target) = self.target(path, at).await?;
        let params = lsp::CallHierarchyPrepareParams {
            text_document_position_params: target,
            work_done_progress_params: Default::default(),
        };
        let answer = self
            .call::<lsp::CallHierarchyPrepareRequest>(&params)
            .await?;
        let mut items = answer.unwrap_or_default();
        items.truncate(MEANT);
        Ok(items)
    }

    async fn calls(
        &self,
        items: &[lsp::CallHierarchyItem],
        found: Vec<Raw>,
    ) -> Result<Calls, LspError> {
        let found = Found::cut(found, CALLS);
        let ranges: Vec<Vec<(PathBuf, lsp::Range)>> = found.items.iter().map(Raw::ranges).collect();
        let mut places = self.in_words(&ranges.concat()).await?.into_iter();
        let calls = found
            .items
            .into_iter()
            .zip(&ranges)
            .filter_map(|(raw, ranges)| {
                let mut places = places.by_ref().take(ranges.len());
                Some(Call {
                    name: clipped(&raw.item.name),
                    kind: kind_name(raw.item.kind),
                    detail: raw.item.detail.as_deref().map(clipped),
                    place: places.next()?,
                    sites: places.collect(),
                })
            });
        Ok(Calls {
            calls: Found {
                items: calls.collect(),
                left_out: found.left_out,
            },
            of: items.iter().map(|item| clipped(&item.name)).collect(),
        })
    }
}

/// Calls in the protocol's terms.
struct Raw {
    item: lsp::CallHierarchyItem,
    sites_in: lsp::Uri,
    sites: Vec<lsp::Range>,
}

impl Raw {
    /// The function's name first, then the calls; nothing when it is in no file.
    fn ranges(&self) -> Vec<(PathBuf, lsp::Range)> {
        let (Some(own), Some(sites)) = (uri::path(&self.item.uri), uri::path(&self.sites_in))
        else {
            return Vec::new();
        };
        let sites = self
            .sites
            .iter()
            .take(SITES)
            .map(|site| (sites.clone(), *site));
        std::iter::once((own, self.item.selection_range))
            .chain(sites)
            .collect()
    }
}
