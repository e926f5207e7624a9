//! Events as a person in a terminal reads them, and questions to that person.
//! The answer goes to stdout, everything around it to stderr.

use std::io::{BufRead, Write};

use engine::Engine;
use protocol::{Answer, AnsweredBy, EventKind, NoticeLevel, Outcome, PermissionRequest, Question};

/// What the terminal shows at this moment.
pub struct Terminal {
    /// The cursor stands behind answer text without a line end.
    in_line: bool,
}

impl Terminal {
    pub fn new() -> Self {
        Self { in_line: false }
    }

    /// Shows one event.
    pub fn show(&mut self, out: &mut impl Write, kind: &EventKind) -> std::io::Result<()> {
        match kind {
            EventKind::TextDelta { text, .. } => {
                self.in_line = !text.ends_with('\n');
                out.write_all(text.as_bytes())
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
        eprintln!("{}", visible(line));
        Ok(())
    }
}

/// Asks on a thread of its own: reading a line blocks, and the turn may be
/// stopped meanwhile.
pub fn ask_permission(engine: &Engine, request: PermissionRequest) {
    let engine = engine.clone();
    std::thread::spawn(move || {
        eprintln!("\n{}", visible(&request.title));
        for line in request.subject.lines() {
            eprintln!("    {}", visible(line));
        }
        for finding in &request.findings {
            eprintln!(
                "  {} {}",
                if finding.danger { "!" } else { "-" },
                visible(&finding.reason)
            );
        }
        let session = request.session_scope.as_deref();
        if let Some(scope) = session {
            eprintln!("  (s = {})", visible(scope));
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
        eprintln!("\n{}", visible(&question.text));
        for (number, option) in (1..).zip(&question.options) {
            eprintln!("  {number}. {}", visible(&option.label));
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

/// Control and invisible characters as escapes: a command must not be able
/// to redraw the terminal that asks about it.
pub fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| {
            let hidden = c.is_control()
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}');
            let escaped = hidden.then(|| c.escape_unicode());
            escaped.into_iter().flatten().chain((!hidden).then_some(c))
        })
        .collect()
}
