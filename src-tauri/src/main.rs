//! The desktop app. All wiring is in the library, so that tests can link it.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> std::process::ExitCode {
    familiar::run()
}
