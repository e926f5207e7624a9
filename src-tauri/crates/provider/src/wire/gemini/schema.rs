//! JSON Schema cut down to what Gemini takes of it.
//!
//! Unknown keywords are an error there, so only known ones pass. What a
//! keyword said is lost only for the model; tools check their input anyway.

use serde_json::{Map, Value, json};

/// Deepest schema that is followed: references may go in circles.
const MAX_DEPTH: usize = 24;

/// Keywords that pass as they are.
const KEPT: &[&str] = &[
    "description",
    "title",
    "nullable",
    "minItems",
    "maxItems",
    "minimum",
    "maximum",
    "minLength",
    "maxLength",
    "minProperties",
    "maxProperties",
    "pattern",
];

/// The schema of a tool's input; none when the tool takes nothing.
pub(super) fn reduced(schema: &Value) -> Option<Value> {
    let has_properties = schema
        .get("properties")
        .and_then(Value::as_object)
        .is_some_and(|properties| !properties.is_empty());
    has_properties.then(|| reduce(schema, schema, 0))
}

fn reduce(schema: &Value, root: &Value, depth: usize) -> Value {
    let Some(schema) = resolve(schema, root).as_object() else {
        // `true` allows anything.
        return json!({ "type": "string" });
    };
    if depth > MAX_DEPTH {
        return json!({ "type": "string" });
    }
    let deeper = |schema: &Value| reduce(schema, root, depth + 1);
    let mut out = Map::new();
    add_type(schema, &mut out);
    for name in KEPT {
        if let Some(value) = schema.get(*name) {
            out.insert((*name).to_owned(), value.clone());
        }
    }
    if let Some(properties) = schema.get("properties").and_then(Value::as_object) {
        let properties: Map<_, _> = properties
            .iter()
            .map(|(name, schema)| (name.clone(), deeper(schema)))
            .collect();
        add_required(schema, &properties, &mut out);
        out.insert("properties".to_owned(), properties.into());
    }
    if out.get("type").is_some_and(|kind| kind == "array") {
        let items = schema
            .get("items")
            .map_or_else(|| json!({ "type": "string" }), &deeper);
        out.insert("items".to_owned(), items);
    }
    add_choices(schema, &mut out);
    add_variants(schema, &deeper, &mut out);
    out.into()
}

/// Follows references within the schema, a few in a row.
fn resolve<'a>(schema: &'a Value, root: &'a Value) -> &'a Value {
    let mut schema = schema;
    for _ in 0..MAX_DEPTH {
        let Some(target) = schema.get("$ref").and_then(Value::as_str) else {
            return schema;
        };
        let found = target.strip_prefix('#').and_then(|path| root.pointer(path));
        let Some(found) = found else { return schema };
        schema = found;
    }
    &Value::Null
}

/// One type; a list of types with null is that type, nullable.
fn add_type(schema: &Map<String, Value>, out: &mut Map<String, Value>) {
    match schema.get("type") {
        Some(Value::Array(types)) => {
            let is_null = |kind: &&Value| *kind == "null";
            if let Some(kind) = types.iter().find(|kind| !is_null(kind)) {
                out.insert("type".to_owned(), kind.clone());
            }
            if types.iter().any(|kind| kind == "null") {
                out.insert("nullable".to_owned(), true.into());
            }
        }
        Some(kind) => {
            out.insert("type".to_owned(), kind.clone());
        }
        None if schema.contains_key("properties") => {
            out.insert("type".to_owned(), "object".into());
        }
        None if schema.contains_key("enum") || schema.contains_key("const") => {
            out.insert("type".to_owned(), "string".into());
        }
        None => {}
    }
}

fn add_required(
    schema: &Map<String, Value>,
    properties: &Map<String, Value>,
    out: &mut Map<String, Value>,
) {
    let Some(required) = schema.get("required").and_then(Value::as_array) else {
        return;
    };
    let known: Vec<_> = required
        .iter()
        .filter(|name| {
            name.as_str()
                .is_some_and(|name| properties.contains_key(name))
        })
        .cloned()
        .collect();
    if !known.is_empty() {
        out.insert("required".to_owned(), known.into());
    }
}

/// Choices are text there, and nothing else.
fn add_choices(schema: &Map<String, Value>, out: &mut Map<String, Value>) {
    let single = schema.get("const").map(std::slice::from_ref);
    let choices = schema.get("enum").and_then(Value::as_array);
    let Some(choices) = choices.map(Vec::as_slice).or(single) else {
        return;
    };
    let texts: Vec<_> = choices.iter().filter(|choice| choice.is_string()).collect();
    if !texts.is_empty() && out.get("type").is_some_and(|kind| kind == "string") {
        out.insert("enum".to_owned(), json!(texts));
    }
}

/// `anyOf`, `oneOf` and `allOf`; a variant of null makes it nullable, and a
/// single variant stands for itself.
fn add_variants(
    schema: &Map<String, Value>,
    deeper: &dyn Fn(&Value) -> Value,
    out: &mut Map<String, Value>,
) {
    let variants = ["anyOf", "oneOf", "allOf"]
        .iter()
        .find_map(|name| schema.get(*name)?.as_array());
    let Some(variants) = variants else { return };
    let (nulls, others): (Vec<_>, Vec<_>) = variants
        .iter()
        .partition(|variant| variant.get("type").is_some_and(|kind| kind == "null"));
    if !nulls.is_empty() {
        out.insert("nullable".to_owned(), true.into());
    }
    let reduced: Vec<_> = others.into_iter().map(deeper).collect();
    match <[Value; 1]>::try_from(reduced) {
        Ok([Value::Object(single)]) => {
            for (name, value) in single {
                out.entry(name).or_insert(value);
            }
        }
        Ok(_) => {}
        Err(several) if several.is_empty() => {}
        Err(several) => {
            out.insert("anyOf".to_owned(), several.into());
        }
    }
}

#[cfg(test)]
mod tests;
