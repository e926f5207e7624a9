//! Files go back through the engine's door: scripted model, real tools.

use protocol::{ErrorKind, EventKind, MessageId, NoticeLevel, Place, Role, StopReason};
use serde_json::json;
use testkit::{Reply, Script};

use super::turns::{Fixture, bypass};
use crate::{OnConflict, RewindAction, RewindScope, TrashScope};

/// Each request makes one command and then a word.
async fn fixture(commands: &[&str]) -> Fixture {
    let replies: Vec<Reply> = commands
        .iter()
        .flat_map(|command| {
            let call = Reply::tool("bash", json!({ "command": command }));
            [call, Reply::text("Done.")]
        })
        .collect();
    let mut fixture = Fixture::new(Script::from(replies), bypass()).await;
    for number in 0..commands.len() {
        fixture.submit(&format!("request {number}")).await;
        let (_, reason) = fixture.until_finished().await;
        assert_eq!(reason, StopReason::Done);
    }
    fixture
}

async fn requests(fixture: &Fixture) -> Vec<MessageId> {
    let history = fixture.history().await;
    history
        .iter()
        .filter(|message| message.role == Role::User && !message.text().is_empty())
        .map(|message| message.id.clone())
        .collect()
}

#[tokio::test]
async fn what_a_shell_command_did_goes_back_and_forth() {
    let commands = [
        "sed -i s/one/1/ notes.txt; mkdir d; mv notes.txt d/moved.txt",
        "rm -r d",
    ];
    let fixture = fixture(&commands).await;
    let requests = requests(&fixture).await;
    let (engine, session) = (&fixture.engine, &fixture.session);
    let plan = engine
        .plan_code_rewind(session, &requests[1])
        .await
        .unwrap();
    let planned: Vec<_> = plan
        .changes
        .iter()
        .map(|change| (change.path.as_str(), change.action))
        .collect();
    let create = RewindAction::Create;
    assert_eq!(planned, [("d", create), ("d/moved.txt", create)]);
    assert!(!fixture.workspace.path("d").exists());

    let keep = OnConflict::Keep;
    engine
        .rewind_code(session, &requests[1], keep)
        .await
        .unwrap();
    assert_eq!(
        fixture.workspace.read("d/moved.txt").as_deref(),
        Some("1\ntwo\n")
    );
    engine
        .rewind_code(session, &requests[0], keep)
        .await
        .unwrap();
    assert_eq!(
        fixture.workspace.read("notes.txt").as_deref(),
        Some("one\ntwo\n")
    );
    assert!(!fixture.workspace.path("d").exists());
    engine.undo_code(session).await.unwrap();
    assert!(fixture.workspace.path("d/moved.txt").exists());
    engine.redo_code(session).await.unwrap();
    assert!(fixture.workspace.path("notes.txt").exists());
    let nothing = engine.redo_code(session).await.unwrap_err();
    assert_eq!(nothing.kind, ErrorKind::Usage);
    assert!(!engine.has_unfinished_rewind(session).await.unwrap());
}

#[tokio::test]
async fn a_turn_is_undone_without_naming_a_message() {
    let fixture = fixture(&["echo new > made.txt"]).await;
    let (engine, session) = (&fixture.engine, &fixture.session);
    assert!(fixture.workspace.path("made.txt").exists());
    engine.undo_code(session).await.unwrap();
    assert!(!fixture.workspace.path("made.txt").exists());
    engine.redo_code(session).await.unwrap();
    assert!(fixture.workspace.path("made.txt").exists());
}

#[tokio::test]
async fn undo_and_redo_are_commands_that_say_what_they_did() {
    let fixture = fixture(&["echo new > made.txt; rm notes.txt"]).await;
    let (engine, session) = (&fixture.engine, &fixture.session);
    for (command, said) in [
        ("/undo", "Put back: notes.txt. Removed: made.txt."),
        ("/redo", "Put back: made.txt. Removed: notes.txt."),
    ] {
        let reply = engine.command(session, command).await.unwrap().unwrap();
        assert_eq!(reply.said.as_deref(), Some(said));
    }
}

#[tokio::test]
async fn files_and_chat_go_back_together_or_not_at_all() {
    let fixture = fixture(&["echo 2 > notes.txt", "echo 3 > notes.txt"]).await;
    let requests = requests(&fixture).await;
    let (engine, session) = (&fixture.engine, &fixture.session);
    let before = fixture.history().await;
    engine
        .rewind(session, &requests[1], RewindScope::Both, OnConflict::Keep)
        .await
        .unwrap();
    assert_eq!(fixture.workspace.read("notes.txt").as_deref(), Some("2\n"));
    let cut = before
        .iter()
        .position(|message| message.id == requests[1])
        .unwrap();
    assert_eq!(fixture.history().await, before[..cut]);
    let nowhere = MessageId::new();
    let refused = engine.rewind(session, &nowhere, RewindScope::Both, OnConflict::Keep);
    assert!(refused.await.is_err());
    assert_eq!(fixture.history().await, before[..cut]);
}

#[tokio::test]
async fn what_the_user_changed_is_kept_and_named() {
    let fixture = fixture(&["echo 2 > notes.txt"]).await;
    let requests = requests(&fixture).await;
    std::fs::write(fixture.workspace.path("notes.txt"), "mine").unwrap();
    let done = fixture
        .engine
        .rewind_code(&fixture.session, &requests[0], OnConflict::Keep)
        .await
        .unwrap();
    assert_eq!(done.changes, []);
    assert_eq!(done.kept[0].path, "notes.txt");
    assert_eq!(fixture.workspace.read("notes.txt").as_deref(), Some("mine"));
}

#[tokio::test]
async fn no_rewind_while_a_turn_runs() {
    let call = Reply::tool("bash", json!({ "command": "echo begun; sleep 600" }));
    let mut fixture = Fixture::new(vec![call], bypass()).await;
    fixture.submit("wait").await;
    fixture
        .until(|kind| matches!(kind, EventKind::ToolOutput { .. }))
        .await;
    let refused = fixture.engine.undo_code(&fixture.session).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::Busy);
    fixture.engine.cancel(&fixture.session);
    fixture.until_finished().await;
}

#[tokio::test]
async fn a_message_without_a_checkpoint_is_named() {
    let fixture = fixture(&["true"]).await;
    let refused = fixture
        .engine
        .plan_code_rewind(&fixture.session, &MessageId::new())
        .await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_store_that_fails_is_told_once_and_stops_nothing() {
    let calls = ["a", "b"].map(|name| {
        let command = format!("echo > {name}.txt");
        Reply::tool("bash", json!({ "command": command }))
    });
    let [first, second] = calls;
    let script = vec![first, second, Reply::text("Done.")];
    let mut fixture = Fixture::new(script, bypass()).await;
    let folder = fixture.engine.home().checkpoints();
    std::fs::create_dir_all(folder.parent().unwrap()).unwrap();
    std::fs::write(&folder, "a file in its place").unwrap();
    fixture.submit("go").await;
    let (seen, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
    assert!(fixture.workspace.path("b.txt").exists());
    let notices = seen.iter().filter(|kind| {
        matches!(kind, EventKind::Notice { level: NoticeLevel::Warning, text } if text.contains("checkpoint"))
    });
    assert_eq!(notices.count(), 1);
}

#[tokio::test]
async fn a_session_removed_for_good_leaves_no_checkpoints() {
    for is_emptied in [true, false] {
        let fixture = fixture(&["echo 2 > notes.txt"]).await;
        let requests = requests(&fixture).await;
        let (engine, session) = (&fixture.engine, &fixture.session);
        engine
            .plan_code_rewind(session, &requests[0])
            .await
            .unwrap();
        let sessions = || {
            let folder = engine.home().checkpoints().join("sessions");
            std::fs::read_dir(folder).unwrap().count()
        };
        assert_eq!(sessions(), 1);
        engine.place_session(session, Place::Trashed).await.unwrap();
        engine.open_session(session).await.unwrap();
        if is_emptied {
            assert_eq!(engine.empty_trash(TrashScope::All).await.unwrap(), 1);
        } else {
            engine.delete_session(session).await.unwrap();
        }
        assert_eq!(sessions(), 0);
        let gone = engine.open_session(session).await.unwrap_err();
        assert_eq!(gone.kind, ErrorKind::NotFound);
    }
}
