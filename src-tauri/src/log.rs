//! The app's log: a file in the state folder, kept small, for `fam doctor`
//! and for bug reports. Neither keys nor conversations are written to it.

use std::fs::{File, OpenOptions};
use std::path::Path;

use engine::Home;

/// A log larger than this is started afresh, the old one kept beside it.
const LARGEST_BYTES: u64 = 2 * 1024 * 1024;

/// Starts logging; `FAMILIAR_LOG` sets the filter, `info` otherwise.
pub fn start(home: &Home) {
    let filter = std::env::var("FAMILIAR_LOG").unwrap_or_else(|_| "info".into());
    let subscriber =
        tracing_subscriber::fmt().with_env_filter(tracing_subscriber::EnvFilter::new(filter));
    let started = match open(&home.state.join("familiar.log")) {
        Ok(file) => subscriber.with_ansi(false).with_writer(file).try_init(),
        Err(error) => {
            eprintln!("familiar: the log file cannot be opened, logging to stderr: {error}");
            subscriber.with_writer(std::io::stderr).try_init()
        }
    };
    if let Err(error) = started {
        eprintln!("familiar: logging could not be started: {error}");
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    if path
        .metadata()
        .is_ok_and(|metadata| metadata.len() > LARGEST_BYTES)
    {
        std::fs::rename(path, path.with_extension("log.old"))?;
    }
    OpenOptions::new().create(true).append(true).open(path)
}
