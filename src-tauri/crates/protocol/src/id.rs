//! Typed identifiers. All but `ToolCallId` are UUIDv7 text, so that they
//! sort by the time they were made; a tool call's id is the provider's own.
//!
//! Clones share the text: histories are copied with every request.

use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use ts_rs::TS;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, TS)]
        pub struct $name(Arc<str>);

        impl $name {
            /// A fresh id, greater than every id made earlier.
            #[must_use]
            #[expect(clippy::new_without_default, reason = "a default id would hide that it is random")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7().to_string().into())
            }

            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

id!(
    /// One conversation, kept until the user deletes it.
    SessionId
);
id!(
    /// One request of the user and all that follows until the answer ends.
    TurnId
);
id!(
    /// One message in a session's history.
    MessageId
);
id!(
    /// One tool call, in the words of the provider that asked for it.
    ToolCallId
);
id!(
    /// One question put to the user: a permission or an `ask_user` question.
    RequestId
);
