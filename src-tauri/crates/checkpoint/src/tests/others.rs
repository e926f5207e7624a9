//! Whose change it was: conflicts, undo, redo.

use super::*;
use crate::{CheckpointError, Kept, WhyKept};

#[test]
fn what_others_changed_since_is_kept_and_told() {
    let mut project = Project::new();
    project.write("ours", "1");
    project.write("both", "1");
    project.write("theirs", "1");
    let target = project.message("m");
    project.bash("echo 2 > ours; echo 2 > both");
    project.after_call();
    project.bash("echo 3 > both; echo 3 > theirs; echo 3 > new");
    let rewound = project.rewind(target);
    let kept = Kept {
        path: rel("both"),
        why: WhyKept::ChangedByOthers,
    };
    assert_eq!(rewound.kept, [kept]);
    assert_eq!(project.read("ours").unwrap(), "1");
    assert_eq!(project.read("both").unwrap(), "3\n");
    assert_eq!(project.read("theirs").unwrap(), "3\n");
    assert_eq!(project.read("new").unwrap(), "3\n");
}

#[test]
fn looking_at_a_plan_does_not_make_their_change_ours() {
    let mut project = Project::new();
    project.write("both", "1");
    let target = project.message("m");
    project.write("both", "2");
    project.after_call();
    project.write("both", "3");
    for _ in 0..2 {
        let plan = project.timeline.plan(target, &Pick::All).unwrap();
        assert_eq!(plan.changes, []);
        assert_eq!(plan.kept.len(), 1);
    }
    let rewound = project.rewind(target);
    assert_eq!(rewound.changes, []);
    assert_eq!(project.read("both").unwrap(), "3");
}

#[test]
fn their_change_goes_too_when_asked_for_and_undo_has_it() {
    let mut project = Project::new();
    project.write("both", "1");
    let target = project.message("m");
    project.write("both", "2");
    project.after_call();
    project.write("both", "3");
    project
        .timeline
        .rewind(target, &Pick::All, OnConflict::Overwrite, 0)
        .unwrap();
    assert_eq!(project.read("both").unwrap(), "1");
    project.timeline.undo(0).unwrap();
    assert_eq!(project.read("both").unwrap(), "3");
}

#[test]
fn a_plan_names_what_others_changed_between_calls() {
    let mut project = Project::new();
    project.write("ours", "1");
    project.write("theirs", "1");
    let target = project.message("m");
    project.before_call(&[]);
    project.write("ours", "2");
    project.after_call();
    project.write("theirs", "2");
    project.before_call(&[]);
    project.write("ours", "3");
    project.after_call();
    let plan = project.timeline.plan(target, &Pick::All).unwrap();
    let told: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.path.to_string(), change.also_by_others))
        .collect();
    assert_eq!(told, [("ours".into(), false), ("theirs".into(), true)]);
}

#[test]
fn a_call_is_told_by_the_snapshots_around_it() {
    let mut project = Project::new();
    project.write("a", "1");
    project.message("m");
    let before = project.before_call(&[]);
    project.bash("mv a b; sed -i s/1/2/ b; mkdir d; ln -s b d/l");
    let after = project.after_call();
    let changes = project.timeline.changes(before, after).unwrap();
    let told: Vec<_> = changes
        .iter()
        .map(|changed| format!("{:?} {}", changed.action, changed.path))
        .collect();
    assert_eq!(told, ["Delete a", "Create b", "Create d", "Create d/l"]);
}

#[test]
fn undo_walks_back_over_turns_and_redo_forward_again() {
    let mut project = Project::new();
    project.write("f", "0");
    for turn in ["1", "2", "3"] {
        project.message(turn);
        project.before_call(&[]);
        project.write("f", turn);
        project.after_call();
        project.message(&format!("{turn}: only words"));
    }
    for expected in ["2", "1", "0"] {
        project.timeline.undo(0).unwrap();
        assert_eq!(project.read("f").unwrap(), expected);
    }
    let nothing = project.timeline.undo(0);
    assert!(matches!(nothing, Err(CheckpointError::NothingToUndo)));
    for expected in ["1", "2", "3"] {
        project.timeline.redo(0).unwrap();
        assert_eq!(project.read("f").unwrap(), expected);
    }
    let nothing = project.timeline.redo(0);
    assert!(matches!(nothing, Err(CheckpointError::NothingToRedo)));
}

#[test]
fn a_new_change_ends_the_way_forward() {
    let mut project = Project::new();
    project.write("f", "0");
    project.message("1");
    project.write("f", "1");
    project.after_call();
    project.timeline.undo(0).unwrap();
    project.message("2");
    project.write("g", "1");
    project.after_call();
    let nothing = project.timeline.redo(0);
    assert!(matches!(nothing, Err(CheckpointError::NothingToRedo)));
    project.timeline.undo(0).unwrap();
    assert_eq!(project.read("g"), None);
    assert_eq!(project.read("f").unwrap(), "0");
}

#[test]
fn a_rewind_is_undone_after_a_restart() {
    let mut project = Project::new();
    project.write("f", "1");
    let target = project.message("m");
    project.write("f", "2");
    project.after_call();
    project.rewind_cleanly(target);
    let (session, root) = (SessionId::from("session-1"), project.root());
    project.timeline = project.checkpoints.timeline(&session, &root).unwrap();
    project.timeline.undo(0).unwrap();
    assert_eq!(project.read("f").unwrap(), "2");
}
