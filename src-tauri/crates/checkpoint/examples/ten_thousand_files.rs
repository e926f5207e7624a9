//! Figures: a project of 10,000 files, its first snapshot, the next ones
//! when nothing or little changed, what they take on disk, and a rewind.
//! Run it with `cargo run --release -p checkpoint --example ten_thousand_files`.

#[cfg(unix)]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    figures::print()
}

#[cfg(not(unix))]
fn main() {}

#[cfg(unix)]
mod figures {
    use std::error::Error;
    use std::fs;
    use std::io::Write;
    use std::path::Path;
    use std::time::{Duration, Instant};

    use checkpoint::{Cause, Checkpoints, Limits, OnConflict, Pick, Timeline};
    use protocol::SessionId;

    const FILES: usize = 10_000;
    const PER_FOLDER: usize = 25;
    const UNCHANGED_RUNS: usize = 20;
    const EDITS: usize = 200;

    pub fn print() -> Result<(), Box<dyn Error>> {
        let folder = tempfile::tempdir()?;
        let work = folder.path().join("work");
        let bytes = make_project(&work)?;
        let checkpoints = Checkpoints::open(&folder.path().join("store"), Limits::default())?;
        let session = SessionId::from("figures");
        let mut timeline = checkpoints.timeline(&session, &work)?;
        let mut out = std::io::stdout().lock();

        writeln!(out, "{FILES} files, {} KiB", bytes / 1024)?;
        let (first, target) = timed(|| take(&mut timeline))?;
        let first_bytes = checkpoints.used_bytes()?;
        writeln!(out, "first snapshot: {:.1} ms", ms(first))?;
        writeln!(out, "store: {} KiB", first_bytes / 1024)?;

        let mut unchanged = Vec::new();
        for _ in 0..UNCHANGED_RUNS {
            unchanged.push(timed(|| take(&mut timeline))?.0);
        }
        unchanged.sort_unstable();
        let median = unchanged[UNCHANGED_RUNS / 2];
        writeln!(out, "unchanged, median: {:.1} ms", ms(median))?;
        writeln!(
            out,
            "unchanged, slowest: {:.1} ms",
            ms(unchanged[UNCHANGED_RUNS - 1])
        )?;

        if std::env::args().any(|argument| argument == "--quick") {
            return Ok(());
        }

        drop(timeline);
        let (reopened, mut timeline) = timed(|| {
            let mut timeline = checkpoints.timeline(&session, &work)?;
            take(&mut timeline)?;
            Ok::<_, checkpoint::CheckpointError>(timeline)
        })?;
        writeln!(out, "after a restart: {:.1} ms", ms(reopened))?;

        let started = Instant::now();
        for edit in 0..EDITS {
            fs::write(path(&work, edit * 7 % FILES), format!("edit {edit}\n"))?;
            take(&mut timeline)?;
        }
        let each = started.elapsed() / u32::try_from(EDITS)?;
        let grown = (checkpoints.used_bytes()? - first_bytes) / EDITS as u64;
        writeln!(out, "one file changed: {:.1} ms", ms(each))?;
        writeln!(out, "one file changed, on disk: {grown} bytes")?;

        let pick = Pick::All;
        let (planned, plan) = timed(|| timeline.plan(target, &pick))?;
        writeln!(
            out,
            "plan of {} changes: {:.1} ms",
            plan.changes.len(),
            ms(planned)
        )?;
        let (rewound, _) = timed(|| timeline.rewind(target, &pick, OnConflict::Keep, 0))?;
        writeln!(out, "rewind: {:.1} ms", ms(rewound))?;
        let (swept, _) = timed(|| checkpoints.sweep())?;
        writeln!(out, "sweep: {:.1} ms", ms(swept))?;
        Ok(())
    }

    fn take(
        timeline: &mut Timeline,
    ) -> Result<checkpoint::SnapshotId, checkpoint::CheckpointError> {
        let call = "figures".into();
        Ok(timeline.snapshot(Cause::AfterCall { call }, &[], 0)?.id)
    }

    fn timed<T, E: Into<Box<dyn Error>>>(
        work: impl FnOnce() -> Result<T, E>,
    ) -> Result<(Duration, T), Box<dyn Error>> {
        let started = Instant::now();
        let done = work().map_err(Into::into)?;
        Ok((started.elapsed(), done))
    }

    fn ms(duration: Duration) -> f64 {
        duration.as_secs_f64() * 1000.0
    }

    fn path(work: &Path, number: usize) -> std::path::PathBuf {
        let folder = number / PER_FOLDER;
        work.join(format!(
            "part{}/module{folder}/file{number}.rs",
            folder / 20
        ))
    }

    /// Files of some 4 KiB on average, with the odd repetition, as code has.
    fn make_project(work: &Path) -> Result<u64, Box<dyn Error>> {
        let mut rng = fastrand::Rng::with_seed(7);
        let mut bytes = 0;
        fs::create_dir_all(work)?;
        fs::write(work.join(".gitignore"), "target/\n*.log\n/dist\n")?;
        for number in 0..FILES {
            let path = path(work, number);
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            let mut text = String::new();
            for line in 0..rng.usize(10..210) {
                let word: String = (0..6).map(|_| rng.lowercase()).collect();
                text += &format!("    let {word} = item_{number}.get({line})?;\n");
            }
            bytes += text.len() as u64;
            fs::write(path, text)?;
        }
        Ok(bytes)
    }
}
