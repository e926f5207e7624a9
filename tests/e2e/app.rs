//! The app under a web driver: what a person sees in the window, and the
//! log and files behind it.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::background::Background;
use crate::desktop::{Desktop, PATIENCE, wait_for};

/// Folders and settings of one installation.
pub struct Home {
    folder: TempDir,
    pub workspace: testkit::Workspace,
}

impl Home {
    /// Settings as text, beside those every test needs.
    pub fn new(settings: &str) -> Self {
        let home = Self {
            folder: tempfile::tempdir().unwrap(),
            workspace: testkit::Workspace::new(),
        };
        let config = home.path().join("config");
        std::fs::create_dir_all(&config).unwrap();
        let text = format!(
            "{settings}\nworkspace = \"{}\"\nspeech_model = \"{}\"\nhotkey = \"Ctrl+Alt+Space\"\nsounds = false\n",
            home.workspace.root().display(),
            speech_model().display(),
        );
        std::fs::write(config.join("settings.toml"), text).unwrap();
        home
    }

    /// The same in a workspace that is trusted already.
    pub fn trusting(settings: &str) -> Self {
        let home = Self::new(settings);
        let given = std::process::Command::new(built("FAM_BIN", "fam"))
            .args(["trust", "--give"])
            .arg(home.workspace.root())
            .env("FAMILIAR_HOME", home.path())
            .output()
            .unwrap();
        assert!(given.status.success(), "{given:?}");
        home
    }

    /// Changes one text setting before the app starts.
    pub fn set(&self, key: &str, value: &str) {
        let path = self.path().join("config/settings.toml");
        let mut settings: toml::Table =
            toml::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        settings.insert(key.to_owned(), value.into());
        std::fs::write(&path, settings.to_string()).unwrap();
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path().join("state/familiar.log")).unwrap_or_default()
    }

    /// The moods the pet went through, in order.
    pub fn moods(&self) -> Vec<String> {
        let log = self.log();
        let changes = log
            .lines()
            .filter(|line| line.contains("familiar::pet: mood"));
        changes
            .filter_map(|line| line.split("to=").nth(1))
            .map(|mood| mood.trim().to_lowercase())
            .collect()
    }
}

fn speech_model() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/voice/ggml-espeak-commands-q8_0.bin")
}

/// A program built by this workspace, from `variable` or beside the tests.
pub fn built(variable: &str, name: &str) -> PathBuf {
    if let Some(path) = std::env::var_os(variable) {
        return PathBuf::from(path);
    }
    let tests = std::env::current_exe().unwrap();
    let beside = tests.parent().and_then(Path::parent).unwrap().join(name);
    assert!(
        beside.is_file(),
        "`{name}` is not built: run `cargo xtask test`, or set {variable}"
    );
    beside
}

fn tauri_driver() -> PathBuf {
    std::env::var_os("TAURI_DRIVER").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/tools/bin/tauri-driver"),
        PathBuf::from,
    )
}

/// The running app, seen through its window.
pub struct App {
    runtime: Runtime,
    client: Client,
    _driver: Background,
}

impl App {
    /// Starts the app on the desktop and waits for its window's content.
    pub fn start(desktop: &Desktop, home: &Home, environment: &[(&str, &str)]) -> Self {
        let program = built("FAMILIAR_BIN", "familiar");
        Self::start_through(&program, desktop, home, environment)
    }

    /// The same with the model server at `url`, and a key that it takes.
    pub fn answered_from(url: &str, desktop: &Desktop, home: &Home, more: &[(&str, &str)]) -> Self {
        let server = [
            ("ANTHROPIC_API_KEY", "test-key"),
            ("ANTHROPIC_BASE_URL", url),
        ];
        Self::start(desktop, home, &[&server, more].concat())
    }

    /// Starts the app through a program that becomes it in the end.
    pub fn start_through(
        program: &Path,
        desktop: &Desktop,
        home: &Home,
        environment: &[(&str, &str)],
    ) -> Self {
        let (port, native_port) = (free_port(), free_port());
        let mut driver = desktop.command(tauri_driver());
        driver
            .args([
                "--port",
                &port.to_string(),
                "--native-port",
                &native_port.to_string(),
            ])
            .env("FAMILIAR_HOME", home.path())
            .env_remove("ANTHROPIC_API_KEY")
            .env_remove("ANTHROPIC_BASE_URL")
            .envs(environment.iter().copied())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let driver = Background::start(&mut driver);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let url = format!("http://127.0.0.1:{port}");
        let client = wait_for("the web driver", || {
            runtime.block_on(connect(&url, program)).ok()
        });
        let app = Self {
            runtime,
            client,
            _driver: driver,
        };
        app.wait_for_css("[data-testid=composer-input], [data-testid=first-start]");
        app
    }

    /// Waits for an element; its text.
    pub fn wait_for_css(&self, css: &str) -> String {
        self.runtime.block_on(async {
            let found = self
                .client
                .wait()
                .at_most(PATIENCE)
                .for_element(Locator::Css(css))
                .await;
            let element = found.unwrap_or_else(|error| panic!("`{css}` did not appear: {error}"));
            element.text().await.unwrap_or_default()
        })
    }

    /// Waits until the text of some element of this kind satisfies `wanted`.
    pub fn wait_for_text(&self, css: &str, wanted: &str) {
        wait_for(&format!("`{wanted}` in `{css}`"), || {
            self.texts(css)
                .iter()
                .any(|text| text.contains(wanted))
                .then_some(())
        });
    }

    pub fn texts(&self, css: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(arguments[0])].map(e => e.innerText)";
        let texts = self.execute(script, vec![json!(css)]);
        serde_json::from_value(texts).unwrap_or_default()
    }

    pub fn execute(&self, script: &str, args: Vec<Value>) -> Value {
        self.runtime
            .block_on(self.client.execute(script, args))
            .unwrap()
    }

    /// Calls a command of the shell from the page, as the page does; what it
    /// resolves or rejects with.
    pub fn invoke(&self, command: &str, args: Value) -> Result<Value, Value> {
        let script = "const [command, args, done] = arguments;\
            window.__TAURI_INTERNALS__.invoke(command, args)\
            .then(value => done({value}), error => done({error}));";
        let reply = self
            .runtime
            .block_on(
                self.client
                    .execute_async(script, vec![json!(command), args]),
            )
            .unwrap();
        match reply.get("error") {
            Some(error) => Err(error.clone()),
            None => Ok(reply["value"].clone()),
        }
    }

    /// Scrolls until all of the element can be seen.
    pub fn bring_into_sight(&self, css: &str) {
        let seen = "const element = document.querySelector(arguments[0]);\
            element.dispatchEvent(new KeyboardEvent('keydown', { key: 'End', bubbles: true }));\
            element.scrollIntoView({ block: 'center' });\
            const place = element.getBoundingClientRect();\
            return place.top > 0 && place.bottom < innerHeight";
        wait_for(css, || {
            (self.execute(seen, vec![json!(css)]) == json!(true)).then_some(())
        });
    }

    pub fn click(&self, css: &str) {
        self.execute(
            "document.querySelector(arguments[0]).click()",
            vec![json!(css)],
        );
    }

    pub fn type_and_send(&self, text: &str) {
        self.runtime.block_on(async {
            let composer = self
                .client
                .find(Locator::Css("[data-testid=composer-input]"))
                .await
                .unwrap();
            composer.send_keys(text).await.unwrap();
            composer.send_keys("\u{e007}").await.unwrap();
        });
    }
}

impl Drop for App {
    fn drop(&mut self) {
        // The app may be dead already: some tests kill it.
        let closed = self.client.clone().close();
        let _ = self
            .runtime
            .block_on(async { tokio::time::timeout(Duration::from_secs(5), closed).await });
    }
}

async fn connect(
    url: &str,
    application: &Path,
) -> Result<Client, fantoccini::error::NewSessionError> {
    let mut capabilities = Capabilities::new();
    capabilities.insert("browserName".into(), json!("wry"));
    capabilities.insert(
        "tauri:options".into(),
        json!({ "application": application }),
    );
    ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities)
        .connect(url)
        .await
}

fn free_port() -> u16 {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// Process id of the app that uses this home.
pub fn app_pid(home: &Home) -> Option<u32> {
    let wanted = format!("FAMILIAR_HOME={}", home.path().display());
    let binary = built("FAMILIAR_BIN", "familiar");
    std::fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .find_map(|entry| {
            let pid: u32 = entry.file_name().to_str()?.parse().ok()?;
            let executable = std::fs::read_link(entry.path().join("exe")).ok()?;
            let environment = std::fs::read(entry.path().join("environ")).ok()?;
            let ours = executable == binary.canonicalize().ok()?
                && environment
                    .split(|byte| *byte == 0)
                    .any(|pair| pair == wanted.as_bytes());
            ours.then_some(pid)
        })
}
