//! Slash commands: what was typed becomes calls of the door.

use command::{Action, CommandInfo, Page};
use protocol::{Cut, Effort, ErrorInfo, ErrorKind, Place, SessionId, SessionSummary};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Engine, Submission};
use crate::{FlagView, SettingLayer};

/// What came of a command, for the window.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct CommandReply {
    /// One sentence to show in the conversation.
    pub said: Option<String>,
    /// Something to show.
    pub open: Option<Page>,
    /// A session to go on with.
    pub session: Option<SessionSummary>,
}

impl CommandReply {
    fn said(text: impl Into<String>) -> Self {
        Self {
            said: Some(text.into()),
            ..Self::default()
        }
    }

    fn go_on(summary: SessionSummary) -> Self {
        Self {
            session: Some(summary),
            ..Self::default()
        }
    }
}

impl Engine {
    /// All slash commands.
    #[must_use]
    pub fn commands(&self) -> Vec<CommandInfo> {
        command::list()
    }

    /// Carries out a slash command in a session; `None` when the text is a
    /// message.
    ///
    /// # Errors
    /// No such command, wrong arguments, or what the command met with.
    pub async fn command(
        &self,
        id: &SessionId,
        text: &str,
    ) -> Result<Option<CommandReply>, ErrorInfo> {
        let Some(read) = command::read(text) else {
            return Ok(None);
        };
        let action = read.map_err(|error| {
            ErrorInfo::new(
                ErrorKind::Usage,
                error.to_string(),
                "Type `/` to see all commands.",
            )
        })?;
        self.carry_out(id, action).await.map(Some)
    }

    async fn carry_out(&self, id: &SessionId, action: Action) -> Result<CommandReply, ErrorInfo> {
        Ok(match action {
            Action::Open(page) => CommandReply {
                open: Some(page),
                ..CommandReply::default()
            },
            Action::Compact { focus } => {
                let done = self.compact(id, focus.as_deref()).await?;
                // What it brought is an event of its own.
                if done {
                    CommandReply::default()
                } else {
                    CommandReply::said("There is nothing to condense yet.")
                }
            }
            Action::UndoCompaction => CommandReply::said(if self.undo_compaction(id).await? {
                "The condensed part is back, word for word."
            } else {
                "Nothing was condensed."
            }),
            Action::Pin => CommandReply::said(if self.toggle_pin(id).await? {
                "The last answer is pinned: it is kept word for word."
            } else {
                "The last answer is no longer pinned."
            }),
            Action::Model { name } => CommandReply::said(self.set_model(&name).await?),
            Action::Effort { effort } => CommandReply::said(self.effort(effort).await?),
            Action::Mode { mode } => {
                self.set_mode(id, mode).await?;
                CommandReply::said(format!("The mode is {} now.", mode.name()))
            }
            Action::TestPolicy { what } => {
                CommandReply::said(self.policy_test(id, &what).await?.in_words())
            }
            Action::Flags => CommandReply::said(flag_list(&self.flags())),
            Action::SetFlag { name, on } => {
                let flag = self.set_flag(&name, on).await?;
                CommandReply::said(set_in_words(&flag))
            }
            Action::Submit { text } => {
                self.submit(id, Submission::typed(text)).await?;
                CommandReply::default()
            }
            Action::Undo => CommandReply::said(self.undo_code(id).await?.in_words()),
            Action::Redo => CommandReply::said(self.redo_code(id).await?.in_words()),
            Action::Rename { title } => {
                self.rename_session(id, &title).await?;
                CommandReply::default()
            }
            Action::New => {
                let workspace = self.inner.session(id).await?.workspace.clone();
                CommandReply::go_on(self.start_session(&workspace)?)
            }
            Action::Fork => CommandReply::go_on(self.fork_session(id, &Cut::End).await?.summary),
            Action::Archive => {
                self.place_session(id, Place::Archived).await?;
                CommandReply::said("The session is in the archive. Writing in it brings it back.")
            }
        })
    }

    /// Chooses another effort for all sessions, if one is given; what it says
    /// of the one in force.
    async fn effort(&self, effort: Option<Effort>) -> Result<String, ErrorInfo> {
        if let Some(effort) = effort {
            let mut settings = self.settings();
            settings.effort = effort;
            self.update_settings(settings).await?;
        }
        let active = self.active_provider().await?;
        let asked = effort.unwrap_or(active.effort);
        Ok(match active.effort {
            _ if active.efforts.is_empty() => {
                format!(
                    "{} takes no effort; it thinks as it sees fit.",
                    active.model
                )
            }
            Effort::Auto => format!("{} thinks as hard as it sees fit.", active.model),
            taken if asked != Effort::Auto && !active.efforts.contains(&asked) => format!(
                "{} does not take the effort {}; it is read as {}.",
                active.model,
                asked.name(),
                taken.name()
            ),
            taken => format!("The effort of {} is {}.", active.model, taken.name()),
        })
    }

    /// Chooses another model for all sessions; what it says of it.
    async fn set_model(&self, name: &str) -> Result<String, ErrorInfo> {
        let mut settings = self.settings();
        match name.split_once('/') {
            // Model names may hold slashes, too (`org/model`).
            Some((provider, model)) if provider::catalog::load(provider).is_ok() => {
                if settings.provider != provider {
                    // These belong to the provider that answered so far.
                    settings.base_url = String::new();
                    settings.fast_model = String::new();
                }
                settings.provider = provider.to_owned();
                settings.model = model.to_owned();
            }
            _ => {
                // A model of the settings belongs to their provider.
                let active = self.active_provider().await?;
                if settings.provider.is_empty() && !active.offline {
                    settings.provider = active.id;
                }
                settings.model = name.to_owned();
            }
        }
        self.update_settings(settings).await?;
        let active = self.active_provider().await?;
        Ok(format!("{} answers now: {}.", active.label, active.model))
    }
}

/// One line for each flag.
fn flag_list(flags: &[FlagView]) -> String {
    let line = |flag: &FlagView| {
        let state = if flag.on { "on" } else { "off" };
        format!("`{}` is {state}. {}", flag.name, flag.about)
    };
    flags.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn set_in_words(flag: &FlagView) -> String {
    let state = if flag.on { "on" } else { "off" };
    let why = match flag.layer {
        SettingLayer::Environment => " The environment says so, above the settings.",
        SettingLayer::Flag => " The command line says so, above the settings.",
        _ if !flag.available => " This system does not have it.",
        _ => "",
    };
    format!("`{}` is {state} now.{why}", flag.name)
}
