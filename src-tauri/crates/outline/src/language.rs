//! Which language a file is written in: by its name, or by the interpreter
//! its first line names.

use std::path::Path;

/// A language that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Language {
    Bash,
    C,
    CSharp,
    Cpp,
    Elixir,
    Go,
    Java,
    JavaScript,
    Kotlin,
    Lua,
    Markdown,
    Php,
    Python,
    Ruby,
    Rust,
    Tsx,
    TypeScript,
    Zig,
}

/// By what a file name ends in, in lower case.
const EXTENSIONS: &[(Language, &[&str])] = &[
    (
        Language::Bash,
        &["sh", "bash", "zsh", "ksh", "bats", "ebuild"],
    ),
    (Language::C, &["c", "h"]),
    (Language::CSharp, &["cs", "csx"]),
    (
        Language::Cpp,
        &[
            "cc", "cpp", "cxx", "c++", "hh", "hpp", "hxx", "h++", "ipp", "inl", "cu", "cuh",
        ],
    ),
    (Language::Elixir, &["ex", "exs"]),
    (Language::Go, &["go"]),
    (Language::Java, &["java"]),
    (Language::JavaScript, &["js", "jsx", "mjs", "cjs"]),
    (Language::Kotlin, &["kt", "kts"]),
    (Language::Lua, &["lua"]),
    (Language::Markdown, &["md", "markdown", "mdx"]),
    (Language::Php, &["php", "phtml", "php5"]),
    (Language::Python, &["py", "pyi", "pyw"]),
    (Language::Ruby, &["rb", "rake", "gemspec", "ru", "podspec"]),
    (Language::Rust, &["rs"]),
    (Language::Tsx, &["tsx"]),
    (Language::TypeScript, &["ts", "mts", "cts"]),
    (Language::Zig, &["zig"]),
];

/// By the whole name of a file.
const NAMES: &[(Language, &[&str])] = &[
    (
        Language::Bash,
        &[
            ".bashrc",
            ".bash_profile",
            ".profile",
            ".zshrc",
            "PKGBUILD",
            "APKBUILD",
        ],
    ),
    (Language::Python, &["SConstruct", "SConscript", "wscript"]),
    (
        Language::Ruby,
        &[
            "Rakefile",
            "Gemfile",
            "Vagrantfile",
            "Podfile",
            "Brewfile",
            "Guardfile",
        ],
    ),
];

/// By the name of an interpreter, without its version.
const INTERPRETERS: &[(Language, &[&str])] = &[
    (Language::Bash, &["sh", "bash", "dash", "zsh", "ksh"]),
    (Language::Elixir, &["elixir"]),
    (Language::JavaScript, &["node", "nodejs", "bun"]),
    (Language::Lua, &["lua", "luajit"]),
    (Language::Php, &["php"]),
    (Language::Python, &["python", "pypy"]),
    (Language::Ruby, &["ruby", "jruby"]),
    (Language::TypeScript, &["deno", "ts-node", "tsx"]),
];

/// Words that only a header of C++ begins a line with.
const CPP_STARTS: &[&str] = &[
    "class ",
    "namespace ",
    "template<",
    "template <",
    "using ",
    "public:",
    "private:",
    "protected:",
];

impl Language {
    /// By the name alone; `None` when the first line must tell.
    #[must_use]
    pub fn of_name(path: &Path) -> Option<Self> {
        let name = path.file_name()?.to_str()?;
        let extension = path.extension().and_then(|extension| extension.to_str());
        in_table(NAMES, name).or_else(|| in_table(EXTENSIONS, &extension?.to_ascii_lowercase()))
    }

    /// By the name, and where that does not tell, by the text.
    #[must_use]
    pub fn of(path: &Path, source: &str) -> Option<Self> {
        match Self::of_name(path) {
            Some(Self::C) if is_header(path) && is_cpp(source) => Some(Self::Cpp),
            Some(language) => Some(language),
            None => of_shebang(source),
        }
    }

    /// Its name, for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bash => "Bash",
            Self::C => "C",
            Self::CSharp => "C#",
            Self::Cpp => "C++",
            Self::Elixir => "Elixir",
            Self::Go => "Go",
            Self::Java => "Java",
            Self::JavaScript => "JavaScript",
            Self::Kotlin => "Kotlin",
            Self::Lua => "Lua",
            Self::Markdown => "Markdown",
            Self::Php => "PHP",
            Self::Python => "Python",
            Self::Ruby => "Ruby",
            Self::Rust => "Rust",
            Self::Tsx => "TSX",
            Self::TypeScript => "TypeScript",
            Self::Zig => "Zig",
        }
    }
}

fn in_table(table: &[(Language, &[&str])], word: &str) -> Option<Language> {
    let row = table.iter().find(|(_, words)| words.contains(&word))?;
    Some(row.0)
}

fn is_header(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "h")
}

fn is_cpp(source: &str) -> bool {
    let mut lines = source.lines().map(str::trim_start);
    lines.any(|line| CPP_STARTS.iter().any(|start| line.starts_with(start)))
}

/// `#!/usr/bin/env -S python3.12 -u` is Python.
fn of_shebang(source: &str) -> Option<Language> {
    let line = source.lines().next()?.strip_prefix("#!")?;
    let mut words = line.split_whitespace();
    let mut program = last_part(words.next()?);
    if program == "env" {
        program = last_part(words.find(|word| !word.starts_with('-') && !word.contains('='))?);
    }
    let bare = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
    in_table(INTERPRETERS, bare)
}

fn last_part(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}
