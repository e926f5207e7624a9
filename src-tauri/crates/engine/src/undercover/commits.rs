//! Looks through commits: their authors and their messages, line by line.

use std::path::Path;

use super::git;
use super::terms::Terms;
use super::{Leak, Why};

/// More commits than this are not looked through at once.
const MOST_COMMITS: usize = 2_000;

/// A leak and the commit it is in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CommitLeak {
    pub hash: String,
    pub leak: Leak,
}

/// What the commits of these revisions tell that no remote has yet, the
/// newest first, one leak each.
///
/// # Errors
/// Words, when they cannot be read.
pub(super) async fn leaks(
    folder: &Path,
    revisions: &[String],
    terms: &Terms,
) -> Result<Vec<CommitLeak>, String> {
    let most = format!("--max-count={}", MOST_COMMITS + 1);
    let mut arguments = vec!["rev-list", &most];
    arguments.extend(revisions.iter().map(String::as_str));
    arguments.extend(["--not", "--remotes"]);
    let list = git::ask(folder, &arguments, "").await?;
    let list = list.ok_or("git does not list them")?;
    let list = String::from_utf8_lossy(&list).into_owned();
    if list.lines().count() > MOST_COMMITS {
        return Err(format!("there are more than {MOST_COMMITS} of them"));
    }
    let read = git::ask(folder, &["cat-file", "--batch"], &list).await?;
    let read = read.ok_or("git does not show them")?;
    let mut leaks = Vec::new();
    let mut rest = read.as_slice();
    for hash in list.lines() {
        let (commit, after) = next_object(rest, hash)?;
        rest = after;
        let leak = leak_in(hash, &String::from_utf8_lossy(commit), terms);
        leaks.extend(leak.map(|leak| CommitLeak {
            hash: hash.to_owned(),
            leak,
        }));
    }
    Ok(leaks)
}

/// One answer of `cat-file --batch`: a line with hash, type and size, then so
/// many bytes and a line break.
fn next_object<'a>(bytes: &'a [u8], hash: &str) -> Result<(&'a [u8], &'a [u8]), String> {
    let unclear = || format!("git does not show `{hash}`");
    let end = bytes
        .iter()
        .position(|byte| *byte == b'\n')
        .ok_or_else(unclear)?;
    let head = String::from_utf8_lossy(&bytes[..end]);
    let mut words = head.split(' ');
    let (name, kind, size) = (words.next(), words.next(), words.next());
    if name != Some(hash) || kind != Some("commit") {
        return Err(unclear());
    }
    let size: usize = size
        .and_then(|size| size.parse().ok())
        .ok_or_else(unclear)?;
    let from = end + 1;
    let object = bytes.get(from..from + size).ok_or_else(unclear)?;
    Ok((object, bytes.get(from + size + 1..).unwrap_or_default()))
}

fn leak_in(hash: &str, commit: &str, terms: &Terms) -> Option<Leak> {
    let short = hash.get(..10).unwrap_or(hash);
    let (head, message) = commit.split_once("\n\n").unwrap_or((commit, ""));
    for role in ["author", "committer"] {
        let lines = head.lines();
        let person = lines
            .filter_map(|line| line.strip_prefix(role))
            .filter_map(|rest| rest.strip_prefix(' '))
            .next()
            .unwrap_or_default();
        // The time after the address tells nothing.
        let person = person.rsplit_once('>').map_or(person, |(person, _)| person);
        if let Some(named) = terms.named_in(person) {
            return Some(Leak {
                place: format!("the {role} of commit {short}"),
                why: Why::Names {
                    found: named.found,
                    kind: named.kind,
                },
            });
        }
    }
    let named = terms.named_in(message)?;
    let line = match named.line {
        Some(number) => format!("line {number} of the message"),
        None => "the message".to_owned(),
    };
    Some(Leak {
        place: format!("{line} of commit {short}"),
        why: Why::Names {
            found: named.found,
            kind: named.kind,
        },
    })
}
