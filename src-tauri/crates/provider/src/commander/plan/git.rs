//! Git: looking, committing, branches, pushing.

use serde_json::json;

use super::{Played, Reply, Run, Step};
use crate::commander::intent::Git;
use crate::commander::reading::{self, Output};
use crate::commander::report::{self, code};
use crate::commander::shell::quote;

const STATUS: &str = "git status --short --branch";

/// One command and thus one question each; an empty line parts the answers.
const CHANGES: &str = "git status --short --branch && echo && git diff --stat HEAD";
const TODAY: &str = "git log --oneline --since=midnight && echo && git status --short --branch";

/// Commits a log shows.
const LOG: &str = "git log --oneline --max-count=15";

pub(super) fn look(run: &mut Run<'_>, question: Git) -> Played {
    match question {
        Git::Status => Ok(report::status(&git(run, STATUS)?.text)),
        Git::Changes => {
            let output = git(run, CHANGES)?;
            let (status, sizes) = parts(&output.text);
            Ok(format!(
                "{}{}",
                report::status(status),
                report::aside(sizes)
            ))
        }
        Git::Diff => Ok(report::diff(&git(run, "git diff HEAD")?.text)),
        Git::Today => {
            let output = git(run, TODAY)?;
            let (commits, status) = parts(&output.text);
            let head = match commits.lines().count() {
                0 => "No commit was made today.".to_owned(),
                count => format!(
                    "Today has {}:{}",
                    report::counted(count, "commit"),
                    report::aside(commits)
                ),
            };
            Ok(format!("{head}\n\n{}", report::status(status)))
        }
        Git::Log => Ok(format!(
            "The latest commits:\n\n{}",
            report::fenced("text", git(run, LOG)?.text.trim_end())
        )),
        Git::Branches => {
            let branches = git(run, "git branch --all --no-color")?;
            Ok(format!(
                "The star marks the branch you are on:\n\n{}",
                report::fenced("text", branches.text.trim_end())
            ))
        }
    }
}

/// Commits what git follows; new files stay out, since adding all of them
/// would add secrets, too.
pub(super) fn commit(run: &mut Run<'_>, message: Option<&str>) -> Played {
    let message = match message {
        Some(message) => message.to_owned(),
        None => ask_message(run)?,
    };
    let command = format!("git commit -a -m {}", quote(&message));
    let reply = run.call("bash", json!({ "command": command }))?;
    let output = reading::output(reply);
    if output.succeeded() {
        return Ok(format!(
            "I committed the changes of the files git follows:{}",
            report::aside(&output.text)
        ));
    }
    if output.text.contains("nothing to commit") || output.text.contains("nothing added to commit")
    {
        return Ok(format!(
            "There is nothing to commit. Git says:{}",
            report::aside(&output.text)
        ));
    }
    Err(failed(&command, reply))
}

fn ask_message(run: &mut Run<'_>) -> Result<String, Step> {
    let reply = run.call(
        "ask_user",
        json!({ "question": "What should the commit's message say?" }),
    )?;
    match reading::answer(reply) {
        Some(message) if !message.trim().is_empty() => Ok(message.trim().to_owned()),
        _ => Err(Step::Say(
            "I committed nothing, because I have no message for it. Say, for example, “commit the changes with message fix the parser”."
                .to_owned(),
        )),
    }
}

pub(super) fn new_branch(run: &mut Run<'_>, name: &str) -> Played {
    let name = branch_name(name)?;
    let output = git(run, &format!("git switch -c {}", quote(&name)))?;
    Ok(format!(
        "I created the branch {} and switched to it.{}",
        code(&name),
        report::aside(&output.text)
    ))
}

pub(super) fn switch_branch(run: &mut Run<'_>, name: &str) -> Played {
    let name = branch_name(name)?;
    let output = git(run, &format!("git switch {}", quote(&name)))?;
    Ok(format!(
        "I switched to the branch {}.{}",
        code(&name),
        report::aside(&output.text)
    ))
}

pub(super) fn push(run: &mut Run<'_>) -> Played {
    let output = git(run, "git push")?;
    Ok(format!(
        "I pushed the branch.{}",
        report::aside(&output.text)
    ))
}

/// `git switch` has no `--` before a branch, so a name must not look like a
/// flag; git itself refuses the other bad names.
fn branch_name(name: &str) -> Result<String, Step> {
    if name.starts_with('-') || name.chars().any(char::is_control) {
        return Err(Step::Say(format!(
            "{} cannot be a branch's name. Nothing was done.",
            code(name)
        )));
    }
    Ok(name.to_owned())
}

/// The two halves of an answer that an empty line parts; the first may be
/// empty.
fn parts(text: &str) -> (&str, &str) {
    match text.strip_prefix('\n') {
        Some(rest) => ("", rest),
        None => text.split_once("\n\n").unwrap_or((text, "")),
    }
}

fn git(run: &mut Run<'_>, command: &str) -> Result<Output, Step> {
    let reply = run.call("bash", json!({ "command": command }))?;
    let output = reading::output(reply);
    if output.succeeded() {
        Ok(output)
    } else {
        Err(failed(command, reply))
    }
}

fn failed(command: &str, reply: Reply<'_>) -> Step {
    let text = reply.text.to_lowercase();
    let suggestion = if text.contains("not a git repository") {
        "To start one, say “run `git init`”."
    } else if text.contains("ambiguous argument 'head'")
        || text.contains("does not have any commits")
    {
        "The repository has no commit yet; “show the git status” works before the first one."
    } else {
        "“show the git status” tells where things stand."
    };
    Step::Say(report::failed(
        "bash",
        &json!({ "command": command }),
        reply,
        suggestion,
    ))
}
