//! From the model's JSON to a typed input, and from the type to its schema.

use schemars::JsonSchema;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The input does not fit the tool; the text tells the model how to mend it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct InputError(pub String);

/// Parses the input object.
///
/// # Errors
/// Names the field and what was expected.
pub fn parse_input<T: DeserializeOwned>(input: &Value) -> Result<T, InputError> {
    T::deserialize(input).map_err(|error| InputError(format!("The input does not fit this tool: {error}.")))
}

/// The JSON Schema of an input type, without the parts models do not need.
#[must_use]
pub fn schema_of<T: JsonSchema>() -> Value {
    let mut schema = schemars::schema_for!(T).to_value();
    if let Some(object) = schema.as_object_mut() {
        object.remove("$schema");
        object.remove("title");
    }
    schema
}
