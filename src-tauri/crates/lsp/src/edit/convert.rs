//! From the protocol's edits, in its positions, to replacements of bytes.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use gen_lsp_types::{DocumentChange, Edit, TextEdit, Uri, WorkspaceEdit};

use super::{Change, Changes, EditError, FileEdit, Replacement, in_order};
use crate::position::{Encoding, Lines};
use crate::uri;

/// Files one edit may touch. A rename in a large project touches hundreds.
const FILES: usize = 2000;

/// Replacements of all files together.
const REPLACEMENTS: usize = 50_000;

/// Bytes of new text of all files together.
const NEW_BYTES: usize = 16 * 1024 * 1024;

/// What a byte order mark takes in front of the text a server sees.
const BOM: char = '\u{feff}';

/// The texts edits are made for, whole, by path.
pub(crate) type Bases = HashMap<PathBuf, Arc<str>>;

/// The files whose text is needed to understand `edit`.
pub(crate) fn paths_of(edit: &WorkspaceEdit) -> Vec<PathBuf> {
    let documents = edit.document_changes.iter().flatten();
    let edited = documents.filter_map(|change| match change {
        DocumentChange::TextDocumentEdit(edit) => {
            Some(&edit.text_document.text_document_identifier.uri)
        }
        DocumentChange::RenameFile(rename) => Some(&rename.old_uri),
        DocumentChange::CreateFile(_) | DocumentChange::DeleteFile(_) => None,
    });
    let simple = edit.changes.iter().flat_map(HashMap::keys);
    edited.chain(simple).filter_map(uri::path).collect()
}

/// `edit` as steps on files, all of them or none.
pub(crate) fn to_changes(
    edit: WorkspaceEdit,
    bases: Bases,
    encoding: Encoding,
    root: &Path,
) -> Result<Changes, EditError> {
    let mut steps = Steps {
        bases,
        encoding,
        done: Vec::new(),
        edited: HashSet::new(),
        root,
        outside: Vec::new(),
        count: 0,
        new_bytes: 0,
    };
    match edit.document_changes {
        Some(changes) => changes
            .into_iter()
            .try_for_each(|change| steps.document(change))?,
        None => {
            let mut changes: Vec<_> = edit.changes.unwrap_or_default().into_iter().collect();
            changes.sort_by(|(one, _), (other, _)| one.0.cmp(&other.0));
            changes
                .into_iter()
                .try_for_each(|(uri, edits)| steps.text(&uri, edits))?;
        }
    }
    let Steps {
        done: steps,
        mut outside,
        ..
    } = steps;
    outside.sort();
    outside.dedup();
    Ok(Changes { steps, outside })
}

/// The steps so far, and the files as they would be before the next.
struct Steps<'a> {
    bases: Bases,
    encoding: Encoding,
    done: Vec<Change>,
    edited: HashSet<PathBuf>,
    root: &'a Path,
    outside: Vec<PathBuf>,
    count: usize,
    new_bytes: usize,
}

impl Steps<'_> {
    fn document(&mut self, change: DocumentChange) -> Result<(), EditError> {
        match change {
            DocumentChange::TextDocumentEdit(edit) => {
                let edits: Result<Vec<TextEdit>, EditError> =
                    edit.edits.into_iter().map(plain).collect();
                self.text(&edit.text_document.text_document_identifier.uri, edits?)
            }
            DocumentChange::CreateFile(create) => {
                let path = path_of(&create.uri)?;
                self.bases.insert(path.clone(), Arc::from(""));
                self.push(Change::Create { path })
            }
            DocumentChange::RenameFile(rename) => {
                let (from, to) = (path_of(&rename.old_uri)?, path_of(&rename.new_uri)?);
                if let Some(text) = self.bases.remove(&from) {
                    self.bases.insert(to.clone(), text);
                }
                self.push(Change::Rename { from, to })
            }
            DocumentChange::DeleteFile(delete) => {
                let path = path_of(&delete.uri)?;
                self.bases.remove(&path);
                self.push(Change::Delete { path })
            }
        }
    }

    fn text(&mut self, uri: &Uri, edits: Vec<TextEdit>) -> Result<(), EditError> {
        if edits.is_empty() {
            return Ok(());
        }
        let path = path_of(uri)?;
        self.count += edits.len();
        self.new_bytes += edits.iter().map(|edit| edit.new_text.len()).sum::<usize>();
        if self.count > REPLACEMENTS || self.new_bytes > NEW_BYTES {
            return Err(EditError::TooLarge { what: "text" });
        }
        if !path.starts_with(self.root) {
            self.outside.push(path);
            return Ok(());
        }
        if !self.edited.insert(path.clone()) {
            return Err(EditError::Twice { path });
        }
        let base = self.bases.get(&path).ok_or_else(|| EditError::Unreadable {
            file: path.display().to_string(),
        })?;
        let replacements = replacements(base, &edits, self.encoding, &path)?;
        self.push(Change::Edit(FileEdit { path, replacements }))
    }

    fn push(&mut self, step: Change) -> Result<(), EditError> {
        if self.done.len() == FILES {
            return Err(EditError::TooLarge { what: "files" });
        }
        let outside = step.paths().find(|path| !path.starts_with(self.root));
        match outside.map(Path::to_owned) {
            Some(path) => self.outside.push(path),
            None => self.done.push(step),
        }
        Ok(())
    }
}

/// `edits` of `whole`, a file's text with its byte order mark.
fn replacements(
    whole: &str,
    edits: &[TextEdit],
    encoding: Encoding,
    path: &Path,
) -> Result<Vec<Replacement>, EditError> {
    let text = whole.strip_prefix(BOM).unwrap_or(whole);
    let mark = whole.len() - text.len();
    if has_lone_return(text) {
        return Err(EditError::LoneReturn {
            path: path.to_owned(),
        });
    }
    let lines = Lines::of(text);
    let all: Vec<Replacement> = edits
        .iter()
        .map(|edit| {
            let start = lines.offset(edit.range.start, encoding);
            let end = lines.offset(edit.range.end, encoding).max(start);
            Replacement {
                bytes: mark + start..mark + end,
                line: lines.point(edit.range.start, encoding).line,
                old_text: text[start..end].to_owned(),
                new_text: edit.new_text.clone(),
            }
        })
        .collect();
    Ok(in_order(all.iter())?.into_iter().cloned().collect())
}

fn plain(edit: Edit) -> Result<TextEdit, EditError> {
    match edit {
        Edit::TextEdit(edit) => Ok(edit),
        Edit::AnnotatedTextEdit(edit) => Ok(edit.text_edit),
        Edit::SnippetTextEdit(_) => Err(EditError::NotSupported { what: "a snippet" }),
    }
}

fn path_of(uri: &Uri) -> Result<PathBuf, EditError> {
    uri::path(uri).ok_or_else(|| EditError::Unreadable {
        file: uri.0.chars().take(200).collect(),
    })
}

fn has_lone_return(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes
        .iter()
        .enumerate()
        .any(|(at, &byte)| byte == b'\r' && bytes.get(at + 1) != Some(&b'\n'))
}
