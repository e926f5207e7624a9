//! A rewind is killed with SIGKILL at a random moment, again and again. After
//! each the workspace is at one end of it, or can be brought to either.
//!
//! Its own program, since the child that is killed is this program too.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test"
)]

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
fn main() {
    let args: Vec<String> = std::env::args().collect();
    match args.get(1).map(String::as_str) {
        Some("rewind") => unix::child(&args[2], args[3].parse().unwrap()),
        // What cargo asks of every test program.
        Some("--list") => {}
        _ => unix::kill_again_and_again(),
    }
}

#[cfg(unix)]
mod unix {
    use std::collections::BTreeMap;
    use std::fs;
    use std::path::{Path, PathBuf};
    use std::process::{Child, Command, Stdio};
    use std::time::{Duration, Instant};

    use checkpoint::{Cause, Checkpoints, Limits, OnConflict, Pick, Settle, SnapshotId, Timeline};
    use protocol::SessionId;

    const ROUNDS: usize = 16;
    const FILES: usize = 400;

    type Tree = BTreeMap<PathBuf, Option<Vec<u8>>>;

    fn timeline(folder: &Path) -> Timeline {
        let limits = Limits {
            min_free_bytes: 0,
            ..Limits::default()
        };
        let checkpoints = Checkpoints::open(&folder.join("store"), limits).unwrap();
        checkpoints
            .timeline(&SessionId::from("killed"), &folder.join("work"))
            .unwrap()
    }

    pub fn child(folder: &str, target: u64) {
        timeline(Path::new(folder))
            .rewind(SnapshotId(target), &Pick::All, OnConflict::Overwrite, 0)
            .unwrap();
    }

    fn spawn(folder: &Path, target: SnapshotId) -> Child {
        Command::new(std::env::current_exe().unwrap())
            .arg("rewind")
            .arg(folder)
            .arg(target.to_string())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    fn tree(folder: &Path) -> Tree {
        let mut tree = Tree::new();
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                tree.extend(self::tree(&path));
                tree.insert(path, None);
            } else {
                tree.insert(path.clone(), Some(fs::read(&path).unwrap()));
            }
        }
        tree
    }

    fn take(timeline: &mut Timeline) -> SnapshotId {
        let call = "call".into();
        let taken = timeline.snapshot(Cause::AfterCall { call }, &[], 0);
        taken.unwrap().id
    }

    /// Half of the files differ, a quarter is only in one, and folders are
    /// files in the other.
    fn make(work: &Path, side: usize) {
        fs::create_dir_all(work).unwrap();
        for number in 0..FILES {
            let folder = work.join(format!("d{}", number % 10));
            fs::create_dir_all(&folder).unwrap();
            let content = match number % 4 {
                0 => format!("same {number}"),
                1 if side == 1 => continue,
                _ => format!("{side} {number}").repeat(number),
            };
            fs::write(folder.join(number.to_string()), content).unwrap();
        }
        let turned = work.join("turned");
        if side == 0 {
            fs::write(turned, "a file").unwrap();
        } else {
            fs::create_dir_all(turned.join("to")).unwrap();
            fs::write(turned.join("to/folder"), "deep").unwrap();
        }
    }

    pub fn kill_again_and_again() {
        let folder = tempfile::tempdir().unwrap();
        let (folder, work) = (folder.path(), folder.path().join("work"));
        let mut rng = fastrand::Rng::with_seed(11);
        let ends = [0, 1].map(|side| {
            if work.exists() {
                fs::remove_dir_all(&work).unwrap();
            }
            make(&work, side);
            (take(&mut timeline(folder)), tree(&work))
        });
        let started = Instant::now();
        assert!(spawn(folder, ends[0].0).wait().unwrap().success());
        let whole = started.elapsed();
        assert_eq!(tree(&work), ends[0].1);

        let (mut at, mut cut) = (0, 0);
        for round in 0..ROUNDS * testkit::soak_factor() {
            let mut child = spawn(folder, ends[1 - at].0);
            std::thread::sleep(whole.mul_f64(rng.f64() * 1.1));
            child.kill().unwrap();
            child.wait().unwrap();
            let mut timeline = timeline(folder);
            if timeline.unfinished().unwrap().is_some() {
                cut += 1;
                let how = [Settle::Finish, Settle::RollBack][rng.usize(..2)];
                let settled = timeline.settle(how, 0).unwrap();
                assert_eq!(settled.failed, [], "round {round}");
                assert_eq!(settled.kept, [], "round {round}");
                at = match how {
                    Settle::Finish => 1 - at,
                    Settle::RollBack => at,
                };
                assert!(timeline.unfinished().unwrap().is_none());
                assert_eq!(tree(&work), ends[at].1, "round {round}, {how:?}");
            }
            let now = tree(&work);
            at = usize::from(now == ends[1].1);
            assert_eq!(now, ends[at].1, "round {round}: at neither end");
        }
        let least = Duration::from_millis(1);
        assert!(whole > least && cut > 0, "{cut} of {ROUNDS} were cut");
    }
}
