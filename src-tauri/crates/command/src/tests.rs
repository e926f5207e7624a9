use std::collections::BTreeSet;

use protocol::{Effort, PermissionMode};

use crate::{ALL, Action, CommandError, Page, list, read};

#[test]
fn names_are_unique_sorted_and_readable() {
    let names: Vec<&str> = ALL.iter().map(|command| command.name).collect();
    let sorted: BTreeSet<&str> = names.iter().copied().collect();
    assert_eq!(names, sorted.into_iter().collect::<Vec<_>>());
    for command in list() {
        assert!(
            !command.summary.is_empty() && !command.summary.ends_with('.'),
            "{command:?}"
        );
        assert!(read(&format!("/{}", command.name)).is_some());
    }
}

#[test]
fn every_command_stands_in_a_file_of_its_own() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for command in ALL {
        let file = folder.join(format!("{}.rs", command.name.replace('-', "_")));
        assert!(file.is_file(), "{}", file.display());
    }
}

#[test]
fn commands_are_read_with_their_arguments() {
    let cases = [
        ("/compact", Action::Compact { focus: None }),
        (
            "  /compact the parser ",
            Action::Compact {
                focus: Some("the parser".into()),
            },
        ),
        ("/Compact-Undo", Action::UndoCompaction),
        (
            "/mode plan",
            Action::Mode {
                mode: PermissionMode::Plan,
            },
        ),
        (
            "/model openai/gpt",
            Action::Model {
                name: "openai/gpt".into(),
            },
        ),
        ("/effort", Action::Effort { effort: None }),
        (
            "/effort high",
            Action::Effort {
                effort: Some(Effort::High),
            },
        ),
        (
            "/rename A title",
            Action::Rename {
                title: "A title".into(),
            },
        ),
        ("/flags", Action::Flags),
        (
            "/flags decoys off",
            Action::SetFlag {
                name: "decoys".into(),
                on: Some(false),
            },
        ),
        (
            "/flags decoys default",
            Action::SetFlag {
                name: "decoys".into(),
                on: None,
            },
        ),
        ("/usage", Action::Open(Page::Usage)),
        ("/permissions", Action::Open(Page::Permissions)),
        ("/audit", Action::Open(Page::Audit)),
        ("/trust", Action::Open(Page::Trust)),
        (
            "/policy-test rm -rf build",
            Action::TestPolicy {
                what: "rm -rf build".into(),
            },
        ),
    ];
    for (text, expected) in cases {
        assert_eq!(read(text), Some(Ok(expected)), "{text}");
    }
}

#[test]
fn what_is_no_command_is_a_message() {
    for text in [
        "",
        "/",
        "hello",
        "/etc/hosts is odd",
        "/ compact",
        "// note",
        "/2 of it",
        "a /compact",
    ] {
        assert_eq!(read(text), None, "{text}");
    }
}

#[test]
fn mistakes_are_named_with_what_would_be_right() {
    let cases = [
        (
            "/compcat",
            "There is no command `/compcat`. Did you mean `/compact`?",
        ),
        (
            "/comp",
            "There is no command `/comp`. Did you mean `/compact`?",
        ),
        ("/fly", "There is no command `/fly`. `/help` lists them."),
        (
            "/mode fast",
            "`/mode` takes one of `plan`, `ask`, `edits`, `auto`, `bypass`.",
        ),
        (
            "/model",
            "`/model` takes a model's name, or `provider/name`.",
        ),
        (
            "/flags decoys",
            "`/flags` takes nothing, or a flag's name and `on`, `off` or `default`.",
        ),
        (
            "/effort more",
            "`/effort` takes one of `auto`, `low`, `medium`, `high`, `max`.",
        ),
        ("/usage all", "`/usage` takes no arguments."),
    ];
    for (text, expected) in cases {
        let error: CommandError = read(text).unwrap().unwrap_err();
        assert_eq!(error.to_string(), expected, "{text}");
    }
}

#[test]
fn init_is_a_request_to_the_model() {
    let Some(Ok(Action::Submit { text })) = read("/init the parser") else {
        panic!("not a request");
    };
    assert!(text.contains("AGENTS.md") && text.ends_with("the parser"));
}
