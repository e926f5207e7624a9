//! Reads one memory file and what it imports: a line that is nothing but
//! `@path` stands for that file's text.
//!
//! Imports stay in the folder of the file that started it: a project's notes
//! must not pull the user's other files into a prompt, nor its own secrets.

use std::collections::HashSet;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::MemoryFile;

/// Deepest chain of imports.
const DEPTH: usize = 5;

/// The file at `path` with its imports, at most `bytes` of text. `folder` is
/// what imports may not leave.
pub(super) fn read(path: &Path, folder: &Path, bytes: usize) -> io::Result<MemoryFile> {
    let mut reading = Reading {
        folder: folder.canonicalize()?,
        room: bytes,
        seen: HashSet::new(),
        text: String::new(),
        notes: Vec::new(),
    };
    let resolved = path.canonicalize()?;
    if !resolved.starts_with(&reading.folder) {
        return Err(io::Error::other(
            "it is a link that leads out of its folder",
        ));
    }
    reading.file(&resolved, 0)?;
    Ok(MemoryFile {
        path: path.display().to_string(),
        text: reading.text,
        notes: reading.notes,
    })
}

struct Reading {
    folder: PathBuf,
    room: usize,
    seen: HashSet<PathBuf>,
    text: String,
    notes: Vec<String>,
}

impl Reading {
    fn file(&mut self, path: &Path, depth: usize) -> io::Result<()> {
        self.seen.insert(path.to_owned());
        let text = self.content(path)?;
        let mut fenced = false;
        for line in text.lines() {
            fenced ^= line.trim_start().starts_with("```");
            match import_of(line).filter(|_| !fenced) {
                Some(target) => self.import(path, target, depth),
                None => self.push(line),
            }
        }
        Ok(())
    }

    fn import(&mut self, from: &Path, target: &str, depth: usize) {
        if let Err(why) = self.try_import(from, target, depth) {
            self.notes.push(format!("`@{target}` was left out: {why}."));
        }
    }

    fn try_import(&mut self, from: &Path, target: &str, depth: usize) -> Result<(), String> {
        if depth >= DEPTH {
            return Err(format!("imports go {DEPTH} levels deep"));
        }
        let beside = from.parent().unwrap_or(Path::new("."));
        let path = beside
            .join(target)
            .canonicalize()
            .map_err(|error| error.to_string())?;
        if !path.starts_with(&self.folder) {
            return Err("it lies outside the folder of the notes".to_owned());
        }
        if let Some(why) = permission::secret(&path) {
            return Err(why.to_owned());
        }
        if self.seen.contains(&path) {
            return Err("it is here already".to_owned());
        }
        self.file(&path, depth + 1)
            .map_err(|error| error.to_string())
    }

    /// The text of a regular file, cut where the room ends.
    fn content(&mut self, path: &Path) -> io::Result<String> {
        // Looked at before it is opened: opening a FIFO would wait for ever.
        if !path.metadata()?.is_file() {
            return Err(io::Error::other("it is not a file"));
        }
        let mut bytes = Vec::new();
        let limit = self.room.saturating_sub(self.text.len());
        std::fs::File::open(path)?
            .take(limit as u64 + 1)
            .read_to_end(&mut bytes)?;
        if bytes.len() > limit {
            bytes.truncate(limit);
            self.notes
                .push(format!("`{}` was cut: it is too long.", path.display()));
        }
        if bytes.contains(&0) {
            return Err(io::Error::other("it is not text"));
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    fn push(&mut self, line: &str) {
        if self.text.len() + line.len() < self.room {
            self.text.push_str(line);
            self.text.push('\n');
        }
    }
}

/// The path a line imports, when it does nothing else.
fn import_of(line: &str) -> Option<&str> {
    let target = line.trim().strip_prefix('@')?;
    let is_path = !target.is_empty()
        && !target.contains(char::is_whitespace)
        && (target.contains('/') || target.contains('.'));
    is_path.then_some(target)
}
