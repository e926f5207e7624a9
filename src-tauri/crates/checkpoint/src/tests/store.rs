//! What the store does when files are damaged, the disk is full, or the
//! quota is reached.

use super::*;
use crate::hash::ContentHash;
use crate::{CheckpointError, Swept, WhyFailed};

fn blob_of(project: &Project, content: &str) -> PathBuf {
    let hash = ContentHash::of(content.as_bytes());
    project.timeline.vault.blobs.path(hash)
}

fn overwrite(path: &Path, bytes: &[u8]) {
    fs::remove_file(path).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Sweeps. A program that another test starts at this moment holds the lock
/// for a moment, too: it is copied when a process forks.
fn swept(project: &Project) -> Swept {
    for _ in 0..400 {
        if let Some(swept) = project.checkpoints.sweep().unwrap() {
            return swept;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    panic!("the store stays locked");
}

#[test]
fn a_lost_content_is_named_and_the_rest_comes_back() {
    let check = |spoil: fn(&Path), expected: WhyFailed| {
        let mut project = Project::new();
        project.write("a", "content a");
        project.write("b", "content b");
        let target = project.message("m");
        project.bash("echo 2 > a; echo 2 > b");
        project.after_call();
        spoil(&blob_of(&project, "content a"));
        let rewound = project.rewind(target);
        assert_eq!(rewound.failed.len(), 1);
        assert_eq!(rewound.failed[0].path, rel("a"));
        assert_eq!(rewound.failed[0].why, expected);
        assert_eq!(project.read("a").unwrap(), "2\n");
        assert_eq!(project.read("b").unwrap(), "content b");
    };
    check(
        |path| fs::remove_file(path).unwrap(),
        WhyFailed::ContentMissing,
    );
    check(|path| overwrite(path, b""), WhyFailed::ContentCorrupt);
    check(
        |path| overwrite(path, &[255; 40]),
        WhyFailed::ContentCorrupt,
    );
    check(
        |path| {
            let mut bytes = fs::read(path).unwrap();
            *bytes.last_mut().unwrap() ^= 1;
            overwrite(path, &bytes);
        },
        WhyFailed::ContentCorrupt,
    );
}

#[test]
fn a_damaged_content_is_written_again_by_the_next_snapshot() {
    let mut project = Project::new();
    project.write("a", "content a");
    let target = project.message("m");
    project.write("a", "other");
    project.after_call();
    overwrite(&blob_of(&project, "content a"), b"damage");
    project.rewind(target);
    project.write("a", "content a");
    let again = project.after_call();
    project.write("a", "third");
    project.after_call();
    project.rewind_cleanly(again);
    assert_eq!(project.read("a").unwrap(), "content a");
}

#[test]
fn a_damaged_list_is_an_error_and_nothing_is_touched() {
    let mut project = Project::new();
    project.write("a", "1");
    let target = project.message("m");
    project.write("a", "2");
    project.after_call();
    let root = project.timeline.index.get(target).unwrap().root().unwrap();
    overwrite(&project.timeline.vault.blobs.path(root), b"damage");
    let before = project.tree();
    let refused = project
        .timeline
        .rewind(target, &Pick::All, OnConflict::Keep, 0);
    assert!(matches!(refused, Err(CheckpointError::Damaged { .. })));
    assert_eq!(project.tree(), before);
}

#[test]
fn equal_contents_and_unchanged_parts_are_kept_once() {
    let mut project = Project::new();
    for number in 0..2000 {
        project.write(&format!("d{}/f{number}", number % 20), "the same in all");
    }
    project.message("m");
    let first = project.checkpoints.used_bytes().unwrap();
    for number in 0..50 {
        project.write("d3/f3", format!("edit {number}"));
        project.after_call();
    }
    let each = (project.checkpoints.used_bytes().unwrap() - first) / 50;
    assert!(
        each < 12_000,
        "{each} bytes a snapshot, {first} for the first"
    );
}

#[test]
fn an_unchanged_workspace_adds_a_line_and_no_content() {
    let mut project = Project::new();
    project.write("a", "1");
    project.message("m");
    let before = project.checkpoints.used_bytes().unwrap();
    project.after_call();
    assert_eq!(project.checkpoints.used_bytes().unwrap(), before);
    assert_eq!(project.timeline.snapshots().unwrap().len(), 2);
}

#[test]
fn a_file_rewritten_within_one_tick_of_the_clock_is_noticed() {
    let mut project = Project::new();
    let mut marks = Vec::new();
    for number in 0..200 {
        project.write("f", format!("{number:03}"));
        marks.push(project.after_call());
    }
    for (number, mark) in marks.into_iter().enumerate().step_by(23) {
        project.rewind_cleanly(mark);
        assert_eq!(project.read("f").unwrap(), format!("{number:03}"));
    }
}

#[test]
fn the_store_is_readable_by_its_owner_only() {
    let mut project = Project::new();
    project.write("a", "1");
    project.message("m");
    for (path, seen) in tree(&project.folder.path().join("store")) {
        let (Seen::File(mode, _) | Seen::Folder(mode)) = seen else {
            panic!("a link in the store")
        };
        assert_eq!(mode & 0o077, 0, "{:o} {}", mode, os(&path).display());
    }
    let blob = blob_of(&project, "1").metadata().unwrap();
    assert_eq!(blob.permissions().mode() & 0o777, 0o400);
}

#[test]
fn a_full_disk_is_an_error_and_the_store_stays_whole() {
    let mut project = Project::with_limits(Limits {
        min_free_bytes: u64::MAX,
        ..Limits::default()
    });
    project.write("a", "1");
    let refused = project.timeline.snapshot(Cause::BeforeRewind, &[], 0);
    assert!(matches!(refused, Err(CheckpointError::Full { .. })));
    assert_eq!(project.timeline.snapshots().unwrap(), []);
    assert_eq!(project.checkpoints.used_bytes().unwrap(), 0);
}

#[test]
fn the_index_survives_a_torn_tail_at_every_byte() {
    let mut project = Project::new();
    project.write("a", "1");
    project.message("m");
    project.write("a", "2");
    project.after_call();
    let file = project.timeline.folder.join("index");
    let whole = fs::read(&file).unwrap();
    let lines = whole.iter().filter(|&&byte| byte == b'\n').count();
    for length in 0..whole.len() {
        fs::write(&file, &whole[..length]).unwrap();
        let mut index = crate::index::Index::open(&file).unwrap();
        assert!(index.damaged_lines <= 1, "{length} of {lines} lines");
        let had = index.snapshots.len();
        index.set_workspace(b"/w".to_vec()).unwrap();
        let again = crate::index::Index::open(&file).unwrap();
        assert_eq!(again.snapshots.len(), had);
        assert_eq!(again.workspace.as_deref(), Some(&b"/w"[..]));
    }
}

#[test]
fn a_flipped_bit_costs_one_line_of_the_index() {
    let mut project = Project::new();
    for number in 0..5 {
        project.write("a", number.to_string());
        project.after_call();
    }
    let file = project.timeline.folder.join("index");
    let whole = fs::read(&file).unwrap();
    for position in (0..whole.len()).step_by(3) {
        let mut bytes = whole.clone();
        bytes[position] ^= 1;
        fs::write(&file, bytes).unwrap();
        let index = crate::index::Index::open(&file).unwrap();
        assert!(index.snapshots.len() >= 4, "byte {position}");
    }
}

fn session(project: &Project, name: &str) -> Timeline {
    let root = project.root();
    project
        .checkpoints
        .timeline(&SessionId::from(name), &root)
        .unwrap()
}

/// Noise that does not compress.
fn noise(seed: u64) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..100_000).map(|_| rng.u8(..)).collect()
}

#[test]
fn the_quota_takes_the_oldest_of_the_oldest_first() {
    let mut project = Project::with_limits(Limits {
        quota_bytes: 1_000_000,
        ..limits()
    });
    let mut old = session(&project, "old");
    let mut young = session(&project, "young");
    for number in 0..8 {
        project.write("f", noise(number));
        old.snapshot(Cause::Named { name: "n".into() }, &[], number)
            .unwrap();
    }
    drop(old);
    for number in 10..16 {
        project.write("f", noise(number));
        young
            .snapshot(Cause::Named { name: "n".into() }, &[], number)
            .unwrap();
    }
    drop(young);
    let swept = swept(&project);
    assert!(swept.kept_bytes <= 900_000, "{swept:?}");
    assert_eq!(swept.dropped_snapshots, 6);
    assert_eq!(project.checkpoints.used_bytes().unwrap(), swept.kept_bytes);
    assert_eq!(session(&project, "young").snapshots().unwrap().len(), 6);
    let mut old = session(&project, "old");
    let left: Vec<u64> = old
        .snapshots()
        .unwrap()
        .iter()
        .map(|one| one.id.0)
        .collect();
    assert_eq!(left, [7, 8]);
    old.rewind(SnapshotId(7), &Pick::All, OnConflict::Overwrite, 20)
        .unwrap();
    assert_eq!(fs::read(project.path("f")).unwrap(), noise(6));
    project.take(Cause::BeforeRewind, &[]);
}

#[test]
fn the_newest_snapshot_of_an_open_session_stays_under_any_quota() {
    let mut project = Project::with_limits(Limits {
        quota_bytes: 0,
        ..limits()
    });
    project.write("f", "1");
    project.message("m");
    project.write("f", "2");
    let newest = project.after_call();
    let swept = swept(&project);
    assert_eq!(swept.dropped_snapshots, 1);
    let left: Vec<_> = project
        .timeline
        .snapshots()
        .unwrap()
        .iter()
        .map(|one| one.id)
        .collect();
    assert_eq!(left, [newest]);
    project.write("f", "3");
    project.after_call();
    project.rewind_cleanly(newest);
    assert_eq!(project.read("f").unwrap(), "2");
}

#[test]
fn a_forgotten_session_leaves_nothing_after_the_sweep() {
    let mut project = Project::new();
    project.write("f", "only here");
    let mut other = session(&project, "other");
    other.snapshot(Cause::BeforeRewind, &[], 0).unwrap();
    project.write("f", "and here");
    project.after_call();
    drop(other);
    project
        .checkpoints
        .forget(&SessionId::from("other"))
        .unwrap();
    let swept = swept(&project);
    assert!(swept.freed_bytes > 0);
    assert!(!blob_of(&project, "only here").exists());
    assert!(blob_of(&project, "and here").exists());
}

#[test]
fn a_content_swept_away_is_read_again_though_its_file_did_not_change() {
    let mut project = Project::new();
    project.write("f", "content");
    project.bash("touch -d 2001-01-01 f; sleep 0.1");
    project.message("m");
    // Looked at by a plan, then dropped with its session and swept.
    project
        .checkpoints
        .forget(&SessionId::from("session-1"))
        .unwrap();
    fs::create_dir(&project.timeline.folder).unwrap();
    swept(&project);
    assert!(!blob_of(&project, "content").exists());
    project.after_call();
    assert!(blob_of(&project, "content").exists());
}

#[test]
fn nothing_is_swept_while_somebody_writes() {
    let project = Project::new();
    let _writer = project.timeline.vault.blobs.batch().unwrap();
    assert_eq!(project.checkpoints.sweep().unwrap(), None);
}

#[test]
fn a_session_in_another_folder_is_refused() {
    let project = Project::new();
    let elsewhere = tempfile::tempdir().unwrap();
    let refused = project
        .checkpoints
        .timeline(&SessionId::from("session-1"), elsewhere.path());
    assert!(matches!(refused, Err(CheckpointError::OtherRoot { .. })));
}
