//! Makes `fam` light: the C++ library that whisper.cpp needs is put into it
//! instead of beside it (1 MB less at run time, and it starts where that
//! library is older or absent), and the addresses that the loader reads at
//! each start are packed (20 kB in place of 1 MB). What a compiler, a linker
//! or glibc does not know of this is left out.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The first glibc whose loader reads packed addresses. A linker that cannot
/// write them says so and goes on without.
const PACKED_SINCE: (u32, u32) = (2, 36);

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CXX");
    let is_for_here = std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux")
        && std::env::var_os("HOST") == std::env::var_os("TARGET");
    if !is_for_here {
        return;
    }
    if glibc().is_some_and(|version| version >= PACKED_SINCE) {
        println!("cargo:rustc-link-arg-bins=-Wl,-z,pack-relative-relocs");
    }
    if std::env::var_os("CARGO_FEATURE_VOICE").is_some()
        && let Some(folder) = static_library_alone()
    {
        println!("cargo:rustc-link-search=native={}", folder.display());
    }
}

/// Of this machine, as its own tool says it: `glibc 2.36`.
fn glibc() -> Option<(u32, u32)> {
    let output = Command::new("getconf")
        .arg("GNU_LIBC_VERSION")
        .output()
        .ok()?;
    let words = String::from_utf8(output.stdout).ok()?;
    let (major, minor) = words.trim().strip_prefix("glibc ")?.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// `whisper-rs` asks for `-lstdc++`, which takes what the first folder on the
/// search path has: here one with nothing but the static library.
fn static_library_alone() -> Option<PathBuf> {
    const NAME: &str = "libstdc++.a";
    let compiler = std::env::var("CXX").unwrap_or_else(|_| "c++".to_owned());
    let answer = Command::new(compiler)
        .arg(format!("-print-file-name={NAME}"))
        .output()
        .ok()?;
    // A compiler that has none answers with the bare name.
    let library = PathBuf::from(String::from_utf8(answer.stdout).ok()?.trim());
    if !library.is_absolute() {
        return None;
    }
    let folder = Path::new(&std::env::var_os("OUT_DIR")?).join("static");
    std::fs::create_dir_all(&folder).ok()?;
    std::fs::copy(library, folder.join(NAME)).ok()?;
    Some(folder)
}
