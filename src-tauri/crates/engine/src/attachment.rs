//! Files a user gives along with a request: known by their content, never by
//! their name, measured once, and refused with words where no model would
//! take them.

use std::io::Read;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use imagesize::ImageType;
use protocol::{Block, ErrorInfo, ErrorKind, MediaType};

use crate::door::off_runtime;

/// Most files of one request. Anthropic wants smaller images in requests
/// with more.
const MAX_COUNT: usize = 20;

/// Most bytes of an image in base64: Anthropic's limit, the least of all.
const MAX_IMAGE_CHARS: usize = 5 * 1024 * 1024;

/// Longest edge of an image in pixels: Anthropic's limit.
const MAX_EDGE: u32 = 8_000;

/// Most bytes of all files of one request in base64. Anthropic takes 32 MB
/// for a whole request, and the conversation needs its share.
const MAX_CHARS: usize = 24 * 1024 * 1024;

/// Where a PDF may have its mark at the latest, by the words of the format.
const PDF_MARK_WITHIN: usize = 1_024;

/// A file as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// Its name; a folder before it is left out.
    pub name: String,
    /// Its bytes.
    pub data: Vec<u8>,
}

impl Attachment {
    /// Reads a file to be given along.
    ///
    /// # Errors
    /// When it cannot be read, or is larger than any model takes.
    pub async fn read(path: PathBuf) -> Result<Self, ErrorInfo> {
        off_runtime(move || {
            let name = path.display().to_string();
            let unreadable = |error: std::io::Error| {
                ErrorInfo::new(
                    ErrorKind::Usage,
                    format!("`{name}` cannot be read: {error}."),
                    "Check the path and its permissions.",
                )
            };
            let file = std::fs::File::open(&path).map_err(unreadable)?;
            let mut data = Vec::new();
            let limit = MAX_CHARS as u64;
            file.take(limit + 1)
                .read_to_end(&mut data)
                .map_err(unreadable)?;
            Ok(Self { name, data })
        })
        .await
    }
}

/// The files of a request as blocks of its message: those of an earlier
/// message first, then new ones.
///
/// # Errors
/// Too many or too large together, or a new one that is no image and no PDF.
pub(crate) async fn blocks(
    earlier: Vec<protocol::Attachment>,
    new: Vec<Attachment>,
) -> Result<Vec<Block>, ErrorInfo> {
    let count = earlier.len() + new.len();
    if count == 0 {
        return Ok(Vec::new());
    }
    if count > MAX_COUNT {
        return Err(refused(
            format!("{count} files are more than one request takes."),
            format!("Attach at most {MAX_COUNT}, and the rest with the next request."),
        ));
    }
    off_runtime(move || {
        let mut all = earlier;
        for file in &new {
            all.push(checked(file)?);
        }
        fit(all)
    })
    .await
}

fn fit(files: Vec<protocol::Attachment>) -> Result<Vec<Block>, ErrorInfo> {
    let chars: usize = files.iter().map(|file| file.data.len()).sum();
    if chars > MAX_CHARS {
        return Err(refused(
            format!(
                "The attachments have {} together, more than one request takes.",
                megabytes(chars)
            ),
            format!("Attach at most {} at once.", megabytes(MAX_CHARS)),
        ));
    }
    Ok(files.into_iter().map(Block::Attachment).collect())
}

fn checked(file: &Attachment) -> Result<protocol::Attachment, ErrorInfo> {
    let name = short_name(&file.name);
    let Some(media_type) = sniffed(&file.data) else {
        return Err(refused(
            format!("`{name}` is neither an image nor a PDF that models take."),
            "Attach PNG, JPEG, WebP, GIF or PDF. Any other file in the folder can be named in the request: it is read from there.",
        ));
    };
    let data = STANDARD.encode(&file.data);
    if !media_type.is_image() {
        return Ok(protocol::Attachment {
            media_type,
            name,
            data,
            width: None,
            height: None,
        });
    }
    if data.len() > MAX_IMAGE_CHARS {
        return Err(refused(
            format!(
                "The image `{name}` has {}, which is too much.",
                megabytes(data.len())
            ),
            format!(
                "Make it smaller than {} and attach it again.",
                megabytes(MAX_IMAGE_CHARS)
            ),
        ));
    }
    let (width, height) = measured(&file.data).ok_or_else(|| {
        refused(
            format!("The image `{name}` is damaged: its size cannot be read."),
            "Save it again and attach the new file.",
        )
    })?;
    if width.max(height) > MAX_EDGE {
        return Err(refused(
            format!("The image `{name}` has {width} × {height} pixels, which is too much."),
            format!("Make its longer edge at most {MAX_EDGE} pixels."),
        ));
    }
    Ok(protocol::Attachment {
        media_type,
        name,
        data,
        width: Some(width),
        height: Some(height),
    })
}

fn sniffed(data: &[u8]) -> Option<MediaType> {
    let start = &data[..data.len().min(PDF_MARK_WITHIN)];
    if start.windows(5).any(|part| part == b"%PDF-") {
        return Some(MediaType::Pdf);
    }
    match imagesize::image_type(data).ok()? {
        ImageType::Png => Some(MediaType::Png),
        ImageType::Jpeg => Some(MediaType::Jpeg),
        ImageType::Webp => Some(MediaType::Webp),
        ImageType::Gif => Some(MediaType::Gif),
        _ => None,
    }
}

fn measured(data: &[u8]) -> Option<(u32, u32)> {
    let size = imagesize::blob_size(data).ok()?;
    let width = u32::try_from(size.width).ok()?;
    let height = u32::try_from(size.height).ok()?;
    (width > 0 && height > 0).then_some((width, height))
}

/// The last part of a path, on one line.
fn short_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).collect();
    match plain.trim() {
        "" => "file".to_owned(),
        plain => plain.to_owned(),
    }
}

/// The size of a file that has so many characters of base64.
fn megabytes(chars: usize) -> String {
    #[expect(
        clippy::cast_precision_loss,
        reason = "files stay far below 2^52 bytes"
    )]
    let megabytes = chars as f64 * 0.75 / 1e6;
    format!("{megabytes:.1} MB")
}

fn refused(message: String, hint: impl Into<String>) -> ErrorInfo {
    ErrorInfo::new(ErrorKind::Usage, message, hint)
}

#[cfg(test)]
mod tests;
