//! Figures: how fast text without secrets is read, what making a redactor
//! costs, and what the first text costs on top. Files named behind it are
//! read in place of the lines below.
//! Run it with `cargo run --release -p redact --example throughput`.

use std::borrow::Cow;
use std::io::Write;
use std::time::Instant;

use redact::Redactor;

const SIZE_BYTES: usize = 10 * 1024 * 1024;
const RUNS: usize = 5;

/// What an agent reads: prose, code that speaks of tokens and keys, logs,
/// digests.
const LINES: &[&str] = &[
    "The engine records the request in the store, and starts a turn of the agent.",
    "    let token = self.tokens.get(&key).ok_or(Error::Missing { key: key.clone() })?;",
    "2026-01-02T03:04:05.678Z  INFO http: GET /api/v1/sessions?page=2&limit=50 200 in 12 ms",
    "checksum = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"",
    "   Compiling serde_json v1.0.154 (registry+https://github.com/rust-lang/crates.io-index)",
    "export function read(text: string, limit = 1024): Token[] { return scan(text, limit); }",
    "test shapes::every_sample_is_hidden ... ok",
    "see https://docs.rs/regex/latest/regex/#syntax, and session 0198c2f0-1111-7abc-8def-0123456789ab",
];

fn lines() -> std::io::Result<String> {
    let files: Vec<String> = std::env::args().skip(1).collect();
    if files.is_empty() {
        return Ok(LINES.join("\n"));
    }
    files.iter().map(std::fs::read_to_string).collect()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut out = std::io::stdout();
    let lines = lines()?;
    let text = lines.repeat(SIZE_BYTES.div_ceil(lines.len()));
    let began = Instant::now();
    let redactor = Redactor::new();
    writeln!(out, "new: {:?}", began.elapsed())?;
    let began = Instant::now();
    let _ = redactor.redact("first");
    writeln!(out, "first text: {:?}", began.elapsed())?;
    for _ in 0..RUNS {
        let began = Instant::now();
        let redacted = redactor.redact(&text);
        let seconds = began.elapsed().as_secs_f64();
        let megabytes = text.len() as f64 / 1e6;
        let is_same = matches!(redacted, Cow::Borrowed(_));
        writeln!(out, "{:.0} MB/s, unchanged: {is_same}", megabytes / seconds)?;
    }
    Ok(())
}
