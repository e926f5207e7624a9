//! What a confined command left behind that nobody may make unasked: names
//! that git, editors and agents obey, deeper in the workspace than the walls
//! reach. They are renamed, so that nothing obeys them and nothing is lost.

use std::path::{Path, PathBuf};

use permission::guarded_in;
use protocol::Confinement;

/// What is appended to a name that nobody has approved.
const SUFFIX: &str = ".unapproved";

/// A command may have made many files; more are not looked through.
const FILES_LIMIT: usize = 500_000;

/// Puts away what the command planted, and links back; what to tell the
/// model, empty when there is nothing.
pub(super) async fn sweep(walls: Confinement) -> String {
    let swept = tokio::task::spawn_blocking(move || sweep_now(&walls));
    swept
        .await
        .unwrap_or_else(|error| format!("(what it left behind was not looked through: {error})\n"))
}

fn sweep_now(walls: &Confinement) -> String {
    let mut words = String::new();
    for (link, target) in &walls.links {
        if std::fs::read_link(link).ok().as_ref() == Some(target) {
            continue;
        }
        let aside = put_aside(link);
        let back = std::os::unix::fs::symlink(target, link);
        words.push_str(&match (aside, back) {
            (Ok(_), Ok(())) => format!("(`{}` was put back as it was)\n", link.display()),
            (Err(error), _) | (_, Err(error)) => {
                format!("(`{}` could not be put back: {error})\n", link.display())
            }
        });
    }
    for root in &walls.writable {
        let found = match guarded_in(root, FILES_LIMIT) {
            Ok(found) => found,
            Err(why) => {
                words.push_str(&format!(
                    "(what it left behind was not looked through: {why})\n"
                ));
                continue;
            }
        };
        let links = found.links.into_iter().map(|(link, _)| link);
        let planted = found.protected.into_iter().chain(links);
        for path in planted.filter(|path| !is_known(path, walls)) {
            words.push_str(&told(root, &path, put_aside(&path)));
        }
    }
    words
}

/// It was there before, or lies where the walls had their own mounts.
fn is_known(path: &Path, walls: &Confinement) -> bool {
    walls.protected.iter().any(|known| known == path)
        || walls.links.iter().any(|(known, _)| known == path)
}

/// Renames it to a name that is free; `None` when there is nothing.
fn put_aside(path: &Path) -> std::io::Result<Option<PathBuf>> {
    if path.symlink_metadata().is_err() {
        return Ok(None);
    }
    for number in 1.. {
        let mut name = path.file_name().unwrap_or_default().to_owned();
        name.push(SUFFIX);
        if number > 1 {
            name.push(format!("-{number}"));
        }
        let aside = path.with_file_name(name);
        if aside.symlink_metadata().is_err() {
            std::fs::rename(path, &aside)?;
            return Ok(Some(aside));
        }
    }
    Ok(None)
}

fn told(root: &Path, path: &Path, aside: std::io::Result<Option<PathBuf>>) -> String {
    let shown = |path: &Path| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .display()
            .to_string()
    };
    match aside {
        Ok(Some(aside)) => format!(
            "(it made `{}`, which needs the user's word; it is called `{}` now)\n",
            shown(path),
            shown(&aside)
        ),
        Ok(None) => String::new(),
        Err(error) => format!(
            "(it made `{}`, which needs the user's word and could not be renamed: {error})\n",
            shown(path)
        ),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    fn read(root: &Path, file: &str) -> String {
        std::fs::read_to_string(root.join(file)).unwrap_or_else(|_| "none".to_owned())
    }

    #[tokio::test]
    async fn what_nobody_may_make_unasked_gets_a_name_that_nothing_obeys() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write(root, "a/AGENTS.md", "mine");
        write(root, "a/.git/config", "mine");
        let walls = Confinement {
            writable: vec![root.to_owned()],
            protected: vec![root.join("a/AGENTS.md"), root.join("a/.git")],
            ..Confinement::default()
        };
        assert_eq!(sweep(walls.clone()).await, "");
        write(root, "b/AGENTS.md", "planted");
        write(root, "b/AGENTS.md.unapproved", "older");
        write(root, "b/.vscode/tasks.json", "planted");
        write(root, ".npmrc", "planted");
        std::os::unix::fs::symlink("/etc", root.join("b/.git")).unwrap();
        let words = sweep(walls.clone()).await;
        for name in ["b/AGENTS.md", "b/.vscode", ".npmrc", "b/.git"] {
            assert!(words.contains(&format!("it made `{name}`")), "{words}");
            assert!(root.join(name).symlink_metadata().is_err(), "{name}");
        }
        assert_eq!(read(root, "b/AGENTS.md.unapproved-2"), "planted");
        assert_eq!(read(root, "b/AGENTS.md.unapproved"), "older");
        assert_eq!(read(root, "b/.vscode.unapproved/tasks.json"), "planted");
        assert_eq!(read(root, "a/AGENTS.md"), "mine");
        assert_eq!(read(root, "a/.git/config"), "mine");
        assert_eq!(sweep(walls).await, "");
    }

    #[tokio::test]
    async fn links_are_put_back() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        let link = root.join("CLAUDE.md");
        std::os::unix::fs::symlink("docs.md", &link).unwrap();
        let walls = Confinement {
            writable: vec![root.to_owned()],
            links: vec![(link.clone(), PathBuf::from("docs.md"))],
            ..Confinement::default()
        };
        assert_eq!(sweep(walls.clone()).await, "");
        std::fs::remove_file(&link).unwrap();
        write(root, "CLAUDE.md", "planted");
        let words = sweep(walls.clone()).await;
        assert!(words.contains("put back"), "{words}");
        assert_eq!(std::fs::read_link(&link).unwrap(), Path::new("docs.md"));
        assert_eq!(read(root, "CLAUDE.md.unapproved"), "planted");
        std::fs::remove_file(&link).unwrap();
        sweep(walls).await;
        assert_eq!(std::fs::read_link(&link).unwrap(), Path::new("docs.md"));
    }
}
