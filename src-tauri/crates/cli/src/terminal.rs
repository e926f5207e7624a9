//! Events as a person in a terminal reads them, and questions to that person.
//! The answer goes to stdout, everything around it to stderr.

use std::io::{BufRead, IsTerminal, Write};

use engine::Engine;
use protocol::{
    Answer, AnsweredBy, EventKind, NoticeLevel, Outcome, PermissionRequest, Question, readable,
    visible_line,
};

/// What the terminal shows at this moment.
pub struct Terminal {
    /// The cursor stands behind answer text without a line end.
    in_line: bool,
    /// Answers go to a terminal, which must not obey what a model writes.
    spells_out: bool,
}

impl Terminal {
    pub fn new() -> Self {
        Self {
            in_line: false,
            spells_out: std::io::stdout().is_terminal(),
        }
    }

    /// Shows one event.
    pub fn show(&mut self, out: &mut impl Write, kind: &EventKind) -> std::io::Result<()> {
        match kind {
            EventKind::TextDelta { text, .. } => {
                self.in_line = !text.ends_with('\n');
                let shown = self.spells_out.then(|| readable(text));
                out.write_all(shown.as_deref().unwrap_or(text).as_bytes())
            }
            EventKind::MessageDiscarded { .. } => {
                self.aside(out, "(that attempt broke off; trying again)")
            }
            EventKind::MessageAdded { .. } | EventKind::TurnFinished { .. } => self.end_line(out),
            EventKind::ToolCallStarted { title, subject, .. } => {
                self.aside(out, &format!("· {title} {}", first_line(subject)))
            }
            EventKind::ToolCallFinished { result } => match result.outcome {
                Outcome::Ok => Ok(()),
                Outcome::Failed => {
                    self.aside(out, &format!("  failed: {}", first_line(&result.content)))
                }
                Outcome::Denied => {
                    self.aside(out, &format!("  not run: {}", first_line(&result.content)))
                }
                Outcome::Cancelled => self.aside(out, "  cancelled"),
            },
            EventKind::RetryScheduled {
                attempt,
                delay_ms,
                reason,
            } => {
                let seconds = std::time::Duration::from_millis(*delay_ms).as_secs_f64();
                self.aside(
                    out,
                    &format!("({reason} Attempt {attempt} in {seconds:.1} s)"),
                )
            }
            EventKind::Notice { level, text } => {
                let mark = if *level == NoticeLevel::Warning {
                    "!"
                } else {
                    "·"
                };
                self.aside(out, &format!("{mark} {text}"))
            }
            _ => Ok(()),
        }
    }

    fn end_line(&mut self, out: &mut impl Write) -> std::io::Result<()> {
        if std::mem::take(&mut self.in_line) {
            out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn aside(&mut self, out: &mut impl Write, line: &str) -> std::io::Result<()> {
        self.end_line(out)?;
        out.flush()?;
        eprintln!("{}", visible_line(line));
        Ok(())
    }
}

/// Asks on a thread of its own: reading a line blocks, and the turn may be
/// stopped meanwhile.
pub fn ask_permission(engine: &Engine, request: PermissionRequest) {
    let engine = engine.clone();
    std::thread::spawn(move || {
        eprintln!("\n{}", visible_line(&request.title));
        for line in request.subject.lines() {
            eprintln!("    {}", visible_line(line));
        }
        for finding in &request.findings {
            eprintln!(
                "  {} {}",
                if finding.danger { "!" } else { "-" },
                visible_line(&finding.reason)
            );
        }
        let session = request.session_scope.as_deref();
        if let Some(scope) = session {
            eprintln!("  (s = {})", visible_line(scope));
        }
        let answer = loop {
            eprint!(
                "Allow? [y = once{}, n = no] ",
                if session.is_some() {
                    ", s = session"
                } else {
                    ""
                }
            );
            match read_line().as_deref().map(str::trim) {
                Some("y" | "yes") => break Answer::AllowOnce,
                Some("s" | "session") if session.is_some() => break Answer::AllowSession,
                Some("n" | "no") | None => break Answer::Deny { feedback: None },
                Some(_) => {}
            }
        };
        engine.answer(&request.id, &answer, AnsweredBy::Terminal);
    });
}

/// Asks an `ask_user` question; an empty line or the end of input is no answer.
pub fn ask_question(engine: &Engine, question: Question) {
    let engine = engine.clone();
    std::thread::spawn(move || {
        eprintln!("\n{}", visible_line(&question.text));
        for (number, option) in (1..).zip(&question.options) {
            eprintln!("  {number}. {}", visible_line(&option.label));
        }
        eprint!("> ");
        let line = read_line().unwrap_or_default();
        let chosen = line.trim();
        let label = chosen
            .parse::<usize>()
            .ok()
            .and_then(|number| question.options.get(number.checked_sub(1)?))
            .map(|option| option.label.as_str());
        let answer = label.or(Some(chosen)).filter(|answer| !answer.is_empty());
        engine.answer_question(&question.id, answer);
    });
}

fn read_line() -> Option<String> {
    let mut line = String::new();
    match std::io::stdin().lock().read_line(&mut line) {
        Ok(0) | Err(_) => None,
        Ok(_) => Some(line),
    }
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
