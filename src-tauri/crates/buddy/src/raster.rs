//! Pixels: poses become frames in cairo's `ARgb32`, kept in a small atlas,
//! and a frame tells which rectangles of it take the mouse.
//!
//! Painting them on a window is the shell's work.

use std::{collections::HashMap, sync::Arc};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};

use crate::{pose::Pose, species::Species};

/// The side of every drawing, in its own units.
const DRAWING_SIDE: f32 = 128.0;
/// No screen needs a larger companion.
const MAX_SIDE_PX: u32 = 1024;
/// What the atlas may keep.
const ATLAS_BYTES: usize = 4 * 1024 * 1024;
/// Rows that share one set of rectangles.
const BAND_ROWS: u32 = 3;

/// One picture: premultiplied, native-endian 32-bit words `0xAARRGGBB`, rows
/// without padding, as cairo's `ARgb32` wants them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub width: u32,
    pub height: u32,
    /// Bytes per row.
    pub stride: u32,
    pub argb_premultiplied: Vec<u8>,
}

/// A rectangle of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rect {
    pub x: u32,
    pub y: u32,
    pub width: u32,
    pub height: u32,
}

/// Why a pose could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum RasterError {
    #[error("the posed drawing does not parse")]
    Svg(#[from] resvg::usvg::Error),
    #[error("a companion of {0} pixels cannot be drawn")]
    Size(u32),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Key {
    species: String,
    palette: usize,
    side_px: u32,
    pose: Pose,
}

/// Frames drawn lately, the least used dropped first.
#[derive(Debug)]
pub struct Atlas {
    frames: HashMap<Key, (Arc<Frame>, u64)>,
    bytes: usize,
    limit_bytes: usize,
    clock: u64,
}

impl Default for Atlas {
    fn default() -> Self {
        Self::with_limit(ATLAS_BYTES)
    }
}

impl Atlas {
    /// An atlas that keeps at most `limit_bytes` of pixels.
    #[must_use]
    pub fn with_limit(limit_bytes: usize) -> Self {
        Self {
            frames: HashMap::new(),
            bytes: 0,
            limit_bytes,
            clock: 0,
        }
    }

    /// The frame of a pose, `side_px` pixels wide and high, drawn only when
    /// it is not at hand.
    pub fn frame(
        &mut self,
        species: &Species,
        palette: &str,
        pose: &Pose,
        side_px: u32,
    ) -> Result<Arc<Frame>, RasterError> {
        let key = Key {
            species: species.name.clone(),
            palette: species.palette_index(palette),
            side_px,
            pose: pose.clone(),
        };
        self.clock += 1;
        if let Some((frame, used)) = self.frames.get_mut(&key) {
            *used = self.clock;
            return Ok(frame.clone());
        }
        let frame = Arc::new(Frame::from(&draw(species, palette, pose, side_px)?));
        self.keep(key, &frame);
        Ok(frame)
    }

    /// Pixels kept, in bytes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    fn keep(&mut self, key: Key, frame: &Arc<Frame>) {
        let size = frame.argb_premultiplied.len();
        if size > self.limit_bytes {
            return;
        }
        while self.bytes + size > self.limit_bytes {
            let oldest = self.frames.iter().min_by_key(|(_, (_, used))| *used);
            let Some(oldest) = oldest.map(|(key, _)| key.clone()) else {
                break;
            };
            if let Some((gone, _)) = self.frames.remove(&oldest) {
                self.bytes -= gone.argb_premultiplied.len();
            }
        }
        self.bytes += size;
        self.frames.insert(key, (frame.clone(), self.clock));
    }
}

/// Draws a pose, without any cache.
pub fn draw(
    species: &Species,
    palette: &str,
    pose: &Pose,
    side_px: u32,
) -> Result<Pixmap, RasterError> {
    let pixmap = (side_px <= MAX_SIDE_PX)
        .then(|| Pixmap::new(side_px, side_px))
        .flatten();
    let mut pixmap = pixmap.ok_or(RasterError::Size(side_px))?;
    let tree = Tree::from_str(&species.svg(palette, pose), &Options::default())?;
    let scale = side_px as f32 / DRAWING_SIDE;
    resvg::render(
        &tree,
        Transform::from_scale(scale, scale),
        &mut pixmap.as_mut(),
    );
    Ok(pixmap)
}

impl From<&Pixmap> for Frame {
    fn from(pixmap: &Pixmap) -> Self {
        let mut bytes = Vec::with_capacity(pixmap.data().len());
        for pixel in pixmap.pixels() {
            let word =
                u32::from_be_bytes([pixel.alpha(), pixel.red(), pixel.green(), pixel.blue()]);
            bytes.extend_from_slice(&word.to_ne_bytes());
        }
        Self {
            width: pixmap.width(),
            height: pixmap.height(),
            stride: pixmap.width() * 4,
            argb_premultiplied: bytes,
        }
    }
}

impl Frame {
    /// How opaque a pixel is.
    #[must_use]
    pub fn alpha(&self, x: u32, y: u32) -> u8 {
        let at = (y * self.stride + x * 4) as usize;
        match self.argb_premultiplied.get(at..at + 4) {
            Some(&[a, b, c, d]) => (u32::from_ne_bytes([a, b, c, d]) >> 24) as u8,
            _ => 0,
        }
    }
}

/// Rectangles that cover every pixel at least `alpha_threshold` opaque, in
/// bands of a few rows so that they stay few; what lies beside them lets
/// clicks through.
#[must_use]
pub fn hit_region(frame: &Frame, alpha_threshold: u8) -> Vec<Rect> {
    let mut done = Vec::new();
    let mut open: Vec<Rect> = Vec::new();
    for top in (0..frame.height).step_by(BAND_ROWS as usize) {
        let rows = BAND_ROWS.min(frame.height - top);
        let runs = band_runs(frame, top..top + rows, alpha_threshold);
        let same = runs.len() == open.len()
            && runs
                .iter()
                .zip(&open)
                .all(|(run, rect)| *run == (rect.x, rect.width));
        if same {
            open.iter_mut().for_each(|rect| rect.height += rows);
            continue;
        }
        done.append(&mut open);
        open.extend(runs.into_iter().map(|(x, width)| Rect {
            x,
            y: top,
            width,
            height: rows,
        }));
    }
    done.append(&mut open);
    done
}

fn band_runs(frame: &Frame, rows: std::ops::Range<u32>, threshold: u8) -> Vec<(u32, u32)> {
    let solid = |x: u32| rows.clone().any(|y| frame.alpha(x, y) >= threshold.max(1));
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for x in (0..frame.width).filter(|x| solid(*x)) {
        match runs.last_mut() {
            Some((start, width)) if *start + *width == x => *width += 1,
            _ => runs.push((x, 1)),
        }
    }
    runs
}

#[cfg(test)]
mod tests;
