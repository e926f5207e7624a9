//! Where things are: the repository's root and cargo's target folder, asked of
//! cargo itself so that CARGO_TARGET_DIR and cargo's own config are respected.

use std::path::PathBuf;

use serde_json::Value;

use crate::invocation::Invocation;
use crate::step::Failure;

#[derive(Clone)]
pub struct Workspace {
    pub root: PathBuf,
    pub target: PathBuf,
}

impl Workspace {
    pub fn find() -> Result<Self, Failure> {
        let asked =
            Invocation::new("cargo").args(&["metadata", "--no-deps", "--format-version", "1"]);
        let answer: Value = serde_json::from_str(&asked.output()?)
            .map_err(|error| Failure::of(&asked, format!("Its answer is not JSON: {error}.")))?;
        let folder = |key: &str| {
            answer[key]
                .as_str()
                .map(PathBuf::from)
                .ok_or_else(|| Failure::of(&asked, format!("Its answer has no `{key}`.")))
        };
        Ok(Self {
            root: folder("workspace_root")?,
            target: folder("target_directory")?,
        })
    }

    /// The interface: Svelte, built by npm.
    pub fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }

    /// What a release build leaves, by the program's name.
    pub fn released(&self, program: &str) -> PathBuf {
        self.target
            .join("release")
            .join(format!("{program}{}", std::env::consts::EXE_SUFFIX))
    }

    /// `fam` as it is given to others.
    pub fn small_fam(&self) -> PathBuf {
        let name = format!("fam{}", std::env::consts::EXE_SUFFIX);
        self.target.join("dist").join(name)
    }

    pub fn tauri_driver(&self) -> PathBuf {
        self.tools()
            .join("bin")
            .join(format!("tauri-driver{}", std::env::consts::EXE_SUFFIX))
    }

    /// Tells tests and figures where the built programs stand.
    pub fn with_programs(&self, invocation: Invocation) -> Invocation {
        let empty_window = self.target.join("release/examples/empty_window");
        [
            ("FAMILIAR_BIN", self.released("familiar")),
            ("FAM_BIN", self.released("fam")),
            ("EMPTY_WINDOW_BIN", empty_window),
            ("TAURI_DRIVER", self.tauri_driver()),
            ("SDK_PYTHON", self.sdk_python()),
            ("GATEWAY_BIN", self.gateway().join("bin/litellm")),
            (
                "PYRIGHT_LANGSERVER",
                self.language_server("pyright-langserver"),
            ),
            (
                "TYPESCRIPT_LANGUAGE_SERVER",
                self.language_server("typescript-language-server"),
            ),
        ]
        .into_iter()
        .fold(invocation, |invocation, (name, path)| {
            invocation.env(name, path.display().to_string())
        })
    }

    /// Where the vendors' own libraries are, and their Python.
    pub fn sdk(&self) -> PathBuf {
        self.tools().join("sdk")
    }

    /// Where language servers that come from npm are installed.
    pub fn language_servers(&self) -> PathBuf {
        self.tools().join("servers")
    }

    fn language_server(&self, name: &str) -> PathBuf {
        self.language_servers().join("node_modules/.bin").join(name)
    }

    pub fn sdk_python(&self) -> PathBuf {
        self.sdk().join("bin/python")
    }

    /// Where the model gateway is installed.
    pub fn gateway(&self) -> PathBuf {
        self.tools().join("gateway")
    }

    /// The workshop's own tools and stamps; `cargo clean` takes them along.
    pub fn tools(&self) -> PathBuf {
        self.target.join("tools")
    }
}
