//! `fam config` and `fam flags`: what holds, and who says so.

use std::path::Path;

use engine::{Engine, EnvironmentVariable, FlagView, Home, Options, SettingLayer, VOICE_FLAG};
use protocol::{ErrorInfo, ErrorKind, visible_line};
use serde::Serialize;

use crate::args::{ConfigArgs, ConfigCommand, FlagStateArg, FlagsArgs};
use crate::exit::{Exit, fail, print};

pub async fn config(args: ConfigArgs) -> Exit {
    ended(match args.command {
        Some(ConfigCommand::Schema) => json(&engine::settings_schema()),
        Some(ConfigCommand::Environment) => environment(args.json),
        None => origins(args.json).await,
    })
}

pub async fn flags(args: FlagsArgs) -> Exit {
    ended(try_flags(args).await)
}

pub fn ended(outcome: Result<String, ErrorInfo>) -> Exit {
    match outcome {
        Ok(text) if text.is_empty() => Exit::Done,
        Ok(text) => print(&text),
        Err(error) => fail(&error),
    }
}

pub async fn open() -> Result<Engine, ErrorInfo> {
    let lacking = match voice::AVAILABLE {
        true => Vec::new(),
        false => vec![VOICE_FLAG],
    };
    let options = Options {
        unattended: true,
        lacking,
        ..Options::default()
    };
    let engine = Engine::open(Home::find()?, options).await?;
    for notice in engine.notices() {
        eprintln!("fam: {notice}");
    }
    Ok(engine)
}

async fn origins(as_json: bool) -> Result<String, ErrorInfo> {
    let engine = open().await?;
    let origins = engine.setting_origins_in(Path::new("."));
    engine.shutdown().await;
    let origins = origins?;
    if as_json {
        return json(&origins);
    }
    let mut text = String::new();
    for origin in &origins {
        let value = visible_line(&origin.value_text);
        text.push_str(&format!(
            "{} = {}  # {}{}\n",
            origin.key,
            if origin.value_text.is_empty() {
                "(none)"
            } else {
                &value
            },
            layer(origin.layer),
            if origin.locked { ", locked" } else { "" },
        ));
    }
    Ok(text)
}

fn layer(layer: SettingLayer) -> &'static str {
    match layer {
        SettingLayer::Default => "default",
        SettingLayer::System => "system",
        SettingLayer::User => "user",
        SettingLayer::Project => "project",
        SettingLayer::Environment => "environment",
        SettingLayer::Flag => "command line",
    }
}

fn environment(as_json: bool) -> Result<String, ErrorInfo> {
    let variables = engine::environment_variables();
    if as_json {
        return json(&variables);
    }
    let line = |variable: &EnvironmentVariable| format!("{}  {}\n", variable.name, variable.about);
    Ok(variables.iter().map(line).collect())
}

async fn try_flags(args: FlagsArgs) -> Result<String, ErrorInfo> {
    let engine = open().await?;
    let listed = match (args.name, args.state) {
        (Some(name), Some(state)) => {
            let on = match state {
                FlagStateArg::On => Some(true),
                FlagStateArg::Off => Some(false),
                FlagStateArg::Default => None,
            };
            engine.set_flag(&name, on).await.map(|flag| vec![flag])
        }
        _ => Ok(engine.flags()),
    };
    engine.shutdown().await;
    let listed = listed?;
    if args.json {
        return json(&listed);
    }
    Ok(listed.iter().map(flag_line).collect())
}

fn flag_line(flag: &FlagView) -> String {
    let state = if flag.on { "on " } else { "off" };
    let missing = if flag.available {
        ""
    } else {
        " (not in this build or on this system)"
    };
    format!(
        "{state}  {}  [{}, {}]{missing} {}\n",
        flag.name,
        serde_json::to_value(flag.stage)
            .ok()
            .and_then(|stage| stage.as_str().map(str::to_owned))
            .unwrap_or_default(),
        layer(flag.layer),
        flag.about
    )
}

pub fn json<T: Serialize>(value: &T) -> Result<String, ErrorInfo> {
    serde_json::to_string_pretty(value).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Internal,
            format!("This cannot be written as JSON: {error}."),
            "Please report this.",
        )
    })
}
