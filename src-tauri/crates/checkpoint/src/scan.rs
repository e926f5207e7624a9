//! The walk: looks at every file of a workspace, reads those that changed
//! into the store, and lists what it found and what it left out.
//!
//! It opens regular files only and follows no link. It changes nothing in
//! the workspace.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::time::Instant;

use rustix::fs::{Dir, FileType, Stat};
use rustix::io::Errno;

use crate::beneath::{self, Root, Stamp, stamp};
use crate::blobs::Batch;
use crate::manifest::{Entry, Gap, Manifest, Node, State};
use crate::rules::Rules;
use crate::stat_cache::{Cached, StatCache, is_settled, now_ns};
use crate::{CheckpointError, LeftOut, Limits, RelPath, rel_path};

/// Version control keeps its own history; a rewind must not touch it.
const VERSION_CONTROL: &[&str] = &[".git", ".hg", ".svn", ".jj"];
/// A rewind that was cut leaves a folder of this name at the top.
pub(crate) const TEMP_PREFIX: &str = ".familiar-rewind-";
/// Each level holds a folder open.
const MAX_DEPTH: usize = 100;
/// Smaller files are read whole before anything is written.
const SMALL_BYTES: u64 = 1 << 20;
/// How often a file that changes while it is read is read.
const MAX_READS: usize = 3;

/// What to look at, and with what.
pub(crate) struct Scanner<'a> {
    pub root: &'a Root,
    pub limits: &'a Limits,
    pub cache: &'a StatCache,
    /// Device and inode of the store, should it stand in the workspace.
    pub store: (u64, u64),
    /// Paths to look at even where the walk does not go.
    pub extras: &'a [RelPath],
    /// What was seen before is looked at again, even where the walk does not
    /// go any more: a new line in a `.gitignore` deletes nothing.
    pub before: Vec<&'a Manifest>,
}

/// What was found.
pub(crate) struct Scan {
    pub manifest: Manifest,
    pub cache: StatCache,
    /// Files that had to be read.
    pub read_files: usize,
}

impl Scanner<'_> {
    pub fn run(&self, batch: &mut Batch<'_>, generation: String) -> Result<Scan, CheckpointError> {
        let is_verified = generation == self.cache.generation;
        let mut walk = Walk {
            scanner: self,
            batch,
            is_verified,
            rules: Rules::around(&self.root.path),
            entries: Vec::with_capacity(self.cache.files.len()),
            cache: StatCache {
                generation,
                files: std::collections::HashMap::with_capacity(self.cache.files.len()),
            },
            read_files: 0,
            deadline: Instant::now() + self.limits.max_time,
        };
        walk.top()?;
        let seen = Manifest::new(std::mem::take(&mut walk.entries));
        walk.explicit(&seen)?;
        let manifest = if walk.entries.is_empty() {
            seen
        } else {
            seen.with(walk.entries)
        };
        Ok(Scan {
            manifest,
            cache: walk.cache,
            read_files: walk.read_files,
        })
    }
}

/// What a snapshot does not have, counted by reason.
pub(crate) fn left_out(manifest: &Manifest) -> Vec<LeftOut> {
    let mut found: BTreeMap<Gap, LeftOut> = BTreeMap::new();
    for entry in manifest.entries() {
        let (Node::LeftOut(gap)
        | Node::Folder {
            partial: Some(gap), ..
        }) = entry.node
        else {
            continue;
        };
        let line = found.entry(gap).or_insert_with(|| LeftOut {
            gap,
            count: 0,
            example: String::from_utf8_lossy(&entry.path).into_owned(),
        });
        line.count += 1;
    }
    found.into_values().collect()
}

struct Walk<'a, 'b> {
    scanner: &'a Scanner<'a>,
    batch: &'a mut Batch<'b>,
    /// The store still has all that the cache names.
    is_verified: bool,
    rules: Rules,
    entries: Vec<Entry>,
    cache: StatCache,
    read_files: usize,
    deadline: Instant,
}

impl Walk<'_, '_> {
    fn top(&mut self) -> Result<(), CheckpointError> {
        let root = self.scanner.root;
        let opened = root
            .folder(b"")
            .and_then(|fd| rustix::fs::fstat(&fd).map(|stat| (fd, stat)));
        let (fd, stat) = opened.map_err(|error| CheckpointError::RootGone {
            path: root.path.clone(),
            source: error.into(),
        })?;
        self.folder(fd, &stat, &mut Vec::new(), 0)
    }

    /// A folder and all that is in it.
    fn folder(
        &mut self,
        fd: OwnedFd,
        stat: &Stat,
        path: &mut Vec<u8>,
        depth: usize,
    ) -> Result<(), CheckpointError> {
        let index = self.entries.len();
        self.add(path, folder_node(stat, None));
        let partial = self.content(&fd, path, depth)?;
        self.entries[index].node = folder_node(stat, partial);
        Ok(())
    }

    /// What is in a folder; why not all of it, if so.
    fn content(
        &mut self,
        fd: &OwnedFd,
        path: &mut Vec<u8>,
        depth: usize,
    ) -> Result<Option<Gap>, CheckpointError> {
        let Ok(mut names) = names(fd) else {
            return Ok(Some(Gap::Unreadable));
        };
        if depth == 0 {
            names.retain(|name| !name.starts_with(TEMP_PREFIX.as_bytes()));
        }
        let length = path.len();
        if !path.is_empty() {
            path.push(b'/');
        }
        let has_rules =
            names.iter().any(|name| **name == *b".gitignore") && self.rules.enter(fd, path.len());
        let mut partial = None;
        for name in &names {
            partial = self.bound();
            if partial.is_some() {
                break;
            }
            path.truncate(if length == 0 { 0 } else { length + 1 });
            path.extend(name);
            self.one(fd, name, path, depth)?;
        }
        if has_rules {
            self.rules.leave();
        }
        path.truncate(length);
        Ok(partial)
    }

    fn bound(&self) -> Option<Gap> {
        if self.entries.len() >= self.scanner.limits.max_entries {
            return Some(Gap::TooMany);
        }
        (Instant::now() >= self.deadline).then_some(Gap::TooSlow)
    }

    /// One name in a folder; `path` is its whole path.
    fn one(
        &mut self,
        fd: &OwnedFd,
        name: &[u8],
        path: &mut Vec<u8>,
        depth: usize,
    ) -> Result<(), CheckpointError> {
        let stat = match beneath::look(fd, name) {
            Ok(Some(stat)) => stat,
            Ok(None) => return Ok(()),
            Err(_) => {
                self.add(path, Node::LeftOut(Gap::Unreadable));
                return Ok(());
            }
        };
        let is_folder = beneath::file_type(&stat) == FileType::Directory;
        if let Some(gap) = self.passed_over(name, path, &stat) {
            self.add(path, Node::LeftOut(gap));
            return Ok(());
        }
        if !is_folder {
            let node = self.leaf(fd, name, path, &stat)?;
            node.into_iter().for_each(|node| self.add(path, node));
            return Ok(());
        }
        if depth >= MAX_DEPTH {
            self.add(path, Node::LeftOut(Gap::TooMany));
            return Ok(());
        }
        match beneath::open_folder(fd, name) {
            Ok(below) => self.folder(below, &stat, path, depth + 1),
            // Gone, or no folder any more: the next snapshot sees it.
            Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(()),
            Err(_) => {
                self.add(path, folder_node(&stat, Some(Gap::Unreadable)));
                Ok(())
            }
        }
    }

    fn passed_over(&self, name: &[u8], path: &[u8], stat: &Stat) -> Option<Gap> {
        if is_version_control(name) {
            return Some(Gap::VersionControl);
        }
        let is_folder = beneath::file_type(stat) == FileType::Directory;
        if self.rules.ignores(path, is_folder) {
            return Some(Gap::Ignored);
        }
        if !is_folder {
            return None;
        }
        let device = beneath::device(stat);
        if device != self.scanner.root.device {
            return Some(Gap::OtherFileSystem);
        }
        (self.scanner.store == (device, stamp(stat).inode)).then_some(Gap::Ignored)
    }

    /// What is no folder; none when it vanished.
    fn leaf(
        &mut self,
        fd: &OwnedFd,
        name: &[u8],
        path: &[u8],
        stat: &Stat,
    ) -> Result<Option<Node>, CheckpointError> {
        match beneath::file_type(stat) {
            FileType::RegularFile => self.file(fd, name, path, stat),
            FileType::Symlink => Ok(match rustix::fs::readlinkat(fd, name, Vec::new()) {
                Ok(target) => Some(Node::Link {
                    target: target.into_bytes().into(),
                }),
                Err(Errno::NOENT) => None,
                Err(_) => Some(Node::LeftOut(Gap::Unreadable)),
            }),
            _ => Ok(Some(Node::LeftOut(Gap::Special))),
        }
    }

    fn file(
        &mut self,
        fd: &OwnedFd,
        name: &[u8],
        path: &[u8],
        stat: &Stat,
    ) -> Result<Option<Node>, CheckpointError> {
        let own = stamp(stat);
        if own.size > self.scanner.limits.max_file_bytes {
            return Ok(Some(Node::LeftOut(Gap::TooLarge)));
        }
        if let Some(hash) = self.scanner.cache.get(path, &own)
            && (self.is_verified || self.batch.has(hash))
        {
            let cached = Cached {
                stamp: own,
                hash,
                settled: true,
            };
            self.cache.files.insert(path.into(), cached);
            return Ok(Some(file_node(&cached)));
        }
        self.read_files += 1;
        let mut last = None;
        for _ in 0..MAX_READS {
            let read_ns = now_ns();
            let (mut file, before) = match beneath::open_file(fd, name) {
                Ok(opened) => opened,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(_) => return Ok(Some(Node::LeftOut(Gap::Unreadable))),
            };
            let before = stamp(&before);
            let (hash, size) = match self.keep(&mut file, before.size)? {
                Ok(kept) => kept,
                Err(gap) => return Ok(Some(Node::LeftOut(gap))),
            };
            let after = rustix::fs::fstat(&file).map(|stat| stamp(&stat));
            let is_whole = after == Ok(before) && size == before.size;
            let cached = Cached {
                stamp: Stamp { size, ..before },
                hash,
                settled: is_whole && is_settled(&before, read_ns),
            };
            last = Some(cached);
            if is_whole {
                break;
            }
        }
        Ok(last.map(|cached| {
            self.cache.files.insert(path.into(), cached);
            file_node(&cached)
        }))
    }

    /// Reads a file into the store.
    fn keep(
        &mut self,
        file: &mut File,
        size: u64,
    ) -> Result<Result<(crate::hash::ContentHash, u64), Gap>, CheckpointError> {
        let max_bytes = self.scanner.limits.max_file_bytes;
        if size <= SMALL_BYTES {
            // A file that grows meanwhile is met again by the next look.
            let mut content = Vec::with_capacity(size as usize + 1);
            if file.take(size + 1).read_to_end(&mut content).is_err() {
                return Ok(Err(Gap::Unreadable));
            }
            if content.len() as u64 > max_bytes {
                return Ok(Err(Gap::TooLarge));
            }
            let hash = self.batch.put(&content)?;
            return Ok(Ok((hash, content.len() as u64)));
        }
        let mut source = Source {
            file,
            failed: false,
        };
        match self.batch.put_from(&mut source, max_bytes) {
            Ok(Some(kept)) => Ok(Ok(kept)),
            Ok(None) => Ok(Err(Gap::TooLarge)),
            Err(_) if source.failed => Ok(Err(Gap::Unreadable)),
            Err(error) => Err(error),
        }
    }

    /// The paths asked for that the walk did not come by.
    fn explicit(&mut self, seen: &Manifest) -> Result<(), CheckpointError> {
        let earlier = self.scanner.before.iter().flat_map(|manifest| {
            manifest.entries().iter().filter_map(|entry| {
                let is_own = !matches!(entry.node, Node::Folder { .. } | Node::LeftOut(_));
                is_own.then_some(&*entry.path)
            })
        });
        let asked = self.scanner.extras.iter().map(RelPath::as_bytes);
        let missing: BTreeSet<&[u8]> = asked
            .chain(earlier)
            .filter(|path| {
                matches!(
                    seen.state(path),
                    State::Unknown(Gap::Ignored | Gap::TooMany | Gap::TooSlow)
                )
            })
            .filter(|path| !path.split(|&byte| byte == b'/').any(is_version_control))
            .collect();
        for path in missing {
            let node = self.look_at(path)?;
            node.into_iter().for_each(|node| self.add(path, node));
        }
        Ok(())
    }

    /// What stands at `path` now; none when that cannot be told or it is a
    /// folder, which only the walk can know.
    fn look_at(&mut self, path: &[u8]) -> Result<Option<Node>, CheckpointError> {
        let (above, name) = rel_path::split(path);
        let found = match self.scanner.root.folder(above) {
            Ok(fd) => beneath::look(&fd, name).map(|stat| stat.map(|stat| (fd, stat))),
            Err(error) => Err(error),
        };
        match found {
            Ok(Some((_, stat))) if beneath::file_type(&stat) == FileType::Directory => Ok(None),
            Ok(Some((fd, stat))) => self.leaf(&fd, name, path, &stat),
            Ok(None) | Err(Errno::NOENT | Errno::NOTDIR | Errno::LOOP) => Ok(Some(Node::Absent)),
            Err(_) => Ok(None),
        }
    }

    fn add(&mut self, path: &[u8], node: Node) {
        self.entries.push(Entry {
            path: path.into(),
            node,
        });
    }
}

fn folder_node(stat: &Stat, partial: Option<Gap>) -> Node {
    Node::Folder {
        mode: beneath::mode(stat),
        partial,
    }
}

fn file_node(cached: &Cached) -> Node {
    Node::File {
        mode: cached.stamp.mode,
        size: cached.stamp.size,
        hash: cached.hash,
    }
}

/// Also on disks that do not tell case apart.
fn is_version_control(name: &[u8]) -> bool {
    VERSION_CONTROL
        .iter()
        .any(|own| name.eq_ignore_ascii_case(own.as_bytes()))
}

/// True for what no snapshot and no rewind ever touches.
pub(crate) fn is_off_limits(path: &RelPath) -> bool {
    path.as_bytes()
        .split(|&byte| byte == b'/')
        .any(is_version_control)
}

/// The names in a folder, sorted, so that limits cut the same way each time.
fn names(fd: &OwnedFd) -> Result<Vec<Box<[u8]>>, Errno> {
    let mut names = Vec::new();
    for entry in Dir::read_from(fd)? {
        let entry = entry?;
        let name = entry.file_name().to_bytes();
        if !matches!(name, b"." | b"..") {
            names.push(name.into());
        }
    }
    names.sort_unstable();
    Ok(names)
}

/// Tells a failing file from a failing store.
struct Source<'a> {
    file: &'a mut File,
    failed: bool,
}

impl Read for Source<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.file.read(out).inspect_err(|error| {
            self.failed |= error.kind() != io::ErrorKind::Interrupted;
        })
    }
}
