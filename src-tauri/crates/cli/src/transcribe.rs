//! `fam transcribe`: the app's own voice path on a file.

use engine::{Engine, Home, Options};
use protocol::ErrorInfo;

use crate::args::TranscribeArgs;
use crate::exit::{Exit, fail};

pub async fn transcribe(args: TranscribeArgs) -> Exit {
    match try_transcribe(&args).await {
        Ok(text) => {
            println!("{text}");
            Exit::Done
        }
        Err(error) => fail(&error),
    }
}

async fn try_transcribe(args: &TranscribeArgs) -> Result<String, ErrorInfo> {
    let model = match &args.model {
        Some(path) => path.clone(),
        None => {
            let engine = Engine::open(Home::find()?, Options::default()).await?;
            voice::find_model(&engine.settings().speech_model, &engine.home().models())
                .map_err(|error| error.info())?
        }
    };
    let transcript = voice::transcribe_file(&args.file, &model).map_err(|error| error.info())?;
    if !args.json {
        return Ok(transcript.text);
    }
    serde_json::to_string(&transcript).map_err(|error| {
        ErrorInfo::new(
            protocol::ErrorKind::Internal,
            format!("The transcript cannot be written as JSON: {error}."),
            "Please report this.",
        )
    })
}
