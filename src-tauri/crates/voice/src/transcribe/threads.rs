//! How many threads the model may use now. Its threads wait for each other
//! in busy loops after every step: one that shares its core with a compiler
//! holds all of them up, and two threads were five times slower than one on
//! two cores under load. So it takes the cores that are free, as it starts.

/// More than this gains nothing for clips of a few seconds.
const MOST: usize = 8;

/// Physical cores that nobody else uses at this moment; at least one.
pub(super) fn free() -> usize {
    count(num_cpus::get_physical(), running())
}

/// `running` counts us too.
fn count(cores: usize, running: Option<usize>) -> usize {
    let others = running.unwrap_or(1).saturating_sub(1);
    cores.min(MOST).saturating_sub(others).max(1)
}

/// Threads that run or want to, on the whole machine; none where the system
/// does not tell.
fn running() -> Option<usize> {
    parse(&std::fs::read_to_string("/proc/loadavg").ok()?)
}

/// The fourth word is `running/all`.
fn parse(loadavg: &str) -> Option<usize> {
    loadavg
        .split_whitespace()
        .nth(3)?
        .split_once('/')?
        .0
        .parse()
        .ok()
}

#[cfg(test)]
mod tests;
