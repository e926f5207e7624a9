//! Between the protocol's types and SQLite's: numbers, tags and JSON.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::Fault;

/// A count or time as SQLite keeps it; what exceeds its range sticks to the end.
pub(crate) fn to_sql(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A count or time as read back; we never write negative ones.
pub(crate) fn from_sql(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}

/// Any serialisable value as JSON text.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(conversion)
}

/// A field-less variant as its serde name, for columns people may read.
pub(crate) fn to_tag<T: Serialize>(value: T) -> Result<String, Fault> {
    match serde_json::to_value(value).map_err(conversion)? {
        Value::String(tag) => Ok(tag),
        other => Ok(other.to_string()),
    }
}

/// The inverse of `to_tag`.
pub(crate) fn from_tag<T: DeserializeOwned>(tag: String) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::String(tag))
}

fn conversion(error: serde_json::Error) -> Fault {
    Fault::Sql(rusqlite::Error::ToSqlConversionFailure(Box::new(error)))
}
