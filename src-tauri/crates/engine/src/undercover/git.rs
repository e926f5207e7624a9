//! Questions to git that run nothing a repository could name: plumbing
//! without hooks, filters, pagers or signatures, bounded in time and size.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use exec::Environment;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::Command;

/// A question takes milliseconds; a hanging file system must not hang a turn.
const PATIENCE: Duration = Duration::from_secs(20);

/// More than this is not looked through.
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// Standard output of a question that git answered with success; `None` when
/// it answered with another code.
///
/// # Errors
/// Words, when git does not run, takes too long or says too much.
pub(super) async fn ask(
    folder: &Path,
    arguments: &[&str],
    input: &str,
) -> Result<Option<Vec<u8>>, String> {
    let asked = talk(folder, arguments, input);
    tokio::time::timeout(PATIENCE, asked)
        .await
        .map_err(|_| "git takes too long".to_owned())?
}

async fn talk(folder: &Path, arguments: &[&str], input: &str) -> Result<Option<Vec<u8>>, String> {
    let failed = |error: std::io::Error| format!("git does not run: {error}");
    let mut child = Command::new("git")
        .args([
            "-c",
            "core.fsmonitor=false",
            "-c",
            "core.hooksPath=/dev/null",
        ])
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(Environment::of_process(folder).iter())
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(failed)?;
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let write = async {
        if let Some(mut stdin) = stdin {
            // Git may end before it read all; its code tells.
            let _ = stdin.write_all(input.as_bytes()).await;
        }
    };
    let mut output = Vec::new();
    let read = async {
        match stdout {
            Some(stdout) => stdout.take(MOST_BYTES + 1).read_to_end(&mut output).await,
            None => Ok(0),
        }
    };
    let ((), read) = tokio::join!(write, read);
    read.map_err(failed)?;
    if output.len() as u64 > MOST_BYTES {
        return Err("there is too much of it".to_owned());
    }
    let status = child.wait().await.map_err(failed)?;
    Ok(status.success().then_some(output))
}

async fn line(folder: &Path, arguments: &[&str]) -> Result<Option<String>, String> {
    let output = ask(folder, arguments, "").await?;
    let text = output.map(|output| String::from_utf8_lossy(&output).trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// The commit that HEAD is; none without a repository or a commit.
pub(super) async fn head(folder: &Path) -> Option<String> {
    revision(folder, "HEAD").await
}

/// The commit that a name stands for.
pub(super) async fn revision(folder: &Path, name: &str) -> Option<String> {
    let wanted = format!("{name}^{{commit}}");
    let arguments = [
        "rev-parse",
        "--verify",
        "--quiet",
        "--end-of-options",
        &wanted,
    ];
    line(folder, &arguments).await.ok().flatten()
}

/// One value of the configuration in force.
pub(super) async fn config(folder: &Path, key: &str) -> Result<Option<String>, String> {
    line(folder, &["config", "--get", key]).await
}

/// The branch that HEAD is on.
pub(super) async fn branch(folder: &Path) -> Option<String> {
    let arguments = ["symbolic-ref", "--quiet", "--short", "HEAD"];
    line(folder, &arguments).await.ok().flatten()
}
