//! Links, pipes, modes, odd names, ignored files, limits.

use super::*;
use crate::{Action, CheckpointError, EntryKind, Gap, Kept, WhyFailed, WhyKept};

#[test]
fn bytes_modes_links_and_empty_folders_come_back() {
    let mut project = Project::new();
    project.write("run.sh", "#!/bin/sh\r\n");
    project.write("zero", "");
    project.write("large", vec![7; 700_000]);
    project.bash(
        "chmod 4755 run.sh; mkdir -m 0711 empty; ln -s run.sh link; ln -s nowhere/at/all dangling;
         mkdir -m 0500 locked; touch $'caf\\xff'; mkdir -p a/b/c; chmod 0444 zero",
    );
    let (before, target) = (project.tree(), project.message("m"));
    project.bash("chmod 644 run.sh; rm -r empty link a dangling zero; chmod 700 locked; rm $'caf\\xff' large; mkdir link; echo > link/x");
    project.after_call();
    project.rewind_cleanly(target);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_locked_folder_is_written_to_and_locked_again() {
    let mut project = Project::new();
    project.write("d/keep", "one");
    project.bash("chmod 0555 d");
    let (before, target) = (project.tree(), project.message("m"));
    project.bash("chmod 755 d; echo two > d/keep; echo > d/new; chmod 0555 d");
    project.after_call();
    project.rewind_cleanly(target);
    assert_eq!(project.tree(), before);
}

#[test]
fn a_plan_shows_each_change_and_makes_none() {
    let mut project = Project::new();
    project.write("edited", "12345");
    project.write("gone", "1");
    project.write("mode", "1");
    let target = project.message("m");
    project.write("edited", "1");
    project.write("made/file", "1");
    project.bash("rm gone; chmod 755 mode; ln -s gone link");
    project.after_call();
    let before = project.tree();
    let plan = project.timeline.plan(target, &Pick::All).unwrap();
    let shown: Vec<_> = plan
        .changes
        .iter()
        .map(|change| {
            (
                change.path.to_string(),
                change.action,
                change.kind,
                change.bytes,
            )
        })
        .collect();
    let expected = [
        ("edited", Action::Replace, EntryKind::File, 5),
        ("gone", Action::Create, EntryKind::File, 1),
        ("link", Action::Delete, EntryKind::Link, 0),
        ("made", Action::Delete, EntryKind::Folder, 0),
        ("made/file", Action::Delete, EntryKind::File, 0),
        ("mode", Action::ChangeMode, EntryKind::File, 1),
    ]
    .map(|(path, action, kind, bytes)| (path.to_owned(), action, kind, bytes));
    assert_eq!(shown, expected);
    assert_eq!(plan.kept, []);
    assert_eq!(project.tree(), before);
}

#[test]
fn only_picked_paths_go_back() {
    let mut project = Project::new();
    project.write("a/one", "1");
    project.write("a/two", "1");
    project.write("ab", "1");
    let target = project.message("m");
    project.bash("echo 2 > a/one; echo 2 > a/two; echo 2 > ab");
    project.after_call();
    let pick = Pick::Only(vec![rel("a")]);
    let rewound = project
        .timeline
        .rewind(target, &pick, OnConflict::Keep, 0)
        .unwrap();
    assert_eq!(rewound.changes.len(), 2);
    assert_eq!(project.read("a/one").unwrap(), "1");
    assert_eq!(project.read("a/two").unwrap(), "1");
    assert_eq!(project.read("ab").unwrap(), "2\n");
}

#[test]
fn pipes_and_sockets_are_listed_and_never_opened() {
    let mut project = Project::new();
    project.bash("mkfifo pipe");
    let _socket = std::os::unix::net::UnixListener::bind(project.path("socket")).unwrap();
    let snapshot = project.take(Cause::Named { name: "n".into() }, &[]);
    assert_eq!(snapshot.left_out.len(), 1);
    assert_eq!(snapshot.left_out[0].gap, Gap::Special);
    assert_eq!(snapshot.left_out[0].count, 2);
    assert_eq!(snapshot.files, 0);
}

#[test]
fn a_pipe_made_since_is_kept_and_reported() {
    let mut project = Project::new();
    let target = project.message("m");
    project.bash("mkfifo pipe");
    project.after_call();
    let rewound = project.rewind(target);
    let kept = Kept {
        path: rel("pipe"),
        why: WhyKept::NotSaved(Gap::Special),
    };
    assert_eq!(rewound.kept, [kept]);
    assert_eq!(project.tree()[b"pipe".as_slice()], Seen::Special);
}

#[test]
fn a_file_too_large_to_save_is_never_deleted() {
    let mut project = Project::with_limits(Limits {
        max_file_bytes: 1000,
        ..limits()
    });
    let target = project.message("m");
    project.write("out/huge", vec![1; 1001]);
    project.write("out/small", vec![1; 1000]);
    project.after_call();
    let rewound = project.rewind(target);
    let kept = [
        ("out/huge", WhyKept::NotSaved(Gap::TooLarge)),
        ("out", WhyKept::NotEmpty),
    ]
    .map(|(path, why)| Kept {
        path: rel(path),
        why,
    });
    assert_eq!(rewound.kept, kept);
    assert!(project.path("out/huge").exists());
    assert!(!project.path("out/small").exists());
}

#[test]
fn ignored_files_are_neither_saved_nor_deleted() {
    let mut project = Project::new();
    project.write(".gitignore", "target/\n*.log\n!keep.log\n");
    project.write("src/.gitignore", "/generated\n");
    project.write("target/old", "1");
    project.write("src/generated", "1");
    project.write("keep.log", "1");
    project.write(".git/HEAD", "ref");
    let snapshot = project.take(
        Cause::Message {
            message: "m".into(),
        },
        &[],
    );
    assert_eq!(snapshot.files, 3, "two lists and keep.log");
    project.write("target/new", "2");
    project.write("noise.log", "2");
    project.write(".git/HEAD", "other");
    project.write("keep.log", "2");
    project.after_call();
    project.rewind_cleanly(snapshot.id);
    for (path, content) in [
        ("target/new", "2"),
        ("noise.log", "2"),
        (".git/HEAD", "other"),
        ("src/generated", "1"),
        ("keep.log", "1"),
    ] {
        assert_eq!(project.read(path).as_deref(), Some(content), "{path}");
    }
}

#[test]
fn a_new_ignore_rule_forgets_nothing() {
    let mut project = Project::new();
    project.write("data.csv", "1");
    let first = project.message("m");
    project.write(".gitignore", "*.csv\n");
    let second = project.after_call();
    project.write("data.csv", "2");
    project.after_call();
    project.rewind_cleanly(second);
    assert_eq!(project.read("data.csv").unwrap(), "1");
    project.rewind_cleanly(first);
    assert_eq!(project.read("data.csv").unwrap(), "1");
    project.bash("rm data.csv");
    project.after_call();
    project.rewind_cleanly(second);
    assert_eq!(project.read("data.csv").unwrap(), "1");
}

#[test]
fn a_dropped_ignore_rule_deletes_nothing() {
    let mut project = Project::new();
    project.write(".gitignore", "*.csv\nsecret\n");
    project.write("data.csv", "1");
    project.write("deep/secret/key", "1");
    let target = project.message("m");
    project.bash("rm .gitignore");
    project.after_call();
    project.rewind_cleanly(target);
    assert_eq!(project.read("data.csv").unwrap(), "1");
    assert_eq!(project.read("deep/secret/key").unwrap(), "1");
}

#[test]
fn an_ignored_file_that_a_tool_names_comes_back_and_goes_again() {
    let mut project = Project::new();
    project.write(".gitignore", "out\n");
    project.write("out/old", "1");
    let first = project.message("m");
    project.before_call(&["out/old", "out/new"]);
    project.write("out/old", "2");
    project.write("out/new", "2");
    let last = project.after_call();
    let _ = project.rewind_cleanly(first);
    assert_eq!(project.read("out/old").unwrap(), "1");
    assert_eq!(project.read("out/new"), None);
    project.rewind_cleanly(last);
    assert_eq!(project.read("out/old").unwrap(), "2");
    assert_eq!(project.read("out/new").unwrap(), "2");
}

#[test]
fn extras_outside_or_in_version_control_are_passed_over() {
    let mut project = Project::new();
    project.write(".git/hooks/pre-commit", "1");
    project.bash("ln -s .. up");
    let extras = [
        ".git/hooks/pre-commit",
        "../elsewhere",
        "up/work/x",
        "up/store/lock",
    ];
    project.before_call(&extras);
    let snapshot = project
        .timeline
        .snapshots()
        .unwrap()
        .last()
        .unwrap()
        .clone();
    assert_eq!(snapshot.files, 0);
}

#[test]
fn what_the_limits_cut_off_is_listed_and_never_deleted() {
    let mut project = Project::with_limits(Limits {
        max_entries: 5,
        ..limits()
    });
    for number in 0..10 {
        project.write(&format!("f{number}"), "1");
    }
    let snapshot = project.take(
        Cause::Message {
            message: "m".into(),
        },
        &[],
    );
    assert_eq!(snapshot.left_out[0].gap, Gap::TooMany);
    project.bash("rm f0 f1 f2 f3 f4");
    project.after_call();
    project.rewind_cleanly(snapshot.id);
    assert_eq!(project.tree().len(), 9, "f4 was beyond the limit");
}

#[test]
fn a_walk_that_takes_too_long_ends_and_says_so() {
    let mut project = Project::with_limits(Limits {
        max_time: std::time::Duration::ZERO,
        ..limits()
    });
    project.write("a", "1");
    let snapshot = project.take(
        Cause::Message {
            message: "m".into(),
        },
        &[],
    );
    assert_eq!(snapshot.left_out[0].gap, Gap::TooSlow);
    assert_eq!(snapshot.files, 0);
}

#[test]
fn a_planted_link_is_not_followed() {
    let mut project = Project::new();
    let outside = project.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("file"), "theirs").unwrap();
    project.write("dir/file", "ours");
    let (before, target) = (project.tree(), project.message("m"));
    project.bash("rm -r dir; ln -s ../outside dir");
    project.after_call();
    project.rewind_cleanly(target);
    assert_eq!(project.tree(), before);
    assert_eq!(fs::read_to_string(outside.join("file")).unwrap(), "theirs");
}

#[test]
fn a_hard_link_to_a_foreign_file_is_replaced_not_written() {
    let mut project = Project::new();
    let outside = project.folder.path().join("outside");
    fs::write(&outside, "theirs").unwrap();
    fs::set_permissions(&outside, fs::Permissions::from_mode(0o640)).unwrap();
    project.write("file", "theirs");
    project.bash("chmod 600 file");
    let target = project.message("m");
    project.bash("ln -f ../outside file");
    project.after_call();
    project.rewind_cleanly(target);
    assert_ne!(inode(&outside), inode(&project.path("file")));
    assert_eq!(
        outside.metadata().unwrap().permissions().mode() & 0o777,
        0o640
    );
}

#[test]
fn a_link_swapped_in_while_a_rewind_runs_ends_at_the_link() {
    use crate::beneath::Root;
    use crate::manifest::Node;
    use crate::plan::Step;
    use crate::restore::Restore;

    let mut project = Project::new();
    let outside = project.folder.path().join("outside");
    fs::create_dir(&outside).unwrap();
    project.write("dir/file", "ours");
    let id = project.message("m");
    let node = project
        .timeline
        .manifest(id)
        .unwrap()
        .get(b"dir/file")
        .cloned();
    // The plan was made; now somebody puts a link in the folder's place.
    project.bash("rm -r dir; ln -s ../outside dir");
    let steps = [Step {
        path: rel("dir/file"),
        from: None,
        to: node.clone(),
    }];
    assert!(matches!(node, Some(Node::File { .. })));
    let root = Root::open(&project.root()).unwrap();
    let failed = Restore {
        root: &root,
        blobs: &project.timeline.vault.blobs,
        seen: &project.timeline.cache,
        steps: &steps,
    }
    .run("token")
    .unwrap();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].why, WhyFailed::WayBlocked);
    assert_eq!(tree(&outside), Tree::new());
    assert_eq!(project.tree().len(), 1, "no temporary folder stays");
}

#[test]
fn folders_that_are_no_project_are_refused() {
    let store = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::open(store.path(), limits()).unwrap();
    let home = std::env::home_dir().unwrap();
    let folders = [
        Path::new("/"),
        Path::new("/tmp"),
        Path::new("/usr"),
        Path::new("/proc/self"),
        &home,
    ];
    for folder in folders {
        let refused = checkpoints.timeline(&SessionId::from("s"), folder);
        assert!(
            matches!(refused, Err(CheckpointError::UnsuitableRoot { .. })),
            "{}",
            folder.display()
        );
    }
}

#[test]
fn a_store_inside_the_workspace_is_not_saved_into_itself() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoints = Checkpoints::open(&folder.path().join("deep/store"), limits()).unwrap();
    fs::write(folder.path().join("file"), "1").unwrap();
    let mut timeline = checkpoints
        .timeline(&SessionId::from("s"), folder.path())
        .unwrap();
    let snapshot = timeline.snapshot(Cause::BeforeRewind, &[], 0).unwrap();
    assert_eq!(snapshot.files, 1);
}
