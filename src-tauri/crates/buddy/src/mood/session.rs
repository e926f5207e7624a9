//! What one session contributes to the mood.
//!
//! It remembers only what is open (turn, questions, calls) and what still
//! echoes (joy, alarm, red tests); no text of the conversation is kept.

use std::collections::{BTreeMap, BTreeSet};

use protocol::{EventKind, Outcome, RequestId, StopReason, ToolCallId};

use super::{ALARMED_MS, Accent, HAPPY_MS};

/// Between two quick calls it keeps its paws on the keys this long.
const LINGER_MS: u64 = 800;
/// Open questions and calls that are counted; a turn has far fewer.
const MAX_OPEN: usize = 256;
/// Commands that run tests, as words in order.
const TEST_COMMANDS: &[&[&str]] = &[
    &["cargo", "test"],
    &["cargo", "nextest"],
    &["cargo", "xtask", "test"],
    &["npm", "test"],
    &["npm", "run", "test"],
    &["pnpm", "test"],
    &["yarn", "test"],
    &["bun", "test"],
    &["go", "test"],
    &["make", "test"],
    &["make", "check"],
    &["dotnet", "test"],
    &["mvn", "test"],
    &["gradle", "test"],
    &["mix", "test"],
    &["swift", "test"],
    &["deno", "test"],
    &["pytest"],
    &["vitest"],
    &["jest"],
    &["rspec"],
    &["ctest"],
    &["phpunit"],
    &["tox"],
];

#[derive(Debug, Clone, Copy)]
struct Running {
    accent: Accent,
    tests: bool,
}

/// One session's share.
#[derive(Debug, Clone, Default)]
pub(super) struct SessionMood {
    in_turn: bool,
    questions: BTreeSet<RequestId>,
    running: BTreeMap<ToolCallId, Running>,
    linger: Option<(u64, Accent)>,
    joy: Option<(u64, Accent)>,
    alarm_until_ms: u64,
    tests_red: bool,
    tests_turned_green: bool,
    touched_ms: u64,
}

impl SessionMood {
    pub(super) fn apply(&mut self, kind: &EventKind, now_ms: u64) {
        match kind {
            EventKind::TurnStarted { .. } => self.start_turn(),
            EventKind::ToolCallStarted {
                call,
                subject,
                read_only,
                ..
            } => {
                self.start_call(call.id.clone(), subject, *read_only);
            }
            EventKind::ToolCallFinished { result } => {
                self.finish_call(&result.call_id, result.outcome, now_ms);
            }
            EventKind::PermissionAsked { request } => self.ask(&request.id),
            EventKind::QuestionAsked { question } => self.ask(&question.id),
            EventKind::PermissionAnswered { request_id, .. }
            | EventKind::QuestionAnswered { request_id, .. } => {
                self.questions.remove(request_id);
            }
            EventKind::TurnFinished { reason, .. } => self.finish_turn(*reason, now_ms),
            _ => {}
        }
    }

    pub(super) fn touch(&mut self, now_ms: u64) {
        self.touched_ms = now_ms;
    }

    /// Sessions with little going on come first, then the longest untouched.
    pub(super) fn quiet_rank(&self) -> (bool, bool, u64) {
        (self.waits(), self.in_turn, self.touched_ms)
    }

    pub(super) fn calm(&mut self) {
        self.alarm_until_ms = 0;
    }

    pub(super) fn waits(&self) -> bool {
        !self.questions.is_empty()
    }

    pub(super) fn alarms(&self, now_ms: u64) -> bool {
        self.alarm_until_ms > now_ms
    }

    pub(super) fn works(&self, now_ms: u64) -> Option<Accent> {
        if self.running.is_empty() {
            return self
                .linger
                .filter(|(until, _)| *until > now_ms)
                .map(|(_, accent)| accent);
        }
        let searching = self
            .running
            .values()
            .all(|call| call.accent == Accent::Searching);
        Some(if searching {
            Accent::Searching
        } else {
            Accent::Plain
        })
    }

    pub(super) fn thinks(&self) -> bool {
        self.in_turn
    }

    pub(super) fn pleases(&self, now_ms: u64) -> Option<Accent> {
        self.joy
            .filter(|(until, _)| *until > now_ms)
            .map(|(_, accent)| accent)
    }

    pub(super) fn ends_ms(&self) -> impl Iterator<Item = u64> + use<> {
        let linger = self.linger.map(|(until, _)| until);
        let joy = self.joy.map(|(until, _)| until);
        [linger, joy, Some(self.alarm_until_ms)]
            .into_iter()
            .flatten()
    }

    fn start_turn(&mut self) {
        self.in_turn = true;
        self.joy = None;
        self.alarm_until_ms = 0;
    }

    fn start_call(&mut self, id: ToolCallId, subject: &str, read_only: bool) {
        if self.running.len() >= MAX_OPEN {
            return;
        }
        let accent = if read_only {
            Accent::Searching
        } else {
            Accent::Plain
        };
        let tests = runs_tests(subject);
        self.running.insert(id, Running { accent, tests });
    }

    fn finish_call(&mut self, id: &ToolCallId, outcome: Outcome, now_ms: u64) {
        let Some(call) = self.running.remove(id) else {
            return;
        };
        self.linger = Some((now_ms + LINGER_MS, call.accent));
        match outcome {
            Outcome::Failed if call.tests => {
                self.tests_red = true;
                self.tests_turned_green = false;
            }
            Outcome::Ok if call.tests && self.tests_red => {
                self.tests_red = false;
                self.tests_turned_green = true;
            }
            _ => {}
        }
    }

    fn ask(&mut self, id: &RequestId) {
        if self.questions.len() < MAX_OPEN {
            self.questions.insert(id.clone());
        }
    }

    fn finish_turn(&mut self, reason: StopReason, now_ms: u64) {
        self.in_turn = false;
        self.questions.clear();
        self.running.clear();
        self.linger = None;
        let proud = std::mem::take(&mut self.tests_turned_green);
        match reason {
            StopReason::Done => {
                let accent = if proud { Accent::Proud } else { Accent::Plain };
                self.joy = Some((now_ms + HAPPY_MS, accent));
            }
            StopReason::Failed | StopReason::Limit | StopReason::Unanswered => {
                self.alarm_until_ms = now_ms + ALARMED_MS;
            }
            StopReason::Cancelled | StopReason::Refused => {}
        }
    }
}

/// Whether a command line runs tests, as far as its words tell.
fn runs_tests(command: &str) -> bool {
    let words: Vec<&str> = command
        .split(|c: char| c.is_whitespace() || matches!(c, ';' | '&' | '|' | '(' | ')'))
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .filter(|word| !word.is_empty())
        .collect();
    TEST_COMMANDS
        .iter()
        .any(|wanted| words.windows(wanted.len()).any(|window| window == *wanted))
}
