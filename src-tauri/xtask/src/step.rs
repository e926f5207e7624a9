//! A plan is a list of steps carried out in order: each prints its number, its
//! name and its time; the first failure ends the plan with the exact command and
//! what to do about it.

use std::fmt;
use std::process::ExitCode;
use std::time::{Duration, Instant};

use crate::invocation::Invocation;

/// What a finished step has to say.
pub enum Note {
    Done,
    Says(String),
}

type Action = Box<dyn FnOnce() -> Result<Note, Failure>>;

pub struct Step {
    name: &'static str,
    action: Action,
    fix: Option<String>,
}

impl Step {
    /// A step that is one command.
    pub fn command(name: &'static str, invocation: Invocation) -> Self {
        Self::new(name, move || {
            println!("        $ {invocation}");
            invocation.run().map(|()| Note::Done)
        })
    }

    pub fn new(
        name: &'static str,
        action: impl FnOnce() -> Result<Note, Failure> + 'static,
    ) -> Self {
        Self {
            name,
            action: Box::new(action),
            fix: None,
        }
    }

    /// What to do when it fails and the failure itself does not know.
    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }
}

/// Why a step ended the plan.
#[derive(Debug)]
pub struct Failure {
    what: String,
    command: Option<String>,
    fix: Option<String>,
}

impl Failure {
    pub fn new(what: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            command: None,
            fix: None,
        }
    }

    pub fn of(invocation: &Invocation, what: impl Into<String>) -> Self {
        Self {
            command: Some(invocation.to_string()),
            ..Self::new(what)
        }
    }

    pub fn fix(mut self, fix: impl Into<String>) -> Self {
        self.fix = Some(fix.into());
        self
    }

    fn or_fix(mut self, fix: Option<String>) -> Self {
        self.fix = self.fix.or(fix);
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}", self.what)?;
        if let Some(command) = &self.command {
            write!(out, "\n  command:    {command}")?;
        }
        if let Some(fix) = &self.fix {
            write!(
                out,
                "\n  what to do: {}",
                fix.replace('\n', "\n              ")
            )?;
        }
        Ok(())
    }
}

/// Steps in the order they run.
pub struct Plan {
    steps: Vec<Step>,
    summary: String,
}

impl Plan {
    /// `summary` is the last line when everything went well.
    pub fn new(summary: impl Into<String>) -> Self {
        Self {
            steps: Vec::new(),
            summary: summary.into(),
        }
    }

    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub fn steps(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    pub fn carry_out(self) -> ExitCode {
        let count = self.steps.len();
        let mut times = Vec::with_capacity(count);
        for (index, step) in self.steps.into_iter().enumerate() {
            let number = index + 1;
            println!("[{number:>2}/{count}] {}", step.name);
            let start = Instant::now();
            let outcome = (step.action)();
            let took = start.elapsed();
            times.push((step.name, took));
            match outcome {
                Ok(Note::Done) => println!("        done in {}", human(took)),
                Ok(Note::Says(words)) => println!("        {words} ({})", human(took)),
                Err(failure) => {
                    print_times(&times);
                    let failure = failure.or_fix(step.fix);
                    eprintln!(
                        "\nStopped at step {number} of {count}, {}.\n{failure}",
                        step.name
                    );
                    return ExitCode::FAILURE;
                }
            }
        }
        print_times(&times);
        println!("\n{}", self.summary);
        ExitCode::SUCCESS
    }
}

fn print_times(times: &[(&str, Duration)]) {
    let total: Duration = times.iter().map(|(_, took)| *took).sum();
    println!("\nTime per step");
    for (name, took) in times.iter().copied().chain([("total", total)]) {
        println!("  {name:<28} {:>12}", human(took));
    }
}

fn human(time: Duration) -> String {
    let seconds = time.as_secs();
    if seconds < 60 {
        return format!("{:.1} s", time.as_secs_f64());
    }
    format!("{} min {:02} s", seconds / 60, seconds % 60)
}

#[cfg(test)]
mod tests;
