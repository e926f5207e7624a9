//! `fam trust`: what a folder brings along, and whether it is trusted.

use engine::{FoundItem, TrustView};
use protocol::{ErrorInfo, ErrorKind, TrustedFolder, visible_line};

use crate::args::TrustArgs;
use crate::config::{ended, json, open};
use crate::exit::Exit;

pub async fn trust(args: TrustArgs) -> Exit {
    ended(try_trust(args).await)
}

async fn try_trust(args: TrustArgs) -> Result<String, ErrorInfo> {
    let engine = open().await?;
    let done = match (args.list, args.give, args.revoke) {
        (true, ..) => match engine.trusted_folders().await {
            Ok(folders) if args.json => json(&folders),
            Ok(folders) => Ok(folders.iter().map(line).collect()),
            Err(error) => Err(error),
        },
        (_, true, _) => shown(engine.trust_folder(&args.folder).await, args.json),
        (_, _, true) => revoke(&engine, &args).await,
        _ => shown(engine.trust_view(&args.folder).await, args.json),
    };
    engine.shutdown().await;
    done
}

/// Also a folder that is gone can lose its trust, by its path as listed.
async fn revoke(engine: &engine::Engine, args: &TrustArgs) -> Result<String, ErrorInfo> {
    let path = match args.folder.canonicalize() {
        Ok(real) => real,
        Err(_) => args.folder.clone(),
    };
    let path = path.display().to_string();
    if engine.revoke_trust(&path).await? {
        return shown(engine.trust_view(&args.folder).await, args.json)
            .or_else(|_| Ok(format!("{} is restricted.\n", visible_line(&path))));
    }
    Err(ErrorInfo::new(
        ErrorKind::NotFound,
        format!("`{}` was not trusted.", visible_line(&path)),
        "`fam trust --list` shows the trusted folders.",
    ))
}

fn shown(view: Result<TrustView, ErrorInfo>, as_json: bool) -> Result<String, ErrorInfo> {
    let view = view?;
    if as_json {
        return json(&view);
    }
    let state = match view.trusted {
        true => "trusted",
        false => "restricted",
    };
    let mut text = format!("{} is {state}.\n", visible_line(&view.path));
    let found = |item: &FoundItem| {
        let detail = match item.detail.is_empty() {
            true => String::new(),
            false => format!(": {}", visible_line(&item.detail)),
        };
        format!("  {}{detail}\n", visible_line(&item.path))
    };
    if !view.found.is_empty() {
        text.push_str("It brings:\n");
    }
    text.extend(view.found.iter().map(found));
    Ok(text)
}

fn line(folder: &TrustedFolder) -> String {
    format!(
        "{}  {}\n",
        engine::utc_date(folder.at_ms),
        visible_line(&folder.path)
    )
}
