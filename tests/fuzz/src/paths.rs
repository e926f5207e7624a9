//! Where a path leads and whether that place is guarded: no spelling, no link
//! and no rule makes a guarded place free.

use std::path::{Component, Path, PathBuf};

use permission::{Decision, Gate, RuleEntry, RuleTexts, Rules, guarded_in, secret};
use protocol::{Access, PermissionMode};

use crate::ground::{NOWHERE, in_project, scratch};
use crate::pieces::pieces;
use crate::probe::{decide, mode, read, write};

/// Nothing in such a folder or of such a name is changed unasked.
const PROTECTED: &[&str] = &[
    ".git",
    ".familiar",
    ".claude",
    ".vscode",
    ".bashrc",
    ".ssh",
    ".npmrc",
    "AGENTS.md",
];
/// Nothing of this is read unasked either.
const SECRET: &[&str] = &[
    ".ssh",
    ".env",
    ".netrc",
    "id_rsa",
    "credentials.json",
    ".aws",
];

/// A longer path only takes time.
const MOST_BYTES: usize = 2_000;

pub fn paths(data: &[u8]) {
    let Some((first, rest)) = data.split_first() else {
        return;
    };
    let mode = mode(*first);
    let mut parts = pieces(rest).filter(|part| !part.contains('\0') && part.len() < MOST_BYTES);
    let path = parts.next().unwrap_or_default();
    let others: Vec<String> = parts.take(4).collect();
    by_spelling(&path, mode);
    in_project(|root| by_links(&path, root, mode));
    is_found(&path, &others);
}

/// Where nothing is there, only the words of the path count.
fn by_spelling(path: &str, mode: PermissionMode) {
    let full = |path: &str| Path::new(NOWHERE).join(path).to_string_lossy().into_owned();
    let free = Gate::new(NOWHERE.into());
    let named = full(path);
    let respelled = [
        named.replace('/', "//"),
        named.replace('/', "/./"),
        named.replace('/', "/nothing-here/../"),
        format!("{named}/"),
    ];
    for make in [read, write] {
        let said = decide(&free, &make(&named), mode);
        for other in &respelled {
            let also = decide(&free, &make(other), mode);
            assert_eq!(also, said, "{named:?} and {other:?}");
        }
        let forbidding = forbidding(path);
        for other in respelled.iter().chain([&named]) {
            let said = forbidding
                .as_ref()
                .map(|gate| decide(gate, &make(other), mode));
            assert!(said.is_none_or(|said| said == Decision::Deny), "{other:?}");
        }
    }
    let cases = [
        named.clone(),
        named.to_ascii_uppercase(),
        named.to_ascii_lowercase(),
    ];
    let secrets = cases.each_ref().map(|path| secret(Path::new(path)));
    assert!(secrets.iter().all(|why| *why == secrets[0]), "{cases:?}");
    let shouted = full(&path.to_ascii_uppercase());
    for gate in [free, generous(NOWHERE.into())] {
        is_guarded(&gate, &named, mode);
        is_guarded(&gate, &shouted, mode);
    }
}

/// A gate whose rules allow all that rules can.
fn generous(workspace: PathBuf) -> Gate {
    let allow = [
        "Read",
        "Edit",
        "Read(**)",
        "Edit(**)",
        "Edit(/**)",
        "Read(/**)",
        "write",
    ];
    let texts = RuleTexts {
        allow: allow.into_iter().map(RuleEntry::from).collect(),
        ..RuleTexts::default()
    };
    Gate::with_rules(workspace, Rules::read(&texts).0)
}

/// A gate that forbids just this path, where a pattern can say so.
fn forbidding(path: &str) -> Option<Gate> {
    let is_said = |path: &str| {
        let odd = |c: char| "*?[]{}()!\\".contains(c) || c.is_whitespace();
        !path.is_empty() && !path.starts_with('~') && !path.contains(odd)
    };
    let plain = |part: Component<'_>| matches!(part, Component::Normal(_));
    if !is_said(path) || !Path::new(path).components().all(plain) {
        return None;
    }
    let normal: PathBuf = Path::new(path).components().collect();
    let both = |verb: &str| RuleEntry::from(format!("{verb}({})", normal.display()));
    let texts = RuleTexts {
        deny: vec![both("Read"), both("Edit")],
        ..RuleTexts::default()
    };
    let (rules, broken) = Rules::read(&texts);
    assert_eq!(broken, []);
    Some(Gate::with_rules(NOWHERE.into(), rules))
}

/// What the names in a path say by themselves.
fn is_guarded(gate: &Gate, path: &str, mode: PermissionMode) {
    let names = |list: &[&str]| {
        let named = |part: Component<'_>| match part {
            Component::Normal(name) => list.iter().any(|one| name.eq_ignore_ascii_case(one)),
            _ => false,
        };
        let rises = |part: Component<'_>| part == Component::ParentDir;
        let mut parts = Path::new(path).components();
        !Path::new(path).components().any(rises) && parts.any(named)
    };
    let said = |access: Access| decide(gate, &access, mode);
    if names(SECRET) || secret(Path::new(path)).is_some() && !path.contains("..") {
        assert_ne!(said(read(path)), Decision::Allow, "reading {path:?}");
        assert_ne!(said(write(path)), Decision::Allow, "writing {path:?}");
    }
    if names(PROTECTED) {
        assert_ne!(said(write(path)), Decision::Allow, "writing {path:?}");
    }
}

/// Where something is there, what the system opens counts too.
fn by_links(path: &str, root: &Path, mode: PermissionMode) {
    let full = root.join(path);
    let Some(real) = opened(&full) else { return };
    let named = full.to_string_lossy();
    let real_name = real.to_string_lossy();
    let free = Gate::new(root.to_owned());
    for make in [read, write] {
        let said = decide(&free, &make(&named), mode);
        let direct = decide(&free, &make(&real_name), mode);
        assert!(said >= direct, "{named:?} is looser than {real_name:?}");
        if !real.starts_with(root) && mode != PermissionMode::Bypass {
            assert_ne!(said, Decision::Allow, "{named:?} leads out");
        }
    }
    is_guarded(&generous(root.to_owned()), &real_name, mode);
}

/// What the system itself says of a path whose folder is there.
fn opened(path: &Path) -> Option<PathBuf> {
    if let Ok(real) = path.canonicalize() {
        return Some(real);
    }
    let name = path.file_name()?;
    let is_dangling = path.symlink_metadata().is_ok();
    let real = path.parent()?.canonicalize().ok()?;
    (!is_dangling).then(|| real.join(name))
}

/// A look through a folder finds whatever is guarded in it.
fn is_found(path: &str, others: &[String]) {
    let Ok(folder) = scratch() else { return };
    let root = folder.path();
    let mut made = Vec::new();
    for below in others.iter().map(String::as_str).chain([path]) {
        let below = Path::new(below);
        let normal = |part: Component<'_>| matches!(part, Component::Normal(_));
        if !below.components().all(normal) {
            continue;
        }
        let at = root.join(below);
        let is_made = at
            .parent()
            .is_some_and(|parent| std::fs::create_dir_all(parent).is_ok());
        if is_made && std::fs::write(&at, "").is_ok() {
            made.push(below.to_owned());
        }
    }
    let Ok(found) = guarded_in(root, 1_000) else {
        assert!(made.len() > 100, "a small folder was not looked through");
        return;
    };
    let all: Vec<&PathBuf> = found.protected.iter().chain(&found.secrets).collect();
    let is_filled = |path: &Path| {
        let filled = [
            "node_modules",
            "target",
            ".venv",
            "venv",
            "__pycache__",
            ".tox",
        ];
        let filled = filled
            .into_iter()
            .chain([".gradle", ".next", ".svelte-kit"]);
        let mut filled = filled.map(std::ffi::OsStr::new);
        filled.any(|name| path.iter().any(|part| part == name))
    };
    for below in made
        .iter()
        .filter(|below| secret(below).is_some() && !is_filled(below))
    {
        let at = root.join(below);
        assert!(
            all.iter().any(|path| at.starts_with(path)),
            "{below:?} was not seen"
        );
    }
}
