//! Options that load code or name a program, spelled alike by many programs.

use super::Hits;
use crate::bash::Subject;
use crate::bash::names::{self, among};
use crate::bash::script::Leaf;

/// Long options, with one dash or two.
const OPTIONS: &str = "pager filter lua-filter engine init-script init-file rcfile pre-invoke post-invoke \
    shell-escape enable-write18 use-compress-program rsh rsh-command ssh-command proxy-command askpass \
    javaagent agentlib agentpath preload load-extension to-command checkpoint-action info-script \
    new-volume-script remote-sudo system-command exec-command plugin-command run-command shell-command \
    install-hook pre-script post-script hook-command encodedcommand enc script-security up down-pre \
    tls-verify ipchange dangerous on-connect on-disconnect eval-command interpreter dynamic-linker";
/// What such an option may begin with.
const STARTS: &[&str] = &[
    "on-download",
    "on-bt-",
    "pre-cmd",
    "post-cmd",
    "pre-exec",
    "post-exec",
    "exec-",
    "hook-",
    "before-",
    "after-script",
];
/// What any argument may hold, by program.
const HOLDS: &[(&str, &[&str])] = &[
    ("apt apt-get aptitude", &["::", "pre-invoke", "post-invoke"]),
    ("dpkg", &["--pre-invoke", "--post-invoke"]),
    (
        "rpm",
        &[
            "%(", "%{lua", "--pipe", "--define", "--eval", "--load", "--macros",
        ],
    ),
    ("gs ghostscript", &["%pipe%", "-dnosafer"]),
    (
        "latex pdflatex xelatex lualatex tex luatex",
        &["write18", "shell-escape", "directlua"],
    ),
    ("yq", &["load(", "load_str(", "env(", "strload("]),
    (
        "convert magick identify mogrify",
        &["msl:", "ephemeral:", "|", "url:", "mvg:", "label:@"],
    ),
    (
        "sqlite3",
        &[
            "load_extension",
            "writefile",
            "readfile",
            ".load",
            ".shell",
            ".system",
            "edit(",
        ],
    ),
    ("ffmpeg ffprobe ffplay", &["concat:", "/etc/", "subfile"]),
    (
        "vlc mpv mplayer",
        &["--script", "--lua", "--input-conf", "--include"],
    ),
    (
        "tar gtar bsdtar",
        &[
            "--to-command",
            "--checkpoint-action",
            "--use-compress",
            "--rsh-command",
        ],
    ),
    ("erl elixir iex mix", &["os:cmd", ":os.cmd", "system.cmd"]),
    (
        "pandoc",
        &[
            "--filter",
            "--lua-filter",
            "--pdf-engine-opt",
            "--template=/",
            "-F",
            "-L",
        ],
    ),
    ("gawk awk", &["--load", "--include", "--exec"]),
    ("node deno bun tsx ts-node", &["data:"]),
    ("hg", &["alias.", "hooks.", "extensions."]),
    (
        "perl ruby",
        &["exec ", "system ", "`", "qx", "open ", "popen"],
    ),
];
/// Short options that name a program, a library or a configuration.
const SHORTS: &[(&str, &str)] = &[
    ("ssh", "FIJ"),
    ("sftp scp", "DFJ"),
    ("ssh-add", "sS"),
    ("ssh-keygen", "DwK"),
    ("gawk awk", "lEi"),
    ("openvpn", ""),
    ("delta ag ack", ""),
    ("mutt neomutt", "eF"),
    ("screen tmux", "cf"),
    ("gdb lldb", "xs"),
    ("tclsh wish expect", "f"),
    ("mapfile readarray", "C"),
    ("compgen", "CF"),
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for (leaf, reading) in subject.script.leaves.iter().zip(subject.readings) {
        let settled = reading.listed && reading.refused.is_empty();
        if !settled && !leaf.guessed && loads(leaf) {
            hits.danger(
                leaf.span,
                format!(
                    "`{}` is told to load code or to run a program.",
                    leaf.name()
                ),
            );
        }
    }
}

fn loads(leaf: &Leaf) -> bool {
    let name = leaf.name();
    if names::BUILDERS.contains(&name.as_str()) || leaf.is(&["git", "echo", "docker", "podman"]) {
        return false;
    }
    let long = leaf.options().any(|word| {
        let text = word.text.trim_start_matches('-').to_ascii_lowercase();
        let head = text.split(['=', ':']).next().unwrap_or_default();
        head.len() > 2
            && (among(OPTIONS, head) || STARTS.iter().any(|start| head.starts_with(start)))
    });
    let texts = || {
        leaf.args()
            .iter()
            .map(|word| word.text.to_ascii_lowercase())
    };
    let holds = HOLDS.iter().any(|(programs, parts)| {
        among(programs, &name)
            && texts().any(|text| {
                parts
                    .iter()
                    .any(|part| text.contains(&part.to_ascii_lowercase()))
            })
    });
    let short = SHORTS.iter().any(|(programs, letters)| {
        among(programs, &name) && letters.chars().any(|letter| given(leaf, letter))
    });
    // A library behind an option of what usually loads none.
    let library = leaf.is(&[
        "openssl",
        "ssh",
        "ssh-agent",
        "sqlite3",
        "nm",
        "ld",
        "pkcs11-tool",
    ]) && leaf.args().iter().any(|word| {
        let text = word.text.rsplit('=').next().unwrap_or_default();
        (text.ends_with(".so") || text.ends_with(".dylib") || text.ends_with(".dll"))
            && (leaf.is(&["openssl", "ssh", "ssh-agent"]) || leaf.has_arg_start("--plugin"))
    });
    let linker =
        name.starts_with("ld-linux") || name.starts_with("ld.so") || name.starts_with("ld-musl");
    long || holds || short || library || linker
}

/// The letter begins a word of options.
fn given(leaf: &Leaf, letter: char) -> bool {
    leaf.options().any(|word| {
        let rest = word.text.strip_prefix('-').unwrap_or_default();
        rest.starts_with(letter)
    })
}
