//! Several texts out of one input: cut at a byte that no text in UTF-8 holds,
//! so that every piece can say anything.

/// Stands between two pieces.
pub const SEPARATOR: u8 = 0xff;

/// The pieces in order, at least one; what is no UTF-8 is replaced.
pub fn pieces(data: &[u8]) -> impl Iterator<Item = String> {
    data.split(|byte| *byte == SEPARATOR).map(text)
}

/// All of it as one text.
pub fn text(data: &[u8]) -> String {
    String::from_utf8_lossy(data).into_owned()
}
