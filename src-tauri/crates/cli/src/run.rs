//! `fam run`: one request, one turn, one exit code.

use std::io::{IsTerminal, Read, Write};
use std::path::Path;

use engine::{Attachment, Engine, EventStream, Home, Options, RunLimits, Submission};
use protocol::{ErrorInfo, ErrorKind, Event, EventKind, SessionId, TurnId};

use crate::args::RunArgs;
use crate::exit::{Exit, fail};
use crate::lines;
use crate::terminal::{Terminal, ask_permission, ask_question};

/// Longest prompt read from standard input: 4 MiB, beyond any model's window.
const LONGEST_PROMPT_BYTES: u64 = 4 * 1024 * 1024;

pub async fn run(args: RunArgs) -> Exit {
    match try_run(args).await {
        Ok(exit) => exit,
        Err(error) => fail(&error),
    }
}

async fn try_run(args: RunArgs) -> Result<Exit, ErrorInfo> {
    let from_stdin = args.prompt == "-";
    let attended = !args.json
        && !from_stdin
        && std::io::stdin().is_terminal()
        && std::io::stderr().is_terminal();
    let json = args.json;
    let prompt = if from_stdin {
        read_stdin()?
    } else {
        args.prompt
    };
    let mut submission = Submission::typed(prompt);
    for path in args.attach {
        submission.attachments.push(Attachment::read(path).await?);
    }
    let engine = Engine::open(
        Home::find()?,
        Options {
            provider: args.provider,
            model: args.model,
            effort: args.effort,
            base_url: args.base_url,
            permission_mode: args.permission_mode,
            flags: args.flags,
            limits: RunLimits {
                max_turns: args.max_turns,
                max_cost_usd: args.max_cost,
                max_tokens: args.max_tokens,
            },
            unattended: !attended,
            ..Options::default()
        },
    )
    .await?;
    for notice in engine.notices() {
        eprintln!("fam: {notice}");
    }
    let mut events = engine.subscribe();
    let session_id = match args.resume {
        Some(id) => engine.find_session(&id).await?.summary.id,
        None => engine.start_session(Path::new("."))?.id,
    };
    // Heard from before the turn begins: none may fall between two waits.
    let mut interrupts = interrupts().map_err(deaf)?;
    let turn_id = engine.submit(&session_id, submission).await?;
    let turn = (&session_id, &turn_id);
    let exit = follow(&engine, &mut events, &mut interrupts, turn, json).await;
    tokio::select! {
        () = engine.shutdown() => {}
        // Whoever is asked a second time does not wait to tidy up.
        _ = interrupts.recv() => {}
    }
    exit
}

/// Prints events until the turn ends; Ctrl-C stops the turn, a second one
/// the process.
async fn follow(
    engine: &Engine,
    events: &mut EventStream,
    interrupts: &mut Interrupts,
    (session_id, turn_id): (&SessionId, &TurnId),
    json: bool,
) -> Result<Exit, ErrorInfo> {
    let mut terminal = Terminal::new();
    let mut stopping = false;
    loop {
        let next = tokio::select! {
            next = events.next() => next,
            // Both are cancel-safe: a signal stays noted, an event stays queued.
            signal = interrupts.recv() => {
                if stopping || signal.is_none() {
                    return Ok(Exit::Cancelled);
                }
                stopping = true;
                engine.cancel(session_id);
                continue;
            }
        };
        let event = match next {
            Some(Ok(event)) if event.session_id == *session_id => event,
            Some(Ok(_)) => continue,
            Some(Err(lagged)) => {
                eprintln!(
                    "fam: {} events were lost; the session has everything",
                    lagged.0
                );
                continue;
            }
            None => return Ok(Exit::Failed),
        };
        print(&mut terminal, &event, json)?;
        match event.kind {
            EventKind::PermissionAsked { request } => ask_permission(engine, request),
            EventKind::QuestionAsked { question } => ask_question(engine, question),
            EventKind::TurnFinished {
                turn_id: ended,
                reason,
                error,
                ..
            } if ended == *turn_id => {
                return Ok(match error {
                    Some(error) => fail(&error),
                    None => Exit::from(reason),
                });
            }
            _ => {}
        }
    }
}

#[cfg(unix)]
type Interrupts = tokio::signal::unix::Signal;
#[cfg(windows)]
type Interrupts = tokio::signal::windows::CtrlC;

#[cfg(unix)]
fn interrupts() -> std::io::Result<Interrupts> {
    tokio::signal::unix::signal(tokio::signal::unix::SignalKind::interrupt())
}

#[cfg(windows)]
fn interrupts() -> std::io::Result<Interrupts> {
    tokio::signal::windows::ctrl_c()
}

fn deaf(error: std::io::Error) -> ErrorInfo {
    ErrorInfo::new(
        ErrorKind::Internal,
        format!("Ctrl-C cannot be listened for: {error}."),
        "Nothing was begun. Try again.",
    )
}

fn print(terminal: &mut Terminal, event: &Event, json: bool) -> Result<(), ErrorInfo> {
    let mut stdout = std::io::stdout().lock();
    let written = if json {
        lines::write(&mut stdout, event)
    } else {
        terminal.show(&mut stdout, &event.kind)
    };
    written.and_then(|()| stdout.flush()).map_err(|error| {
        ErrorInfo::new(
            ErrorKind::Disk,
            format!("Standard output cannot be written: {error}."),
            "The session is kept; `fam session list` shows it.",
        )
    })
}

fn read_stdin() -> Result<String, ErrorInfo> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_PROMPT_BYTES)
        .read_to_string(&mut text)
        .map_err(|error| {
            ErrorInfo::new(
                ErrorKind::Usage,
                format!("Standard input cannot be read: {error}."),
                "Give UTF-8 text.",
            )
        })?;
    Ok(text)
}
