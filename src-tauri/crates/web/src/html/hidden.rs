//! What an element says of whether it is seen, and of what it is for.

use std::collections::BTreeMap;

use html5gum::{HtmlString, Spanned};

/// Attributes as the tokenizer has them.
pub(super) type Attributes = BTreeMap<HtmlString, Spanned<HtmlString, ()>>;

/// Classes that the large style sheets agree on, for text that is heard and
/// not seen.
const UNSEEN_CLASSES: &[&str] = &[
    "sr-only",
    "visually-hidden",
    "visuallyhidden",
    "screen-reader-text",
    "screen-reader-only",
    "skip-link",
];

/// Classes of the marks beside headings that link to themselves.
const SELF_LINKS: &[&str] = &[
    "anchor",
    "anchorjs-link",
    "header-anchor",
    "headerlink",
    "hash-link",
    "heading-anchor",
];

/// Declarations that take an element out of sight, without blanks.
const UNSEEN_STYLES: &[&str] = &[
    "display:none",
    "visibility:hidden",
    "visibility:collapse",
    "font-size:0;",
    "font-size:0px",
    "text-indent:-9",
];

/// The roles of what stands around the content.
const ROLES_AROUND: &[&str] = &["navigation", "contentinfo", "search", "menu", "menubar"];

/// The value of an attribute.
pub(super) fn value(attributes: &Attributes, name: &str) -> Option<String> {
    let value = attributes.get(name.as_bytes())?;
    Some(String::from_utf8_lossy(value).into_owned())
}

/// Whether an element called `name` is not seen.
pub(super) fn is_hidden(name: &[u8], attributes: &Attributes) -> bool {
    if attributes.is_empty() {
        return name == b"dialog";
    }
    let is = |key: &str, expected: &str| {
        value(attributes, key).is_some_and(|value| value.trim().eq_ignore_ascii_case(expected))
    };
    let has = |key: &str| attributes.contains_key(key.as_bytes());
    (has("hidden") && !is("hidden", "until-found"))
        || is("aria-hidden", "true")
        || (name == b"dialog" && !has("open"))
        || value(attributes, "style").is_some_and(|style| hides(&style))
        || value(attributes, "class").is_some_and(|classes| {
            let mut classes = classes.split_ascii_whitespace();
            classes.any(|class| {
                UNSEEN_CLASSES.contains(&class) || (name == b"a" && SELF_LINKS.contains(&class))
            })
        })
}

/// Whether it says that it stands around the content.
pub(super) fn is_around(attributes: &Attributes) -> bool {
    value(attributes, "role").is_some_and(|role| ROLES_AROUND.contains(&role.trim()))
}

/// Whether it says that it is the content.
pub(super) fn is_main(attributes: &Attributes) -> bool {
    value(attributes, "role").is_some_and(|role| role.trim() == "main")
}

fn hides(style: &str) -> bool {
    let mut style: String = style
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_ascii_lowercase())
        .collect();
    style.push(';');
    UNSEEN_STYLES.iter().any(|unseen| style.contains(unseen))
}
