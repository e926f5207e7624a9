//! What a tool is: the trait, its context with ports to the outside, the
//! registry that catches panics, and the limits on what a model gets to read.
//!
//! No tool lives here, and nothing here decides: permission is a `Grant`.
#![deny(missing_docs)]

mod context;
mod input;
mod jobs;
mod output;
mod registry;

pub use context::{AskPort, Extent, FileLedger, FileStamp, OutputSink, ToolContext, TrashPort};
pub use input::{InputError, parse_input, schema_of};
pub use jobs::{End, Job, Jobs, News, RUNNING_MAX, UNREAD_BYTES};
pub use output::{OUTPUT_LIMIT_BYTES, ToolOutput, clip};
pub use registry::Registry;

use std::path::Path;

use async_trait::async_trait;
use permission::{CallPlan, Grant};
use serde_json::Value;

/// One capability the model can call.
#[async_trait]
pub trait Tool: Send + Sync {
    /// Unique name, `snake_case`; also the name of the tool's source file.
    fn name(&self) -> &'static str;

    /// The prompt text for the model.
    fn prompt(&self) -> &'static str;

    /// JSON Schema of the input object, made from the input type.
    fn input_schema(&self) -> Value;

    /// True when no input can make it change anything: such calls of one
    /// answer run side by side.
    fn read_only(&self) -> bool;

    /// Validates the input and says what the call would touch. No IO.
    ///
    /// # Errors
    /// What is wrong with the input, in words the model can act on.
    fn plan(&self, input: &Value, workspace: &Path) -> Result<CallPlan, InputError>;

    /// Runs the call. A failure is an output too: the model reads it.
    async fn run(&self, input: Value, grant: Grant, ctx: &ToolContext) -> ToolOutput;
}
