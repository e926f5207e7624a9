//! `fam`: Familiar without a window, for terminals, scripts and CI.
//!
//! Every command goes through the engine's door; this crate reads flags,
//! prints, and turns outcomes into exit codes.
#![expect(
    clippy::print_stdout,
    reason = "standard output is this program's product"
)]

mod args;
mod audit;
mod config;
mod doctor;
mod exit;
mod lines;
mod permission;
mod run;
mod session;
mod terminal;
mod transcribe;
mod trust;

use clap::Parser;

use args::{Args, Command};
use exit::Exit;

fn main() -> std::process::ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            // Clap prints help and version to stdout with code 0, and what
            // is wrong to stderr with code 2, as the interface promises.
            let _ = error.print();
            return std::process::ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    start_log();
    let exit = match args.command {
        Command::Permission(args) => permission::test(&args),
        Command::Transcribe(args) => on_runtime(transcribe::transcribe(args)),
        Command::Run(args) => on_runtime(run::run(args)),
        Command::Doctor(args) => on_runtime(doctor::doctor(args)),
        Command::Session(args) => on_runtime(session::session(args)),
        Command::Config(args) => on_runtime(config::config(args)),
        Command::Flags(args) => on_runtime(config::flags(args)),
        Command::Audit(args) => on_runtime(audit::audit(args)),
        Command::Trust(args) => on_runtime(trust::trust(args)),
    };
    exit.into()
}

/// One thread carries all tasks: a run waits for a model most of its time,
/// and every further thread costs memory and start-up.
fn on_runtime(work: impl Future<Output = Exit>) -> Exit {
    match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => {
            let exit = runtime.block_on(work);
            // A terminal question may still block a thread on stdin; nothing
            // of it matters any more.
            runtime.shutdown_background();
            exit
        }
        Err(error) => {
            eprintln!("fam: the system gives no threads or timers: {error}");
            Exit::Failed
        }
    }
}

/// Logs go to stderr, and only when `FAMILIAR_LOG` asks for them.
fn start_log() {
    let Ok(filter) = std::env::var("FAMILIAR_LOG") else {
        return;
    };
    let started = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(filter))
        .with_writer(std::io::stderr)
        .try_init();
    if let Err(error) = started {
        eprintln!("fam: logging could not be started: {error}");
    }
}
