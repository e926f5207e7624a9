//! Raw devices, memory and kernel files.

use super::Hits;
use crate::bash::Subject;

/// Devices every program may use.
const HARMLESS: &[&str] = &[
    "/dev/null",
    "/dev/stdin",
    "/dev/stdout",
    "/dev/stderr",
    "/dev/tty",
    "/dev/zero",
    "/dev/urandom",
    "/dev/random",
    "/dev/full",
    "/dev/tcp",
    "/dev/udp",
    "/dev/fd",
    "/dev/shm",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let targets = leaf
            .redirects
            .iter()
            .filter(|redirect| redirect.writes())
            .filter_map(|redirect| redirect.target.as_ref());
        for word in targets {
            if is_disk(&word.text) {
                hits.ruin_of(leaf, word.span(), "It overwrites a disk.");
            } else if is_device(&word.text) {
                hits.danger(word.span(), "It writes to a device.");
            }
        }
        let inputs = leaf
            .redirects
            .iter()
            .filter(|redirect| redirect.operator == "<" || redirect.operator == "<>")
            .filter_map(|redirect| redirect.target.as_ref());
        for word in inputs.filter(|word| is_device(&word.text)) {
            hits.danger(word.span(), "It reads from a device.");
        }
        let makes = leaf.is(&["mknod"])
            && leaf
                .operands()
                .any(|word| matches!(word.text.as_str(), "b" | "c" | "u"));
        if makes {
            hits.danger(leaf.span, "It makes a device.");
        }
        if leaf.is(&["echo", "printf", "ls", "stat", "test", "["]) {
            continue;
        }
        for word in leaf.args() {
            let text = word.text.rsplit('=').next().unwrap_or_default();
            let kernel = [
                "/proc/sysrq-trigger",
                "/proc/sys/",
                "/sys/",
                "/proc/kcore",
                "/dev/mem",
                "/dev/kmem",
                "/dev/port",
            ];
            if is_device(text) || kernel.iter().any(|start| text.starts_with(start)) {
                hits.danger(word.span(), "It touches a device or the kernel.");
            }
        }
    }
}

fn is_device(text: &str) -> bool {
    text.starts_with("/dev/")
        && !HARMLESS.iter().any(|known| {
            text == *known
                || text
                    .strip_prefix(known)
                    .is_some_and(|rest| rest.starts_with('/'))
        })
}

/// True for a whole disk, a partition or main memory.
pub(super) fn is_disk(text: &str) -> bool {
    let starts = [
        "/dev/sd",
        "/dev/hd",
        "/dev/vd",
        "/dev/xvd",
        "/dev/nvme",
        "/dev/mmcblk",
        "/dev/disk",
        "/dev/rdisk",
        "/dev/md",
        "/dev/mapper/",
        "/dev/dm-",
        "/dev/mem",
        "/dev/kmem",
        "/dev/loop",
    ];
    starts.iter().any(|start| text.starts_with(start))
}
