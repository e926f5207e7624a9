//! What is understood and needs a language model, the window, or a part of
//! Familiar that the commander has no hand on.

use super::Phrase;
use crate::commander::intent::{Beyond, Intent};

pub(super) const PHRASES: &[Phrase] = &[
    (
        &[
            "undo|redo it|that|this?",
            "undo|redo|revert the? last|my change|changes|edit?",
            "revert|restore it|that",
            "take that|it back",
            "rewind {rest}",
            "slash undo|rewind|redo",
            "/undo",
            "/rewind",
        ],
        |_| beyond(Beyond::Undo),
    ),
    (
        &[
            "remember that? {rest}",
            "slash memory",
            "/memory",
            "what do you remember {rest}",
        ],
        |_| beyond(Beyond::Memory),
    ),
    (
        &[
            "switch|change|go to {mode} mode",
            "start|open|create a? new session|conversation|chat",
            "open the next|last|previous|other session",
            "open the session|settings|preferences|window|terminal",
            "clear|compact the? conversation|context|chat|history",
            "slash model|compact|context|permissions|clear|settings|mode",
            "show me? the? context|settings|permissions",
            "/model",
            "/compact",
            "/context",
            "/permissions",
            "/clear",
        ],
        |_| beyond(Beyond::Window),
    ),
    (
        &[
            "make|write|show me? a|the? long|short|new? plan",
            "make|write a? long|short? plan for {rest}",
            "plan {rest}",
            "slash plan",
            "/plan",
            "what is waiting",
        ],
        |_| beyond(Beyond::Plan),
    ),
    (
        &[
            "run|start|launch|stop {count} agents|agent on {rest}",
            "stop|show|list all? the? agents",
        ],
        |_| beyond(Beyond::Agents),
    ),
    (
        &[
            "start|stop|restart the? dev|web? server|app|service",
            "run the? dev|web? server|app",
        ],
        |_| beyond(Beyond::Server),
    ),
    (&["delete|merge|rebase|rename the? branch"], |_| {
        beyond(Beyond::Branch)
    }),
    (
        &[
            "dream now?",
            "wake up",
            "go to sleep",
            "speak|talk louder|quieter|slower|faster",
            "stop talking|listening",
            "be quiet",
            "slash voice",
            "/voice",
            "how is my buddy|pet|companion",
        ],
        |_| beyond(Beyond::Companion),
    ),
    (
        &[
            "how much did we|i|you spend {rest}",
            "how much did we|i|you spend",
            "slash usage|cost",
            "/usage",
            "/cost",
        ],
        |_| beyond(Beyond::Cost),
    ),
    (
        &[
            "what happened|changed while i was away",
            "what did you do while i was away",
            "what did you do today?",
            "show me? the? journal",
        ],
        |_| beyond(Beyond::Past),
    ),
    (
        &["install the? update|updates", "update familiar|yourself"],
        |_| beyond(Beyond::Update),
    ),
    (
        &[
            "explain|describe|summarize|summarise {thing}",
            "tell me about {thing}",
        ],
        |found| Some(Intent::Beyond(Beyond::Explain(found.noun("thing")))),
    ),
    (
        &[
            "write|add|create|make|implement|generate|build a|an|the|some|new? new? function|method|class|struct|test|tests|comment|comments|benchmark|documentation|docs|feature|endpoint|component|script|program|release {rest}",
            "fix|refactor|improve|optimize|optimise|simplify|rewrite|debug|review {rest}",
            "make {thing} faster|smaller|better|simpler",
            "split|extract|inline {thing} into|to|from {rest}",
            "rename the? function|type|method|class|struct|variable|field|module|crate|constant|trait {rest}",
            "rename this|that function|type|method|class|variable",
            "why does|is|did|do {rest}",
            "why {rest}",
            "is|are the? {thing} slow|fast|broken|safe|correct|ready",
            "call the {rest}",
            "check the? dependencies",
        ],
        |_| beyond(Beyond::Think),
    ),
];

/// Changes to code that look like changes to files until the file phrases
/// have had their turn.
pub(super) const LATE: &[Phrase] = &[(
    &[
        "remove|delete|drop|take {thing} from|out|in {rest}",
        "move|rename|turn|convert {thing} into|to|as {rest}",
        "add|insert|use {thing} to|in|into|for {rest}",
        "make|let|ensure {rest}",
    ],
    |_| beyond(Beyond::Think),
)];

#[expect(
    clippy::unnecessary_wraps,
    reason = "the table's functions may find nothing"
)]
fn beyond(what: Beyond) -> Option<Intent> {
    Some(Intent::Beyond(what))
}
