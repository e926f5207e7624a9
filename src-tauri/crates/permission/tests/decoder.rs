//! The decoder's word against bash's: what `decode_command` claims to know is
//! what bash hands to a program, for a hundred thousand random words.
//!
//! Bash is the judge, inside of bubblewrap: should the decoder be wrong about
//! where a word ends, what bash then runs can do nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::fmt::Write as _;
use std::io::{Seek, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use fastrand::Rng;
use permission::decode_command;

const SEED: u64 = 0x5eed_0123;
const WORDS: usize = 100_000;
/// So many words may be spelled with escapes in `$'…'` that nobody claims to
/// know for sure, and are compared all the same.
const ESCAPED_WORDS: usize = 20_000;
const CASES_PER_RUN: usize = 10_000;
/// More differences than this nobody reads.
const SHOWN: usize = 10;
/// Fewer of all words than this would make the test say little.
const COMPARED_SHARE: f64 = 0.4;

/// Words as written behind a program's name, and what they decode to.
struct Case {
    text: String,
    decoded: Vec<String>,
}

#[test]
fn words_are_what_bash_hands_over() {
    let mut random = Rng::with_seed(SEED);
    let (mut made, mut known, mut escaped) = (0_usize, 0_usize, 0_usize);
    while known < WORDS || escaped < ESCAPED_WORDS {
        let mut cases = Vec::new();
        while cases.len() < CASES_PER_RUN {
            let line = Line::random(&mut random);
            let decoded =
                decode_command(&format!("f {}", line.text), Path::new("/"), Path::new("/"));
            let [command, end] = decoded.commands.as_slice() else {
                continue;
            };
            let is_whole = decoded.whole && end.program() == ":" && !line.has_odd_comment();
            let words = command.words.get(1..).unwrap_or_default();
            made += words.len();
            let is_known = words.iter().all(|word| word.known);
            let is_spelled = !line.is_live;
            if !is_whole || !(is_known || is_spelled) {
                continue;
            }
            known += if is_known { words.len() } else { 0 };
            escaped += if is_known { 0 } else { words.len() };
            cases.push(Case {
                text: line.text,
                decoded: words.iter().map(|word| word.text.clone()).collect(),
            });
        }
        compare(&cases);
    }
    let share = (known + escaped) as f64 / made as f64;
    assert!(share > COMPARED_SHARE, "{share:.2} of {made} words");
}

/// Asks bash about every case and says which ones it reads differently.
fn compare(cases: &[Case]) {
    // The words' own redirections must not take away what it prints.
    let mut script = String::from("exec 250>&1\nf() { printf '%s\\0' \"$#\" \"$@\" >&250; }\n");
    for case in cases {
        writeln!(script, "f {}", case.text).unwrap();
    }
    let (output, said) = bash(&script);
    let mut fields = output.split(|byte| *byte == 0);
    let mut differences = Vec::new();
    for case in cases {
        let count = fields
            .next()
            .and_then(|field| std::str::from_utf8(field).ok());
        let count = count.and_then(|count| count.parse::<usize>().ok());
        let got: Vec<String> = fields
            .by_ref()
            .take(count.unwrap_or(0))
            .map(|field| String::from_utf8_lossy(field).into_owned())
            .collect();
        if got != case.decoded {
            let (text, decoded) = (&case.text, &case.decoded);
            differences.push(format!("{text:?}\n   bash: {got:?}\n   ours: {decoded:?}"));
        }
    }
    let first = differences.iter().take(SHOWN).cloned().collect::<Vec<_>>();
    assert!(
        differences.is_empty(),
        "seed {SEED:#x}: bash reads {} lines differently, the first are\n{}\n{said}",
        differences.len(),
        first.join("\n")
    );
}

/// What bash prints for a script, inside of a sandbox, and what it complains.
fn bash(script: &str) -> (Vec<u8>, String) {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(script.as_bytes()).unwrap();
    file.rewind().unwrap();
    let output = Command::new("bwrap")
        .args(["--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev"])
        .args(["--proc", "/proc", "--tmpfs", "/tmp", "--chdir", "/tmp"])
        .args(["--die-with-parent", "--new-session"])
        .args(["bash", "--noprofile", "--norc"])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("LC_ALL", "C.UTF-8")
        .stdin(Stdio::from(file))
        .output()
        .expect("bubblewrap and bash are installed");
    let said = String::from_utf8_lossy(&output.stderr);
    (output.stdout, said.chars().take(2_000).collect())
}

/// A random text of some words.
#[derive(Default)]
struct Line {
    text: String,
    /// Something in it bash would replace.
    is_live: bool,
}

const PLAIN: &[&str] = &[
    "a", "b", "Z", "7", "-", "--x=", "=", "x=", "+=", "/", ".", "..", ",", ":", "%", "@", "+", "^",
    "_", "!", "#", "]", "é", "日本", "😀", "e\u{301}", "ß", "\u{a0}", "\u{2028}",
];
const BLANKS: &[&str] = &[" ", " ", "  ", "\t", " \\\n", " #"];
const LIVE: &[&str] = &[
    "*", "?", "[a]", "[", "~", "~/", "~a", "x=~", "a:~", "{a,b}", "{", "}", "{}", " {} ", "{1..3}",
    "$x", "${x}", "${x:-a}", "$1", "$$", "$(:)", "`:`", "$((1))", "$[1]",
];
/// Numbers before them may be descriptors or words.
const REDIRECTIONS: &[&str] = &[
    ">&2 ",
    "2>&1 ",
    "02>&1 ",
    "99999999999>&2 ",
    "2147483648>&2 ",
    "&>/dev/null ",
    "</dev/null ",
    "<<<a ",
    "{7a}>&2 ",
    "\\2>&1 ",
    "'2'>&1 ",
];
const CONTROL: &[char] = &[
    '\u{1}', '\u{2}', '\u{7}', '\u{8}', '\u{b}', '\u{c}', '\r', '\u{1b}', '\u{1f}', '\u{7f}',
    '\u{85}',
];
/// What may stand behind a backslash or inside of quotes.
const ANY: &[char] = &[
    'a', 'n', 'x', 'u', 'c', '0', '7', ' ', '\t', '\n', '\\', '"', '\'', '`', '$', '!', '*', '?',
    '[', '{', '}', '~', '#', '&', '|', ';', '<', '>', '(', ')', '=', ':', 'é', '😀', '\r', '\u{1}',
    '\u{7f}',
];

impl Line {
    fn random(random: &mut Rng) -> Self {
        let mut line = Self::default();
        for _ in 0..random.usize(1..12) {
            line.piece(random);
        }
        line.text += choose(random, &["; :", " ;:", "\n:", "\t&&:", "&& :"]);
        line
    }

    /// A comment ends with its line, whatever looks quoted in it; what then
    /// begins is another command.
    fn has_odd_comment(&self) -> bool {
        let text = format!(" {}", self.text).replace('\t', " ");
        text.contains(" #") && self.text.trim_end_matches("\n:").contains('\n')
    }

    fn piece(&mut self, random: &mut Rng) {
        match random.u8(..100) {
            0..30 => self.text += choose(random, PLAIN),
            30..50 => self.text += choose(random, BLANKS),
            50..60 => {
                self.text.push('\\');
                self.text.push(*choose_from(random, ANY));
            }
            60..68 => self.single_quoted(random),
            68..80 => self.double_quoted(random),
            80..89 => self.escapes(random),
            89..91 => self.text.push(*choose_from(random, CONTROL)),
            91..93 => {
                // Before most characters it stands for itself.
                self.text.push('$');
                self.text += choose(random, &["%", "=", " ", "/", ".", "é", "\\a", "]", "~"]);
            }
            93..95 => {
                self.text.push('$');
                self.double_quoted(random);
            }
            95..97 => self.text += choose(random, REDIRECTIONS),
            _ => {
                self.text += choose(random, LIVE);
                self.is_live = true;
            }
        }
    }

    fn single_quoted(&mut self, random: &mut Rng) {
        self.text.push('\'');
        for _ in 0..random.usize(..5) {
            let c = *choose_from(random, ANY);
            self.text.extend(Some(c).filter(|c| *c != '\''));
        }
        self.text.push('\'');
    }

    fn double_quoted(&mut self, random: &mut Rng) {
        self.text.push('"');
        for _ in 0..random.usize(..6) {
            match random.u8(..20) {
                0..8 => {
                    self.text.push('\\');
                    self.text.push(*choose_from(random, ANY));
                }
                8..18 => {
                    let c = *choose_from(random, ANY);
                    self.text.extend(Some(c).filter(|c| !"\"\\$`".contains(*c)));
                }
                18 => self.text += "$ ",
                _ => {
                    self.text += choose(random, &["$x", "${x}", "`:`", "$(:)"]);
                    self.is_live = true;
                }
            }
        }
        self.text.push('"');
    }

    /// `$'…'` with every kind of escape, also such as nobody writes.
    fn escapes(&mut self, random: &mut Rng) {
        self.text += "$'";
        for _ in 0..random.usize(..5) {
            match random.u8(..12) {
                0..3 => {
                    let c = *choose_from(random, ANY);
                    self.text.extend(Some(c).filter(|c| !"'\\".contains(*c)));
                }
                3 => write!(self.text, "\\x{:x}", random.u8(..)).unwrap(),
                4 => write!(self.text, "\\{:o}", random.u16(..0o777)).unwrap(),
                5 => write!(self.text, "\\u{:x}", random.u16(..)).unwrap(),
                6 => write!(self.text, "\\U{:08x}", random.u32(..0x0011_0100)).unwrap(),
                7 => {
                    self.text += choose(
                        random,
                        &[
                            "\\c\\\\", "\\ca", "\\cA", "\\c?", "\\c@", "\\c[", "\\c'", "\\cé",
                            "\\c",
                        ],
                    )
                }
                8 => {
                    self.text += choose(
                        random,
                        &[
                            "\\xc3\\xa9",
                            "\\303\\251",
                            "\\x{41}",
                            "\\x",
                            "\\u",
                            "\\0",
                            "\\x0",
                        ],
                    )
                }
                _ => {
                    self.text.push('\\');
                    self.text.push(*choose_from(
                        random,
                        &[
                            'a', 'b', 'e', 'E', 'f', 'n', 'r', 't', 'v', '\\', '\'', '"', '?', 'z',
                            '\n',
                        ],
                    ));
                }
            }
        }
        self.text.push('\'');
    }
}

fn choose<'a>(random: &mut Rng, from: &[&'a str]) -> &'a str {
    from[random.usize(..from.len())]
}

fn choose_from<'a, T>(random: &mut Rng, from: &'a [T]) -> &'a T {
    &from[random.usize(..from.len())]
}
