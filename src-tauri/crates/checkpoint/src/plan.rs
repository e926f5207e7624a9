//! What a rewind would do, before anything is done: which files are written
//! and deleted, and which stay as they are because somebody else changed
//! them or because they could not be brought back.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use crate::manifest::{Manifest, Node, State};
use crate::{Gap, RelPath, SnapshotId, rel_path, scan};

/// Which files a rewind is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Pick {
    /// All of them.
    #[default]
    All,
    /// These, and all in the folders among them.
    Only(Vec<RelPath>),
}

/// What becomes of files that somebody else changed since the last snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum OnConflict {
    /// They stay, and are reported.
    #[default]
    Keep,
    /// They are put back like all others; undo brings them again.
    Overwrite,
}

/// What happens to a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// It appears.
    Create,
    /// Its content, target or kind changes.
    Replace,
    /// Only its mode changes.
    ChangeMode,
    /// It goes; the snapshot taken first has it.
    Delete,
}

/// What a path is, or was when it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
}

/// One line of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where.
    pub path: RelPath,
    /// What happens there.
    pub action: Action,
    /// What stands there afterwards; for a deletion, what stood there.
    pub kind: EntryKind,
    /// Bytes that are written.
    pub bytes: u64,
    /// After the snapshot somebody else changed it too, between two calls:
    /// that goes with the rest.
    pub also_by_others: bool,
}

/// Why a path stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhyKept {
    /// Somebody else changed it since the last snapshot.
    ChangedByOthers,
    /// What stands there could not be saved, so it is not touched.
    NotSaved(Gap),
    /// A folder with something in it that stays.
    NotEmpty,
}

/// A path that stays as it is although the snapshot has it otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Where.
    pub path: RelPath,
    /// Why.
    pub why: WhyKept,
}

/// What a rewind would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The snapshot to go back to.
    pub target: SnapshotId,
    /// What changes, by path.
    pub changes: Vec<Change>,
    /// What stays although it differs.
    pub kept: Vec<Kept>,
}

/// A snapshot with what later ones of the session know of paths that it did
/// not look at.
pub(crate) struct Target {
    pub id: SnapshotId,
    pub manifest: Arc<Manifest>,
    pub overlay: BTreeMap<Box<[u8]>, Node>,
}

/// One path from what it is to what it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Step {
    pub path: RelPath,
    pub from: Option<Node>,
    pub to: Option<Node>,
}

/// What is compared.
pub(crate) struct Comparison<'a> {
    pub target: &'a Target,
    pub now: &'a Manifest,
    /// States in which a path is ours to change; the first one is the last
    /// that the session left behind.
    pub known: &'a [&'a dyn Knows],
    pub pick: &'a Pick,
    pub on_conflict: OnConflict,
}

/// Anything that can say what stood at a path.
pub(crate) trait Knows {
    fn state_of(&self, path: &[u8]) -> State<'_>;
}

impl Knows for Manifest {
    fn state_of(&self, path: &[u8]) -> State<'_> {
        self.state(path)
    }
}

impl Knows for Target {
    fn state_of(&self, path: &[u8]) -> State<'_> {
        match self.overlay.get(path) {
            Some(Node::Absent) => State::Nothing,
            Some(node) => State::Known(node),
            None => self.manifest.state(path),
        }
    }
}

impl Pick {
    fn includes(&self, path: &RelPath) -> bool {
        match self {
            Self::All => true,
            Self::Only(picked) => picked.iter().any(|one| one.covers(path.as_bytes())),
        }
    }
}

enum Verdict {
    Leave,
    Keep(WhyKept),
    Step,
}

impl Comparison<'_> {
    /// The steps, by path, and what is kept instead.
    pub fn steps(&self) -> (Vec<Step>, Vec<Kept>) {
        let mut steps = Vec::new();
        let mut kept = Vec::new();
        for path in self.paths() {
            match self.judge(&path) {
                Verdict::Leave => {}
                Verdict::Keep(why) => kept.push(Kept { path, why }),
                Verdict::Step => steps.push(Step {
                    from: owned(self.now.state(path.as_bytes())),
                    to: owned(self.target.state_of(path.as_bytes())),
                    path,
                }),
            }
        }
        self.spare_full_folders(&mut steps, &mut kept);
        (steps, kept)
    }

    fn paths(&self) -> Vec<RelPath> {
        let listed = [&*self.target.manifest, self.now]
            .into_iter()
            .flat_map(|manifest| manifest.entries().iter().map(|entry| &*entry.path));
        let paths: BTreeSet<&[u8]> = listed
            .chain(self.target.overlay.keys().map(|path| &**path))
            .collect();
        paths
            .into_iter()
            .filter_map(RelPath::parse)
            .filter(|path| !scan::is_off_limits(path) && self.pick.includes(path))
            .collect()
    }

    fn judge(&self, path: &RelPath) -> Verdict {
        let bytes = path.as_bytes();
        let (was, is) = (self.target.state_of(bytes), self.now.state(bytes));
        if matches!(was, State::Unknown(_)) || was.same(is) {
            return Verdict::Leave;
        }
        if let State::Unknown(gap) = is {
            let is_told = gap != Gap::Ignored
                && (matches!(was, State::Known(_)) || self.now.get(bytes).is_some());
            return if is_told {
                Verdict::Keep(WhyKept::NotSaved(gap))
            } else {
                Verdict::Leave
            };
        }
        let is_ours = self
            .known
            .iter()
            .any(|known| known.state_of(bytes).same(is));
        if is_ours || self.on_conflict == OnConflict::Overwrite {
            return Verdict::Step;
        }
        // The session left it as it was: what others did is no concern of
        // this rewind.
        let left = self.known.first().map(|known| known.state_of(bytes));
        if left.is_some_and(|left| left.same(was)) {
            return Verdict::Leave;
        }
        Verdict::Keep(WhyKept::ChangedByOthers)
    }

    /// A folder that would go but holds something that stays, stays.
    fn spare_full_folders(&self, steps: &mut Vec<Step>, kept: &mut Vec<Kept>) {
        let vanishing: HashSet<&[u8]> = steps
            .iter()
            .filter(|step| step.to.is_none())
            .map(|step| step.path.as_bytes())
            .collect();
        let mut full: HashSet<Box<[u8]>> = HashSet::new();
        for entry in self.now.entries() {
            let stays = entry.node != Node::Absent && !vanishing.contains(&*entry.path);
            let mut above = rel_path::split(&entry.path).0;
            while stays && !above.is_empty() && full.insert(above.into()) {
                above = rel_path::split(above).0;
            }
        }
        steps.retain(|step| {
            let goes = is_folder(step.from.as_ref()) && !is_folder(step.to.as_ref());
            let is_spared = goes && full.contains(step.path.as_bytes());
            if is_spared {
                kept.push(Kept {
                    path: step.path.clone(),
                    why: WhyKept::NotEmpty,
                });
            }
            !is_spared
        });
    }
}

fn owned(state: State<'_>) -> Option<Node> {
    match state {
        State::Known(node) => Some(node.clone()),
        _ => None,
    }
}

pub(crate) fn is_folder(node: Option<&Node>) -> bool {
    matches!(node, Some(Node::Folder { .. }))
}

/// What turns one state into another; none when nothing can be said.
pub(crate) fn action(before: State<'_>, after: State<'_>) -> Option<Action> {
    if before.same(after) {
        return None;
    }
    match (before, after) {
        (State::Unknown(_), _) | (_, State::Unknown(_)) => None,
        (State::Nothing, _) => Some(Action::Create),
        (_, State::Nothing) => Some(Action::Delete),
        (State::Known(old), State::Known(new)) => Some(match (old, new) {
            (Node::File { hash: old, .. }, Node::File { hash: new, .. }) if old == new => {
                Action::ChangeMode
            }
            (Node::Folder { .. }, Node::Folder { .. }) => Action::ChangeMode,
            _ => Action::Replace,
        }),
    }
}

impl Step {
    /// The step as it is shown.
    pub fn shown(&self, by_others: &HashSet<Box<[u8]>>) -> Option<Change> {
        let (from, to) = (self.from.as_ref(), self.to.as_ref());
        let action = action(as_state(from), as_state(to))?;
        let stands = to.or(from)?;
        let (kind, bytes) = match stands {
            Node::File { size, .. } => (EntryKind::File, *size),
            Node::Folder { .. } => (EntryKind::Folder, 0),
            Node::Link { .. } => (EntryKind::Link, 0),
            Node::LeftOut(_) | Node::Absent => return None,
        };
        Some(Change {
            path: self.path.clone(),
            action,
            kind,
            bytes: if action == Action::Delete { 0 } else { bytes },
            also_by_others: by_others.contains(self.path.as_bytes()),
        })
    }
}

fn as_state(node: Option<&Node>) -> State<'_> {
    node.map_or(State::Nothing, State::Known)
}
