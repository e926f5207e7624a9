//! The level meter: loudness of what came since the last reading, at most
//! thirty readings a second of recorded sound.

use super::CaptureEvent;

const READINGS_PER_SECOND: usize = 30;

/// Collects samples until a reading is due.
#[derive(Debug, Default)]
pub(super) struct Meter {
    sum: f64,
    count: usize,
}

impl Meter {
    /// Takes samples in; a reading comes out once enough of them came.
    pub(super) fn read(&mut self, samples: &[f32], sample_rate: u32) -> Option<CaptureEvent> {
        for sample in samples {
            self.sum += f64::from(sample * sample);
        }
        self.count += samples.len();
        if self.count == 0 || self.count * READINGS_PER_SECOND < sample_rate as usize {
            return None;
        }
        let rms = (self.sum / self.count as f64).sqrt() as f32;
        *self = Self::default();
        Some(CaptureEvent::Level { rms: rms.min(1.0) })
    }
}
