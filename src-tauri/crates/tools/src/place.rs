//! From the path a model wrote to the file that may be opened.
//!
//! Planning works by spelling alone. At run the path is resolved again, and
//! a link that leads elsewhere than the judged spelling is refused with the
//! real path named, so that the real path gets judged.

#[cfg(test)]
mod tests;

use std::io;
use std::path::{Component, Path, PathBuf};

use permission::CallPlan;
use protocol::Access;
use tool::{InputError, ToolContext};

use crate::call::Stop;
use crate::text::counted;

/// The longest path; the kernel's own limit.
const PATH_BYTES: usize = 4096;

/// The absolute path a model means: `~` is the home folder, a relative path
/// starts at the workspace, `.` and `..` are taken by spelling.
pub(crate) fn absolute(text: &str, workspace: &Path) -> Result<PathBuf, InputError> {
    let wrong = |why: &str| Err(InputError(format!("The path {why}.")));
    if text.trim().is_empty() {
        return wrong("is empty; give a file or folder");
    }
    if text.contains('\0') {
        return wrong("holds a NUL character");
    }
    if text.len() > PATH_BYTES {
        return wrong("is longer than the system allows");
    }
    if cfg!(windows)
        && (text.starts_with(r"\\") || text.starts_with("//") || text.starts_with(r"\??\"))
    {
        return wrong("is a network or device path, which is not supported");
    }
    Ok(normal(&workspace.join(expand_home(text))))
}

/// The path as the user knows it: relative to the workspace when inside.
pub(crate) fn shown(path: &Path, workspace: &Path) -> String {
    match path.strip_prefix(normal(workspace)) {
        Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
        Ok(rest) => rest.display().to_string(),
        Err(_) => path.display().to_string(),
    }
}

/// The first `count` of some names, and how many more there are.
pub(crate) fn listed(names: &[String], count: usize) -> String {
    let shown: Vec<String> = names
        .iter()
        .take(count)
        .map(|name| format!("`{name}`"))
        .collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {}", shown.join(", "), counted(more, "more file")),
    }
}

/// The plan of a call that reads one place; `verb` is its title.
pub(crate) fn plan_read(verb: &str, path: &str, workspace: &Path) -> Result<CallPlan, InputError> {
    plan(verb, path, workspace, |path| Access::Read { path })
}

/// The plan of a call that writes one file; `verb` is its title.
pub(crate) fn plan_write(verb: &str, path: &str, workspace: &Path) -> Result<CallPlan, InputError> {
    plan(verb, path, workspace, |path| Access::Write { path })
}

fn plan(
    verb: &str,
    path: &str,
    workspace: &Path,
    access: fn(String) -> Access,
) -> Result<CallPlan, InputError> {
    let path = absolute(path, workspace)?;
    let subject = shown(&path, workspace);
    Ok(CallPlan {
        title: verb.to_owned(),
        question: format!("{verb} `{subject}`?"),
        subject,
        accesses: vec![access(path.display().to_string())],
    })
}

/// The file or folder to read for `requested`. Links may lead around within
/// the workspace, but not out of it.
pub(crate) fn to_read(requested: &Path, ctx: &ToolContext) -> Result<PathBuf, Stop> {
    let real = resolve(requested, ctx)?;
    let Some(root) = root_of(requested, ctx) else {
        return Ok(real);
    };
    if real.starts_with(&root) {
        Ok(real)
    } else {
        Err(linked(requested, &real, ctx))
    }
}

/// The file to write for `requested`: no link may stand on the way, because
/// the path was judged as it is spelled.
pub(crate) fn to_write(requested: &Path, ctx: &ToolContext) -> Result<PathBuf, Stop> {
    let real = resolve(requested, ctx)?;
    let straight = match root_of(requested, ctx) {
        Some(root) => {
            real == root.join(
                requested
                    .strip_prefix(normal(&ctx.workspace))
                    .unwrap_or(requested),
            )
        }
        None => real.file_name() == requested.file_name() && !requested.is_symlink(),
    };
    if straight {
        Ok(real)
    } else {
        Err(linked(requested, &real, ctx))
    }
}

/// The place of `requested` where nothing may be yet.
pub(crate) fn free(requested: &Path, ctx: &ToolContext) -> Result<PathBuf, Stop> {
    let real = to_write(requested, ctx)?;
    match real.symlink_metadata() {
        Ok(_) => Err(Stop::failed(format!(
            "`{}` exists already; nothing was changed.",
            shown(requested, &ctx.workspace)
        ))),
        Err(_) => Ok(real),
    }
}

/// The file, folder or link at `requested` itself: a link at the end is not
/// followed, and none may stand on the way.
pub(crate) fn itself(requested: &Path, ctx: &ToolContext) -> Result<PathBuf, Stop> {
    match (requested.parent(), requested.file_name()) {
        (Some(folder), Some(name)) => Ok(to_write(folder, ctx)?.join(name)),
        _ => Err(Stop::failed("This is the root of the file system.")),
    }
}

/// The two absolute paths of a move or a copy; one may not hold the other.
pub(crate) fn pair(
    from: &str,
    to: &str,
    workspace: &Path,
) -> Result<(PathBuf, PathBuf), InputError> {
    let (from, to) = (absolute(from, workspace)?, absolute(to, workspace)?);
    if from == to {
        return Err(InputError("`from` and `to` are the same place.".to_owned()));
    }
    if to.starts_with(&from) {
        return Err(InputError("`to` lies within `from`.".to_owned()));
    }
    Ok((from, to))
}

/// The real workspace, when the requested path is spelled inside of it.
fn root_of(requested: &Path, ctx: &ToolContext) -> Option<PathBuf> {
    let workspace = normal(&ctx.workspace);
    requested
        .starts_with(&workspace)
        .then(|| workspace.canonicalize().unwrap_or(workspace))
}

fn linked(requested: &Path, real: &Path, ctx: &ToolContext) -> Stop {
    let real = match ctx.workspace.canonicalize() {
        Ok(root) => shown(real, &root),
        Err(_) => real.display().to_string(),
    };
    let requested = shown(requested, &ctx.workspace);
    Stop::failed(format!(
        "`{requested}` leads through a link to `{real}`. Use that path instead, so that it can be checked."
    ))
}

fn resolve(requested: &Path, ctx: &ToolContext) -> Result<PathBuf, Stop> {
    follow(requested).map_err(|error| {
        let name = shown(requested, &ctx.workspace);
        Stop::failed(match error.kind() {
            io::ErrorKind::NotFound => {
                format!("`{name}` is a link to something that does not exist.")
            }
            _ => crate::disk::explain(&error, &name),
        })
    })
}

/// Follows all links of what exists; the rest is taken by spelling. A link
/// that leads nowhere is an error.
fn follow(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        done => return done,
    }
    let (Some(parent), Some(name)) = (path.parent(), path.file_name()) else {
        return Ok(path.to_owned());
    };
    if path.is_symlink() {
        return Err(io::ErrorKind::NotFound.into());
    }
    Ok(follow(parent)?.join(name))
}

fn expand_home(text: &str) -> PathBuf {
    let rest = match text.strip_prefix('~') {
        Some("") => "",
        Some(rest) if rest.starts_with('/') => rest.trim_start_matches('/'),
        _ => return PathBuf::from(text),
    };
    std::env::home_dir().map_or_else(|| PathBuf::from(text), |home| home.join(rest))
}

fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}
