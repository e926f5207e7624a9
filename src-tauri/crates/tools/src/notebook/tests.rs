#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

use super::{Change, NewCell, Notebook, changed};

pub(crate) const NOTEBOOK: &str = r##"{
 "cells": [
  {
   "cell_type": "markdown",
   "id": "aaaa0000",
   "metadata": {},
   "source": [
    "# Title\n",
    "Ünï"
   ]
  },
  {
   "cell_type": "code",
   "execution_count": 3,
   "id": "bbbb0000",
   "metadata": {"tags": [ "odd" ]},
   "outputs": [
    {
     "name": "stdout",
     "output_type": "stream",
     "text": [
      "hello\n"
     ]
    },
    {"output_type": "display_data", "data": {"image/png": "iVBO", "text/plain": "<Figure>"}, "metadata": {}}
   ],
   "source": "print('hello')"
  }
 ],
 "metadata": {},
 "nbformat": 4,
 "nbformat_minor": 5
}
"##;

fn after(text: &str, change: &Change<'_>) -> String {
    let new = changed(&Notebook::of(text).unwrap(), change).unwrap();
    Notebook::of(&new).unwrap_or_else(|why| panic!("{why}: {new}"));
    new
}

#[test]
fn a_notebook_is_shown_as_cells() {
    let shown = Notebook::of(NOTEBOOK).unwrap().shown();
    assert_eq!(
        shown,
        "[cell 1: markdown]\n# Title\nÜnï\n[cell 2: code, run 3]\nprint('hello')\n[output]\nhello\n[output]\n<Figure>\n(image/png, not shown)\n"
    );
}

#[test]
fn a_new_source_clears_what_the_old_one_printed_and_nothing_else() {
    let new = after(
        NOTEBOOK,
        &Change::Replace {
            cell: 1,
            source: "a = 1\nb = \"2\"\n",
        },
    );
    let expected = NOTEBOOK
        .replace("\"execution_count\": 3", "\"execution_count\": null")
        .replace(
            "\"print('hello')\"",
            "[\n    \"a = 1\\n\",\n    \"b = \\\"2\\\"\\n\"\n   ]",
        );
    let start = expected.find("\"outputs\": [").unwrap() + "\"outputs\": ".len();
    let end = expected.find(",\n   \"source\": [\n    \"a = 1").unwrap();
    assert_eq!(new, format!("{}[]{}", &expected[..start], &expected[end..]));
}

#[test]
fn cells_come_and_go() {
    let code = |source: &'static str| NewCell {
        kind: "code",
        source,
    };
    let kinds = |text: &str| -> Vec<String> {
        let notebook = Notebook::of(text).unwrap();
        notebook
            .cells
            .iter()
            .map(|cell| format!("{} {}", cell.kind, cell.source))
            .collect()
    };
    let (title, hello) = ("markdown # Title\nÜnï", "code print('hello')");
    for (at, expected) in [
        (0, ["code x", title, hello]),
        (1, [title, "code x", hello]),
        (2, [title, hello, "code x"]),
    ] {
        let new = after(
            NOTEBOOK,
            &Change::Insert {
                at,
                cell: code("x"),
            },
        );
        assert_eq!(kinds(&new), expected);
        // And away again: every byte is as it was.
        assert_eq!(after(&new, &Change::Delete { cell: at }), NOTEBOOK);
    }
    assert_eq!(
        kinds(&after(NOTEBOOK, &Change::Delete { cell: 0 })),
        [hello]
    );
    assert_eq!(
        kinds(&after(NOTEBOOK, &Change::Delete { cell: 1 })),
        [title]
    );
    let empty = after(
        &after(NOTEBOOK, &Change::Delete { cell: 0 }),
        &Change::Delete { cell: 0 },
    );
    assert!(kinds(&empty).is_empty());
    assert_eq!(
        kinds(&after(
            &empty,
            &Change::Insert {
                at: 0,
                cell: code("y\nz")
            }
        )),
        ["code y\nz"]
    );
    let notebook = Notebook::of(NOTEBOOK).unwrap();
    assert!(
        changed(
            &notebook,
            &Change::Insert {
                at: 3,
                cell: code("x")
            }
        )
        .is_none()
    );
    assert!(changed(&notebook, &Change::Delete { cell: 2 }).is_none());
}

#[test]
fn new_cells_look_as_jupyter_writes_them() {
    let new = after(
        NOTEBOOK,
        &Change::Insert {
            at: 0,
            cell: NewCell {
                kind: "code",
                source: "x = 1\ny",
            },
        },
    );
    let id = Notebook::of(&new).unwrap().cells[0].id.clone().unwrap();
    let expected = format!(
        " \"cells\": [\n  {{\n   \"cell_type\": \"code\",\n   \"execution_count\": null,\n   \"id\": \"{id}\",\n   \"metadata\": {{}},\n   \"outputs\": [],\n   \"source\": [\n    \"x = 1\\n\",\n    \"y\"\n   ]\n  }},\n  {{\n"
    );
    assert!(new.contains(&expected), "{new}");
}

#[test]
fn one_line_stays_one_line() {
    let text = r#"{"cells": [{"cell_type": "raw", "metadata": {}, "source": []}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}"#;
    let new = after(
        text,
        &Change::Insert {
            at: 1,
            cell: NewCell {
                kind: "markdown",
                source: "a\nb",
            },
        },
    );
    assert!(!new.contains('\n') && !new.contains("\"id\""), "{new}");
}

#[test]
fn what_is_no_notebook_is_told() {
    for (text, words) in [
        ("", "no notebook"),
        ("[]", "no notebook"),
        ("{\"cells\": 7, \"nbformat\": 4}", "cells cannot be read"),
        (
            "{\"cells\": [{}], \"nbformat\": 4}",
            "cell 1 cannot be read",
        ),
        ("{\"cells\": [], \"nbformat\": 3}", "format 3"),
    ] {
        let why = Notebook::of(text).err().unwrap();
        assert!(why.contains(words), "{why}");
    }
}
