//! From an intent to the next step. A plan is written as if all its calls
//! could be made at once; it is played again from the start after every
//! result, and stops at the first call that has none yet.

mod change;
mod file;
mod git;
mod look;
mod show;
mod task;

use protocol::Outcome;
use serde_json::Value;

use super::conversation::{Conversation, Done, file_of};
use super::intent::Intent;
use super::{report, words};

/// The most calls made for one request.
const CALL_LIMIT: usize = 20;

/// What to do now.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Step {
    /// Make this call.
    Call { tool: &'static str, input: Value },
    /// Say this; the request is done.
    Say(String),
}

/// The end of a plan, in words, or an earlier stop.
pub(super) type Played = Result<String, Step>;

/// A plan being played.
pub(super) struct Run<'a> {
    done: &'a [Done<'a>],
    at: usize,
    last_file: Option<&'a str>,
}

/// What a tool answered; never a refusal or a stop, which end the plan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reply<'a> {
    /// False when the tool failed.
    pub(super) ok: bool,
    /// What it says.
    pub(super) text: &'a str,
    /// What its card shows.
    pub(super) details: Option<&'a Value>,
}

impl<'a> Run<'a> {
    /// The answer to this call; the step that makes it when there is none.
    fn call(&mut self, tool: &'static str, input: Value) -> Result<Reply<'a>, Step> {
        let Some(done) = self.done.get(self.at).copied() else {
            if self.at >= CALL_LIMIT {
                return Err(Step::Say(words::TOO_MANY_CALLS.to_owned()));
            }
            return Err(Step::Call { tool, input });
        };
        if done.call.name != tool {
            return Err(Step::Say(words::LOST_THREAD.to_owned()));
        }
        self.at += 1;
        match done.result.outcome {
            Outcome::Denied => Err(Step::Say(report::denied(done.call, &done.result.content))),
            Outcome::Cancelled => Err(Step::Say(report::cancelled(done.call))),
            outcome => Ok(Reply {
                ok: outcome == Outcome::Ok,
                text: &done.result.content,
                details: done.result.details.as_ref(),
            }),
        }
    }

    /// The file spoken of last, in this request or before it.
    fn last_file(&self) -> Option<&'a str> {
        let calls = self.done[..self.at].iter().rev();
        calls
            .map(|done| done.call)
            .find_map(file_of)
            .or(self.last_file)
    }

    /// Like `call`, for a call whose failure ends the plan.
    fn must(
        &mut self,
        tool: &'static str,
        input: Value,
        suggestion: &str,
    ) -> Result<Reply<'a>, Step> {
        let reply = self.call(tool, input.clone())?;
        if reply.ok {
            Ok(reply)
        } else {
            Err(Step::Say(report::failed(tool, &input, reply, suggestion)))
        }
    }
}

/// The next step for the conversation as it stands.
pub(super) fn next(conversation: &Conversation<'_>) -> Step {
    let mut run = Run {
        done: &conversation.done,
        at: 0,
        last_file: conversation.last_file,
    };
    match play(&mut run, &conversation.intent, &conversation.request) {
        Ok(words) => Step::Say(words),
        Err(step) => step,
    }
}

fn both(run: &mut Run<'_>, (first, second): (&Intent, &Intent), request: &str) -> Played {
    let before = match play(run, first, request) {
        Err(Step::Say(words)) => {
            return Err(Step::Say(format!("{words}\n\n{}", words::NOT_THE_REST)));
        }
        other => other?,
    };
    match play(run, second, request) {
        Ok(words) => Ok(format!("{before}\n\n{words}")),
        Err(Step::Say(words)) => Err(Step::Say(format!("{before}\n\n{words}"))),
        Err(call) => Err(call),
    }
}

fn play(run: &mut Run<'_>, intent: &Intent, request: &str) -> Played {
    match intent {
        Intent::Both(first, second) => both(run, (first, second), request),
        Intent::Open { file, lines } => show::open(run, file, *lines),
        Intent::List { folder } => show::list(run, folder.as_deref()),
        Intent::CountLines { file } => show::count_lines(run, file),
        Intent::Search { pattern, scope } => look::search(run, pattern, scope.as_deref()),
        Intent::Uses { name } => look::uses(run, name),
        Intent::Definition { name } => look::definition(run, name),
        Intent::Locate { name } => look::locate(run, name),
        Intent::CountTests { name } => look::count_tests(run, name.as_deref()),
        Intent::Create { file, text } => change::create(run, file, text),
        Intent::CreateFolder { name } => change::create_folder(run, name),
        Intent::Write { file, text } => change::write(run, file, text),
        Intent::Append { file, text } => change::append(run, file, text),
        Intent::Replace { old, new, file } => change::replace(run, (old, new), file.as_ref()),
        Intent::Delete { file } => change::delete(run, file),
        Intent::Move { file, to } => change::relocate(run, file, to, change::Relocation::Move),
        Intent::Copy { file, to } => change::relocate(run, file, to, change::Relocation::Copy),
        Intent::Task(task) => task::run(run, task),
        Intent::Command { command } => task::command(run, command),
        Intent::Git(question) => git::look(run, *question),
        Intent::Commit { message } => git::commit(run, message.as_deref()),
        Intent::NewBranch { name } => git::new_branch(run, name),
        Intent::SwitchBranch { name } => git::switch_branch(run, name),
        Intent::Push => git::push(run),
        Intent::Greet => Ok(words::GREETING.to_owned()),
        Intent::Thanks => Ok(words::WELCOME.to_owned()),
        Intent::Help => Ok(words::help()),
        Intent::Answer => Ok(words::NO_QUESTION.to_owned()),
        Intent::Stop => Ok(words::NOTHING_RUNS.to_owned()),
        Intent::Again => Ok(words::NOTHING_BEFORE.to_owned()),
        Intent::Beyond(what) => Ok(words::beyond(what)),
        Intent::Unknown => Ok(words::not_understood(request)),
    }
}
