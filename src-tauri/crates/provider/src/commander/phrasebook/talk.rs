//! Greetings, thanks, help, and words that answer or stop something.

use super::Phrase;
use crate::commander::intent::{FileRef, Intent};

pub(super) const PHRASES: &[Phrase] = &[
    (
        &[
            "hello|hi|hey|hallo familiar|there|you?",
            "good morning|afternoon|evening|day|night familiar?",
            "how are you today?",
        ],
        |_| Some(Intent::Greet),
    ),
    (
        &[
            "thank you very? much?",
            "thank you so much",
            "thanks a? lot?",
            "great|perfect|nice|cool|excellent|wonderful|good job|work?",
            "well done",
        ],
        |_| Some(Intent::Thanks),
    ),
    (
        &[
            "help me?",
            "/help",
            "slash help",
            "what can you do",
            "what can i say|ask|do",
            "what do you understand|know",
            "who|what are you",
            "show me? the? commands|help|examples",
        ],
        |_| Some(Intent::Help),
    ),
    (&["read|show|open that|it again"], |_| {
        Some(Intent::Open {
            file: FileRef::Last,
            lines: None,
        })
    }),
    (
        &[
            "try|run|do that|it again",
            "try again",
            "again",
            "once more",
            "repeat that|it?",
            "retry",
        ],
        |_| Some(Intent::Again),
    ),
    (
        &[
            "stop it|that?",
            "cancel it|that?",
            "abort",
            "never mind",
            "nevermind",
            "forget|scrap it|that",
            "do not do that|it",
            "don't do that|it",
        ],
        |_| Some(Intent::Stop),
    ),
    (
        &[
            "yes|yeah|yep|sure please?",
            "yes i am sure",
            "no|nope thanks?",
            "allow|deny|approve|reject it|that|once?",
            "allow it? for this session",
            "always allow it|that?",
            "approve|reject the plan",
            "go ahead",
            "keep going",
            "continue",
            "do it",
            "confirm {word}",
        ],
        |_| Some(Intent::Answer),
    ),
];
