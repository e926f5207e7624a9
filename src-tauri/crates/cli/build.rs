//! Puts the C++ library that whisper.cpp needs into `fam` instead of beside
//! it: about 1 MB less memory at run time, and `fam` starts where that library
//! is older or absent. A compiler without a static one links the shared one.
//!
//! `whisper-rs` asks for `-lstdc++`, which takes what the first folder on the
//! search path has: here a folder with nothing but the static library.

use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CXX");
    let is_wanted = std::env::var_os("CARGO_FEATURE_VOICE").is_some()
        && std::env::var("CARGO_CFG_TARGET_OS").is_ok_and(|system| system == "linux")
        && std::env::var_os("HOST") == std::env::var_os("TARGET");
    if is_wanted && let Some(folder) = static_library_alone() {
        println!("cargo:rustc-link-search=native={}", folder.display());
    }
}

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
