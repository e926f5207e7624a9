//! `cargo xtask run`: from a fresh clone to the open app.

use crate::display::{self, VirtualDisplay};
use crate::install::{self, Purpose};
use crate::interface;
use crate::invocation::Invocation;
use crate::step::{Failure, Note, Plan, Step};
use crate::workspace::Workspace;

pub fn plan(workspace: &Workspace, arguments: &[&str]) -> Plan {
    let app = workspace.released("familiar").display().to_string();
    let arguments: Vec<String> = arguments.iter().map(|&word| word.to_owned()).collect();
    Plan::new("Familiar was closed.")
        .steps(install::steps(workspace, Purpose::Run))
        .step(interface::build(workspace))
        .step(Step::command(
            "build the app",
            Invocation::cargo(&["build", "--release", "-p", "familiar", "-p", "exec"])
                .within(&workspace.root),
        ))
        .step(Step::new("open", move || open(&app, &arguments)))
}

fn open(app: &str, arguments: &[String]) -> Result<Note, Failure> {
    if !display::is_absent() {
        Invocation::new(app).args(arguments).run()?;
        return Ok(Note::Done);
    }
    let display = VirtualDisplay::open()?;
    let name = &display.name;
    println!("        There is no display here, so the app opens on a virtual one, {name}.");
    println!("        picture:  DISPLAY={name} import -window root familiar.png   (imagemagick)");
    println!("        by hand:  x11vnc -display {name} -localhost, and a VNC viewer on port 5900");
    println!("        end it:   Ctrl-C");
    display::in_session(app, arguments)
        .env("DISPLAY", name)
        .run()?;
    Ok(Note::Done)
}
