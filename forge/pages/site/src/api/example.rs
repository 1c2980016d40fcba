//! What a schema of the document allows: its fields, and JSON that fits it.

use serde_json::{Map, Value, json};

/// How deep an example goes: shapes contain each other.
const MOST_DEPTH: usize = 3;
const DATE: &str = "2026-01-31T12:00:00Z";

/// One field of an object.
pub(super) struct Field {
    pub(super) name: String,
    /// `string`, `integer[]`, or the name of a shape.
    pub(super) kind: String,
    pub(super) is_required: bool,
    pub(super) about: String,
}

/// The fields of the object, or of the objects in the list.
pub(super) fn fields(document: &Value, schema: &Value) -> Vec<Field> {
    let schema = meant(document, schema);
    if let Some(items) = schema.get("items") {
        return fields(document, items);
    }
    let properties = properties(document, schema);
    let required = |name: &str| {
        let listed = schema["required"].as_array();
        listed.is_some_and(|listed| listed.iter().any(|one| one == name))
    };
    let field = |(name, schema): (&String, &Value)| Field {
        name: name.clone(),
        kind: kind(schema),
        is_required: required(name),
        about: schema["description"].as_str().unwrap_or_default().to_owned(),
    };
    properties.iter().map(field).collect()
}

/// JSON that fits the schema, indented.
pub(super) fn text(document: &Value, schema: &Value) -> String {
    serde_json::to_string_pretty(&value(document, schema, 0)).expect("a value is written as JSON")
}

fn value(document: &Value, schema: &Value, depth: usize) -> Value {
    let schema = meant(document, schema);
    if let Some(items) = schema.get("items") {
        return if depth < MOST_DEPTH { json!([value(document, items, depth + 1)]) } else { json!([]) };
    }
    let properties = properties(document, schema);
    if !properties.is_empty() {
        if depth >= MOST_DEPTH {
            return json!({});
        }
        let filled =
            properties.iter().map(|(name, schema)| (name.clone(), value(document, schema, depth + 1)));
        return Value::Object(filled.collect());
    }
    if let Some(first) = schema["enum"].get(0) {
        return first.clone();
    }
    match type_of(schema) {
        "string" if schema["format"] == "date-time" => json!(DATE),
        "string" => json!(""),
        "integer" => json!(0),
        "number" => json!(0.5),
        "boolean" => json!(false),
        "array" => json!([]),
        "object" => json!({}),
        _ => Value::Null,
    }
}

/// The fields of an object, with those of all parts that it is made of.
fn properties(document: &Value, schema: &Value) -> Map<String, Value> {
    let mut all = schema["properties"].as_object().cloned().unwrap_or_default();
    for part in schema["allOf"].as_array().into_iter().flatten() {
        all.extend(properties(document, meant(document, part)));
    }
    all
}

fn kind(schema: &Value) -> String {
    if let Some(name) = schema["$ref"].as_str().and_then(|path| path.rsplit('/').next()) {
        return name.to_owned();
    }
    if let Some(chosen) = choice(schema) {
        return kind(chosen);
    }
    match schema.get("items") {
        Some(items) => format!("{}[]", kind(items)),
        None => type_of(schema).to_owned(),
    }
}

/// The schema behind a reference, or the first of several that is not null.
fn meant<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    if let Some(path) = schema["$ref"].as_str().and_then(|path| path.strip_prefix('#')) {
        return document.pointer(path).unwrap_or(&Value::Null);
    }
    match choice(schema) {
        Some(chosen) => meant(document, chosen),
        None => schema,
    }
}

fn choice(schema: &Value) -> Option<&Value> {
    let choices = schema["oneOf"].as_array().or_else(|| schema["anyOf"].as_array())?;
    choices.iter().find(|one| type_of(one) != "null")
}

/// The type; of several, the first that is not null.
fn type_of(schema: &Value) -> &str {
    match &schema["type"] {
        Value::String(name) => name,
        Value::Array(names) => {
            names.iter().filter_map(Value::as_str).find(|name| *name != "null").unwrap_or_default()
        }
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_that_contain_themselves_end() {
        let document = json!({ "components": { "schemas": { "Tree": {
            "type": "object",
            "required": ["name"],
            "properties": {
                "name": { "type": ["string", "null"], "description": "what it is called" },
                "below": { "type": "array", "items": { "$ref": "#/components/schemas/Tree" } },
            },
        } } } });
        let tree = json!({ "$ref": "#/components/schemas/Tree" });
        assert_eq!(value(&document, &tree, 0), json!({ "name": "", "below": [{ "name": "", "below": [] }] }));
        let fields = fields(&document, &tree);
        let name = fields.iter().find(|field| field.name == "name").expect("a field");
        assert_eq!((name.kind.as_str(), name.is_required), ("string", true));
        let below = fields.iter().find(|field| field.name == "below").expect("a field");
        assert_eq!((below.kind.as_str(), below.is_required), ("Tree[]", false));
    }
}
