//! How one content is written on disk: blocks of at most 256 KiB, each
//! compressed on its own, so that a large file never stands in memory whole.
//!
//! Block: length of what follows with the top bit set when it is not
//! compressed (u32, little endian), plain length (the same), then the bytes.

use std::io::{self, ErrorKind, Read, Write};

use crate::hash::{ContentHash, Hasher};

/// Plain bytes of one block.
const BLOCK_BYTES: usize = 256 << 10;
const STORED_PLAIN: u32 = 1 << 31;

/// Writes all of `content`, at most `max_bytes`, and says what it was.
/// None when there was more.
pub(crate) fn encode(
    content: &mut impl Read,
    out: &mut impl Write,
    max_bytes: u64,
) -> io::Result<Option<(ContentHash, u64)>> {
    let mut hasher = Hasher::default();
    let mut total = 0_u64;
    let mut block = Vec::new();
    loop {
        block.clear();
        let read = content
            .by_ref()
            .take(BLOCK_BYTES as u64)
            .read_to_end(&mut block)?;
        if read == 0 {
            return Ok(Some((hasher.finish(), total)));
        }
        total += read as u64;
        if total > max_bytes {
            return Ok(None);
        }
        hasher.update(&block);
        write_block(&block, out)?;
    }
}

/// One content that stands in memory, as it is written on disk.
pub(crate) fn encoded(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(content.len() / 2 + 16);
    for block in content.chunks(BLOCK_BYTES) {
        write_block(block, &mut out)?;
    }
    Ok(out)
}

fn write_block(block: &[u8], out: &mut impl Write) -> io::Result<()> {
    let packed = lz4_flex::block::compress(block);
    let (flag, body) = if packed.len() < block.len() {
        (0, packed.as_slice())
    } else {
        (STORED_PLAIN, block)
    };
    // Both are at most 256 KiB.
    out.write_all(&(body.len() as u32 | flag).to_le_bytes())?;
    out.write_all(&(block.len() as u32).to_le_bytes())?;
    out.write_all(body)
}

/// Reads what `encode` wrote; the hash says whether it is still the same.
pub(crate) fn decode(from: &mut impl Read, out: &mut impl Write) -> io::Result<ContentHash> {
    let mut hasher = Hasher::default();
    let mut body = Vec::new();
    let mut plain = vec![0; BLOCK_BYTES];
    loop {
        let Some(head) = read_head(from)? else {
            return Ok(hasher.finish());
        };
        let is_plain = head.body & STORED_PLAIN != 0;
        let body_len = (head.body & !STORED_PLAIN) as usize;
        let plain_len = head.plain as usize;
        if body_len > BLOCK_BYTES || plain_len > BLOCK_BYTES {
            return Err(broken("a block is too long"));
        }
        body.resize(body_len, 0);
        from.read_exact(&mut body)?;
        let block = if is_plain {
            &body[..]
        } else {
            let written = lz4_flex::block::decompress_into(&body, &mut plain[..plain_len])
                .map_err(|_| broken("a block cannot be unpacked"))?;
            &plain[..written]
        };
        if block.len() != plain_len {
            return Err(broken("a block has the wrong length"));
        }
        hasher.update(block);
        out.write_all(block)?;
    }
}

struct Head {
    body: u32,
    plain: u32,
}

/// The next block's head; none at the end of the file.
fn read_head(from: &mut impl Read) -> io::Result<Option<Head>> {
    let mut bytes = [0; 8];
    let mut filled = 0;
    while filled < bytes.len() {
        match from.read(&mut bytes[filled..]) {
            Ok(0) if filled == 0 => return Ok(None),
            Ok(0) => return Err(broken("a block is cut")),
            Ok(count) => filled += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let [a, b, c, d, e, f, g, h] = bytes;
    Ok(Some(Head {
        body: u32::from_le_bytes([a, b, c, d]),
        plain: u32::from_le_bytes([e, f, g, h]),
    }))
}

fn broken(detail: &'static str) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, detail)
}
