//! Images and documents that travel with a user's message.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// A file that goes to the model with a message, as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Attachment {
    /// What it is, by its content.
    pub media_type: MediaType,
    /// Its file name, without a folder; never empty.
    pub name: String,
    /// Its bytes in base64, with padding.
    pub data: String,
    /// Pixels from left to right; none for documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub width: Option<u32>,
    /// Pixels from top to bottom; none for documents.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub height: Option<u32>,
}

impl Attachment {
    /// A few words in its place, for who cannot see it: ``the image `a.png` ``.
    #[must_use]
    pub fn in_words(&self) -> String {
        let noun = match self.media_type {
            MediaType::Pdf => "document",
            _ => "image",
        };
        format!("the {noun} `{}`", self.name)
    }

    /// The bytes as a URL.
    #[must_use]
    pub fn data_url(&self) -> String {
        format!("data:{};base64,{}", self.media_type.name(), self.data)
    }
}

/// The kinds of files models take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum MediaType {
    /// PNG.
    #[serde(rename = "image/png")]
    Png,
    /// JPEG.
    #[serde(rename = "image/jpeg")]
    Jpeg,
    /// WebP.
    #[serde(rename = "image/webp")]
    Webp,
    /// GIF; models see its first frame.
    #[serde(rename = "image/gif")]
    Gif,
    /// PDF.
    #[serde(rename = "application/pdf")]
    Pdf,
}

impl MediaType {
    /// The serde name, also the name of the internet media type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Pdf => "application/pdf",
        }
    }

    /// Whether it is a picture, not a document.
    #[must_use]
    pub fn is_image(self) -> bool {
        self != Self::Pdf
    }
}
