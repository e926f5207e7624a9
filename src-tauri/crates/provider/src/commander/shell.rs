//! Puts names and texts into shell commands so that they stay what they are.

/// One word of a POSIX shell command. Plain names stay readable, for the
/// person who is asked; all else goes into single quotes.
pub(super) fn quote(text: &str) -> String {
    let plain =
        |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.' | '/' | '+' | '@' | ',');
    if !text.is_empty() && text.chars().all(plain) {
        return text.to_owned();
    }
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// Programs people run by name. Words that also begin English requests
/// ("make", "find", "sort", "test") are left out.
const PROGRAMS: &[&str] = &[
    "bash", "bun", "cargo", "cat", "cmake", "curl", "deno", "df", "docker", "du", "echo", "env",
    "eslint", "git", "gradle", "head", "java", "jest", "just", "ls", "mvn", "mypy", "ninja",
    "node", "npm", "npx", "perl", "php", "pip", "pnpm", "poetry", "prettier", "ps", "pwd",
    "pytest", "python", "python3", "rg", "ruby", "ruff", "rustc", "rustfmt", "rustup", "sed", "sh",
    "stat", "swift", "tail", "tree", "tsc", "uname", "uv", "vitest", "wc", "whoami", "yarn", "zig",
];

/// Whether `word` is the name of a program people run by name.
pub(super) fn is_program(word: &str) -> bool {
    PROGRAMS.contains(&word)
}

/// A path as an argument: one that begins with a dash is no flag, not even
/// where a command takes no `--`.
pub(super) fn quote_path(path: &str) -> String {
    if path.starts_with('-') {
        quote(&format!("./{path}"))
    } else {
        quote(path)
    }
}
