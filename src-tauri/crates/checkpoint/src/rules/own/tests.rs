#![allow(clippy::unwrap_used, reason = "tests")]

use super::*;

fn variables<'a>(all: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<OsString> + 'a {
    |wanted| {
        let found = all.iter().find(|(name, _)| *name == wanted);
        found.map(|(_, value)| OsString::from(value))
    }
}

#[test]
fn the_files_are_those_git_reads() {
    let usual = Files::of(Some("/home/ada".into()), variables(&[]));
    assert_eq!(
        usual,
        Files {
            configs: vec![
                "/home/ada/.gitconfig".into(),
                "/home/ada/.config/git/config".into(),
                "/etc/gitconfig".into(),
            ],
            usual: Some("/home/ada/.config/git/ignore".into()),
        }
    );
    let moved = [
        ("GIT_CONFIG_GLOBAL", "/a"),
        ("GIT_CONFIG_SYSTEM", "/b"),
        ("XDG_CONFIG_HOME", "/c"),
    ];
    assert_eq!(
        Files::of(None, variables(&moved)),
        Files {
            configs: vec!["/a".into(), "/c/git/config".into(), "/b".into()],
            usual: Some("/c/git/ignore".into()),
        }
    );
}

#[test]
fn a_list_is_named_in_any_case_and_any_file() {
    let folder = tempfile::tempdir().unwrap();
    let config = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let files = |configs: Vec<PathBuf>| Files {
        configs,
        usual: None,
    };
    let plain = config("plain", "[user]\n\tname = Ada\n");
    let naming = config("naming", "[core]\n\tExcludesFile = ~/ignored\n");
    let missing = folder.path().join("missing");
    assert!(!files(vec![missing.clone(), plain.clone()]).name_a_list());
    assert!(files(vec![missing, plain, naming]).name_a_list());
}

#[test]
fn the_usual_list_is_read_and_may_be_missing() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files {
        configs: Vec::new(),
        usual: Some(folder.path().join("ignore")),
    };
    assert!(files.list().is_empty());
    std::fs::write(folder.path().join("ignore"), "*.swp\n").unwrap();
    let list = files.list();
    assert!(list.matched("src/main.rs.swp", false).is_ignore());
    assert!(list.matched("src/main.rs", false).is_none());
}
