//! Sessions at the engine's door: pages, forks, going back, the trash,
//! damage, and what comes in from elsewhere.

use std::time::Duration;

use protocol::{
    Block, Cut, ErrorKind, EventKind, Message, Origin, PermissionMode, Place, Role, SessionId,
    ShelfQuery, ToolCall, ToolResult,
};
use serde_json::json;
use testkit::{ModelServer, Reply, Workspace};

use crate::{
    Engine, EventStream, ExportFormat, Home, ImportSource, Options, Submission, TrashScope,
};

struct Fixture {
    engine: Engine,
    events: EventStream,
    server: ModelServer,
    workspace: Workspace,
    folder: tempfile::TempDir,
}

impl Fixture {
    async fn new(replies: Vec<Reply>) -> Self {
        let server = ModelServer::start(replies).await;
        let folder = tempfile::tempdir().unwrap();
        let engine = open(&server, &folder).await;
        Self {
            events: engine.subscribe(),
            engine,
            server,
            workspace: Workspace::new(),
            folder,
        }
    }

    async fn restart(&mut self) {
        self.engine.shutdown().await;
        self.engine = open(&self.server, &self.folder).await;
        self.events = self.engine.subscribe();
    }

    fn session(&self) -> SessionId {
        self.engine.start_session(self.workspace.root()).unwrap().id
    }

    /// One request and its answer.
    async fn talk(&mut self, session: &SessionId, text: &str) {
        self.engine
            .submit(session, Submission::typed(text))
            .await
            .unwrap();
        let ends = async {
            while !matches!(
                self.events.next().await.unwrap().unwrap().kind,
                EventKind::TurnFinished { .. }
            ) {}
        };
        tokio::time::timeout(Duration::from_secs(30), ends)
            .await
            .unwrap();
    }

    async fn history(&self, session: &SessionId) -> Vec<Message> {
        self.engine.open_session(session).await.unwrap().messages
    }

    async fn found(&self, words: &str, places: &[Place]) -> usize {
        let query = ShelfQuery {
            words: words.into(),
            places: places.to_vec(),
            ..ShelfQuery::default()
        };
        self.engine.search(&query).await.unwrap().hits.len()
    }
}

async fn open(server: &ModelServer, folder: &tempfile::TempDir) -> Engine {
    let options = Options {
        provider: Some("anthropic".into()),
        base_url: Some(server.base_url()),
        api_key: Some("test-key".into()),
        permission_mode: Some(PermissionMode::Bypass),
        ..Options::default()
    };
    Engine::open(Home::below(folder.path()), options)
        .await
        .unwrap()
}

fn texts(messages: &[Message]) -> Vec<String> {
    messages.iter().map(Message::text).collect()
}

fn write_call() -> Reply {
    Reply::tool("write", json!({ "path": "new.txt", "content": "hi\n" }))
}

#[tokio::test]
async fn a_request_can_be_edited_and_sent_again_and_the_old_way_is_kept() {
    let replies = ["first", "second", "third"].map(Reply::text).to_vec();
    let mut fixture = Fixture::new(replies).await;
    let session = fixture.session();
    fixture.talk(&session, "one").await;
    fixture.talk(&session, "two").await;
    let edited = fixture.history(&session).await[2].id.clone();
    let cut = fixture
        .engine
        .rewind_session(&session, &Cut::Before(edited.clone()))
        .await
        .unwrap();
    assert_eq!((cut.kept, cut.moved), (2, 0));
    fixture.talk(&session, "two, better").await;
    let expected = ["one", "first", "two, better", "third"];
    assert_eq!(texts(&fixture.history(&session).await), expected);
    let sent = &fixture.server.requests()[2].body["messages"];
    assert_eq!(sent.as_array().unwrap().len(), 3, "{sent}");

    fixture.restart().await;
    let view = fixture.engine.open_session(&session).await.unwrap();
    assert_eq!(texts(&view.messages), expected);
    assert_eq!(view.summary.message_count, 4);
    let branches = fixture.engine.branches(&session).await.unwrap();
    assert_eq!(branches.len(), 2);
    fixture.engine.choose_branch(&session, 0).await.unwrap();
    let old = fixture.history(&session).await;
    assert_eq!(texts(&old), ["one", "first", "two", "second"]);
    assert_eq!(old[2].id, edited);
}

#[tokio::test]
async fn a_fork_goes_its_own_way_and_leaves_the_old_session_alone() {
    let mut fixture = Fixture::new(vec![
        write_call(),
        Reply::text("written"),
        Reply::text("forked"),
    ])
    .await;
    let session = fixture.session();
    fixture.talk(&session, "write it").await;
    let history = fixture.history(&session).await;
    let call = &history[1];
    assert_eq!(call.tool_calls().count(), 1);
    let forked = fixture
        .engine
        .fork_session(&session, &Cut::Through(call.id.clone()))
        .await
        .unwrap();
    assert_eq!((forked.cut.kept, forked.cut.moved), (3, 1));
    fixture.talk(&forked.summary.id, "go on").await;
    assert_eq!(fixture.history(&session).await, history);
    let fork = fixture.history(&forked.summary.id).await;
    assert_eq!(texts(&fork)[3..], ["go on", "forked"]);
    assert_eq!(fork[1].blocks, history[1].blocks);
    let entry = fixture
        .engine
        .find_session(forked.summary.id.as_str())
        .await
        .unwrap();
    let parent = entry.parent.unwrap();
    assert_eq!(parent.session_id, session);
    assert_eq!(parent.message_id, Some(history[2].id.clone()));
}

#[tokio::test]
async fn a_session_does_not_change_under_a_running_turn() {
    let mut fixture = Fixture::new(vec![Reply::text("a"), Reply::silence()]).await;
    let session = fixture.session();
    fixture.talk(&session, "one").await;
    fixture
        .engine
        .submit(&session, Submission::typed("two"))
        .await
        .unwrap();
    let cut = Cut::Before(fixture.history(&session).await[0].id.clone());
    let engine = &fixture.engine;
    for refused in [
        engine.rewind_session(&session, &cut).await.err(),
        engine.choose_branch(&session, 0).await.err(),
        engine.place_session(&session, Place::Trashed).await.err(),
    ] {
        assert_eq!(refused.unwrap().kind, ErrorKind::Busy);
    }
    assert_eq!(
        engine.fork_session(&session, &cut).await.unwrap().cut.kept,
        0
    );
    engine.shutdown().await;
}

#[tokio::test]
async fn a_long_session_opens_at_its_end_and_the_rest_follows_in_pages() {
    let fixture = Fixture::new(Vec::new()).await;
    let store = store::Store::open(&fixture.engine.home().database())
        .await
        .unwrap();
    let summary = fixture
        .engine
        .start_session(fixture.workspace.root())
        .unwrap();
    store.create_session(&summary).await.unwrap();
    let messages: Vec<Message> = (0..700).map(exchange_of).collect();
    store
        .append_messages(&summary.id, messages.clone())
        .await
        .unwrap();
    store.close().await;
    let mut fixture = fixture;
    fixture.restart().await;

    let view = fixture.engine.open_session(&summary.id).await.unwrap();
    let mut all = view.messages;
    let mut older = view.older.unwrap();
    assert_eq!(all.len() as u64 + older, 700);
    assert!(all.len() <= 200);
    while older > 0 {
        let first = all[0].id.clone();
        let page = fixture
            .engine
            .older_messages(&summary.id, &first, 90)
            .await
            .unwrap();
        assert_eq!(page.older + page.messages.len() as u64, older);
        let starts_clean = !matches!(page.messages[0].blocks[0], Block::ToolResult(_));
        assert!(starts_clean);
        older = page.older;
        all = page.messages.into_iter().chain(all).collect();
    }
    assert_eq!(all, messages);
    let around = fixture
        .engine
        .messages_around(&summary.id, &messages[300].id, 20)
        .await
        .unwrap();
    assert!(around.messages.contains(&messages[300]));
    let mut forward = messages[..1].to_vec();
    while forward.len() < messages.len() {
        let last = forward[forward.len() - 1].id.clone();
        let page = fixture
            .engine
            .newer_messages(&summary.id, &last, 90)
            .await
            .unwrap();
        forward.extend(page.messages);
        assert_eq!(forward.len() as u64 + page.newer, 700);
    }
    assert_eq!(forward, messages, "results whose calls stand before stay");
    let whole = fixture.engine.whole_session(&summary.id).await.unwrap();
    assert_eq!(whole.messages, messages);
}

/// Request, call, result, answer, over and over.
fn exchange_of(number: usize) -> Message {
    let id = format!("c{}", number / 4);
    let text = |text: &str| Block::Text { text: text.into() };
    let (role, block) = match number % 4 {
        0 => (Role::User, text("do")),
        1 => (
            Role::Assistant,
            Block::ToolCall(ToolCall {
                id: id.into(),
                name: "bash".into(),
                input: json!({}),
            }),
        ),
        2 => (
            Role::User,
            Block::ToolResult(ToolResult::plain(id.into(), protocol::Outcome::Ok, "ok")),
        ),
        _ => (Role::Assistant, text("done")),
    };
    Message {
        id: format!("m{number}").into(),
        role,
        blocks: vec![block].into(),
        ..Message::user_text("t".into(), "", Origin::Program, 1)
    }
}

#[tokio::test]
async fn a_damaged_message_costs_itself_only_and_the_next_turn_works() {
    let mut fixture = Fixture::new(vec![
        write_call(),
        Reply::text("written"),
        Reply::text("going on"),
    ])
    .await;
    let session = fixture.session();
    fixture.talk(&session, "write it").await;
    let result = fixture.history(&session).await[2].id.clone();
    fixture.engine.shutdown().await;
    damage(&fixture.engine, result.as_str());
    fixture.restart().await;

    let view = fixture.engine.open_session(&session).await.unwrap();
    assert_eq!(view.unreadable, Some(1));
    assert_eq!(view.messages.len(), 3);
    fixture.talk(&session, "and now?").await;
    let sent = fixture.server.requests()[2].body["messages"].to_string();
    assert!(sent.contains("result of this call was lost"), "{sent}");
    let last = fixture.history(&session).await.pop().unwrap();
    assert_eq!(last.text(), "going on");
    let view = fixture.engine.whole_session(&session).await.unwrap();
    let text = crate::export(&view, ExportFormat::Markdown).unwrap();
    assert!(text.contains("1 damaged and left out"), "{text}");
}

/// Overwrites the row's content in the file, as a bad disk would. The length
/// stays, so that SQLite sees nothing wrong.
fn damage(engine: &Engine, id: &str) {
    let path = engine.home().database();
    let mut bytes = std::fs::read(&path).unwrap();
    let at = |bytes: &[u8], what: &[u8], from: usize| {
        bytes[from..]
            .windows(what.len())
            .position(|window| window == what)
            .map(|place| place + from)
    };
    let marker = b"[{\"type\":\"tool_result\"";
    let mut from = 0;
    let mut hits = 0;
    while let Some(place) = at(&bytes, marker, from) {
        let before = &bytes[place.saturating_sub(400)..place];
        if at(before, id.as_bytes(), 0).is_some() {
            bytes[place] = b'#';
            hits += 1;
        }
        from = place + 1;
    }
    assert_eq!(hits, 1);
    std::fs::write(&path, bytes).unwrap();
}

#[tokio::test]
async fn sessions_move_between_list_archive_and_trash_and_stay_findable() {
    let mut fixture = Fixture::new(vec![Reply::text("a needle in it")]).await;
    let session = fixture.session();
    fixture.talk(&session, "look").await;
    for (place, active, everywhere) in [
        (Place::Archived, 0, 1),
        (Place::Trashed, 0, 1),
        (Place::Active, 1, 1),
        (Place::Trashed, 0, 1),
    ] {
        fixture.engine.place_session(&session, place).await.unwrap();
        assert_eq!(fixture.found("needle", &[]).await, active);
        assert_eq!(fixture.found("needle", &Place::ALL).await, everywhere);
    }
    let engine = &fixture.engine;
    let month = TrashScope::OlderThanDays(crate::TRASH_DAYS);
    assert_eq!(engine.empty_trash(month).await.unwrap(), 0);
    assert_eq!(engine.empty_trash(TrashScope::All).await.unwrap(), 1);
    assert_eq!(fixture.found("needle", &Place::ALL).await, 0);
    let gone = engine.open_session(&session).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn one_session_of_the_trash_goes_for_good_and_no_other() {
    let mut fixture = Fixture::new(vec![Reply::text("a"), Reply::text("b")]).await;
    let (one, two) = (fixture.session(), fixture.session());
    fixture.talk(&one, "one").await;
    fixture.talk(&two, "two").await;
    let engine = &fixture.engine;
    let refused = engine.delete_session(&one).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::NotFound, "it is not in the trash");
    engine.place_session(&one, Place::Trashed).await.unwrap();
    let size = engine.trash_size().await.unwrap();
    assert_eq!((size.sessions, size.messages), (1, 2));
    engine.delete_session(&one).await.unwrap();
    assert_eq!(engine.trash_size().await.unwrap().sessions, 0);
    let gone = engine.open_session(&one).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);
    assert_eq!(engine.open_session(&two).await.unwrap().messages.len(), 2);
}

#[tokio::test]
async fn a_beginning_of_an_id_is_enough_while_it_fits_one_session() {
    let mut fixture = Fixture::new(vec![Reply::text("a"), Reply::text("b")]).await;
    let (one, two) = (fixture.session(), fixture.session());
    fixture.talk(&one, "one").await;
    fixture.talk(&two, "two").await;
    let common: String = one
        .as_str()
        .chars()
        .zip(two.as_str().chars())
        .take_while(|(left, right)| left == right)
        .map(|(left, _)| left)
        .collect();
    let engine = &fixture.engine;
    let several = engine.find_session(&common).await.unwrap_err();
    assert_eq!(several.kind, ErrorKind::Usage);
    for id in [&one, &two] {
        assert!(several.hints.iter().any(|hint| hint.contains(id.as_str())));
        let start = &id.as_str()[..=common.len()];
        let found = engine.find_session(start).await.unwrap();
        assert_eq!(found.summary.id, *id);
    }
    for nothing in ["", "  ", "zzz", "%"] {
        let none = engine.find_session(nothing).await.unwrap_err();
        assert_eq!(none.kind, ErrorKind::NotFound, "{nothing}");
    }
}

#[tokio::test]
async fn a_conversation_comes_in_once_and_goes_on_here() {
    let mut fixture = Fixture::new(vec![Reply::text("going on")]).await;
    let logs = tempfile::tempdir().unwrap();
    let workspace = fixture.workspace.root().display().to_string();
    let lines = [
        json!({ "type": "session_meta", "payload": { "id": "c1", "cwd": workspace } }),
        json!({ "timestamp": "2025-12-08T00:37:46.102Z", "type": "response_item", "payload":
            { "type": "message", "role": "user", "content": "Fix the flux compensator." } }),
        json!({ "type": "response_item", "payload":
            { "type": "function_call", "name": "shell", "arguments": "{}", "call_id": "x" } }),
    ];
    let text: Vec<String> = lines.iter().map(ToString::to_string).collect();
    let file = logs.path().join("rollout-1.jsonl");
    std::fs::write(&file, text.join("\n")).unwrap();
    std::fs::write(logs.path().join("rollout-2.jsonl"), "").unwrap();
    for (new, known) in [(1, 0), (0, 1)] {
        let imported = fixture
            .engine
            .import_sessions(ImportSource::Codex, Some(logs.path()))
            .await
            .unwrap();
        assert_eq!((imported.sessions.len(), imported.known), (new, known));
        assert_eq!(imported.empty, 1);
    }
    assert_eq!(std::fs::read_to_string(&file).unwrap(), text.join("\n"));
    let page = fixture.engine.shelf(&ShelfQuery::default()).await.unwrap();
    let entry = &page.entries[0];
    assert_eq!(entry.source.as_deref(), Some("codex:c1"));
    assert_eq!(entry.summary.title, "Fix the flux compensator");
    assert_eq!(entry.summary.updated_ms, 1_765_154_266_102);
    assert_eq!(fixture.found("flux", &[]).await, 2);
    let session = entry.summary.id.clone();
    fixture.talk(&session, "go on").await;
    let texts = texts(&fixture.history(&session).await);
    assert_eq!(texts.last().map(String::as_str), Some("going on"));
}

#[tokio::test]
async fn a_session_without_messages_has_no_branches_yet() {
    let fixture = Fixture::new(Vec::new()).await;
    let session = fixture.session();
    assert!(fixture.engine.branches(&session).await.unwrap().is_empty());
    let stranger = fixture.engine.branches(&SessionId::new()).await;
    assert_eq!(stranger.unwrap_err().kind, ErrorKind::NotFound);
}
