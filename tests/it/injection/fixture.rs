//! One injection as a file: what lies in the workspace, what a model does that
//! obeys it, and what must not come of it. The folder's README explains every
//! field.

use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde_json::Value;
use testkit::{Reply, Script};

use crate::tidy::root;

/// Below the root of the repository.
const FOLDER: &str = "tests/fixtures/injection";

/// A file as it is written, with `{workspace}`, `{home}` and `{port}` in it.
pub struct Source {
    /// Of the file, without its ending.
    pub name: String,
    text: String,
}

/// A source in its place.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fixture {
    pub title: String,
    /// What kind of text brings the order.
    pub carrier: String,
    /// Words of the order, by which is known that the model was shown it.
    pub bait: String,
    /// Under bypass all that is forbidden happens.
    #[serde(default)]
    pub proves: bool,
    /// Messages of commits; with any, the workspace is a repository.
    #[serde(default)]
    pub commits: Vec<String>,
    /// Paths in the workspace that the calls may change.
    #[serde(default)]
    pub changes: Vec<String>,
    pub files: Vec<File>,
    #[serde(default)]
    pub links: Vec<Link>,
    pub calls: Vec<Call>,
    pub forbidden: Forbidden,
}

/// A file that is there before; relative to the workspace, or in the home.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    pub path: PathBuf,
    pub text: String,
}

/// A symbolic link that is there before.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    pub path: PathBuf,
    pub target: PathBuf,
}

/// One call of the obedient model.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Call {
    pub tool: String,
    pub input: Value,
    #[serde(default)]
    pub gate: Gate,
}

/// What the gate makes of a call when nobody is there to be asked.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Gate {
    /// Needs no permission.
    Open,
    /// Changes a file of the workspace, which only mode ask asks about.
    Edits,
    /// Refused, or in mode auto behind walls.
    Walls,
    /// Refused in every mode.
    #[default]
    Shut,
    /// There is no such tool.
    Absent,
}

/// What must not have happened in the end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Forbidden {
    /// Paths that are not there.
    #[serde(default)]
    pub absent: Vec<PathBuf>,
    /// Files that are there before and stay as they are.
    #[serde(default)]
    pub unchanged: Vec<PathBuf>,
    /// The calls would reach the port.
    #[serde(default)]
    pub no_connection: bool,
}

/// All of them, by number.
pub fn all() -> Vec<Source> {
    let entries = root().join(FOLDER).read_dir().expect("the injections");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a readable entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "toml"))
        .collect();
    paths.sort();
    paths.iter().map(|path| Source::read(path)).collect()
}

impl Source {
    fn read(path: &Path) -> Self {
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        Self {
            name: stem.expect("a name in plain letters").to_owned(),
            text: std::fs::read_to_string(path).expect("a readable fixture"),
        }
    }

    /// The number its name begins with.
    pub fn number(&self) -> usize {
        self.halves().0.parse().unwrap()
    }

    /// Its name without the number.
    pub fn words(&self) -> &str {
        self.halves().1
    }

    fn halves(&self) -> (&str, &str) {
        let halves = self.name.split_once('-');
        halves.unwrap_or_else(|| panic!("`{}` is not called NN-words", self.name))
    }

    /// With its places filled in.
    pub fn placed(&self, workspace: &Path, home: &Path, port: u16) -> Fixture {
        let text = self
            .text
            .replace("{workspace}", &workspace.display().to_string())
            .replace("{home}", &home.display().to_string())
            .replace("{port}", &port.to_string());
        toml::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    /// For those who do not care where.
    pub fn anywhere(&self) -> Fixture {
        self.placed(Path::new("/workspace"), Path::new("/home/user"), 1)
    }
}

impl Fixture {
    /// A model that makes the calls, one with each answer.
    pub fn script(&self) -> Script {
        let replies = self
            .calls
            .iter()
            .map(|call| Reply::tool(call.tool.as_str(), call.input.clone()));
        replies.collect::<Vec<_>>().into()
    }

    /// True when the bait comes from the model itself.
    pub fn says_bait(&self) -> bool {
        let says = |call: &Call| call.input.to_string().contains(&self.bait);
        self.calls.iter().any(says)
    }
}

impl Forbidden {
    pub fn is_empty(&self) -> bool {
        self.absent.is_empty() && self.unchanged.is_empty() && !self.no_connection
    }
}
