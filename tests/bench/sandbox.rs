//! What the sandbox adds to a command.

use std::path::Path;
use std::time::Duration;

use exec::{Command, Environment, Sandbox};
use protocol::Confinement;
use tokio_util::sync::CancellationToken;

use crate::Measured;

const ROUNDS: usize = 30;

/// Times of one command with walls less the time of the same without, in
/// milliseconds. The helper is in `folder`.
pub fn added_ms(folder: &Path) -> Measured<Vec<f64>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let sandbox = Sandbox::find(folder).await?;
        let workspace = tempfile::tempdir()?;
        let root = workspace.path().canonicalize()?;
        // As many as a usual workspace has.
        let protected = (0..20).map(|number| root.join(format!(".absent-{number}")));
        let walls = Confinement {
            protected: protected.collect(),
            writable: vec![root.clone()],
            ..Confinement::default()
        };
        let mut added = Vec::new();
        for _ in 0..ROUNDS {
            let free = took(command(&root, None)).await?;
            let confined = took(command(&root, Some((sandbox.clone(), walls.clone())))).await?;
            added.push((confined.as_secs_f64() - free.as_secs_f64()) * 1000.0);
        }
        Ok(added)
    })
}

fn command(root: &Path, confined: Option<(Sandbox, Confinement)>) -> Command {
    Command {
        script: "true".to_owned(),
        cwd: root.to_owned(),
        timeout: Duration::from_secs(10),
        environment: Environment::of_process(root),
        confined,
    }
}

async fn took(command: Command) -> Measured<Duration> {
    let finished = exec::run(command, |_, _| {}, &CancellationToken::new()).await?;
    match finished.exit {
        exec::Exit::Code(0) => Ok(finished.duration),
        exit => Err(format!("`true` ended with {exit:?}").into()),
    }
}
