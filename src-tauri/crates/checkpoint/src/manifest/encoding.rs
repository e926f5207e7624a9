//! The list as bytes. It is cut into chunks where the hash of a path says
//! so, so that a change moves no cut but its own: two snapshots share every
//! chunk that has no change in it, even in one huge folder.
//!
//! An entry: bytes shared with the path before, rest of the path, kind,
//! fields; numbers in LEB128.

use super::{Entry, Gap, Node};
use crate::CheckpointError;
use crate::blobs::{Blobs, Lack};
use crate::hash::{ContentHash, HASH_BYTES};

const FORMAT: u8 = 1;
/// One path in so many begins a chunk, on average: at some 55 bytes an entry
/// a chunk is about as large as a block of the disk.
const CUT_ONE_IN: u64 = 96;
/// A chunk ends here at the latest.
const CHUNK_MAX_ENTRIES: usize = 1024;
/// No path is longer; a longer one is a damaged file.
const PATH_MAX_BYTES: u64 = 1 << 16;

const FILE: u8 = 0;
const FOLDER: u8 = 1;
const LINK: u8 = 2;
const LEFT_OUT: u8 = 3;
const ABSENT: u8 = 4;

/// Each gap has its byte on disk; the order is part of the format.
const GAPS: [Gap; 8] = [
    Gap::Ignored,
    Gap::VersionControl,
    Gap::Special,
    Gap::TooLarge,
    Gap::Unreadable,
    Gap::OtherFileSystem,
    Gap::TooMany,
    Gap::TooSlow,
];

/// The list, cut.
pub(super) fn chunks(entries: &[Entry]) -> impl Iterator<Item = &[Entry]> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .iter()
            .take(CHUNK_MAX_ENTRIES)
            .skip(1)
            .position(|entry| begins_chunk(&entry.path))
            .map_or(rest.len().min(CHUNK_MAX_ENTRIES), |index| index + 1);
        let (chunk, left) = rest.split_at(end);
        rest = left;
        Some(chunk)
    })
}

/// FNV-1a, its high bits mixed down.
fn begins_chunk(path: &[u8]) -> bool {
    let hash = path.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash ^ (hash >> 32)).is_multiple_of(CUT_ONE_IN)
}

pub(super) fn encode_root(chunks: &[ContentHash]) -> Vec<u8> {
    let mut out = Vec::with_capacity(1 + chunks.len() * HASH_BYTES);
    out.push(FORMAT);
    chunks.iter().for_each(|chunk| out.extend(chunk.0));
    out
}

/// The chunks of a stored list.
pub(crate) fn chunk_names(
    blobs: &Blobs,
    root: ContentHash,
) -> Result<Vec<ContentHash>, CheckpointError> {
    let bytes = read(blobs, root)?;
    let Some((&FORMAT, names)) = bytes.split_first() else {
        return Err(CheckpointError::damaged(
            "its list of files has an unknown format",
        ));
    };
    let (names, []) = names.as_chunks::<HASH_BYTES>() else {
        return Err(CheckpointError::damaged("its list of files is cut"));
    };
    Ok(names.iter().copied().map(ContentHash).collect())
}

/// The contents of files that a chunk names.
pub(crate) fn file_contents(
    blobs: &Blobs,
    chunk: ContentHash,
) -> Result<Vec<ContentHash>, CheckpointError> {
    let hashes = load_chunk(blobs, chunk)?
        .into_iter()
        .filter_map(|entry| match entry.node {
            Node::File { hash, .. } => Some(hash),
            _ => None,
        });
    Ok(hashes.collect())
}

pub(super) fn load_chunk(blobs: &Blobs, chunk: ContentHash) -> Result<Vec<Entry>, CheckpointError> {
    decode_chunk(&read(blobs, chunk)?)
        .ok_or_else(|| CheckpointError::damaged("a part of its list of files makes no sense"))
}

fn read(blobs: &Blobs, hash: ContentHash) -> Result<Vec<u8>, CheckpointError> {
    blobs.read(hash).map_err(|lack| match lack {
        Lack::Missing => CheckpointError::damaged("a part of its list of files is missing"),
        Lack::Corrupt => {
            // Gone, it can be written again by a snapshot that needs it.
            blobs.discard(hash);
            CheckpointError::damaged("a part of its list of files is corrupt")
        }
        Lack::Unreadable(error) | Lack::Unwritable(error) => {
            CheckpointError::store(&blobs.path(hash), error)
        }
    })
}

pub(super) fn encode_chunk(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::with_capacity(entries.len() * 64);
    let mut last: &[u8] = b"";
    for entry in entries {
        let shared = last
            .iter()
            .zip(&entry.path)
            .take_while(|(a, b)| a == b)
            .count();
        number(shared as u64, &mut out);
        bytes(&entry.path[shared..], &mut out);
        encode_node(&entry.node, &mut out);
        last = &entry.path;
    }
    out
}

fn encode_node(node: &Node, out: &mut Vec<u8>) {
    match node {
        Node::File { mode, size, hash } => {
            out.push(FILE);
            number(u64::from(*mode), out);
            number(*size, out);
            out.extend(hash.0);
        }
        Node::Folder { mode, partial } => {
            out.push(FOLDER);
            number(u64::from(*mode), out);
            number(partial.map_or(0, |gap| gap_number(gap) + 1), out);
        }
        Node::Link { target } => {
            out.push(LINK);
            bytes(target, out);
        }
        Node::LeftOut(gap) => {
            out.push(LEFT_OUT);
            number(gap_number(*gap), out);
        }
        Node::Absent => out.push(ABSENT),
    }
}

fn gap_number(gap: Gap) -> u64 {
    GAPS.iter().position(|one| *one == gap).unwrap_or(0) as u64
}

fn number(mut value: u64, out: &mut Vec<u8>) {
    while value > 0x7f {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn bytes(value: &[u8], out: &mut Vec<u8>) {
    number(value.len() as u64, out);
    out.extend(value);
}

/// None when the bytes are not what `encode_chunk` writes.
pub(super) fn decode_chunk(bytes: &[u8]) -> Option<Vec<Entry>> {
    let mut reader = Reader { bytes };
    let mut entries: Vec<Entry> = Vec::new();
    while !reader.bytes.is_empty() {
        let shared = usize::try_from(reader.number()?).ok()?;
        let rest = reader.bytes()?;
        let last = entries.last().map_or(&b""[..], |entry| &entry.path);
        let path = [last.get(..shared)?, rest].concat();
        // The order is what look-ups rely on.
        if !entries.is_empty() && *path <= *last {
            return None;
        }
        entries.push(Entry {
            path: path.into(),
            node: reader.node()?,
        });
    }
    Some(entries)
}

struct Reader<'a> {
    bytes: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.bytes.split_at_checked(count)?;
        self.bytes = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.take(1)?[0];
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.number().filter(|&count| count <= PATH_MAX_BYTES)?;
        self.take(usize::try_from(count).ok()?)
    }

    fn gap(&mut self, number: u64) -> Option<Gap> {
        GAPS.get(usize::try_from(number).ok()?).copied()
    }

    fn mode(&mut self) -> Option<u32> {
        u32::try_from(self.number()?).ok()
    }

    fn node(&mut self) -> Option<Node> {
        Some(match self.take(1)?[0] {
            FILE => Node::File {
                mode: self.mode()?,
                size: self.number()?,
                hash: ContentHash(self.take(HASH_BYTES)?.try_into().ok()?),
            },
            FOLDER => Node::Folder {
                mode: self.mode()?,
                partial: match self.number()? {
                    0 => None,
                    number => Some(self.gap(number - 1)?),
                },
            },
            LINK => Node::Link {
                target: self.bytes()?.into(),
            },
            LEFT_OUT => {
                let number = self.number()?;
                Node::LeftOut(self.gap(number)?)
            }
            ABSENT => Node::Absent,
            _ => return None,
        })
    }
}
