//! Opens the file: private to the user, write-ahead logged, fully synced,
//! and of the newest format.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use protocol::AuditEntry;
use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::{Fault, StoreError};
use crate::migration::{self, Format};
use crate::run_lock::RunLock;

/// Statements kept compiled; more than the crate has.
const STATEMENT_CACHE: usize = 96;

/// Pause between two tries to switch to the write-ahead log.
const WAL_PAUSE: Duration = Duration::from_millis(10);

/// The connection and the mark that this process uses the file.
pub(crate) struct Database {
    pub(crate) connection: Connection,
    pub(crate) run: RunLock,
    /// Entries of the audit ledger that go with the next write.
    pub(crate) audit_waiting: Vec<AuditEntry>,
}

impl Database {
    /// Opens or makes the file at `path`; calls wait `patience` for another
    /// process that writes.
    pub(crate) fn open(path: &Path, patience: Duration) -> Result<Self, StoreError> {
        make_private(path).map_err(|error| StoreError::open(path, &error))?;
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let mut connection =
            Connection::open_with_flags(path, flags).map_err(|error| Fault::Sql(error).at(path))?;
        prepare(&mut connection, path, patience)?;
        let run =
            RunLock::take(&runs_folder(path)).map_err(|error| StoreError::open(path, &error))?;
        Ok(Self {
            connection,
            run,
            audit_waiting: Vec::new(),
        })
    }

    /// A database that ends with the process.
    pub(crate) fn in_memory() -> Result<Self, StoreError> {
        let path = Path::new(":memory:");
        let mut connection =
            Connection::open_in_memory().map_err(|error| Fault::Sql(error).at(path))?;
        prepare(&mut connection, path, Duration::ZERO)?;
        Ok(Self {
            connection,
            run: RunLock::unshared(),
            audit_waiting: Vec::new(),
        })
    }
}

fn prepare(connection: &mut Connection, path: &Path, patience: Duration) -> Result<(), StoreError> {
    let known = migration::newest();
    let found = configure(connection, patience).map_err(|fault| fault.at(path))?;
    if found == Format::Version(0) {
        // Only a file without tables can be told; the trash needs it.
        let told = connection.pragma_update(None, "auto_vacuum", "INCREMENTAL");
        told.map_err(|error| Fault::Sql(error).at(path))?;
    }
    match found {
        Format::Foreign => {
            return Err(StoreError::Foreign {
                path: path.to_owned(),
            });
        }
        Format::Version(found) if found > known => {
            return Err(StoreError::NewerVersion {
                path: path.to_owned(),
                found,
                known,
            });
        }
        Format::Version(_) => {}
    }
    write_ahead(connection, patience).map_err(|fault| fault.at(path))?;
    migration::migrate_to(connection, known).map_err(|fault| fault.at(path))
}

fn configure(connection: &mut Connection, patience: Duration) -> Result<Format, Fault> {
    connection.busy_timeout(patience)?;
    connection.set_prepared_statement_cache_capacity(STATEMENT_CACHE);
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "trusted_schema", false)?;
    // What is removed is overwritten where that costs no extra writes.
    connection.pragma_update(None, "secure_delete", "FAST")?;
    migration::format(connection)
}

/// Two processes that make the file at once can block each other in a way
/// SQLite reports at once instead of waiting, so the wait is here.
/// Some network disks have no shared memory; SQLite then keeps its rollback
/// journal, which is slower and just as durable.
fn write_ahead(connection: &Connection, patience: Duration) -> Result<(), Fault> {
    let start = Instant::now();
    loop {
        let switched = connection.query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0));
        let mode: String = match switched {
            Err(error) if is_busy(&error) && start.elapsed() < patience => {
                std::thread::sleep(WAL_PAUSE);
                continue;
            }
            other => other?,
        };
        if mode != "wal" && mode != "memory" {
            tracing::warn!(mode, "the session database has no write-ahead log");
        }
        return Ok(());
    }
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn runs_folder(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-runs");
    path.with_file_name(name)
}

/// Makes folder and file for the user alone. SQLite gives its log and index
/// files the rights of the main file.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        make_folder(folder)?;
    }
    let file = options.open(path)?;
    tighten(&file)
}

pub(crate) fn make_folder(folder: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

#[cfg(unix)]
fn tighten(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let rights = file.metadata()?.permissions().mode() & 0o777;
    if rights & 0o077 == 0 {
        return Ok(());
    }
    file.set_permissions(std::fs::Permissions::from_mode(rights & 0o700))
}

#[cfg(not(unix))]
fn tighten(_file: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
