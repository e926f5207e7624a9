//! Processes as Linux shows them: peak memory while they run, and the share of
//! memory (PSS) of a process with everything below it.

use std::collections::BTreeMap;
use std::fs;
use std::process::{Child, ExitStatus};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::Measured;

/// Between two looks at a running process.
const LOOK_EVERY: Duration = Duration::from_millis(2);

pub struct Ended {
    pub status: ExitStatus,
    pub peak_kb: u64,
}

/// Waits for the end. The kernel keeps the peak (VmHWM) and it never falls, so
/// the last look before the end has it; `wait4` would count what the process
/// was forked from as well.
pub fn watch(mut child: Child, longest: Duration) -> Measured<Ended> {
    let started = Instant::now();
    let mut peak_kb = 0;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Ended { status, peak_kb });
        }
        if started.elapsed() > longest {
            child.kill()?;
            child.wait()?;
            return Err(format!("it ran longer than {} s", longest.as_secs()).into());
        }
        let status = fs::read_to_string(format!("/proc/{}/status", child.id()));
        let peak = status.ok().and_then(|text| kilobytes(&text, "VmHWM:"));
        peak_kb = peak_kb.max(peak.unwrap_or(0));
        sleep(LOOK_EVERY);
    }
}

/// PSS of a process and all its descendants, in kB.
pub fn tree_pss_kb(root: u32) -> u64 {
    let pss = |id: &u32| {
        let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        kilobytes(&rollup, "Pss:")
    };
    tree(root).iter().filter_map(pss).sum()
}

fn tree(root: u32) -> Vec<u32> {
    let parents = parents();
    let mut tree = vec![root];
    let mut next = 0;
    while let Some(&parent) = tree.get(next) {
        let children = parents.iter().filter(|(_, own)| **own == parent);
        tree.extend(children.map(|(id, _)| *id));
        next += 1;
    }
    tree
}

/// Every process's parent.
fn parents() -> BTreeMap<u32, u32> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|id: u32| {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            // The name stands in brackets and may hold anything.
            let after_name = stat.rsplit_once(") ")?.1;
            Some((id, after_name.split(' ').nth(1)?.parse().ok()?))
        })
        .collect()
}

fn kilobytes(text: &str, field: &str) -> Option<u64> {
    let line = text.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().strip_suffix("kB")?.trim().parse().ok()
}
