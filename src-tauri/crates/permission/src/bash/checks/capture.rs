//! Screen, microphone, camera, clipboard, keyboard: what a person did not
//! mean to hand over.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::among;
use crate::bash::script::Leaf;

const ALWAYS: &str = "pbpaste wl-paste screencapture scrot grim maim flameshot ksnip shutter slop gnome-screenshot spectacle xwd arecord parec parecord pw-record \
    imagesnap fswebcam streamer xev showkey logkeys xspy evtest keylogger asciinema ttyrec";

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject.script.leaves.iter().filter(|leaf| captures(leaf)) {
        hits.danger(
            leaf.span,
            format!(
                "`{}` records the screen, sound, keys or clipboard.",
                leaf.name()
            ),
        );
    }
}

fn captures(leaf: &Leaf) -> bool {
    let name = leaf.name();
    match name.as_str() {
        "xclip" | "xsel" => leaf.has_arg_start("-o") || leaf.has_arg_start("--output"),
        "import" => leaf.has_arg(&["-window"]),
        "ffmpeg" => leaf.has_arg(&[
            "x11grab",
            "avfoundation",
            "gdigrab",
            "pulse",
            "alsa",
            "v4l2",
            "kmsgrab",
        ]),
        "rec" | "sox" => leaf.has_arg(&["-d"]) || name == "rec",
        _ => among(ALWAYS, &name),
    }
}
