//! What undo and redo walk along: the changes of files a session made, one
//! per turn that changed any and one per rewind, in order.

use super::{Act, Cause, Snapshot, SnapshotId};

/// Files went from `before` to `after`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Move {
    pub before: SnapshotId,
    pub after: SnapshotId,
}

/// The line of moves, and how many of them stand.
#[derive(Debug, Default)]
pub(crate) struct Moves {
    moves: Vec<Move>,
    done: usize,
    turn: Option<Turn>,
}

/// The turn that runs or ran last.
#[derive(Debug)]
struct Turn {
    start: SnapshotId,
    start_root: String,
    /// It changed something, so it is the last move.
    is_move: bool,
}

impl Moves {
    /// The change that undo takes back.
    pub fn last_done(&self) -> Option<Move> {
        self.done.checked_sub(1).map(|index| self.moves[index])
    }

    /// The change that redo makes again.
    pub fn first_undone(&self) -> Option<Move> {
        self.moves.get(self.done).copied()
    }

    /// Learns from a snapshot what the turn changed.
    pub fn see(&mut self, snapshot: &Snapshot) {
        match &snapshot.cause {
            Cause::Message { .. } => {
                self.turn = Some(Turn {
                    start: snapshot.id,
                    start_root: snapshot.root.clone(),
                    is_move: false,
                });
            }
            Cause::AfterCall { .. } => self.see_change(snapshot),
            _ => {}
        }
    }

    fn see_change(&mut self, snapshot: &Snapshot) {
        let Some(turn) = &mut self.turn else { return };
        if !turn.is_move && turn.start_root == snapshot.root {
            return;
        }
        let (start, was_move) = (turn.start, turn.is_move);
        turn.is_move = true;
        if was_move {
            if let Some(last) = self.moves.last_mut() {
                last.after = snapshot.id;
            }
            return;
        }
        self.push(Move {
            before: start,
            after: snapshot.id,
        });
    }

    pub fn moved(&mut self, act: Act, before: SnapshotId, after: SnapshotId) {
        self.turn = None;
        match act {
            Act::Rewind => self.push(Move { before, after }),
            // What was there just before is what the way back leads to.
            Act::Undo if self.done > 0 => {
                self.done -= 1;
                self.moves[self.done].after = before;
            }
            Act::Redo if self.done < self.moves.len() => {
                self.moves[self.done].before = before;
                self.done += 1;
            }
            Act::Undo | Act::Redo => {}
        }
    }

    fn push(&mut self, new: Move) {
        self.moves.truncate(self.done);
        self.moves.push(new);
        self.done = self.moves.len();
    }

    /// Moves whose snapshots are gone cannot be taken back.
    pub fn forget_before(&mut self, oldest: SnapshotId) {
        let lost = |one: &Move| one.before < oldest || one.after < oldest;
        if let Some(index) = self.moves[..self.done].iter().rposition(lost) {
            self.moves.drain(..=index);
            self.done -= index + 1;
        }
        if let Some(index) = self.moves[self.done..].iter().position(lost) {
            self.moves.truncate(self.done + index);
        }
        if self.turn.as_ref().is_some_and(|turn| turn.start < oldest) {
            self.turn = None;
        }
    }
}
