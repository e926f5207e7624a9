//! Reads the skeleton of a whisper model file (ggml format) to tell a whole
//! model from a cut, foreign or hostile file. whisper.cpp trusts its input
//! and may crash on garbage, so nothing reaches it that was not walked
//! through here to the last byte. No weights are loaded.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};
use std::path::Path;

use crate::VoiceError;

const MAGIC: u32 = 0x6767_6d6c;

/// Bounds far beyond any published model, close enough to stop nonsense.
const MAX_VOCABULARY: u32 = 100_000;
const MAX_TOKEN_BYTES: u32 = 1_024;
const MAX_NAME_BYTES: u32 = 256;
const MAX_WIDTH: u32 = 8_192;
const MAX_LAYERS: u32 = 128;
const MAX_CONTEXT: u32 = 65_536;
const MAX_MELS: u32 = 256;
const MAX_TENSORS: u32 = 16_384;

/// Models with this many tokens or more know languages beside English.
const MULTILINGUAL_VOCABULARY: u32 = 51_865;

/// What the head of a model file says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelHeader {
    /// Tokens the model knows.
    pub vocabulary: u32,
    /// Encoder positions of a full window (1500 are 30 seconds).
    pub audio_ctx: u32,
    /// Encoder layers.
    pub audio_layers: u32,
    /// Decoder layers.
    pub text_layers: u32,
    /// Size of the file.
    pub bytes: u64,
}

impl ModelHeader {
    /// True when the model knows more than English.
    #[must_use]
    pub fn is_multilingual(&self) -> bool {
        self.vocabulary >= MULTILINGUAL_VOCABULARY
    }
}

/// Walks the whole file and tells what it is.
///
/// # Errors
/// `ModelUnreadable` when it cannot be opened, `ModelDamaged` when it is not
/// a whole whisper model.
pub fn inspect(path: &Path) -> Result<ModelHeader, VoiceError> {
    let unreadable = |error: std::io::Error| VoiceError::ModelUnreadable {
        path: path.to_owned(),
        detail: match error.kind() {
            std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        },
    };
    let file = File::open(path).map_err(unreadable)?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(VoiceError::ModelUnreadable {
            path: path.to_owned(),
            detail: "it is no file".to_owned(),
        });
    }
    let mut walk = Walk {
        reader: BufReader::new(file),
        at: 0,
        bytes: metadata.len(),
    };
    walk.model().map_err(|detail| VoiceError::ModelDamaged {
        path: path.to_owned(),
        detail,
    })
}

struct Walk {
    reader: BufReader<File>,
    at: u64,
    bytes: u64,
}

impl Walk {
    fn model(&mut self) -> Result<ModelHeader, String> {
        if self.bytes < 48 {
            return Err("it is too small".to_owned());
        }
        if self.word()? != MAGIC {
            return Err("it is no whisper model in ggml format".to_owned());
        }
        let header = self.header()?;
        self.filters()?;
        self.vocabulary()?;
        let mut tensors = 0;
        while self.at < self.bytes {
            tensors += 1;
            if tensors > MAX_TENSORS {
                return Err("it has too many parts".to_owned());
            }
            self.tensor()?;
        }
        // Per layer whisper has 15 encoder and 24 decoder tensors, beside
        // eleven that stand alone.
        let wanted = 11 + 15 * header.audio_layers + 24 * header.text_layers;
        if tensors != wanted {
            return Err(format!("{tensors} of {wanted} parts are there"));
        }
        Ok(header)
    }

    fn header(&mut self) -> Result<ModelHeader, String> {
        let vocabulary = self.bounded("vocabulary", MAX_VOCABULARY)?;
        let audio_ctx = self.bounded("audio window", MAX_CONTEXT)?;
        let audio_width = self.bounded("audio width", MAX_WIDTH)?;
        let audio_heads = self.bounded("audio heads", MAX_WIDTH)?;
        let audio_layers = self.bounded("audio layers", MAX_LAYERS)?;
        self.bounded("text window", MAX_CONTEXT)?;
        let text_width = self.bounded("text width", MAX_WIDTH)?;
        let text_heads = self.bounded("text heads", MAX_WIDTH)?;
        let text_layers = self.bounded("text layers", MAX_LAYERS)?;
        self.bounded("mel bands", MAX_MELS)?;
        self.word()?;
        if audio_width != text_width
            || !audio_width.is_multiple_of(audio_heads)
            || !text_width.is_multiple_of(text_heads)
        {
            return Err("its dimensions do not fit together".to_owned());
        }
        Ok(ModelHeader {
            vocabulary,
            audio_ctx,
            audio_layers,
            text_layers,
            bytes: self.bytes,
        })
    }

    fn filters(&mut self) -> Result<(), String> {
        let bands = self.bounded("mel bands", MAX_MELS)?;
        let bins = self.bounded("mel bins", MAX_WIDTH)?;
        self.skip(u64::from(bands) * u64::from(bins) * 4)
    }

    fn vocabulary(&mut self) -> Result<(), String> {
        for _ in 0..self.bounded("tokens", MAX_VOCABULARY)? {
            let length = self.word()?;
            if length > MAX_TOKEN_BYTES {
                return Err("a token is too long".to_owned());
            }
            self.skip(u64::from(length))?;
        }
        Ok(())
    }

    fn tensor(&mut self) -> Result<(), String> {
        let dimensions = self.bounded("dimensions", 4)?;
        let name_bytes = self.bounded("name", MAX_NAME_BYTES)?;
        let kind = self.word()?;
        let mut elements = 1_u64;
        let mut row = 0;
        for axis in 0..dimensions {
            let size = u64::from(self.bounded("dimension", i32::MAX as u32)?);
            if axis == 0 {
                row = size;
            }
            elements = elements
                .checked_mul(size)
                .ok_or_else(|| "a part is too big".to_owned())?;
        }
        self.skip(u64::from(name_bytes))?;
        let (block_elements, block_bytes) =
            block(kind).ok_or_else(|| format!("number format {kind} is unknown"))?;
        if !row.is_multiple_of(block_elements) {
            return Err("a part has a broken row".to_owned());
        }
        self.skip(
            (elements / block_elements)
                .checked_mul(block_bytes)
                .ok_or_else(|| "a part is too big".to_owned())?,
        )
    }

    fn word(&mut self) -> Result<u32, String> {
        let mut word = [0; 4];
        self.reader
            .read_exact(&mut word)
            .map_err(|_| "it is cut short".to_owned())?;
        self.at += 4;
        Ok(u32::from_le_bytes(word))
    }

    fn bounded(&mut self, what: &str, most: u32) -> Result<u32, String> {
        let word = self.word()?;
        if word == 0 || word > most {
            return Err(format!("its number of {what} ({word}) makes no sense"));
        }
        Ok(word)
    }

    fn skip(&mut self, bytes: u64) -> Result<(), String> {
        if bytes > self.bytes - self.at {
            return Err("it is cut short".to_owned());
        }
        self.at += bytes;
        let seek = match i64::try_from(bytes) {
            Ok(bytes) => self.reader.seek_relative(bytes),
            Err(_) => self.reader.seek(SeekFrom::Start(self.at)).map(|_| ()),
        };
        seek.map_err(|error| error.to_string())
    }
}

/// Elements and bytes of one block of a ggml number format.
fn block(kind: u32) -> Option<(u64, u64)> {
    Some(match kind {
        0 => (1, 4),
        1 => (1, 2),
        2 => (32, 18),
        3 => (32, 20),
        6 => (32, 22),
        7 => (32, 24),
        8 => (32, 34),
        10 => (256, 84),
        11 => (256, 110),
        12 => (256, 144),
        13 => (256, 176),
        14 => (256, 210),
        _ => return None,
    })
}

#[cfg(test)]
mod tests;
