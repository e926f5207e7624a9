//! Random edits, by system calls and by shell commands, with snapshots in
//! between: every snapshot can be gone back to, exactly, and undone.

use super::*;

const SCRIPTS: u64 = 12;
const EDITS: usize = 40;

/// Names that shells and encodings stumble over are among them.
const NAMES: &[&[u8]] = &[
    b"a",
    b"b",
    b"src",
    b"x.txt",
    b"with space",
    b"-n",
    b"caf\xc3\xa9",
    b"not\xffutf8",
    b"new\nline",
    b".hidden",
];

/// Commands in a folder, with one or two names that may be there or not.
const COMMANDS: &[&str] = &[
    r#"mv -f -- "$1" "$2""#,
    r#"mv -f -T -- "$1" "$2""#,
    r#"cp -r -- "$1" "$2""#,
    r#"rm -rf -- "$1""#,
    r#"rm -rf -- ./*"#,
    r#"ln -s -- "$1" "$2""#,
    r#"ln -sfn -- "$OUTSIDE" "$1""#,
    r#"ln -- "$1" "$2""#,
    r#"ln -- "$OUTSIDE/victim" "$2""#,
    r#"sed -i -e 's/line/LINE/' -- "$1""#,
    r#"chmod -R u+rwX,go-rwx -- "$1""#,
    r#"chmod 755 -- "$1""#,
    r#"mkdir -p -- "$1/deep/deeper" && touch -- "$1/deep/file""#,
    r#"touch -d '2001-01-01' -- "$1""#,
    r#"printf 'line\n' >> "./$1""#,
    r#"tar cf - . | (mkdir -p -- "$2" && cd -- "$2" && head -c 0)"#,
    r#"for i in 1 2 3 4 5 6 7 8 9; do echo "line $i" > "./$2$i"; done"#,
    r#"find . -type f -name '*[13579]' -delete"#,
];

struct Script {
    rng: fastrand::Rng,
    root: PathBuf,
    outside: PathBuf,
}

impl Script {
    fn name(&mut self) -> PathBuf {
        PathBuf::from(os(NAMES[self.rng.usize(..NAMES.len())]))
    }

    /// A folder of the workspace that is there and is no link.
    fn folder(&mut self) -> PathBuf {
        let tree = tree(&self.root);
        let folders: Vec<PathBuf> = tree
            .iter()
            .filter(|(path, seen)| matches!(seen, Seen::Folder(_)) && path.len() < 60)
            .map(|(path, _)| self.root.join(os(path)))
            .collect();
        match self.rng.usize(..=folders.len()) {
            0 => self.root.clone(),
            n => folders[n - 1].clone(),
        }
    }

    /// One edit; edits that make no sense just fail, as commands do.
    fn edit(&mut self) {
        let folder = self.folder();
        let path = folder.join(self.name());
        let is_link = path.is_symlink();
        match self.rng.usize(..10) {
            0 | 1 if !is_link => {
                let length = [0, 1, 30, 3000, 400_000][self.rng.usize(..5)];
                let content: Vec<u8> = (0..length).map(|_| self.rng.u8(b'a'..=b'z')).collect();
                fs::write(path, content).ok();
            }
            2 if !is_link => {
                let mode = [0o644, 0o755, 0o600, 0o444, 0o777, 0o4755][self.rng.usize(..6)];
                fs::set_permissions(path, fs::Permissions::from_mode(mode)).ok();
            }
            3 => {
                fs::create_dir(path).ok();
            }
            4 => {
                fs::rename(path, folder.join(self.name())).ok();
            }
            _ => self.shell(&folder),
        }
    }

    fn shell(&mut self, folder: &Path) {
        let command = COMMANDS[self.rng.usize(..COMMANDS.len())];
        let (one, two) = (self.name(), self.name());
        Command::new("bash")
            .args(["-c", command, "script"])
            .args([one, two])
            .env("OUTSIDE", &self.outside)
            .current_dir(folder)
            .stderr(std::process::Stdio::null())
            .status()
            .unwrap();
    }
}

fn run(seed: u64) {
    let mut project = Project::new();
    let outside = project.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("victim"), "line of somebody else\n").unwrap();
    let mut script = Script {
        rng: fastrand::Rng::with_seed(seed),
        root: project.root(),
        outside: outside.clone(),
    };
    let mut marks = vec![(project.message("m"), project.tree())];
    for _ in 0..EDITS {
        script.edit();
        if script.rng.u8(..3) == 0 {
            marks.push((project.after_call(), project.tree()));
        }
    }
    project.after_call();
    // Edits may have reached it through links, as edits do; a rewind may not.
    let outside_before = tree(&outside);
    for round in 0..8 {
        let (target, expected) = marks[script.rng.usize(..marks.len())].clone();
        let before = project.tree();
        project.rewind_cleanly(target);
        assert_eq!(project.tree(), expected, "seed {seed}, round {round}");
        if script.rng.bool() {
            project.timeline.undo(0).unwrap();
            assert_eq!(project.tree(), before, "undo: seed {seed}, round {round}");
            project.timeline.redo(0).unwrap();
            assert_eq!(project.tree(), expected, "redo: seed {seed}, round {round}");
        }
    }
    assert_eq!(tree(&outside), outside_before, "seed {seed}");
}

#[test]
fn every_snapshot_comes_back_exactly_after_random_edits() {
    (0..SCRIPTS * testkit::soak_factor() as u64).for_each(run);
}
