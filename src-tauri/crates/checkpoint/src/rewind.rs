//! The way back: rewind, undo, redo, and what to do about one that was cut
//! off. Each begins with a snapshot of what is there, so each can be undone.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use crate::index::Act;
use crate::journal::Journal;
use crate::manifest::{Manifest, Node, State};
use crate::plan::{Comparison, Knows, Step, Target};
use crate::restore::{Restore, TempFolder};
use crate::{
    Cause, Change, CheckpointError, Failed, Kept, OnConflict, Pick, Plan, RelPath, SnapshotId,
    Timeline,
};

/// What a rewind did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rewound {
    /// What was there before; to go back to.
    pub before: SnapshotId,
    /// What is there now.
    pub after: SnapshotId,
    /// What was changed, by path.
    pub changes: Vec<Change>,
    /// What stays although it differs.
    pub kept: Vec<Kept>,
    /// What could not be changed.
    pub failed: Vec<Failed>,
}

/// What becomes of a rewind that was cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settle {
    /// It is carried to its end.
    Finish,
    /// What it did is taken back.
    RollBack,
}

impl Timeline {
    /// What a rewind to `target` would do now. Changes nothing.
    ///
    /// # Errors
    /// Unknown or damaged snapshot, or the workspace cannot be looked at.
    pub fn plan(&mut self, target: SnapshotId, pick: &Pick) -> Result<Plan, CheckpointError> {
        let _hold = self.vault.blobs.hold()?;
        let left = self.left_behind()?;
        let target_state = self.target(target)?;
        let now = self.observe(Some(&target_state.manifest))?;
        let known: [&dyn Knows; 1] = [&*left];
        let (steps, kept) = Comparison {
            target: &target_state,
            now: &now,
            known: &known,
            pick,
            on_conflict: OnConflict::Keep,
        }
        .steps();
        Ok(Plan {
            target,
            changes: self.shown(target, &steps)?,
            kept,
        })
    }

    /// Puts files back as they were at `target`.
    ///
    /// # Errors
    /// As [`Timeline::plan`]; disk full; an earlier rewind waits for
    /// [`Timeline::settle`]. Nothing was changed then.
    pub fn rewind(
        &mut self,
        target: SnapshotId,
        pick: &Pick,
        on_conflict: OnConflict,
        at_ms: u64,
    ) -> Result<Rewound, CheckpointError> {
        self.travel(Act::Rewind, target, (pick, on_conflict), at_ms)
    }

    /// Takes back the latest change of files in this session: a rewind or a
    /// turn's. Files that others changed since are kept.
    ///
    /// # Errors
    /// As [`Timeline::rewind`], and when there is nothing to undo.
    pub fn undo(&mut self, at_ms: u64) -> Result<Rewound, CheckpointError> {
        let target = self.undo_target()?.ok_or(CheckpointError::NothingToUndo)?;
        self.travel(Act::Undo, target, (&Pick::All, OnConflict::Keep), at_ms)
    }

    /// Makes the change again that was undone last.
    ///
    /// # Errors
    /// As [`Timeline::rewind`], and when there is nothing to redo.
    pub fn redo(&mut self, at_ms: u64) -> Result<Rewound, CheckpointError> {
        let target = self.redo_target()?.ok_or(CheckpointError::NothingToRedo)?;
        self.travel(Act::Redo, target, (&Pick::All, OnConflict::Keep), at_ms)
    }

    /// The snapshot that undo would go to.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn undo_target(&mut self) -> Result<Option<SnapshotId>, CheckpointError> {
        self.index.refresh()?;
        Ok(self.index.moves.last_done().map(|last| last.before))
    }

    /// The snapshot that redo would go to.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn redo_target(&mut self) -> Result<Option<SnapshotId>, CheckpointError> {
        self.index.refresh()?;
        Ok(self.index.moves.first_undone().map(|next| next.after))
    }

    /// The target of a rewind that was cut off and waits for
    /// [`Timeline::settle`].
    ///
    /// # Errors
    /// When its note cannot be read.
    pub fn unfinished(&self) -> Result<Option<SnapshotId>, CheckpointError> {
        Ok(Journal::read(&self.folder)?.map(|journal| journal.target))
    }

    /// Finishes a rewind that was cut off, or takes back what it did. Files
    /// that are neither as it found them nor as it leaves them are kept.
    ///
    /// # Errors
    /// When none was cut off; otherwise as [`Timeline::rewind`].
    pub fn settle(&mut self, how: Settle, at_ms: u64) -> Result<Rewound, CheckpointError> {
        let journal = Journal::read(&self.folder)?.ok_or(CheckpointError::NothingUnfinished)?;
        let _hold = self.vault.blobs.hold()?;
        TempFolder::clear_left(&self.root, &journal.token);
        let ends = [self.target(journal.safety)?, self.target(journal.target)?];
        let goal = match how {
            Settle::Finish => &ends[1],
            Settle::RollBack => &ends[0],
        };
        let now = self.take(Cause::BeforeRewind, Vec::new(), at_ms, Some(&goal.manifest))?;
        let known: [&dyn Knows; 2] = [&ends[0], &ends[1]];
        let (steps, kept) = Comparison {
            target: goal,
            now: &now.manifest,
            known: &known,
            pick: &journal.pick(),
            on_conflict: journal.on_conflict(),
        }
        .steps();
        let changes = self.shown(goal.id, &steps)?;
        let done = self.put_back(&steps, &journal.token)?;
        let rewound = self.arrive(journal.safety, (changes, kept), done, at_ms)?;
        if how == Settle::Finish {
            self.write_move(&journal, rewound.after)?;
        }
        Journal::remove(&self.folder)?;
        Ok(rewound)
    }

    fn travel(
        &mut self,
        act: Act,
        target: SnapshotId,
        (pick, on_conflict): (&Pick, OnConflict),
        at_ms: u64,
    ) -> Result<Rewound, CheckpointError> {
        if Journal::read(&self.folder)?.is_some() {
            return Err(CheckpointError::Unfinished);
        }
        let _hold = self.vault.blobs.hold()?;
        let left = self.left_behind()?;
        let goal = self.target(target)?;
        let now = self.take(Cause::BeforeRewind, Vec::new(), at_ms, Some(&goal.manifest))?;
        let known: [&dyn Knows; 1] = [&*left];
        let (steps, kept) = Comparison {
            target: &goal,
            now: &now.manifest,
            known: &known,
            pick,
            on_conflict,
        }
        .steps();
        let changes = self.shown(target, &steps)?;
        let journal = Journal::new(act, now.snapshot.id, target).with(pick, on_conflict);
        journal.write(&self.folder)?;
        let done = match self.put_back(&steps, &journal.token) {
            Ok(done) => done,
            Err(error) => {
                // Nothing was touched, so nothing is under way.
                Journal::remove(&self.folder)?;
                return Err(error);
            }
        };
        let rewound = self.arrive(now.snapshot.id, (changes, kept), done, at_ms)?;
        self.write_move(&journal, rewound.after)?;
        Journal::remove(&self.folder)?;
        Ok(rewound)
    }

    fn put_back(&self, steps: &[Step], token: &str) -> Result<Vec<Failed>, CheckpointError> {
        if steps.is_empty() {
            return Ok(Vec::new());
        }
        Restore {
            root: &self.root,
            blobs: &self.vault.blobs,
            seen: &self.cache,
            steps,
        }
        .run(token)
    }

    /// Looks at what came of it, and keeps that too.
    fn arrive(
        &mut self,
        before: SnapshotId,
        (mut changes, kept): (Vec<Change>, Vec<Kept>),
        failed: Vec<Failed>,
        at_ms: u64,
    ) -> Result<Rewound, CheckpointError> {
        let after = self.take(Cause::AfterRewind, Vec::new(), at_ms, None)?;
        changes.retain(|change| failed.iter().all(|failed| failed.path != change.path));
        Ok(Rewound {
            before,
            after: after.snapshot.id,
            changes,
            kept,
            failed,
        })
    }

    fn write_move(&mut self, journal: &Journal, after: SnapshotId) -> Result<(), CheckpointError> {
        let is_written = self.index.last_move == Some((journal.act, journal.safety));
        if is_written {
            return Ok(());
        }
        self.index.add_move(journal.act, journal.safety, after)
    }

    /// The last snapshot that this session answers for: what differs from it
    /// now, somebody else did.
    fn left_behind(&mut self) -> Result<Arc<Manifest>, CheckpointError> {
        self.index.refresh()?;
        let left = self
            .index
            .snapshots
            .iter()
            .rfind(|snapshot| snapshot.cause != Cause::BeforeRewind)
            .map(|snapshot| snapshot.id);
        match left {
            Some(id) => self.manifest(id),
            None => Ok(Arc::default()),
        }
    }

    /// A snapshot, and for paths that it did not look at, the first word of a
    /// later one that was told to look: nobody of us had touched them before.
    fn target(&mut self, id: SnapshotId) -> Result<Target, CheckpointError> {
        let manifest = self.manifest(id)?;
        let later: Vec<(SnapshotId, RelPath)> = self
            .index
            .snapshots
            .iter()
            .filter(|snapshot| snapshot.id > id)
            .flat_map(|snapshot| {
                snapshot
                    .extras
                    .iter()
                    .map(|path| (snapshot.id, path.clone()))
            })
            .filter(|(_, path)| matches!(manifest.state(path.as_bytes()), State::Unknown(_)))
            .collect();
        let mut overlay = BTreeMap::new();
        for (later, path) in later {
            let node = match overlay.contains_key(path.as_bytes()) {
                true => None,
                false => self.manifest(later)?.get(path.as_bytes()).cloned(),
            };
            if let Some(node @ (Node::File { .. } | Node::Link { .. } | Node::Absent)) = node {
                overlay.insert(path.as_bytes().into(), node);
            }
        }
        Ok(Target {
            id,
            manifest,
            overlay,
        })
    }

    fn shown(&self, target: SnapshotId, steps: &[Step]) -> Result<Vec<Change>, CheckpointError> {
        let by_others: HashSet<Box<[u8]>> = self.changed_by_others(target)?.into_iter().collect();
        Ok(steps
            .iter()
            .filter_map(|step| step.shown(&by_others))
            .collect())
    }
}
