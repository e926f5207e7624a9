//! Images and documents through the engine's door: sent, kept, left out,
//! sent again.

use protocol::{Block, Cut, ErrorKind, MessageId, ShelfQuery, StopReason};
use serde_json::Value;
use testkit::{Reply, Script};

use super::turns::Fixture;
use crate::{Attachment, ExportFormat, Options, Submission, export};

/// The head of a PNG, which is all that is looked at here.
fn png() -> Attachment {
    let mut data = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x03\0\0\0\x02\0".to_vec();
    data.extend([8, 6, 0, 0, 0, 0, 0, 0, 0]);
    Attachment {
        name: "shot.png".into(),
        data,
    }
}

fn pdf() -> Attachment {
    Attachment {
        name: "paper.pdf".into(),
        data: b"%PDF-1.7 and so on".to_vec(),
    }
}

async fn fixture() -> Fixture {
    Fixture::new(
        Script::from_fn(|_| Reply::text("Fine.")),
        Options::default(),
    )
    .await
}

async fn send(fixture: &mut Fixture, submission: Submission) {
    let engine = &fixture.engine;
    engine.submit(&fixture.session, submission).await.unwrap();
    let (_, reason) = fixture.until_finished().await;
    assert_eq!(reason, StopReason::Done);
}

fn with_files(text: &str) -> Submission {
    Submission {
        attachments: vec![png(), pdf()],
        ..Submission::typed(text)
    }
}

/// What kinds of blocks the user's messages of the last request have.
fn sent(fixture: &Fixture) -> Vec<String> {
    let requests = fixture.server.requests();
    let messages = requests.last().unwrap().body["messages"].clone();
    let all = messages.as_array().unwrap().iter();
    let own = all.filter(|message| message["role"] == "user");
    let blocks = own.flat_map(|message| message["content"].as_array().cloned().unwrap());
    blocks
        .map(|block| block["type"].as_str().unwrap().to_owned())
        .collect()
}

async fn first_message(fixture: &Fixture) -> MessageId {
    fixture.history().await[0].id.clone()
}

#[tokio::test]
async fn files_go_to_the_model_and_stay_with_the_message() {
    let mut fixture = fixture().await;
    send(&mut fixture, with_files("What is this?")).await;
    assert_eq!(sent(&fixture), ["image", "document", "text"]);
    let mut fixture = fixture.restarted().await;
    send(&mut fixture, Submission::typed("and now?")).await;
    assert_eq!(sent(&fixture), ["image", "document", "text", "text"]);

    let view = fixture
        .engine
        .whole_session(&fixture.session)
        .await
        .unwrap();
    assert_eq!(view.summary.title, "What is this");
    let html = export(&view, ExportFormat::Html).unwrap();
    assert!(
        html.contains("<img src=\"data:image/png;base64,iVBOR"),
        "{html}"
    );
    assert!(html.contains("img-src data:") && html.contains("Attached: paper.pdf"));
    let markdown = export(&view, ExportFormat::Markdown).unwrap();
    assert!(markdown.contains("Attached: `shot.png`") && !markdown.contains("iVBOR"));
    let json: Value = serde_json::from_str(&export(&view, ExportFormat::Json).unwrap()).unwrap();
    assert_eq!(json["messages"][0]["blocks"][0]["media_type"], "image/png");
    assert_eq!(json["messages"][0]["blocks"][0]["width"], 768);
}

#[tokio::test]
async fn a_search_finds_the_name_of_a_file_and_not_its_bytes() {
    let mut fixture = fixture().await;
    send(&mut fixture, with_files("look")).await;
    let hits = async |words: &str| {
        let query = ShelfQuery {
            words: words.into(),
            ..ShelfQuery::default()
        };
        fixture.engine.search(&query).await.unwrap().hits.len()
    };
    assert_eq!(hits("shot").await, 1);
    assert_eq!(hits("iVBORw0KGgoAAAAN").await, 0);
}

#[tokio::test]
async fn an_image_alone_is_a_request_and_names_the_session() {
    let mut fixture = fixture().await;
    let alone = Submission {
        attachments: vec![png()],
        ..Submission::typed("  ")
    };
    send(&mut fixture, alone).await;
    assert_eq!(sent(&fixture), ["image"]);
    let sessions = fixture.engine.sessions("").await.unwrap();
    assert_eq!(sessions[0].title, "shot.png");
}

#[tokio::test]
async fn a_file_no_model_takes_is_refused_before_anything_is_kept() {
    let fixture = fixture().await;
    let wrong = Submission {
        attachments: vec![Attachment {
            name: "a.png".into(),
            data: b"no picture".to_vec(),
        }],
        ..Submission::typed("look")
    };
    let error = fixture
        .engine
        .submit(&fixture.session, wrong)
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Usage);
    assert!(error.message.contains("`a.png`") && !error.hints.is_empty());
    assert!(fixture.engine.sessions("").await.unwrap().is_empty());
    assert!(fixture.server.requests().is_empty());
}

#[tokio::test]
async fn a_message_that_is_edited_and_sent_again_keeps_its_files() {
    let mut fixture = fixture().await;
    send(&mut fixture, with_files("first words")).await;
    let message = first_message(&fixture).await;
    let forked = fixture
        .engine
        .fork_session(&fixture.session, &Cut::End)
        .await
        .unwrap();
    let copy = fixture
        .engine
        .open_session(&forked.summary.id)
        .await
        .unwrap();
    assert_eq!(copy.messages[0].attachments().count(), 2);

    let engine = &fixture.engine;
    engine
        .rewind_session(&fixture.session, &Cut::Before(message.clone()))
        .await
        .unwrap();
    let again = Submission {
        attachments_of: Some(message),
        ..Submission::typed("other words")
    };
    send(&mut fixture, again).await;
    assert_eq!(sent(&fixture), ["image", "document", "text"]);
    let unknown = Submission {
        attachments_of: Some(MessageId::new()),
        ..Submission::typed("nothing")
    };
    let refused = fixture.engine.submit(&fixture.session, unknown).await;
    assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn another_model_reads_words_in_place_of_what_it_cannot_take() {
    let mut fixture = fixture().await;
    send(&mut fixture, with_files("look")).await;
    let engine = &fixture.engine;
    let session = &fixture.session;
    engine
        .command(session, "/model claude-unknown")
        .await
        .unwrap();
    send(&mut fixture, Submission::typed("and now?")).await;
    assert_eq!(sent(&fixture), ["image", "text", "text", "text"]);
    let kept = fixture.history().await;
    let is_file = |block: &&Block| matches!(block, Block::Attachment(_));
    assert_eq!(kept[0].blocks.iter().filter(is_file).count(), 2);
}

#[tokio::test]
async fn a_request_for_notes_carries_no_files() {
    let mut fixture = fixture().await;
    send(&mut fixture, with_files("wish 0")).await;
    for turn in 1..4 {
        send(&mut fixture, Submission::typed(format!("wish {turn}"))).await;
    }
    let before = fixture.engine.context(&fixture.session).await.unwrap();
    assert!(
        fixture
            .engine
            .compact(&fixture.session, None)
            .await
            .unwrap()
    );
    assert!(!sent(&fixture).contains(&"image".to_owned()));
    let after = fixture.engine.context(&fixture.session).await.unwrap();
    assert!(after.used + 1_000 < before.used, "{before:?} {after:?}");
    send(&mut fixture, Submission::typed("and on")).await;
    let requests = fixture.server.requests();
    let last = requests.last().unwrap().body["messages"].to_string();
    assert!(
        last.contains("(the image `shot.png` was attached.)"),
        "{last}"
    );
}
