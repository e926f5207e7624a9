//! `fam session rewind`: back to before a request, or what that would change.

use engine::{Engine, OnConflict, Rewind, RewindAction, RewindScope};
use protocol::{ErrorInfo, ErrorKind, Message, Origin, Role};

use super::find;
use crate::args::{RewindScopeArg, SessionRewindArgs};

pub async fn rewind(engine: &Engine, args: SessionRewindArgs) -> Result<String, ErrorInfo> {
    let id = find(engine, &args.id).await?;
    let messages = engine.whole_session(&id).await?.messages;
    let requests: Vec<&Message> = messages.iter().filter(|one| is_request(one)).collect();
    let number = match args.to {
        Some(number) => number as usize,
        None => requests.len(),
    };
    let Some(target) = number.checked_sub(1).and_then(|at| requests.get(at)) else {
        return Err(ErrorInfo::new(
            ErrorKind::Usage,
            format!("The session has {} requests, not {number}.", requests.len()),
            "`fam session show` prints them; the first one is `--to 1`.",
        ));
    };
    if args.dry_run {
        return match args.scope {
            RewindScopeArg::Chat => Ok(chat_words(number)),
            RewindScopeArg::Files => Ok(planned(&engine.plan_code_rewind(&id, &target.id).await?)),
            RewindScopeArg::Both => {
                let files = planned(&engine.plan_code_rewind(&id, &target.id).await?);
                Ok(format!("{files}\n{}", chat_words(number)))
            }
        };
    }
    let scope = match args.scope {
        RewindScopeArg::Files => RewindScope::Files,
        RewindScopeArg::Chat => RewindScope::Chat,
        RewindScopeArg::Both => RewindScope::Both,
    };
    let on_conflict = if args.overwrite {
        OnConflict::Overwrite
    } else {
        OnConflict::Keep
    };
    let done = engine.rewind(&id, &target.id, scope, on_conflict).await?;
    Ok(match scope {
        RewindScope::Files => done.in_words(),
        RewindScope::Chat => chat_words(number),
        RewindScope::Both => format!("{}\n{}", done.in_words(), chat_words(number)),
    })
}

fn is_request(message: &Message) -> bool {
    message.role == Role::User && message.origin != Origin::Program
}

fn chat_words(number: usize) -> String {
    format!("The conversation ends before request {number}; what came after stays on its branch.")
}

/// One line a path, as it would change.
fn planned(plan: &Rewind) -> String {
    let changes = plan.changes.iter().map(|change| {
        let verb = match change.action {
            RewindAction::Create => "create ",
            RewindAction::Replace => "replace",
            RewindAction::ChangeMode => "mode   ",
            RewindAction::Delete => "delete ",
        };
        let aside = if change.also_by_others {
            "  (others changed it, too: kept without --overwrite)"
        } else {
            ""
        };
        format!("{verb}  {}{aside}", change.path)
    });
    let kept = plan
        .kept
        .iter()
        .map(|note| format!("keep     {}  ({})", note.path, note.why));
    let lines: Vec<String> = changes.chain(kept).collect();
    if lines.is_empty() {
        return "No file would change.".into();
    }
    lines.join("\n")
}
