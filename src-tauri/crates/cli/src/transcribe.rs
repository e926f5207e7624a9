//! `fam transcribe`: the app's own voice path on a file.

use engine::{Engine, Home, Options};
use protocol::{ErrorInfo, ErrorKind};

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
    if !voice::AVAILABLE {
        return Err(voice::VoiceError::NotBuilt.info());
    }
    let model = match &args.model {
        Some(path) => path.clone(),
        None => {
            let engine = Engine::open(Home::find()?, Options::default()).await?;
            voice::find_model(&engine.settings().speech_model, &engine.home().models())
                .map_err(|error| error.info())?
        }
    };
    let file = args.file.clone();
    let transcript = tokio::task::spawn_blocking(move || voice::transcribe_file(&file, &model))
        .await
        .map_err(|error| internal(&error))?
        .map_err(|error| error.info())?;
    if !args.json {
        return Ok(transcript.text);
    }
    serde_json::to_string(&transcript).map_err(|error| internal(&error))
}

fn internal(error: &dyn std::fmt::Display) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Internal,
        format!("The recording could not be transcribed: {error}."),
        "Please report this.",
    )
}
