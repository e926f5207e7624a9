//! Marks of secrets that were left out of what the model has read. Written
//! back, a mark would take the secret's place in the file.

use crate::call::Stop;

/// How every such mark begins; `redact` makes them.
pub(crate) const SECRET_MARK: &str = "[secret: ";

/// Stops a change that brings marks into a file which it did not have.
pub(crate) fn check(name: &str, old: Option<&str>, new: &str) -> Result<(), Stop> {
    let count = |text: &str| text.matches(SECRET_MARK).count();
    if count(new) <= old.map_or(0, count) {
        return Ok(());
    }
    Err(Stop::failed(format!(
        "A mark such as `{SECRET_MARK}…]` stands for a secret that you were not shown; writing it to `{name}` would destroy the secret. Nothing was changed. Change the other parts with `edit`, and leave that place as it is."
    )))
}
