use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use lsp::{At, Connection, Launch, LaunchError, Pool, SERVERS, Server, ServerCommand};
use tokio::process::Command;

/// How long a real server may take for what a test waits for.
pub const LIMIT: Duration = Duration::from_secs(60);

/// Starts programs, some of them under another name.
pub struct Launcher {
    /// Program of the catalogue → what stands in for it.
    pub instead: HashMap<&'static str, PathBuf>,
}

#[async_trait]
impl Launch for Launcher {
    async fn launch(
        &self,
        command: &ServerCommand,
        root: &Path,
    ) -> Result<Connection, LaunchError> {
        let named = self.instead.get(command.program).cloned();
        let mut child = Command::new(named.unwrap_or_else(|| command.program.into()))
            .args(command.arguments)
            .current_dir(root)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| match error.kind() {
                std::io::ErrorKind::NotFound => LaunchError::NotFound,
                _ => LaunchError::Failed(error.to_string()),
            })?;
        Ok(Connection {
            stdin: Box::new(child.stdin.take().unwrap()),
            stdout: Box::new(child.stdout.take().unwrap()),
            stderr: Box::new(child.stderr.take().unwrap()),
            pid: child.id(),
            guard: Box::new(child),
        })
    }
}

/// A folder with a project, and servers for it.
pub struct Project {
    pub folder: tempfile::TempDir,
    pub pool: Pool,
}

impl Project {
    /// `variable` names the program to use for `program`, when it is set.
    pub fn new(program: &'static str, variable: &str, files: &[(&str, &str)]) -> Self {
        let named = std::env::var_os(variable).map(PathBuf::from);
        let instead = named.into_iter().map(|path| (program, path)).collect();
        let folder = tempfile::tempdir().unwrap();
        let project = Self {
            folder,
            pool: Pool::new(Arc::new(Launcher { instead }), SERVERS),
        };
        for (name, text) in files {
            project.write(name, text);
        }
        project
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().canonicalize().unwrap().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    pub async fn server(&self, name: &str, hint: &str) -> Arc<Server> {
        let server = self.pool.server(&self.path(name), self.folder.path()).await;
        server.unwrap_or_else(|error| panic!("{error}\n{hint}"))
    }
}

pub fn name(line: usize, name: &str) -> At {
    At::Name {
        line,
        name: name.to_owned(),
    }
}

/// `file:line:column preview` of each place.
pub fn shown(places: &[lsp::Place]) -> Vec<String> {
    let line = |place: &lsp::Place| {
        let file = place.path.file_name().unwrap().to_string_lossy();
        let start = place.span.start;
        format!("{file}:{}:{} {}", start.line, start.column, place.preview)
    };
    places.iter().map(line).collect()
}

/// `line severity message` of each problem.
pub fn told(problems: &[lsp::Problem]) -> Vec<String> {
    let line =
        |one: &lsp::Problem| format!("{} {:?} {}", one.span.start.line, one.severity, one.message);
    problems.iter().map(line).collect()
}
