//! Which speech model to use: the one the settings name, else the best one
//! that is installed. It reads folders only; nothing is loaded.

use std::path::{Path, PathBuf};

use crate::{VoiceError, catalog, install};

/// The file of the model that `wanted` names (a path or a catalogue name), or,
/// when it names none, of an installed one: the recommended one first.
///
/// # Errors
/// `NoModel` when nothing is wanted and nothing is installed,
/// `ModelUnreadable` when what is wanted is not there.
pub fn find_model(wanted: &str, folder: &Path) -> Result<PathBuf, VoiceError> {
    let wanted = wanted.trim();
    if wanted.is_empty() {
        return any_installed(folder).ok_or(VoiceError::NoModel);
    }
    let path = match catalog::find(wanted) {
        Some(model) => folder.join(model.file_name()),
        None => PathBuf::from(wanted),
    };
    match std::fs::metadata(&path) {
        Ok(_) => Ok(path),
        Err(error) => Err(VoiceError::ModelUnreadable {
            path,
            detail: error.to_string(),
        }),
    }
}

fn any_installed(folder: &Path) -> Option<PathBuf> {
    let installed = install::installed(folder);
    let recommended = |name: &str| catalog::find(name).is_some_and(|model| model.recommended);
    installed
        .iter()
        .find(|model| recommended(&model.name))
        .or(installed.first())
        .map(|model| PathBuf::from(&model.path))
}

#[cfg(test)]
mod tests;
