//! `download`: a file of the web, put into its place whole or not at all.

mod placing;
#[cfg(test)]
mod tests;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use protocol::Access;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::io::BufWriter;
use tool::{InputError, Tool, ToolContext, ToolOutput, parse_input, schema_of};
use web::{DOWNLOAD_BYTES, Downloaded, Target, Web, WebError};

use crate::call::{self, Answer, Stop};
use crate::web_fetch::{connect, stop, target};
use crate::{place, text};
use placing::Placing;

/// The digits of a SHA-256.
const DIGITS: usize = 64;

/// The tool.
pub(crate) struct Download {
    web: Web,
}

impl Download {
    pub(crate) fn with(web: &Web) -> Self {
        Self { web: web.clone() }
    }
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Input {
    /// The whole address of the file.
    url: String,
    /// The file to make; relative to the workspace, absolute, or starting with `~`.
    path: String,
    /// What its SHA-256 must be, in hexadecimal digits.
    sha256: Option<String>,
}

impl Input {
    fn digest(&self) -> Result<Option<String>, InputError> {
        let Some(digest) = &self.sha256 else {
            return Ok(None);
        };
        let is_hex = digest.chars().all(|c| c.is_ascii_hexdigit());
        if is_hex && digest.len() == DIGITS {
            Ok(Some(digest.to_ascii_lowercase()))
        } else {
            Err(InputError(format!(
                "`sha256` must be {DIGITS} hexadecimal digits."
            )))
        }
    }
}

#[async_trait]
impl Tool for Download {
    fn name(&self) -> &'static str {
        "download"
    }

    fn prompt(&self) -> &'static str {
        include_str!("download.md")
    }

    fn input_schema(&self) -> Value {
        schema_of::<Input>()
    }

    fn read_only(&self) -> bool {
        false
    }

    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError> {
        let input: Input = parse_input(input)?;
        let target = target(&input.url)?;
        input.digest()?;
        if input.path.ends_with('/') {
            return Err(InputError(
                "The path names a folder; give a file.".to_owned(),
            ));
        }
        let path = place::absolute(&input.path, workspace)?;
        Ok(CallPlan {
            title: "Download".to_owned(),
            subject: target.to_string(),
            question: format!(
                "Download this file of `{}` to `{}`?",
                target.host(),
                place::shown(&path, workspace)
            ),
            accesses: vec![
                connect(&target),
                Access::Write {
                    path: path.display().to_string(),
                },
            ],
        })
    }

    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput {
        let input = match call::open::<Input>(self, &input, &grant, ctx) {
            Ok(input) => input,
            Err(stop) => return call::settle(Err(stop)),
        };
        call::settle(self.download(&input, ctx).await)
    }
}

impl Download {
    async fn download(&self, input: &Input, ctx: &ToolContext) -> Answer {
        let target = target(&input.url)?;
        let digest = input.digest()?;
        let path = place::absolute(&input.path, &ctx.workspace)?;
        let name = place::shown(&path, &ctx.workspace);
        let work = ctx.clone();
        let placing = call::blocking(move || {
            let real = place::to_write(&path, &work)?;
            Placing::begin(real, place::shown(&path, &work.workspace))
        })
        .await?;
        let mut sink = BufWriter::new(tokio::fs::File::from_std(placing.file()?));
        let room = placing.room().min(DOWNLOAD_BYTES);
        let come = self
            .web
            .download(&target, (&mut sink, room), &ctx.cancel)
            .await;
        let come = come.map_err(|error| failed(&target, error, room))?;
        if let Some(digest) = digest.filter(|digest| *digest != come.sha256) {
            return Err(Stop::failed(format!(
                "The file has the SHA-256 {}, not {digest}; it was not kept. Do not use it unless you know why.",
                come.sha256
            )));
        }
        if ctx.cancel.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        call::blocking(move || placing.finish()).await?;
        Ok(output(&name, &come))
    }
}

fn failed(target: &Target, error: WebError, room: u64) -> Stop {
    match error {
        WebError::TooLarge { .. } if room < DOWNLOAD_BYTES => Stop::failed(format!(
            "Nothing was downloaded: the disk has room for {} only.",
            text::size(room)
        )),
        WebError::TooLarge { .. } => Stop::failed(format!(
            "Nothing was downloaded: it is larger than {}.",
            text::size(DOWNLOAD_BYTES)
        )),
        error => stop(target, &error),
    }
}

fn output(name: &str, come: &Downloaded) -> ToolOutput {
    let content = format!(
        "Downloaded {} to `{name}`: {}, SHA-256 {}.",
        come.url,
        text::size(come.bytes),
        come.sha256
    );
    ToolOutput::ok(content).with_details(json!({
        "url": come.url.as_str(),
        "path": name,
        "bytes": come.bytes,
        "sha256": come.sha256,
    }))
}
