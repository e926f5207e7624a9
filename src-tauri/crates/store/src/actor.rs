//! The handle and the thread behind it. One thread owns the connection; jobs
//! reach it through a bounded channel and run in order.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};

use crate::database::Database;
use crate::error::{Fault, StoreError};
use crate::{audit, index};

/// Jobs that may wait; a caller beyond that waits for a place.
const QUEUE_LENGTH: usize = 64;

/// How long a call waits for another process before it reports `Locked`.
const PATIENCE: Duration = Duration::from_secs(5);

type Job = Box<dyn FnOnce(&mut Database) + Send>;

enum Order {
    Run(Job),
    /// Dropped once the file is closed.
    Close(oneshot::Sender<()>),
}

/// A handle to the database; clones share it. When the last one is dropped
/// the thread finishes what is queued, closes the file and ends.
#[derive(Clone)]
pub struct Store {
    orders: mpsc::Sender<Order>,
    path: Arc<Path>,
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database at `path`, making it and its folder when missing
    /// and bringing it to the newest format.
    ///
    /// # Errors
    /// Says what is wrong with the file. The file is left as it was.
    pub async fn open(path: &Path) -> Result<Self, StoreError> {
        let file = path.to_owned();
        Self::start(path.to_owned(), move || Database::open(&file, PATIENCE)).await
    }

    /// A store that forgets everything when closed, for a machine whose disk
    /// cannot be written.
    ///
    /// # Errors
    /// Only when memory or threads run out.
    pub async fn in_memory() -> Result<Self, StoreError> {
        Self::start(PathBuf::from(":memory:"), Database::in_memory).await
    }

    /// Where the database is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Finishes what is queued, closes the file and ends the thread. Later
    /// calls of every clone report `Closed`.
    pub async fn close(&self) {
        let (closer, closed) = oneshot::channel();
        if self.orders.send(Order::Close(closer)).await.is_ok() {
            // Never answered, only dropped: the error is the news.
            let _ = closed.await;
        }
    }

    /// Looks for damage in the whole file, and whether the search index
    /// agrees with what it indexes; slow on a large one.
    ///
    /// # Errors
    /// `Corrupt` with SQLite's first finding.
    pub async fn check(&self) -> Result<(), StoreError> {
        let path = Arc::clone(&self.path);
        self.call(move |database| {
            let finding: String =
                database
                    .connection
                    .query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
            if finding == "ok" {
                return index::check(&database.connection);
            }
            Err(Fault::Known(StoreError::Corrupt {
                path: path.to_path_buf(),
                detail: finding,
            }))
        })
        .await
    }

    /// Runs `job` on the thread and brings back its answer. Dropping the
    /// future does not take back a job that was already queued.
    pub(crate) async fn call<T, F>(&self, job: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&mut Database) -> Result<T, Fault> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |database| {
            // Nobody waits any more when this fails; the work is done all the same.
            let _ = reply.send(job(database));
        });
        self.orders
            .send(Order::Run(job))
            .await
            .map_err(|_| StoreError::Closed)?;
        answer
            .await
            .map_err(|_| StoreError::Closed)?
            .map_err(|fault| fault.at(&self.path))
    }

    async fn start<F>(path: PathBuf, open: F) -> Result<Self, StoreError>
    where
        F: FnOnce() -> Result<Database, StoreError> + Send + 'static,
    {
        let (orders, inbox) = mpsc::channel(QUEUE_LENGTH);
        let (ready, opened) = oneshot::channel();
        std::thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || match open() {
                Ok(database) => {
                    if ready.send(Ok(())).is_ok() {
                        work(database, inbox);
                    }
                }
                Err(error) => {
                    let _ = ready.send(Err(error));
                }
            })
            .map_err(|error| StoreError::open(&path, &error))?;
        opened.await.map_err(|_| StoreError::Closed)??;
        Ok(Self {
            orders,
            path: path.into(),
        })
    }
}

fn work(mut database: Database, mut inbox: mpsc::Receiver<Order>) {
    let mut closers = Vec::new();
    while let Some(order) = inbox.blocking_recv() {
        match order {
            Order::Run(job) => job(&mut database),
            Order::Close(closer) => {
                closers.push(closer);
                inbox.close();
            }
        }
    }
    if let Err(fault) = audit::write_waiting(&mut database) {
        tracing::warn!(?fault, "the end of the audit ledger could not be written");
    }
    drop(database);
    drop(closers);
}
