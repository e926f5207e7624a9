//! A text file opened for a change: nothing of it but the changed part may
//! become another, and nobody else may have changed it meanwhile. The change
//! is worked out first and written last, alone or together with others.

#[cfg(all(test, unix))]
mod tests;

use std::path::PathBuf;

use serde_json::Value;
use tool::{Extent, FileStamp, ToolContext};

use crate::call::Stop;
use crate::diff::{self, Change, Tally};
use crate::disk::{self, Loaded, Step};
use crate::text::{self, Decoded, Form, Unwritable};
use crate::{place, secret_mark};

/// A file as it is now.
pub(crate) struct Draft {
    /// As the user knows it.
    pub(crate) name: String,
    /// Its text, without a byte order mark.
    pub(crate) text: String,
    real: PathBuf,
    before: Loaded,
    form: Form,
    extent: Extent,
}

/// A file as it will be.
pub(crate) struct Changed {
    step: Step,
    /// None when there was none.
    old: Option<String>,
    /// None when it goes.
    new: Option<String>,
    extent: Extent,
}

impl Draft {
    /// Opens a file that must exist, and be as the model last saw it.
    pub(crate) fn open(path: &str, ctx: &ToolContext) -> Result<Self, Stop> {
        let path = place::absolute(path, &ctx.workspace)?;
        let name = place::shown(&path, &ctx.workspace);
        let real = place::to_write(&path, ctx)?;
        let before = disk::load(&real, &name)?.ok_or_else(|| disk::missing(&real, &name))?;
        let seen = ctx.files.seen(&real);
        if seen.is_some_and(|seen| !seen.matches(&before.bytes)) {
            return Err(Stop::failed(format!(
                "`{name}` has changed since you last read it; nothing was changed. Read it again."
            )));
        }
        let (text, form) = match text::decode(&before.bytes) {
            Decoded::Text(text, form) => (text, form),
            Decoded::Binary(kind) => {
                return Err(Stop::failed(format!(
                    "`{name}` is not text but {kind}; it cannot be changed without damage."
                )));
            }
        };
        form.check().map_err(|why| unwritable(&name, &why))?;
        Ok(Self {
            name,
            text,
            real,
            before,
            form,
            extent: seen.map_or(Extent::Part, |seen| seen.extent),
        })
    }

    /// What it becomes with the text `new`, in the form it has.
    pub(crate) fn change(self, new: String) -> Result<Changed, Stop> {
        if new == self.text {
            return Err(Stop::failed(format!(
                "This would leave `{}` as it is; nothing was changed.",
                self.name
            )));
        }
        secret_mark::check(&self.name, Some(&self.text), &new)?;
        let bytes = self.encode(&new)?;
        Ok(Changed {
            step: Step {
                real: self.real,
                name: self.name,
                before: Some(self.before),
                bytes: Some(bytes),
                like: None,
            },
            old: Some(self.text),
            new: Some(new),
            // What was known of the old file, and the change, are known of
            // the new.
            extent: self.extent,
        })
    }

    /// That it goes.
    pub(crate) fn removal(self) -> Changed {
        Changed {
            step: Step {
                real: self.real,
                name: self.name,
                before: Some(self.before),
                bytes: None,
                like: None,
            },
            old: Some(self.text),
            new: None,
            extent: self.extent,
        }
    }

    /// That it goes to another place, where nothing is yet, with the text
    /// `new`: the new file, and the old one's end.
    pub(crate) fn moved(
        self,
        target: &str,
        new: String,
        ctx: &ToolContext,
    ) -> Result<[Changed; 2], Stop> {
        secret_mark::check(&self.name, Some(&self.text), &new)?;
        let (name, real) = free_place(target, ctx)?;
        let arrives = Changed {
            step: Step {
                real,
                name,
                before: None,
                bytes: Some(self.encode(&new)?),
                like: Some(self.before.metadata.clone()),
            },
            old: Some(self.text.clone()),
            new: Some(new),
            extent: self.extent,
        };
        Ok([arrives, self.removal()])
    }

    fn encode(&self, text: &str) -> Result<Vec<u8>, Stop> {
        self.form
            .encode(text)
            .map_err(|why| unwritable(&self.name, &why))
    }
}

impl Changed {
    /// A whole new content. `before` is what the file holds now, if there is
    /// one; encoding and line ends stay as they are.
    pub(crate) fn whole(
        name: String,
        real: PathBuf,
        before: Option<Loaded>,
        content: &str,
    ) -> Result<Self, Stop> {
        let decoded = before.as_ref().map(|before| text::decode(&before.bytes));
        let (old, form) = match decoded {
            Some(Decoded::Text(old, form)) if form.check().is_ok() => (Some(old), form),
            Some(Decoded::Text(old, _)) => (Some(old), Form::NEW),
            Some(Decoded::Binary(_)) => (Some(String::new()), Form::NEW),
            None => (None, Form::NEW),
        };
        secret_mark::check(&name, old.as_deref(), content)?;
        let new = form.fitted(content);
        let bytes = form.encode(&new).map_err(|why| unwritable(&name, &why))?;
        Ok(Self {
            step: Step {
                real,
                name,
                before,
                bytes: Some(bytes),
                like: None,
            },
            old,
            new: Some(new),
            extent: Extent::Whole,
        })
    }

    /// A new file at a place where nothing is yet.
    pub(crate) fn created(path: &str, content: &str, ctx: &ToolContext) -> Result<Self, Stop> {
        let (name, real) = free_place(path, ctx)?;
        Self::whole(name, real, None, content)
    }

    /// As the user knows it.
    pub(crate) fn name(&self) -> &str {
        &self.step.name
    }

    /// Whether there was no such file.
    pub(crate) fn creates(&self) -> bool {
        self.step.before.is_none()
    }

    /// Writes it; says what a card shows, and how much is different.
    pub(crate) fn write(self, ctx: &ToolContext) -> Result<(Value, Tally), Stop> {
        let mut written = write_all(vec![self], ctx)?;
        written
            .pop()
            .ok_or_else(|| Stop::failed("Nothing was written."))
    }

    /// As one of so many.
    fn told(&self, of: usize) -> (Value, Tally) {
        let change = Change {
            path: &self.step.name,
            old: self.old.as_deref(),
            new: self.new.as_deref(),
            created: self.creates(),
        };
        diff::describe_one(&change, of)
    }
}

/// Writes all of them or, when one cannot be written, none; for each what a
/// card shows, and how much is different.
pub(crate) fn write_all(
    changes: Vec<Changed>,
    ctx: &ToolContext,
) -> Result<Vec<(Value, Tally)>, Stop> {
    if ctx.cancel.is_cancelled() {
        return Err(Stop::Cancelled);
    }
    let told = changes
        .iter()
        .map(|change| change.told(changes.len()))
        .collect();
    let extents: Vec<Extent> = changes.iter().map(|change| change.extent).collect();
    let steps: Vec<Step> = changes.into_iter().map(|change| change.step).collect();
    disk::replace_all(&steps)?;
    for (step, extent) in steps.iter().zip(extents) {
        if let Some(bytes) = &step.bytes {
            ctx.files.note(&step.real, FileStamp::of(bytes, extent));
        }
    }
    Ok(told)
}

/// Name and resolved path of a place where nothing is yet.
fn free_place(path: &str, ctx: &ToolContext) -> Result<(String, PathBuf), Stop> {
    let path = place::absolute(path, &ctx.workspace)?;
    let name = place::shown(&path, &ctx.workspace);
    let real = place::free(&path, ctx)?;
    Ok((name, real))
}

fn unwritable(name: &str, why: &Unwritable) -> Stop {
    Stop::failed(match why {
        Unwritable::Character(c, encoding) => format!(
            "`{name}` is in {encoding}, which has no `{c}`; nothing was changed. Write it another way, or convert the file to UTF-8 first."
        ),
        Unwritable::Inexact(encoding) => format!(
            "`{name}` holds bytes that are no text in {encoding}; it cannot be changed without damage."
        ),
    })
}
