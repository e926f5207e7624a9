//! How the program is linked where it is to be small.

use std::process::Command;

/// The first glibc whose loader reads packed relocations.
const PACKED_SINCE: (u32, u32) = (2, 36);

/// Where rustc links with its own lld, which knows the flag.
const RUSTS_OWN_LINKER: &str = "x86_64-unknown-linux-gnu";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // Only `dist` asks for size.
    let is_small = variable("OPT_LEVEL") == "s";
    let is_own = [variable("TARGET"), variable("HOST")] == [RUSTS_OWN_LINKER; 2];
    if is_small && is_own && glibc() >= PACKED_SINCE {
        // Otherwise the loader reads a table of more than a megabyte.
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
}

fn variable(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Version of this system's C library, or zeros.
fn glibc() -> (u32, u32) {
    let output = Command::new("getconf").arg("GNU_LIBC_VERSION").output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned());
    let version = |text: String| {
        let (major, minor) = text.trim().strip_prefix("glibc ")?.split_once('.')?;
        let minor = minor.split('.').next()?;
        Some((major.parse().ok()?, minor.parse().ok()?))
    };
    text.ok().and_then(version).unwrap_or_default()
}
