//! How much memory a server takes: its process and all below it, because some
//! are only a door to the one that works. Linux only, elsewhere nothing.

/// Processes looked at for one server.
#[cfg(target_os = "linux")]
const PROCESSES: usize = 200;

/// Bytes in memory (resident) of the process tree below `pid`. Pages shared
/// between its processes count once for each. Asks `/proc`, which does not wait.
#[cfg(target_os = "linux")]
pub(crate) fn of_tree(pid: u32) -> Option<u64> {
    let mut total = resident(pid)?;
    let mut seen = vec![pid];
    let mut next = 0;
    while let Some(&parent) = seen.get(next) {
        next += 1;
        for child in children(parent) {
            if seen.len() < PROCESSES && !seen.contains(&child) {
                total += resident(child).unwrap_or(0);
                seen.push(child);
            }
        }
    }
    Some(total)
}

#[cfg(not(target_os = "linux"))]
pub(crate) fn of_tree(_pid: u32) -> Option<u64> {
    None
}

#[cfg(target_os = "linux")]
fn resident(pid: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kilobytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kilobytes * 1024)
}

/// Each thread has the children it started.
#[cfg(target_os = "linux")]
fn children(pid: u32) -> Vec<u32> {
    let Ok(threads) = std::fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let lists = threads
        .flatten()
        .filter_map(|thread| std::fs::read_to_string(thread.path().join("children")).ok());
    lists
        .flat_map(|list| {
            let pids = list.split_whitespace().map(str::parse);
            pids.flatten().collect::<Vec<u32>>()
        })
        .collect()
}
