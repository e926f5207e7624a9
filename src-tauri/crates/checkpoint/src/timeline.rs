//! The snapshots of one session: taking them, listing them, and what changed
//! between two.

use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use protocol::{MessageId, SessionId, ToolCallId};

use crate::beneath::Root;
use crate::blobs::{Batch, make_private};
use crate::hash::ContentHash;
use crate::index::{Index, NewSnapshot};
use crate::manifest::{Manifest, differing_paths};
use crate::scan::{self, Scan, Scanner};
use crate::stat_cache::StatCache;
use crate::vault::{Vault, alive_file};
use crate::{Action, Cause, CheckpointError, RelPath, Snapshot, SnapshotId, plan};

/// The stat cache is worth writing when so many files had to be read.
const READS_WORTH_SAVING: usize = 64;

/// One session's snapshots of its workspace. One caller at a time.
#[derive(Debug)]
pub struct Timeline {
    pub(crate) vault: Arc<Vault>,
    pub(crate) folder: PathBuf,
    pub(crate) root: Root,
    pub(crate) index: Index,
    pub(crate) cache: StatCache,
    last: Option<(ContentHash, Arc<Manifest>)>,
    unsaved_reads: usize,
    _alive: File,
}

/// What one file became between two snapshots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// Which file, folder or link.
    pub path: RelPath,
    /// What happened to it.
    pub action: Action,
}

/// A snapshot just taken, with what was found.
pub(crate) struct Taken {
    pub snapshot: Snapshot,
    pub manifest: Arc<Manifest>,
}

impl Timeline {
    pub(crate) fn open(
        vault: Arc<Vault>,
        session: &SessionId,
        root: &Path,
    ) -> Result<Self, CheckpointError> {
        let folder = vault.session_folder(session);
        make_private(&folder).map_err(|error| CheckpointError::store(&folder, error))?;
        let alive = alive_file(&folder)?;
        alive
            .lock_shared()
            .map_err(|error| CheckpointError::store(&folder, error))?;
        let mut index = Index::open(&folder.join("index"))?;
        let own = root.as_os_str().as_bytes();
        match &index.workspace {
            None => index.set_workspace(own.to_owned())?,
            Some(workspace) if workspace == own => {}
            Some(workspace) => {
                return Err(CheckpointError::OtherRoot {
                    path: PathBuf::from(std::ffi::OsStr::from_bytes(workspace)),
                });
            }
        }
        Ok(Self {
            cache: StatCache::load(&folder.join("stat-cache")),
            root: Root::open(root)?,
            vault,
            folder,
            index,
            last: None,
            unsaved_reads: 0,
            _alive: alive,
        })
    }

    /// The folder the snapshots are of.
    #[must_use]
    pub fn workspace(&self) -> &Path {
        &self.root.path
    }

    /// All snapshots there are, oldest first.
    ///
    /// # Errors
    /// When the index cannot be read.
    pub fn snapshots(&mut self) -> Result<&[Snapshot], CheckpointError> {
        self.index.refresh()?;
        Ok(&self.index.snapshots)
    }

    /// The snapshot taken when the user sent this message.
    #[must_use]
    pub fn at_message(&self, message: &MessageId) -> Option<SnapshotId> {
        self.find(|cause| matches!(cause, Cause::Message { message: own } if own == message))
    }

    /// The snapshot taken before this call ran.
    #[must_use]
    pub fn before_call(&self, call: &ToolCallId) -> Option<SnapshotId> {
        self.find(|cause| matches!(cause, Cause::BeforeCall { call: own } if own == call))
    }

    fn find(&self, is_it: impl Fn(&Cause) -> bool) -> Option<SnapshotId> {
        let mut snapshots = self.index.snapshots.iter().rev();
        snapshots
            .find(|snapshot| is_it(&snapshot.cause))
            .map(|snapshot| snapshot.id)
    }

    /// Takes a snapshot. `extras` are absolute paths that are about to change
    /// and are looked at even when they are ignored; those outside the
    /// workspace are passed over. When this returns, the snapshot is durable.
    ///
    /// # Errors
    /// Disk full, a store that cannot be written, a workspace that is gone.
    /// The store stays as it was.
    pub fn snapshot(
        &mut self,
        cause: Cause,
        extras: &[PathBuf],
        at_ms: u64,
    ) -> Result<Snapshot, CheckpointError> {
        let mut extras: Vec<RelPath> = extras
            .iter()
            .filter_map(|path| RelPath::below(&self.root.path, path))
            .filter(|path| !scan::is_off_limits(path))
            .collect();
        extras.sort_unstable();
        extras.dedup();
        self.take(cause, extras, at_ms, None)
            .map(|taken| taken.snapshot)
    }

    /// What changed from one snapshot to another, by path.
    ///
    /// # Errors
    /// Unknown snapshots, or damaged ones.
    pub fn changes(
        &mut self,
        from: SnapshotId,
        to: SnapshotId,
    ) -> Result<Vec<Changed>, CheckpointError> {
        let (old, new) = (self.manifest(from)?, self.manifest(to)?);
        let blobs = &self.vault.blobs;
        let (from, to) = (self.index.get(from)?.root()?, self.index.get(to)?.root()?);
        let changed = differing_paths(blobs, from, to)?
            .into_iter()
            .filter_map(|path| {
                let (before, after) = (old.state(&path), new.state(&path));
                let action = plan::action(before, after)?;
                let path = RelPath::parse(&path)?;
                Some(Changed { path, action })
            });
        Ok(changed.collect())
    }

    /// Paths that were changed after `since` by somebody else than this
    /// session: between the end of one call and the start of the next.
    pub(crate) fn changed_by_others(
        &self,
        since: SnapshotId,
    ) -> Result<Vec<Box<[u8]>>, CheckpointError> {
        let later = self
            .index
            .snapshots
            .windows(2)
            .filter(|pair| pair[0].id >= since)
            .filter(|pair| {
                matches!(
                    pair[1].cause,
                    Cause::Message { .. }
                        | Cause::BeforeCall { .. }
                        | Cause::BeforeRewind
                        | Cause::Named { .. }
                )
            });
        let mut paths = Vec::new();
        for pair in later {
            paths.extend(differing_paths(
                &self.vault.blobs,
                pair[0].root()?,
                pair[1].root()?,
            )?);
        }
        Ok(paths)
    }

    /// Walks, reads what changed, and writes it down. `also` is a snapshot
    /// whose files are looked at too.
    pub(crate) fn take(
        &mut self,
        cause: Cause,
        extras: Vec<RelPath>,
        at_ms: u64,
        also: Option<&Manifest>,
    ) -> Result<Taken, CheckpointError> {
        self.index.refresh()?;
        let vault = Arc::clone(&self.vault);
        let mut batch = vault.blobs.batch()?;
        let scan = self.walk(&mut batch, &extras, also)?;
        let manifest = scan.manifest;
        let root = manifest.save(&mut batch)?;
        batch.commit()?;
        // Not sooner: what the cache names must be in the store.
        self.cache = scan.cache;
        let snapshot = self.index.add(NewSnapshot {
            at_ms,
            cause,
            root,
            totals: manifest.totals(),
            left_out: scan::left_out(&manifest),
            extras,
        })?;
        drop(batch);
        let manifest = Arc::new(manifest);
        self.last = Some((root, Arc::clone(&manifest)));
        self.save_cache();
        Ok(Taken { snapshot, manifest })
    }

    /// What is there now, without a snapshot of it.
    pub(crate) fn observe(&mut self, also: Option<&Manifest>) -> Result<Manifest, CheckpointError> {
        let vault = Arc::clone(&self.vault);
        let mut batch = vault.blobs.batch()?;
        let scan = self.walk(&mut batch, &[], also)?;
        batch.commit()?;
        self.cache = scan.cache;
        Ok(scan.manifest)
    }

    fn walk(
        &mut self,
        batch: &mut Batch<'_>,
        extras: &[RelPath],
        also: Option<&Manifest>,
    ) -> Result<Scan, CheckpointError> {
        let last = self.last_manifest();
        let vault = &self.vault;
        let scanner = Scanner {
            root: &self.root,
            limits: &vault.limits,
            cache: &self.cache,
            store: vault.identity,
            extras,
            before: last.as_deref().into_iter().chain(also).collect(),
        };
        let scan = scanner.run(batch, vault.blobs.generation())?;
        self.unsaved_reads += scan.read_files;
        Ok(scan)
    }

    fn save_cache(&mut self) {
        if self.unsaved_reads < READS_WORTH_SAVING {
            return;
        }
        self.unsaved_reads = 0;
        if let Err(error) = self.cache.save(&self.folder.join("stat-cache")) {
            tracing::warn!(%error, "the next start has to read the whole workspace");
        }
    }

    /// The newest snapshot's list, when it can be had: without it only more
    /// has to be looked at.
    fn last_manifest(&mut self) -> Option<Arc<Manifest>> {
        let id = self.index.snapshots.last()?.id;
        match self.manifest(id) {
            Ok(manifest) => Some(manifest),
            Err(error) => {
                tracing::warn!(%error, "the last checkpoint cannot be read");
                None
            }
        }
    }

    pub(crate) fn manifest(&mut self, id: SnapshotId) -> Result<Arc<Manifest>, CheckpointError> {
        let root = self.index.get(id)?.root()?;
        if let Some((own, manifest)) = &self.last
            && *own == root
        {
            return Ok(Arc::clone(manifest));
        }
        let manifest = Arc::new(Manifest::load(&self.vault.blobs, root)?);
        let is_newest = self.index.snapshots.last().map(|last| last.id) == Some(id);
        if is_newest {
            self.last = Some((root, Arc::clone(&manifest)));
        }
        Ok(manifest)
    }
}
