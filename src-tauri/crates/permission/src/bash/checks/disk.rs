//! File systems and partitions.

use super::Hits;
use super::device::is_disk;
use crate::bash::Subject;

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in &subject.script.leaves {
        let name = leaf.name();
        let on_device = leaf
            .args()
            .iter()
            .any(|word| is_disk(word.text.trim_start_matches("of=")));
        let writes = name == "dd"
            && leaf
                .args()
                .iter()
                .any(|word| word.text.strip_prefix("of=").is_some_and(is_disk));
        let wipes = matches!(
            name.as_str(),
            "wipefs"
                | "blkdiscard"
                | "shred"
                | "sgdisk"
                | "badblocks"
                | "cryptsetup"
                | "hdparm"
                | "nvme"
                | "mkswap"
        );
        let formats =
            name.starts_with("mkfs") || name == "mke2fs" || name == "newfs" || name == "mkntfs";
        let copies = matches!(name.as_str(), "cp" | "tee" | "cat")
            && leaf.args().last().is_some_and(|word| is_disk(&word.text))
            && name != "cat";
        if writes || copies || ((wipes || formats) && on_device) {
            hits.ruin_of(leaf, leaf.span, "It overwrites a disk or a file system.");
        } else if formats
            || wipes
            || is_tool(&name)
            || (name == "diskutil" && !leaf.has_arg(&["list", "info"]))
        {
            hits.danger(
                leaf.span,
                format!("`{name}` changes disks or file systems."),
            );
        }
    }
}

fn is_tool(name: &str) -> bool {
    matches!(
        name,
        "fdisk"
            | "sfdisk"
            | "cfdisk"
            | "gdisk"
            | "parted"
            | "gparted"
            | "lvremove"
            | "vgremove"
            | "pvremove"
            | "lvreduce"
            | "zpool"
            | "zfs"
            | "mdadm"
            | "fsck"
            | "tune2fs"
            | "resize2fs"
            | "swapoff"
            | "losetup"
            | "btrfs"
            | "debugfs"
            | "e2fsck"
            | "xfs_repair"
            | "efibootmgr"
            | "flashrom"
            | "fwupdmgr"
            | "update-grub"
            | "grub-install"
            | "grub2-install"
            | "grub-mkconfig"
            | "bootctl"
            | "mkinitcpio"
            | "dracut"
            | "update-initramfs"
            | "partprobe"
            | "dmsetup"
            | "vgreduce"
            | "lvresize"
            | "swapon"
            | "bcdboot"
            | "ddrescue"
    )
}
