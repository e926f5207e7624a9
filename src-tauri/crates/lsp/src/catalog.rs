//! Which language servers there are, as data: what they speak, where their
//! projects begin, how they are started and how a person installs one.

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// A language server and all that is known of it before it runs.
#[derive(Debug)]
pub struct Entry {
    /// What people call it.
    pub name: &'static str,
    /// The languages it speaks.
    pub languages: &'static [Language],
    /// Names of files that mark a project's root, in groups: the nearest
    /// marker of the first group that is found decides.
    pub roots: &'static [&'static [&'static str]],
    /// Tried in this order; the first program that exists is taken.
    pub commands: &'static [ServerCommand],
    /// `initializationOptions`.
    pub options: fn() -> Value,
    /// What it is told when it asks for its configuration, by section.
    pub settings: fn() -> Value,
    /// A save makes it run a compiler whose problems come late, as a job it
    /// tells of: its problems are whole only when no job is left.
    pub checks_when_saved: bool,
    /// How a person gets it, as a sentence.
    pub install: &'static str,
}

/// A language of a server.
#[derive(Debug)]
pub struct Language {
    /// Its id in the protocol.
    pub id: &'static str,
    /// Extensions of its files, without the dot.
    pub extensions: &'static [&'static str],
}

/// A program and its arguments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ServerCommand {
    /// Looked up in `PATH` by whoever launches it.
    pub program: &'static str,
    /// Arguments, as they are.
    pub arguments: &'static [&'static str],
}

/// All servers that are known.
pub static SERVERS: &[Entry] = &[
    Entry {
        name: "rust-analyzer",
        languages: &[language("rust", &["rs"])],
        // A lock file stands at the root of a workspace, not in its members:
        // one server for all of them.
        roots: &[&["Cargo.lock"], &["Cargo.toml", "rust-project.json"]],
        commands: &[command("rust-analyzer", &[])],
        options: || json!({}),
        settings: || json!({}),
        checks_when_saved: true,
        install: "Install it with `rustup component add rust-analyzer`.",
    },
    Entry {
        name: "pyright",
        languages: &[language("python", &["py", "pyi"])],
        roots: &[
            &["pyrightconfig.json", "pyproject.toml"],
            &["setup.py", "setup.cfg", "requirements.txt", "Pipfile"],
        ],
        commands: &[
            command("pyright-langserver", &["--stdio"]),
            command("basedpyright-langserver", &["--stdio"]),
            command("pylsp", &[]),
        ],
        options: || json!({}),
        settings: || json!({"python": {"analysis": {"diagnosticMode": "openFilesOnly"}}}),
        checks_when_saved: false,
        install: "Install it with `npm install -g pyright` or `pip install basedpyright`.",
    },
    Entry {
        name: "typescript-language-server",
        languages: &[
            language("typescript", &["ts", "mts", "cts"]),
            language("typescriptreact", &["tsx"]),
            language("javascript", &["js", "mjs", "cjs"]),
            language("javascriptreact", &["jsx"]),
        ],
        roots: &[
            &[
                "package-lock.json",
                "pnpm-lock.yaml",
                "yarn.lock",
                "bun.lock",
            ],
            &["tsconfig.json", "jsconfig.json"],
            &["package.json"],
        ],
        commands: &[command("typescript-language-server", &["--stdio"])],
        // Without it the server fetches type packages from the network.
        options: || json!({"disableAutomaticTypingAcquisition": true}),
        settings: || json!({}),
        checks_when_saved: false,
        install: "Install it with `npm install -g typescript typescript-language-server`.",
    },
    Entry {
        name: "clangd",
        languages: &[
            language("c", &["c", "h"]),
            language(
                "cpp",
                &["cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ipp"],
            ),
            language("objective-c", &["m"]),
            language("objective-cpp", &["mm"]),
            language("cuda-cpp", &["cu", "cuh"]),
        ],
        roots: &[
            &["compile_commands.json", "compile_flags.txt", ".clangd"],
            &["CMakeLists.txt", "meson.build", "configure.ac", "Makefile"],
        ],
        commands: &[command("clangd", &[])],
        options: || json!({}),
        settings: || json!({}),
        checks_when_saved: false,
        install: "Install it with the system's package manager, for example `apt install clangd`; a `compile_commands.json` in the project tells it how files are compiled.",
    },
    Entry {
        name: "gopls",
        languages: &[language("go", &["go"]), language("go.mod", &["mod"])],
        roots: &[&["go.work"], &["go.mod"]],
        commands: &[command("gopls", &[])],
        options: || json!({}),
        settings: || json!({}),
        checks_when_saved: false,
        install: "Install it with `go install golang.org/x/tools/gopls@latest`.",
    },
];

impl Entry {
    /// The protocol's id of the language `path` is written in.
    #[must_use]
    pub fn language_of(&self, path: &Path) -> Option<&'static str> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        let language = self
            .languages
            .iter()
            .find(|language| language.extensions.contains(&extension.as_str()))?;
        Some(language.id)
    }

    /// Where the project of `path` begins: a folder from its own up to
    /// `workspace`, which it is when there is no marker. Asks the disk.
    #[must_use]
    pub fn root_of(&self, path: &Path, workspace: &Path) -> PathBuf {
        let nearest = |names: &&[&str]| {
            path.ancestors()
                .skip(1)
                .take_while(|folder| folder.starts_with(workspace))
                .find(|folder| names.iter().any(|name| folder.join(name).is_file()))
        };
        let marked = self.roots.iter().find_map(nearest);
        marked.unwrap_or(workspace).to_owned()
    }
}

/// The server that speaks the language of `path`.
#[must_use]
pub fn server_for(path: &Path) -> Option<&'static Entry> {
    SERVERS
        .iter()
        .find(|entry| entry.language_of(path).is_some())
}

/// Where the project of `path` begins, for the server that speaks its
/// language; never above `workspace`.
#[must_use]
pub fn root_of(path: &Path, workspace: &Path) -> Option<PathBuf> {
    Some(server_for(path)?.root_of(path, workspace))
}

const fn language(id: &'static str, extensions: &'static [&'static str]) -> Language {
    Language { id, extensions }
}

const fn command(program: &'static str, arguments: &'static [&'static str]) -> ServerCommand {
    ServerCommand { program, arguments }
}
