//! The door: everything a shell can do with the agent.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use permission::Rules;
use protocol::{
    AuditKind, Effort, ErrorInfo, ErrorKind, MessageId, Origin, PermissionMode, RequestId,
    SessionId, SessionState, SessionSummary, TurnId,
};
use provider::HttpClient;
use redact::Redactor;
use store::Store;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tool::{Jobs, Registry};
use web::Web;

use crate::attachment::Attachment;
use crate::checkpoints::Keeper;
use crate::clock::now_ms;
use crate::hub::{EventStream, Hub};
use crate::keys::Keys;
use crate::ports::Audience;
use crate::providers::{self, ActiveProvider, ProviderStatus};
use crate::redaction;
use crate::session::Session;
use crate::settings::project::Project;
use crate::settings::{self, Layers, Settings};
use crate::{Home, SessionView, title};

mod budget;
mod context;
mod history;
mod keys;
mod layers;
mod ledger;
mod memory;
mod naming;
mod orders;
mod policy;
mod rewind;
mod rules;
mod sandbox;
mod search;
mod shelf;
mod trust;
mod turns;
mod undercover;

pub(crate) use budget::needs_price;
pub use history::Forked;
pub use memory::MemoryView;
pub use orders::CommandReply;
pub use policy::PolicyAnswer;
pub use rewind::RewindScope;
pub use sandbox::SandboxStatus;
pub use shelf::{Imported, TRASH_DAYS, TrashScope};

/// What a caller sets for this process only, above the settings file.
#[derive(Clone, Default)]
pub struct Options {
    /// Provider id.
    pub provider: Option<String>,
    /// Model name.
    pub model: Option<String>,
    /// How hard the model thinks.
    pub effort: Option<Effort>,
    /// Base URL of the provider.
    pub base_url: Option<String>,
    /// The provider's key, instead of the environment's or the keyring's.
    pub api_key: Option<String>,
    /// Mode of all sessions.
    pub permission_mode: Option<PermissionMode>,
    /// Feature flags: `name` turns one on, `-name` off.
    pub flags: Vec<String>,
    /// Bounds of each turn.
    pub limits: RunLimits,
    /// True when nobody can answer: what would ask is refused.
    pub unattended: bool,
    /// Flags of features that this program was built without.
    pub lacking: Vec<&'static str>,
}

/// Bounds of a turn, as flags set them.
#[derive(Debug, Clone, Copy, Default)]
pub struct RunLimits {
    /// Most requests to the model.
    pub max_turns: Option<u32>,
    /// Most money, in US dollars.
    pub max_cost_usd: Option<f64>,
    /// Most tokens, cached ones included.
    pub max_tokens: Option<u64>,
}

/// A request of the user.
#[derive(Debug, Clone, Default)]
pub struct Submission {
    /// What they want.
    pub text: String,
    /// Typed or spoken.
    pub origin: Origin,
    /// Images and documents that go along.
    pub attachments: Vec<Attachment>,
    /// A message of this session, also one on another branch, whose images
    /// and documents go along: for a message that is edited and sent again.
    pub attachments_of: Option<MessageId>,
}

/// The agent. Cheap to clone; all clones are one.
#[derive(Clone)]
pub struct Engine {
    inner: Arc<Inner>,
}

pub(crate) struct Inner {
    home: Home,
    options: Options,
    store: Store,
    registry: Registry,
    hub: Hub,
    http: HttpClient,
    sessions: Mutex<HashMap<SessionId, Arc<Session>>>,
    settings: Mutex<Settings>,
    /// The settings as they were when the file was last in step with them.
    saved: Mutex<Settings>,
    layers: Mutex<Layers>,
    /// Flags of the command line.
    flags: BTreeMap<String, bool>,
    rules: Mutex<Rules>,
    notices: Mutex<Vec<ErrorInfo>>,
    /// What was said in this run and need not be said again.
    told: Mutex<HashSet<String>>,
    first_start: bool,
    tasks: TaskTracker,
    checkpoints: Arc<Keeper>,
    redactor: Redactor,
    keys: Arc<Keys>,
    web: Web,
    /// Settings or keys have changed since the search engine was chosen.
    search_is_stale: AtomicBool,
    shutdown: CancellationToken,
}

impl Engine {
    /// Opens settings and store. What cannot be read is replaced for this run
    /// by defaults (or a store in memory) and named in [`Engine::notices`], so
    /// that a window can come up and say so.
    ///
    /// # Errors
    /// When even a store in memory cannot be had.
    pub async fn open(home: Home, mut options: Options) -> Result<Self, ErrorInfo> {
        let loaded = settings::load(&home, &settings::process_environment());
        let mut notices = loaded.notices;
        loaded.layers.keep_to(&mut options, &mut notices);
        let flags = layers::command_line_flags(&options)?;
        let store = match open_store(&home).await {
            Ok(store) => store,
            // A script must not believe that its session was kept.
            Err(error) if options.unattended => return Err(error),
            Err(error) => {
                tracing::error!(%error, "the session database cannot be used");
                notices.push(ErrorInfo {
                    message: format!("{} Sessions of this run are not kept.", error.message),
                    ..error
                });
                Store::in_memory().await?
            }
        };
        let tasks = TaskTracker::new();
        let checkpoints = Keeper::new(home.checkpoints(), tasks.clone());
        let keys = Keys::new(home.sealed_keys());
        let redactor = redaction::redactor(options.api_key.as_deref());
        let web = Web::new();
        let inner = Inner {
            home,
            options,
            store,
            registry: Registry::new(tools::all(&web)),
            hub: Hub::new(),
            http: HttpClient::new(),
            sessions: Mutex::new(HashMap::new()),
            saved: Mutex::new(loaded.settings.clone()),
            settings: Mutex::new(loaded.settings),
            layers: Mutex::new(loaded.layers),
            flags,
            rules: Mutex::new(loaded.rules),
            notices: Mutex::new(notices),
            told: Mutex::default(),
            first_start: loaded.first_start,
            tasks,
            checkpoints: Arc::new(checkpoints),
            redactor,
            keys: Arc::new(keys),
            web,
            search_is_stale: AtomicBool::new(true),
            shutdown: CancellationToken::new(),
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// All events of all sessions from now on.
    #[must_use]
    pub fn subscribe(&self) -> EventStream {
        self.inner.hub.subscribe()
    }

    /// Where files are kept.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.inner.home
    }

    /// What did not work at the start, for the user to read.
    #[must_use]
    pub fn notices(&self) -> Vec<ErrorInfo> {
        lock(&self.inner.notices).clone()
    }

    /// True when there was no settings file at the start.
    #[must_use]
    pub fn is_first_start(&self) -> bool {
        self.inner.first_start
    }

    /// What each provider needs or has. Looks at the keyring and the local
    /// servers, so it may take a second.
    pub async fn providers(&self) -> Vec<ProviderStatus> {
        providers::survey(&self.inner.http, &self.settings(), &self.inner.keys).await
    }

    /// Who would answer now.
    ///
    /// # Errors
    /// When the provider chosen in the settings cannot be used.
    pub async fn active_provider(&self) -> Result<ActiveProvider, ErrorInfo> {
        Ok(self.inner.choose(&self.inner.http).await?.active)
    }

    /// A new session in `workspace`. It is kept from its first message on.
    ///
    /// # Errors
    /// When the folder does not exist or is none.
    pub fn start_session(&self, workspace: &Path) -> Result<SessionSummary, ErrorInfo> {
        let workspace = usable_workspace(workspace)?;
        let now = now_ms();
        let summary = SessionSummary {
            id: SessionId::new(),
            title: title::from_request(""),
            workspace: workspace.display().to_string(),
            state: SessionState::Idle,
            created_ms: now,
            updated_ms: now,
            message_count: 0,
        };
        let session = self
            .inner
            .new_session(summary.clone(), self.inner.initial_mode());
        lock(&self.inner.sessions).insert(summary.id.clone(), Arc::new(session));
        Ok(summary)
    }

    /// Sessions, newest first; `query` searches titles and messages.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn sessions(&self, query: &str) -> Result<Vec<SessionSummary>, ErrorInfo> {
        let query = Some(query.trim())
            .filter(|query| !query.is_empty())
            .map(str::to_owned);
        let mut list = self.inner.store.sessions(query).await?;
        let open = lock(&self.inner.sessions);
        for summary in &mut list {
            if let Some(session) = open.get(&summary.id) {
                *summary = session.summary();
            }
        }
        Ok(list)
    }

    /// A session with the end of its history; [`Engine::older_messages`] has
    /// the rest.
    ///
    /// # Errors
    /// When there is none of this id or the store cannot be read.
    pub async fn open_session(&self, id: &SessionId) -> Result<SessionView, ErrorInfo> {
        history::view(&self.inner, id).await
    }

    /// Gives a session a title.
    ///
    /// # Errors
    /// When there is no such session or the store cannot be written.
    pub async fn rename_session(&self, id: &SessionId, title: &str) -> Result<(), ErrorInfo> {
        let title = title::from_request(&self.inner.redactor.redact(title));
        let session = self.inner.session(id).await?;
        if session.is_stored() {
            self.inner.store.rename(id, &title).await?;
        }
        session.rename(title);
        Ok(())
    }

    /// Sets a session's permission mode, from the next call on.
    ///
    /// # Errors
    /// When there is no such session, or its project allows no such mode.
    pub async fn set_mode(&self, id: &SessionId, mode: PermissionMode) -> Result<(), ErrorInfo> {
        let session = self.inner.session(id).await?;
        let loosest = session.cap(mode);
        if loosest != mode {
            return Err(ErrorInfo::new(
                ErrorKind::Usage,
                format!("At most the mode {} is allowed here.", loosest.name()),
                "The project's `.familiar/settings.toml` says so, or this machine's settings.",
            ));
        }
        self.inner.may_use(&session.workspace, mode).await?;
        self.inner.wall_in(&session, mode).await?;
        let before = session.mode();
        session.set_mode(mode);
        if session.is_stored() {
            self.inner.store.set_mode(id, mode).await?;
        }
        let words = format!("From {} to {}.", before.name(), mode.name());
        let what = ("permission mode".to_owned(), words);
        self.inner
            .put_on_record(AuditKind::ModeChanged, Some(id), what)
            .await;
        Ok(())
    }

    /// Hands in a request and starts a turn. When this returns, the request
    /// is durable.
    ///
    /// # Errors
    /// No such session, a turn runs, the workspace is gone, or the store
    /// cannot be written.
    pub async fn submit(
        &self,
        id: &SessionId,
        submission: Submission,
    ) -> Result<TurnId, ErrorInfo> {
        turns::submit(&self.inner, id, submission).await
    }

    /// Answers an `ask_user` question; false when somebody else was first.
    pub fn answer_question(&self, id: &RequestId, answer: Option<&str>) -> bool {
        self.inner
            .open_sessions()
            .iter()
            .any(|session| session.answer_question(id, answer.map(str::to_owned)))
    }

    /// Stops the running turn; false when none runs. `turn_finished` follows.
    pub fn cancel(&self, id: &SessionId) -> bool {
        lock(&self.inner.sessions)
            .get(id)
            .cloned()
            .is_some_and(|session| session.cancel())
    }

    /// Stops all turns, waits for them, and closes the store.
    pub async fn shutdown(&self) {
        self.inner.shutdown.cancel();
        self.inner.tasks.close();
        self.inner.tasks.wait().await;
        self.inner.store.close().await;
    }
}

impl Inner {
    fn initial_mode(&self) -> PermissionMode {
        self.options
            .permission_mode
            .unwrap_or_else(|| lock(&self.settings).permission_mode)
    }

    fn audience(&self) -> Audience {
        if self.options.unattended {
            Audience::Nobody
        } else {
            Audience::Person
        }
    }

    fn open_sessions(&self) -> Vec<Arc<Session>> {
        lock(&self.sessions).values().cloned().collect()
    }

    fn new_session(&self, summary: SessionSummary, mode: PermissionMode) -> Session {
        let rules = lock(&self.rules).clone();
        let (project, notices) = Project::of(Path::new(&summary.workspace));
        for notice in notices {
            tracing::warn!(message = %notice.message, "project settings");
            let mut known = lock(&self.notices);
            if !known.contains(&notice) {
                known.push(notice);
            }
        }
        let project = project.within(lock(&self.layers).system.loosest);
        let jobs = Jobs::new(self.tasks.clone(), self.shutdown.child_token());
        let session = Session::new(summary, mode, self.hub.clone(), (rules, project), jobs);
        session.set_cover(self.cover(&session));
        session
    }

    /// The open session, or the stored one, made valid if a crash cut it.
    async fn session(&self, id: &SessionId) -> Result<Arc<Session>, ErrorInfo> {
        let open = lock(&self.sessions).get(id).cloned();
        if let Some(session) = open {
            return Ok(session);
        }
        let summary = self.store.session(id).await?.ok_or_else(|| {
            ErrorInfo::new(
                ErrorKind::NotFound,
                format!("There is no session `{id}`."),
                "`fam session list` shows the sessions there are.",
            )
        })?;
        let history = history::mended(&self.store, id).await?;
        let usage = self.store.usage_total(id).await?;
        let context = context::restored(self, id).await?;
        let mode = match self.options.permission_mode {
            Some(mode) => mode,
            None => self.store.mode(id).await?,
        };
        let summary = SessionSummary {
            state: SessionState::Idle,
            message_count: history.len() as u64,
            ..summary
        };
        let session = Arc::new(
            self.new_session(summary, mode)
                .restored(history, usage, context),
        );
        // Two callers may have read it at once; the first one in stays.
        Ok(Arc::clone(
            lock(&self.sessions).entry(id.clone()).or_insert(session),
        ))
    }

    /// Who answers in a session. Under cover the program does not say its
    /// own name to the server.
    async fn choose_provider(&self, session: &Session) -> Result<providers::Chosen, ErrorInfo> {
        match session.cover() {
            Some(_) => self.choose(&self.http.unnamed()).await,
            None => self.choose(&self.http).await,
        }
    }

    async fn choose(&self, http: &HttpClient) -> Result<providers::Chosen, ErrorInfo> {
        let settings = lock(&self.settings).clone();
        providers::choose(http, &settings, &self.options, &self.keys).await
    }
}

async fn open_store(home: &Home) -> Result<Store, ErrorInfo> {
    Home::ensure(&home.data)?;
    Ok(Store::open(&home.database()).await?)
}

/// The folder as an absolute path without links, if it can be worked in.
fn usable_workspace(folder: &Path) -> Result<PathBuf, ErrorInfo> {
    let resolved = folder
        .canonicalize()
        .map_err(|error| workspace_gone(folder, &error.to_string()))?;
    if !resolved.is_dir() {
        return Err(workspace_gone(folder, "it is not a folder"));
    }
    Ok(resolved)
}

fn workspace_gone(folder: &Path, why: &str) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::WorkspaceGone,
        format!(
            "The folder `{}` cannot be worked in: {why}.",
            folder.display()
        ),
        "Choose another folder; the session and its messages are kept.",
    )
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Runs blocking work where it harms nobody.
pub(crate) async fn off_runtime<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, ErrorInfo> + Send + 'static,
) -> Result<T, ErrorInfo> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(job_failed(&error)))
}

/// A job of ours panicked.
pub(crate) fn job_failed(error: &tokio::task::JoinError) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Internal,
        format!("A background job failed: {error}."),
        "Try again; if it happens again, please report it.",
    )
}
