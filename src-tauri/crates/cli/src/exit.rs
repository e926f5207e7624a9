//! Exit codes, part of the stable interface.

use protocol::{ErrorInfo, StopReason};

/// How the process ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// 0: done.
    Done,
    /// 1: failed.
    Failed,
    /// 2: wrong flags or input.
    Usage,
    /// 3: stopped by a limit or a refusal.
    Stopped,
    /// 130: cancelled by the user, as shells say of Ctrl-C.
    Cancelled,
}

impl From<StopReason> for Exit {
    fn from(reason: StopReason) -> Self {
        match reason {
            StopReason::Done => Self::Done,
            StopReason::Cancelled => Self::Cancelled,
            StopReason::Limit | StopReason::Refused | StopReason::Unanswered => Self::Stopped,
            StopReason::Failed => Self::Failed,
        }
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Failed => 1,
            Exit::Usage => 2,
            Exit::Stopped => 3,
            Exit::Cancelled => 130,
        })
    }
}

/// Prints an error with its hints and says how the process ends.
pub fn fail(error: &ErrorInfo) -> Exit {
    eprintln!("fam: {error}");
    match error.kind {
        protocol::ErrorKind::Usage => Exit::Usage,
        protocol::ErrorKind::Limit => Exit::Stopped,
        _ => Exit::Failed,
    }
}

/// Prints a whole answer; `println` would panic when a reader such as `head` has left.
pub fn print(text: &str) -> Exit {
    use std::io::Write;
    let mut stdout = std::io::stdout().lock();
    match writeln!(stdout, "{}", text.trim_end()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            eprintln!("fam: standard output cannot be written: {error}");
            Exit::Failed
        }
        _ => Exit::Done,
    }
}
