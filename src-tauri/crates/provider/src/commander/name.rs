//! Names of files and folders as people say and type them.

/// Words that stand for a sign inside a spoken name.
const SIGNS: &[(&str, &str)] = &[
    ("dot", "."),
    ("slash", "/"),
    ("underscore", "_"),
    ("dash", "-"),
    ("hyphen", "-"),
];

/// Spoken endings that are written in another way than letter by letter.
const ENDINGS: &[(&str, &str)] = &[
    ("text", "txt"),
    ("jason", "json"),
    ("pie", "py"),
    ("python", "py"),
    ("rust", "rs"),
    ("markdown", "md"),
    ("mark down", "md"),
    ("javascript", "js"),
    ("java script", "js"),
    ("typescript", "ts"),
    ("type script", "ts"),
    ("tom l", "toml"),
    ("tommel", "toml"),
    ("yaml", "yaml"),
    ("shell", "sh"),
];

/// Names without an ending, or with capitals that speech cannot carry.
const WELL_KNOWN: &[&str] = &[
    "README",
    "LICENSE",
    "CHANGELOG",
    "CONTRIBUTING",
    "ARCHITECTURE",
    "Makefile",
    "Dockerfile",
    "Justfile",
    "Cargo.toml",
    "Cargo.lock",
    "README.md",
];

/// Words around a name that do not belong to it.
const AROUND: &[&str] = &["file", "folder", "directory", "called", "named"];

const ARTICLES: &[&str] = &["the", "a", "an"];

/// Words before the name of a file that is there; a new one may begin so.
const POINTING: &[&str] = &["the", "a", "an", "my", "our", "this", "that"];

/// What a pronoun means: the file spoken of last.
const PRONOUNS: &[&str] = &[
    "it",
    "that",
    "this",
    "this file",
    "that file",
    "the file",
    "the same file",
    "the last file",
];

/// Why a path is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PathIssue {
    /// Leads out of the folder.
    Outside,
    /// Starts at the root of the disk, or at a home folder.
    Absolute,
    /// Holds characters no name should hold.
    Unprintable,
}

/// Whether the words point at the file spoken of last.
pub(super) fn is_pronoun(text: &str) -> bool {
    PRONOUNS.contains(&text.to_lowercase().as_str())
}

/// The name of something that is there, as in "my notes dot text".
pub(super) fn file_name(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    while words.len() > 1 && is_one_of(POINTING, words[0]) && !sign_at(&words, 1) {
        words.remove(0);
    }
    new_name(&words.join(" "))
}

/// The name in `text`, without words like "file" around it, spoken signs
/// written out.
pub(super) fn new_name(text: &str) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    if words.len() > 2 && is_one_of(ARTICLES, words[0]) && is_one_of(AROUND, words[1]) {
        words.remove(0);
    }
    while words.len() > 1 && is_one_of(AROUND, words[0]) && !sign_at(&words, 1) {
        words.remove(0);
    }
    while words.len() > 1 && is_one_of(AROUND, words[words.len() - 1]) {
        words.pop();
    }
    let name = join(&words);
    let name = unwrap_marks(&name).to_owned();
    WELL_KNOWN
        .iter()
        .find(|known| known.eq_ignore_ascii_case(&name) && !has_inner_capital(&name))
        .map_or(name, |known| (*known).to_owned())
}

/// Whether `name` looks like a file's name or a path, rather than a noun.
pub(super) fn looks_like_file(name: &str) -> bool {
    let known = WELL_KNOWN
        .iter()
        .any(|known| known.eq_ignore_ascii_case(name));
    let last = name.rsplit('/').next().unwrap_or(name);
    let ending = last.rsplit_once('.').is_some_and(|(_, ending)| {
        (1..=10).contains(&ending.len()) && ending.chars().all(|c| c.is_ascii_alphanumeric())
    });
    known || ending || (name.contains('/') && !name.contains(' '))
}

/// A noun of the code without its article: "the reader" is `reader`.
pub(super) fn noun(text: &str) -> &str {
    let mut rest = text.trim();
    while let Some((first, after)) = rest.split_once(char::is_whitespace) {
        if !["the", "a", "an", "my", "our", "this", "that"].contains(&first.to_lowercase().as_str())
        {
            break;
        }
        rest = after.trim_start();
    }
    rest
}

/// A path inside the folder, without `.` parts.
///
/// # Errors
/// Why it is not taken.
pub(super) fn inside(path: &str) -> Result<String, PathIssue> {
    if path.chars().any(char::is_control) {
        return Err(PathIssue::Unprintable);
    }
    let drive = path.as_bytes().get(1) == Some(&b':');
    if path.starts_with(['/', '~', '\\']) || drive {
        return Err(PathIssue::Absolute);
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split(['/', '\\']) {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(PathIssue::Outside)?;
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() {
        Ok(".".to_owned())
    } else {
        Ok(parts.join("/"))
    }
}

fn is_one_of(list: &[&str], word: &str) -> bool {
    list.contains(&word.to_lowercase().as_str())
}

/// Backticks and quotation marks that came along inside a longer slot.
fn unwrap_marks(name: &str) -> &str {
    ['`', '"', '\'']
        .into_iter()
        .find_map(|mark| name.strip_prefix(mark)?.strip_suffix(mark))
        .unwrap_or(name)
}

fn has_inner_capital(name: &str) -> bool {
    name.chars().skip(1).any(char::is_uppercase)
}

fn join(words: &[&str]) -> String {
    if words.len() == 2
        && words[0].eq_ignore_ascii_case("read")
        && words[1].eq_ignore_ascii_case("me")
    {
        return "README".to_owned();
    }
    let sign = |word: &str| {
        let word = word.to_lowercase();
        SIGNS
            .iter()
            .find(|(spoken, _)| *spoken == word)
            .map(|(_, sign)| *sign)
    };
    let mut name = String::new();
    let mut index = 0;
    let mut glue = true;
    while index < words.len() {
        if let Some(sign) = sign(words[index]).filter(|_| words.len() > index + 1) {
            name.push_str(sign);
            glue = true;
            index += 1;
            let end = (index..words.len())
                .find(|at| sign_at(words, *at))
                .unwrap_or(words.len());
            if sign == "." {
                name.push_str(&ending(&words[index..end]));
                glue = false;
                index = end;
            }
            continue;
        }
        if !glue {
            name.push(' ');
        }
        name.push_str(words[index]);
        glue = false;
        index += 1;
    }
    name
}

fn sign_at(words: &[&str], at: usize) -> bool {
    let word = words[at].to_lowercase();
    SIGNS.iter().any(|(spoken, _)| *spoken == word)
}

/// "C S S" is `css`, "text" is `txt`.
fn ending(words: &[&str]) -> String {
    let spoken = words.join(" ").to_lowercase();
    if let Some((_, written)) = ENDINGS.iter().find(|(known, _)| *known == spoken) {
        return (*written).to_owned();
    }
    if words.iter().all(|word| word.chars().count() == 1) {
        return words.concat().to_lowercase();
    }
    words.join(" ")
}
