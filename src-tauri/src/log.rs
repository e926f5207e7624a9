//! The app's log: a file in the state folder, kept small, for `fam doctor`
//! and for bug reports. Neither keys nor conversations are written to it.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use engine::{Home, Redactor};

/// A log larger than this is started afresh, the old one kept beside it.
const LARGEST_BYTES: u64 = 2 * 1024 * 1024;

/// Starts logging; `FAMILIAR_LOG` sets the filter, `info` otherwise.
pub fn start(home: &Home) {
    let filter = std::env::var("FAMILIAR_LOG").unwrap_or_else(|_| "info".into());
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::new(filter));
    let started = match open(&home.state.join("familiar.log")) {
        Ok(file) => {
            let log = Log {
                file: Arc::new(Mutex::new(file)),
                redactor: Redactor::new(),
            };
            let writer = move || log.clone();
            subscriber.with_ansi(false).with_writer(writer).try_init()
        }
        Err(error) => {
            eprintln!("familiar: the log file cannot be opened, logging to stderr: {error}");
            subscriber.with_writer(std::io::stderr).try_init()
        }
    };
    if let Err(error) = started {
        eprintln!("familiar: logging could not be started: {error}");
    }
}

/// The log file. Each event comes in one piece, and goes out without secrets.
#[derive(Clone)]
struct Log {
    file: Arc<Mutex<File>>,
    redactor: Redactor,
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        let clean = self.redactor.redact(&text);
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.write_all(clean.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .flush()
    }
}

/// Opens the log for this user alone.
fn open(path: &Path) -> io::Result<File> {
    let mut folders = std::fs::DirBuilder::new();
    folders.recursive(true);
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(0o700);
        options.mode(0o600);
    }
    if let Some(folder) = path.parent() {
        folders.create(folder)?;
    }
    if path
        .metadata()
        .is_ok_and(|metadata| metadata.len() > LARGEST_BYTES)
    {
        std::fs::rename(path, path.with_extension("log.old"))?;
    }
    options.open(path)
}
