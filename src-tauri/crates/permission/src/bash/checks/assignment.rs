//! Variables set for a command or for all that follow.

use super::Hits;
use crate::bash::Subject;
use protocol::Span;

/// Variables that make programs run other programs or load code.
const POWERFUL: &[&str] = &[
    "PATH",
    "IFS",
    "BASH_ENV",
    "ENV",
    "SHELLOPTS",
    "BASHOPTS",
    "PS4",
    "PS1",
    "HISTSIZE",
    "HISTFILESIZE",
    "HISTCONTROL",
    "HISTIGNORE",
    "PROMPT_COMMAND",
    "CDPATH",
    "GLOBIGNORE",
    "PAGER",
    "MANPAGER",
    "EDITOR",
    "VISUAL",
    "BROWSER",
    "LESSOPEN",
    "LESSCLOSE",
    "LESS",
    "MANROFFOPT",
    "NODE_OPTIONS",
    "NODE_PATH",
    "PYTHONPATH",
    "PYTHONSTARTUP",
    "PYTHONHOME",
    "PYTHONINSPECT",
    "PYTHONWARNINGS",
    "PERL5OPT",
    "PERL5LIB",
    "PERL5DB",
    "RUBYOPT",
    "RUBYLIB",
    "JAVA_TOOL_OPTIONS",
    "_JAVA_OPTIONS",
    "CLASSPATH",
    "RIPGREP_CONFIG_PATH",
    "RUSTC_WRAPPER",
    "RUSTC",
    "RUSTFLAGS",
    "CC",
    "CXX",
    "LD",
    "MAKEFLAGS",
    "TERMINFO",
    "HOME",
    "SHELL",
    "TAR_OPTIONS",
    "GREP_OPTIONS",
    "GZIP",
    "RSYNC_RSH",
    "CVS_RSH",
    "SUDO_ASKPASS",
    "SSH_ASKPASS",
    "HISTFILE",
    "TMPDIR",
    "LUA_INIT",
    "PHPRC",
    "GCONV_PATH",
    "LOCPATH",
    "HTTP_PROXY",
    "HTTPS_PROXY",
    "http_proxy",
    "https_proxy",
    "ALL_PROXY",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
];
const POWERFUL_STARTS: &[&str] = &[
    "LD_",
    "DYLD_",
    "GIT_",
    "CARGO_",
    "npm_config_",
    "NPM_CONFIG_",
    "BASH_FUNC_",
    "PIP_",
    "OPENSSL_",
    "ANTHROPIC_",
    "OPENAI_",
    "CLAUDE_",
];

pub(super) fn run(subject: &Subject<'_>, hits: &mut Hits) {
    for leaf in subject.script.leaves.iter().filter(|leaf| !leaf.settled) {
        for word in &leaf.assignments {
            judge(&word.text, word.span(), hits);
        }
        if leaf.is(&[
            "export",
            "declare",
            "typeset",
            "local",
            "readonly",
            "env",
            "set",
            "setenv",
            "unset",
            "read",
            "mapfile",
            "readarray",
            "getopts",
            "let",
        ]) {
            for word in leaf.args() {
                judge(&word.text, word.span(), hits);
            }
        }
    }
}

fn judge(text: &str, span: Span, hits: &mut Hits) {
    let name = text.split(['=', '+', '[']).next().unwrap_or_default();
    if powerful(name) && text.contains('=') {
        hits.danger(
            span,
            format!("`{name}` decides what later programs run or load."),
        );
    } else if text.contains('=') {
        hits.ask(span, format!("It sets `{name}`, which a program may obey."));
    }
}

/// True for variables that programs are known to obey.
pub(in crate::bash) fn powerful(name: &str) -> bool {
    POWERFUL.contains(&name) || POWERFUL_STARTS.iter().any(|start| name.starts_with(start))
}
