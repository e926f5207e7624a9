#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use super::*;

fn clone() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for folder in ["src", ".git/objects", ".git/refs", ".git/info"] {
        std::fs::create_dir_all(dir.path().join(folder)).unwrap();
    }
    put(dir.path(), ".git/HEAD", b"ref: refs/heads/main\n");
    put(dir.path(), ".git/config", CONFIG.as_bytes());
    put(
        dir.path(),
        ".git/index",
        &index(&[("link_src", 0o120_000), ("README.md", 0o100_644)], b""),
    );
    dir
}

fn put(dir: &Path, name: &str, bytes: &[u8]) {
    std::fs::write(dir.join(name), bytes).unwrap();
}

const CONFIG: &str = "[core]\n\trepositoryformatversion = 0\n\tbare = false\n# a\n\
    [remote \"origin\"]\n\turl = git@example.com:a/b.git\n\tfetch = +refs/heads/*:refs/x/*\n";

/// An index as git writes it.
fn index(entries: &[(&str, u32)], extension: &[u8]) -> Vec<u8> {
    let mut out = b"DIRC\0\0\0\x02".to_vec();
    out.extend(u32::try_from(entries.len()).unwrap().to_be_bytes());
    for (name, mode) in entries {
        let mut entry = vec![0; 24];
        entry.extend(mode.to_be_bytes());
        entry.resize(ENTRY_HEAD, 0);
        entry.extend(name.as_bytes());
        entry.push(0);
        entry.resize(entry.len().next_multiple_of(8), 0);
        out.extend(entry);
    }
    out.extend(extension);
    out.extend([0; CHECKSUM]);
    out
}

#[test]
fn a_plain_clone_is_quiet() {
    let dir = clone();
    assert_eq!(unquiet(dir.path(), dir.path()), None);
    assert_eq!(unquiet(&dir.path().join("src"), dir.path()), None);
    put(dir.path(), ".gitattributes", b"* text=auto\n");
    let tree = index(&[("a", 0o100_644)], b"TREE\0\0\0\x03abc");
    put(dir.path(), ".git/index", &tree);
    assert_eq!(unquiet(dir.path(), dir.path()), None);
    std::fs::remove_file(dir.path().join(".git/index")).unwrap();
    assert_eq!(unquiet(dir.path(), dir.path()), None);
}

/// Each of these makes git run something, or takes it somewhere else.
#[test]
fn whatever_is_not_certain_asks() {
    let submodule = index(&[("sub", GITLINK)], b"");
    let secret = index(&[(".env", 0o100_644)], b"");
    let split = index(&[], b"link\0\0\0\x01a");
    let nested = index(&[("src/.gitattributes", 0o100_644)], b"");
    let cases: &[(&str, &[u8])] = &[
        (".git/config", b"[core]\n\tfsmonitor = ./x\n"),
        (".git/config", b"[core] fsmonitor = ./x\n"),
        (".git/config", b"[core]\n\tbare = true\n"),
        (".git/config", b"[core]\n\tbare = false\\\n\n"),
        (".git/config", b"[core]\n\tworktree = ../x\n"),
        (".git/config", b"[include]\n\tpath = x\n"),
        (".git/config", b"[filter \"x\"]\n\tclean = x\n"),
        (".git/config", b"[diff \"x\"]\n\ttextconv = x\n"),
        (".git/config", b"[extensions]\n\tpartialClone = origin\n"),
        (
            ".git/config",
            b"[remote \"o\"]\n\turl = https://a:b@example.com/x\n",
        ),
        (".git/config", b"[alias]\n\tx = !x\n"),
        (".git/config", b"\xff"),
        (".git/commondir", b"../x"),
        (".git/modules", b""),
        (".git/info/attributes", b"* filter=x\n"),
        (".gitattributes", b"*.rs filter=x\n"),
        (".gitattributes", b"[attr]x -text\n"),
        (".git/index", &submodule),
        (".git/index", &secret),
        (".git/index", &split),
        (".git/index", b"DIRC\0\0\0\x04\0\0\0\0"),
        (".git/index", b"DIRC\0\0\0\x02\0\0\0\x09"),
        (".git/index", b""),
        ("src/HEAD", b""),
    ];
    for (name, bytes) in cases {
        let dir = clone();
        put(dir.path(), name, bytes);
        let why = unquiet(&dir.path().join("src"), dir.path());
        assert!(why.is_some(), "{name} {:?}", String::from_utf8_lossy(bytes));
    }
    let dir = clone();
    put(dir.path(), ".git/index", &nested);
    assert_eq!(unquiet(dir.path(), dir.path()), None);
    put(dir.path(), "src/.gitattributes", b"* filter=x\n");
    assert!(unquiet(dir.path(), dir.path()).is_some());
    assert!(unquiet(Path::new("/"), dir.path()).is_some());
    std::fs::remove_dir(dir.path().join(".git/refs")).unwrap();
    assert!(unquiet(dir.path(), dir.path()).is_some());
}
