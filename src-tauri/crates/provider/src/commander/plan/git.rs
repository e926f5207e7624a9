//! Git: looking, committing, branches, pushing.

use serde_json::json;

use super::{Played, Run, Step};
use crate::commander::intent::Git;
use crate::commander::reading::{self, Output};
use crate::commander::report::{self, code};
use crate::commander::shell::quote;

const STATUS: &str = "git status --short --branch";

/// Commits a log shows.
const LOG: &str = "git log --oneline --max-count=15";

pub(super) fn look(run: &mut Run<'_>, question: Git) -> Played {
    match question {
        Git::Status => Ok(report::status(&git(run, STATUS)?.text)),
        Git::Changes => {
            let status = git(run, STATUS)?;
            let sizes = git(run, "git diff --stat HEAD")?;
            let mut words = report::status(&status.text);
            if !sizes.text.trim().is_empty() {
                words.push_str("\n\n");
                words.push_str(&report::fenced("text", sizes.text.trim_end()));
            }
            Ok(words)
        }
        Git::Diff => Ok(report::diff(&git(run, "git diff HEAD")?.text)),
        Git::Today => {
            let commits = git(run, "git log --oneline --since=midnight")?;
            let status = git(run, STATUS)?;
            let head = match commits.text.lines().count() {
                0 => "No commit was made today.".to_owned(),
                count => format!(
                    "Today has {}:\n\n{}",
                    report::counted(count, "commit"),
                    report::fenced("text", commits.text.trim_end())
                ),
            };
            Ok(format!("{head}\n\n{}", report::status(&status.text)))
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

pub(super) fn commit(run: &mut Run<'_>, message: Option<&str>) -> Played {
    let status = git(run, STATUS)?;
    let changed: Vec<&str> = status
        .text
        .lines()
        .filter(|line| !line.starts_with("##"))
        .collect();
    let (new, tracked): (Vec<&str>, Vec<&str>) =
        changed.into_iter().partition(|line| line.starts_with("??"));
    if tracked.is_empty() {
        return Ok(match new.len() {
            0 => "There is nothing to commit: git sees no changes.".to_owned(),
            count => format!(
                "There is nothing to commit but {}, which git does not follow yet:\n\n{}\n\nSay “run `git add` …” with those you want first.",
                report::counted(count, "new file"),
                report::fenced("text", &new.join("\n"))
            ),
        });
    }
    let message = match message {
        Some(message) => message.to_owned(),
        None => ask_message(run)?,
    };
    let output = git(run, &format!("git commit -a -m {}", quote(&message)))?;
    let mut words = format!(
        "I committed it:\n\n{}",
        report::fenced("text", output.text.trim_end())
    );
    if !new.is_empty() {
        words.push_str(&format!(
            "\n\n{} that git does not follow yet stayed out of it.",
            report::counted(new.len(), "new file")
        ));
    }
    Ok(words)
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

fn git(run: &mut Run<'_>, command: &str) -> Result<Output, Step> {
    let input = json!({ "command": command });
    let reply = run.call("bash", input.clone())?;
    let output = reading::output(reply);
    if output.succeeded() {
        return Ok(output);
    }
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
    Err(Step::Say(report::failed("bash", &input, reply, suggestion)))
}
