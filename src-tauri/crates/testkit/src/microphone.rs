//! A microphone without hardware: a private PulseAudio server whose null
//! sink's monitor is the default source, and a synthetic voice to speak into
//! it. Other sound servers on the machine are neither used nor disturbed.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

const START_LIMIT: Duration = Duration::from_secs(10);
const BREATH: Duration = Duration::from_millis(600);
const SINK: &str = "familiar_voice";

/// A running sound server of its own; dropping it ends it.
#[derive(Debug)]
pub struct Microphone {
    folder: TempDir,
    server: Child,
    keep_awake: Option<Child>,
}

impl Microphone {
    /// Starts the server and waits until it can be spoken into.
    ///
    /// # Errors
    /// When PulseAudio is not installed or does not come up.
    pub fn start() -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("voice-").tempdir()?;
        let server = server_command(folder.path()).spawn()?;
        let mut microphone = Self {
            folder,
            server,
            keep_awake: None,
        };
        microphone.wait_until_up()?;
        // A null sink nobody plays to runs on a two-second cycle; a silent
        // stream makes it deliver its first sample within milliseconds.
        let silence = microphone
            .command("pacat")
            .args([
                "--playback",
                "--latency-msec=10",
                "--device",
                SINK,
                "/dev/zero",
            ])
            .spawn()?;
        microphone.keep_awake = Some(silence);
        Ok(microphone)
    }

    /// Value of `PULSE_SERVER` that leads a program here.
    #[must_use]
    pub fn server(&self) -> String {
        format!("unix:{}", self.socket().display())
    }

    /// Environment that makes a program listen to this microphone.
    #[must_use]
    pub fn environment(&self) -> Vec<(String, String)> {
        let folder = self.folder.path().display().to_string();
        vec![
            ("PULSE_SERVER".to_owned(), self.server()),
            ("PULSE_COOKIE".to_owned(), format!("{folder}/cookie")),
        ]
    }

    /// Says the text into the microphone, after a breath in which the start
    /// cue ends, as a person does; returns when it was said.
    ///
    /// # Errors
    /// When espeak-ng or paplay is missing or fails.
    pub fn say(&self, text: &str) -> io::Result<()> {
        let wav = self.folder.path().join("speech.wav");
        speak_to_file(text, &wav)?;
        std::thread::sleep(BREATH);
        self.play(&wav)
    }

    /// Plays a WAV file into the microphone; returns when it ended.
    ///
    /// # Errors
    /// When paplay is missing or fails.
    pub fn play(&self, wav: &Path) -> io::Result<()> {
        let status = self
            .command("paplay")
            .args(["--latency-msec=200", "--device", SINK])
            .arg(wav)
            .status()?;
        succeeded("paplay", status.success())
    }

    /// Takes the microphone away, as pulling its plug does.
    ///
    /// # Errors
    /// When the server cannot be ended.
    pub fn unplug(&mut self) -> io::Result<()> {
        self.server.kill()?;
        self.server.wait().map(|_| ())
    }

    /// Makes the microphone deliver nothing, as one does that another program
    /// holds: it is there, it opens, and no sample comes.
    ///
    /// # Errors
    /// When pactl is missing or fails.
    pub fn fall_silent(&self) -> io::Result<()> {
        // A monitor sleeps with its sink.
        let status = self
            .command("pactl")
            .args(["suspend-sink", SINK, "1"])
            .status()?;
        succeeded("pactl", status.success())
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("native")
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .envs(self.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        command
    }

    fn wait_until_up(&mut self) -> io::Result<()> {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            if let Some(status) = self.server.try_wait()? {
                return Err(io::Error::other(format!("pulseaudio ended: {status}")));
            }
            if self.command("pactl").arg("info").status()?.success() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(io::Error::other("pulseaudio did not come up"))
    }
}

fn server_command(folder: &Path) -> Command {
    let socket = folder.join("native");
    let mut command = Command::new("pulseaudio");
    command
        .args(["-n", "--daemonize=no", "--exit-idle-time=-1"])
        .args([
            "--use-pid-file=no",
            "--disable-shm=yes",
            "--log-target=null",
        ])
        .arg("-L")
        .arg(format!(
            "module-native-protocol-unix socket={} auth-anonymous=1",
            socket.display()
        ))
        .arg("-L")
        .arg(format!("module-null-sink sink_name={SINK} rate=48000"))
        .env("XDG_RUNTIME_DIR", folder)
        .env("PULSE_RUNTIME_PATH", folder)
        .env("PULSE_STATE_PATH", folder)
        .env("HOME", folder)
        .env_remove("PULSE_SERVER")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    command
}

impl Drop for Microphone {
    fn drop(&mut self) {
        for child in self.keep_awake.iter_mut().chain([&mut self.server]) {
            // Both may have ended already; there is nothing left to end then.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// Writes the text as speech into a WAV file (22,050 Hz, mono).
///
/// # Errors
/// When espeak-ng is missing or fails.
pub fn speak_to_file(text: &str, wav: &Path) -> io::Result<()> {
    let status = Command::new("espeak-ng")
        .args(["-v", "en-us", "-s", "165", "-w"])
        .arg(wav)
        .arg("--")
        .arg(text)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()?;
    succeeded("espeak-ng", status.success())
}

fn succeeded(program: &str, success: bool) -> io::Result<()> {
    if success {
        return Ok(());
    }
    Err(io::Error::other(format!("{program} failed")))
}
