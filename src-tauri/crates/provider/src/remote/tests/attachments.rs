//! How each wire carries images and documents, and what stands in their
//! place for models that take none.

use futures::StreamExt;
use protocol::{Attachment, Block, MediaType};
use serde_json::{Value, json};
use testkit::{ModelServer, Reply, Script};

use super::{final_text, remote, request};
use crate::{Provider, Request};

fn file(media_type: MediaType, name: &str, data: &str) -> Block {
    Block::Attachment(Attachment {
        media_type,
        name: name.into(),
        data: data.into(),
        width: None,
        height: None,
    })
}

fn with_files(model: &str) -> Request {
    let mut request = request();
    request.model = model.to_owned();
    let files = [
        file(MediaType::Png, "shot.png", "aW1n"),
        file(MediaType::Pdf, "paper.pdf", "cGRm"),
    ];
    request.messages[0].blocks.splice(..0, files);
    request
}

async fn bodies(id: &str, model: &str, script: impl Into<Script>) -> Vec<Value> {
    let server = ModelServer::start(script).await;
    let provider = remote(id, &server.base_url());
    let items: super::Items = provider.stream(with_files(model)).collect().await;
    assert_eq!(final_text(&items), "Fine.", "{id} {model}: {items:?}");
    let requests = server.requests().into_iter();
    requests.map(|request| request.body).collect()
}

async fn body(id: &str, model: &str) -> Value {
    bodies(id, model, [Reply::text("Fine.")]).await.remove(0)
}

const NO_DOCUMENT: &str =
    "(The user attached the document `paper.pdf`, which this model cannot read.)";
const NO_IMAGE: &str = "(The user attached the image `shot.png`, which this model cannot read.)";

#[tokio::test]
async fn each_wire_carries_files_in_its_own_way() {
    let anthropic = body("anthropic", "claude-opus-5-5").await;
    let mark = json!({ "type": "ephemeral" });
    assert_eq!(
        anthropic["messages"][0]["content"],
        json!([
            { "type": "image", "source": { "type": "base64", "media_type": "image/png", "data": "aW1n" } },
            { "type": "document", "title": "paper.pdf",
              "source": { "type": "base64", "media_type": "application/pdf", "data": "cGRm" } },
            { "type": "text", "text": "hello", "cache_control": mark },
        ])
    );
    let openai = body("openai", "gpt-6.1-sol").await;
    assert_eq!(
        openai["input"],
        json!([
            { "type": "message", "role": "user", "content": [
                { "type": "input_image", "image_url": "data:image/png;base64,aW1n", "detail": "auto" }] },
            { "type": "message", "role": "user", "content": [
                { "type": "input_file", "filename": "paper.pdf", "file_data": "data:application/pdf;base64,cGRm" }] },
            { "type": "message", "role": "user", "content": "hello" },
        ])
    );
    let chat = body("openai-chat", "gpt-6.1-sol").await;
    assert_eq!(
        chat["messages"][1]["content"],
        json!([
            { "type": "image_url", "image_url": { "url": "data:image/png;base64,aW1n" } },
            { "type": "file", "file": { "filename": "paper.pdf", "file_data": "data:application/pdf;base64,cGRm" } },
            { "type": "text", "text": "hello" },
        ])
    );
    let gemini = body("gemini", "gemini-3.8-flash").await;
    assert_eq!(
        gemini["contents"][0]["parts"],
        json!([
            { "inlineData": { "mimeType": "image/png", "data": "aW1n" } },
            { "inlineData": { "mimeType": "application/pdf", "data": "cGRm" } },
            { "text": "hello" },
        ])
    );
    let ollama = body("ollama", "llava").await;
    let message =
        json!({ "role": "user", "content": format!("{NO_DOCUMENT}\n\nhello"), "images": ["aW1n"] });
    assert_eq!(ollama["messages"][1], message);
}

#[tokio::test]
async fn a_model_that_takes_no_files_reads_that_there_were_some() {
    let check = async |id: &str, model: &str, expected: String| {
        let body = body(id, model).await;
        assert_eq!(body["messages"][1]["content"], json!(expected), "{id}");
    };
    check(
        "deepseek",
        "deepseek-flash",
        format!("{NO_IMAGE}\n\n{NO_DOCUMENT}\n\nhello"),
    )
    .await;
    let grok = body("xai", "grok-4.7").await;
    let parts = &grok["messages"][1]["content"];
    assert_eq!(parts[0]["type"], "image_url");
    assert_eq!(parts[1]["text"], json!(format!("{NO_DOCUMENT}\n\nhello")));
}

/// A server that refuses what has an image in it.
fn blind(status: u16, words: &str) -> Script {
    let refusal = Reply::refusal(status, json!({ "error": { "message": words } }));
    Script::from_fn(
        move |request| match request.body.to_string().contains("aW1n") {
            true => refusal.clone(),
            false => Reply::text("Fine."),
        },
    )
}

#[tokio::test]
async fn an_unknown_model_is_shown_images_until_its_server_says_that_it_is_blind() {
    let check = async |id: &str, model: &str, status: u16, words: &str| {
        let server = ModelServer::start(blind(status, words)).await;
        let provider = remote(id, &server.base_url());
        for _ in 0..2 {
            let items: super::Items = provider.stream(with_files(model)).collect().await;
            assert_eq!(final_text(&items), "Fine.", "{id}: {items:?}");
        }
        let requests = server.requests();
        assert_eq!(requests.len(), 3, "{id}: the second request knows");
        let said = requests[1].body.to_string();
        assert!(said.contains("the image `shot.png`"), "{id}: {said}");
    };
    check("llama-server", "qwen", 500, "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj").await;
    check(
        "openrouter",
        "some/model",
        404,
        "No endpoints found that support image input",
    )
    .await;
    check(
        "ollama",
        "llama3",
        400,
        "this model does not support vision",
    )
    .await;
    check(
        "lm-studio",
        "qwen",
        400,
        "Invalid content type: 'image_url' is not allowed",
    )
    .await;
}
