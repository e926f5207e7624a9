//! `fam doctor`: what works on this machine, what is missing, and the fix.

use engine::{DoctorFinding, Engine, Health, Home, Options};

use crate::args::DoctorArgs;
use crate::exit::{Exit, fail};

pub async fn doctor(args: DoctorArgs) -> Exit {
    let home = match Home::find() {
        Ok(home) => home,
        Err(error) => return fail(&error),
    };
    let engine = match Engine::open(home, Options::default()).await {
        Ok(engine) => engine,
        Err(error) => return fail(&error),
    };
    let mut findings = engine.examine().await;
    findings.extend(desktop());
    findings.extend(voice(&engine));
    engine.shutdown().await;
    if args.json {
        match serde_json::to_string_pretty(&findings) {
            Ok(text) => println!("{text}"),
            Err(error) => {
                eprintln!("fam: the report cannot be written as JSON: {error}");
                return Exit::Failed;
            }
        }
    } else {
        findings.iter().for_each(print);
    }
    // What is merely limited is no failure: a server has no microphone.
    if findings
        .iter()
        .any(|finding| finding.health == Health::Broken)
    {
        Exit::Failed
    } else {
        Exit::Done
    }
}

fn print(finding: &DoctorFinding) {
    let mark = match finding.health {
        Health::Good => "ok     ",
        Health::Limited => "limited",
        Health::Broken => "broken ",
    };
    println!("{mark}  {}: {}", finding.subject, finding.detail);
    if let Some(fix) = &finding.fix {
        println!("         → {fix}");
    }
}

fn desktop() -> Vec<DoctorFinding> {
    let set = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let display = match (set("DISPLAY"), set("WAYLAND_DISPLAY")) {
        (Some(name), _) => DoctorFinding::good("Display", format!("X11 `{name}`")),
        (None, Some(name)) => DoctorFinding::limited(
            "Display",
            format!("Wayland `{name}` without X11: no global hotkey, the pet may not stay above."),
            "Start XWayland, or hold the microphone button in the window.",
        ),
        (None, None) => DoctorFinding::limited(
            "Display",
            "none, so the window cannot open",
            "Start Familiar from a desktop session; `fam run` works without one.",
        ),
    };
    let bus = match set("DBUS_SESSION_BUS_ADDRESS")
        .or_else(|| set("XDG_RUNTIME_DIR").filter(|dir| has_bus(dir)))
    {
        Some(_) => DoctorFinding::good("D-Bus", "session bus found"),
        None => DoctorFinding::limited(
            "D-Bus",
            "no session bus: no notifications, no keyring, no tray",
            "Log in through a desktop session, or start one with `dbus-run-session`.",
        ),
    };
    vec![display, bus]
}

fn has_bus(runtime_dir: &str) -> bool {
    std::path::Path::new(runtime_dir).join("bus").exists()
}

fn voice(engine: &Engine) -> Vec<DoctorFinding> {
    let microphone = match voice::microphones() {
        Ok(list) if !list.is_empty() => {
            let names: Vec<_> = list
                .iter()
                .map(|microphone| microphone.name.as_str())
                .collect();
            DoctorFinding::good("Microphone", names.join(", "))
        }
        Ok(_) => DoctorFinding::limited(
            "Microphone",
            "none found",
            "Plug one in, or allow access to it.",
        ),
        Err(error) => {
            let info = error.info();
            DoctorFinding::limited("Microphone", info.message, info.hints.join(" "))
        }
    };
    let wanted = engine.settings().speech_model;
    let model = match voice::find_model(&wanted, &engine.home().models()) {
        Ok(path) => DoctorFinding::good("Speech model", path.display().to_string()),
        Err(error) => {
            let info = error.info();
            DoctorFinding::limited("Speech model", info.message, info.hints.join(" "))
        }
    };
    vec![microphone, model]
}
