//! Places whose change would change what governs this program, the shell,
//! git, an editor or another agent. They ask in every mode, also when they
//! do not exist yet.

use std::path::Path;

use super::{folded_parts, holds};

const AGENT: &str = "it configures a coding agent, which may then act without asking";
const EDITOR: &str = "it configures an editor, which runs what is written there";
const GIT: &str = "git runs programs named in it";
const SHELL: &str = "a shell or program runs it at its next start";
const KEYS: &str = "it holds keys or decides who may log in";
const STARTUP: &str = "the system runs it without asking";
const PACKAGES: &str = "a package manager or build tool obeys it, and may run programs named in it";
const SYSTEM: &str = "it belongs to the system";

/// A folder or file with this name, at any depth.
const NAMES: &[(&str, &[&str])] = &[
    (
        GIT,
        &[
            ".git",
            "git~1",
            ".gitconfig",
            ".gitmodules",
            ".husky",
            ".githooks",
            ".pre-commit-config.yaml",
            ".lefthook.yml",
            "lefthook.yml",
        ],
    ),
    (
        AGENT,
        &[
            ".familiar",
            ".claude",
            ".claude.json",
            ".codex",
            ".cursor",
            ".cursorrules",
            ".gemini",
            ".qwen",
            ".opencode",
            ".windsurf",
            ".windsurfrules",
            ".roo",
            ".roomodes",
            ".cline",
            ".clinerules",
            ".continue",
            ".aider.conf.yml",
            ".amazonq",
            ".kiro",
            ".junie",
            ".trae",
            ".vibe",
            ".goosehints",
            ".agent",
            ".agents",
            ".mcp.json",
            "mcp.json",
            "claude.md",
            "claude.local.md",
            "agents.md",
            "gemini.md",
            "copilot-instructions.md",
        ],
    ),
    (
        EDITOR,
        &[
            ".vscode",
            ".idea",
            ".zed",
            ".fleet",
            ".devcontainer",
            ".vim",
            ".vimrc",
            ".nvimrc",
            ".gvimrc",
            ".exrc",
            ".emacs",
            ".emacs.d",
        ],
    ),
    (
        SHELL,
        &[
            ".bashrc",
            ".bash_profile",
            ".bash_login",
            ".bash_logout",
            ".bash_aliases",
            ".bash_history",
            ".profile",
            ".zshrc",
            ".zshenv",
            ".zprofile",
            ".zlogin",
            ".zlogout",
            ".zsh_history",
            ".kshrc",
            ".cshrc",
            ".tcshrc",
            ".login",
            ".inputrc",
            ".xprofile",
            ".xinitrc",
            ".xsession",
            ".xsessionrc",
            ".pam_environment",
            ".envrc",
            ".direnvrc",
            ".tmux.conf",
            ".screenrc",
            ".gdbinit",
            ".lldbinit",
            ".psqlrc",
            ".sqliterc",
            ".irbrc",
            ".pryrc",
            ".rprofile",
            ".pythonrc",
            ".oh-my-zsh",
        ],
    ),
    (
        KEYS,
        &[
            ".ssh",
            ".gnupg",
            ".aws",
            ".azure",
            ".kube",
            ".docker",
            ".netrc",
            ".git-credentials",
            ".password-store",
            "authorized_keys",
        ],
    ),
    (
        PACKAGES,
        &[
            ".npmrc",
            ".yarnrc",
            ".yarnrc.yml",
            ".pnpmfile.cjs",
            ".pypirc",
            ".gemrc",
            ".ripgreprc",
            ".curlrc",
            ".wgetrc",
            ".condarc",
            ".bazelrc",
            ".rustup",
        ],
    ),
    (
        STARTUP,
        &["crontab", "launchagents", "launchdaemons", "autostart"],
    ),
];

/// A file whose name ends like this, at any depth.
const ENDINGS: &[(&str, &str)] = &[(EDITOR, ".code-workspace")];

/// Neighbouring components, at any depth.
const SEQUENCES: &[(&str, &[&[&str]])] = &[
    (
        STARTUP,
        &[
            &[".config", "systemd"],
            &[".config", "environment.d"],
            &[".config", "plasma-workspace"],
            &["spool", "cron"],
            &["spool", "at"],
        ],
    ),
    (
        SHELL,
        &[
            &[".config", "fish"],
            &[".local", "bin"],
            &[".config", "direnv"],
            &[".config", "zsh"],
        ],
    ),
    (GIT, &[&[".config", "git"]]),
    (
        AGENT,
        &[
            &[".github", "instructions"],
            &[".github", "prompts"],
            &[".github", "chatmodes"],
            &[".github", "agents"],
        ],
    ),
    (
        AGENT,
        &[
            &[".config", "familiar"],
            &["share", "familiar"],
            &[".config", "opencode"],
            &[".config", "goose"],
            &["library", "application support", "familiar"],
        ],
    ),
    (
        EDITOR,
        &[
            &[".config", "code"],
            &[".config", "cursor"],
            &[".config", "zed"],
            &[".config", "nvim"],
        ],
    ),
    (
        PACKAGES,
        &[
            &[".cargo", "config.toml"],
            &[".cargo", "config"],
            &[".cargo", "bin"],
            &[".config", "pip"],
        ],
    ),
    (
        KEYS,
        &[
            &[".config", "gh"],
            &[".config", "gcloud"],
            &["share", "keyrings"],
        ],
    ),
];

/// First components of an absolute path that are the system's.
const SYSTEM_ROOTS: &[&str] = &[
    "etc", "boot", "dev", "proc", "sys", "usr", "bin", "sbin", "lib", "lib32", "lib64", "efi",
    "system", "library", "windows",
];

/// Why writing to `path` always needs the user's word; `None` when it does
/// not.
pub(crate) fn protected(path: &Path) -> Option<&'static str> {
    if path == Path::new("/dev/null") {
        return None;
    }
    let parts = folded_parts(path);
    if path.has_root()
        && parts
            .first()
            .is_some_and(|first| SYSTEM_ROOTS.contains(&first.as_str()))
    {
        return Some(SYSTEM);
    }
    let named = NAMES
        .iter()
        .find(|(_, names)| parts.iter().any(|part| names.contains(&part.as_str())));
    let placed = || {
        SEQUENCES
            .iter()
            .find(|(_, list)| list.iter().any(|sequence| holds(&parts, sequence)))
            .map(|(why, _)| *why)
    };
    let ended = || {
        let name = parts.last()?;
        let found = ENDINGS.iter().find(|(_, ending)| name.ends_with(ending));
        found.map(|(why, _)| *why)
    };
    named.map(|(why, _)| *why).or_else(placed).or_else(ended)
}
