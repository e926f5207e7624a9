//! Memory of a program with a window once it has settled: PSS over all its
//! processes, so that what web processes share is counted once.

use std::path::Path;
use std::process::Child;
use std::thread::sleep;
use std::time::{Duration, Instant};

use testkit::Workspace;

use crate::Measured;
use crate::desktop::Desktop;
use crate::process::tree_pss_kb;

const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Settled: so many looks in a row that differ by less than one in a hundred.
const STEADY_LOOKS: usize = 8;
const LONGEST_START: Duration = Duration::from_secs(90);

/// What has to be seen before the memory counts.
#[derive(Clone, Copy)]
pub enum Shows {
    OneWindow,
    WindowAndPet,
}

impl Shows {
    fn window_count(self) -> usize {
        match self {
            Self::OneWindow => 1,
            Self::WindowAndPet => 2,
        }
    }
}

pub fn memory_mb(program: &Path, shows: Shows) -> Measured<f64> {
    let desktop = Desktop::start()?;
    let home = Workspace::new();
    let child = desktop
        .command(program)
        .env("FAMILIAR_HOME", home.root())
        .env("HOME", home.root())
        .current_dir(home.root())
        .spawn()?;
    let mut app = Running(child);
    let started = Instant::now();
    let mut looks: Vec<u64> = Vec::new();
    while started.elapsed() < LONGEST_START {
        sleep(LOOK_EVERY);
        if let Some(status) = app.0.try_wait()? {
            return Err(format!("`{}` ended with {status}", program.display()).into());
        }
        if desktop.window_count(app.0.id()) < shows.window_count() {
            continue;
        }
        looks.push(tree_pss_kb(app.0.id()));
        if let Some(kilobytes) = settled(&looks) {
            return Ok(kilobytes as f64 / 1024.0);
        }
    }
    let (seen, wanted) = (desktop.window_count(app.0.id()), shows.window_count());
    Err(format!(
        "`{}` did not settle: {seen} of {wanted} windows, {looks:?} kB",
        program.display()
    )
    .into())
}

fn settled(looks: &[u64]) -> Option<u64> {
    let last = looks.last_chunk::<STEADY_LOOKS>()?;
    let (least, most) = (last.iter().min()?, last.iter().max()?);
    (most - least < most / 100).then_some(*most)
}

/// Ends with the measurement, however that ends.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
