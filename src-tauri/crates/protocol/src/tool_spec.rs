//! A tool as the model is told about it.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Name, prompt and input schema of one tool. Providers turn it into their
/// wire's form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ToolSpec {
    /// Unique name, `snake_case`.
    pub name: String,
    /// The prompt text for the model.
    pub description: String,
    /// JSON Schema (2020-12) of the input object.
    pub input_schema: Value,
}
