//! The OpenAPI document as values that a page can draw.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::example::{self, Field};

/// The method names of the document, in the order in which a path shows them.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
const JSON: &str = "application/json";

static REFERENCE: LazyLock<Reference> = LazyLock::new(|| {
    let document = serde_json::from_str(&hearth_api::document("")).expect("the document is JSON");
    Reference::of(&document)
});

/// All routes of the API.
pub(super) struct Reference {
    pub(super) groups: Vec<Group>,
}

pub(super) struct Group {
    pub(super) name: String,
    pub(super) operations: Vec<Operation>,
}

/// One method of one path.
pub(super) struct Operation {
    /// Unique, and fit for the part of an address behind `#`.
    pub(super) id: String,
    /// In capital letters.
    pub(super) method: String,
    /// Below `/api/v1`, with `{names}`.
    pub(super) path: String,
    pub(super) summary: String,
    pub(super) parameters: Vec<Parameter>,
    pub(super) body: Option<Body>,
    /// The status of success.
    pub(super) status: String,
    pub(super) answer: Option<Body>,
}

pub(super) struct Parameter {
    pub(super) name: String,
    /// In the path; otherwise behind the `?`.
    pub(super) is_in_path: bool,
    pub(super) about: String,
}

/// A body of JSON.
pub(super) struct Body {
    pub(super) fields: Vec<Field>,
    /// Indented JSON.
    pub(super) example: String,
}

impl Reference {
    pub(super) fn get() -> &'static Self {
        &REFERENCE
    }

    pub(super) fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|group| group.name == name)
    }

    fn of(document: &Value) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        for (path, item) in document["paths"].as_object().into_iter().flatten() {
            for method in METHODS {
                let Some(described) = item.get(method) else { continue };
                let name = text(&described["tags"][0]);
                let operation = Operation::of(document, path, method, described);
                match groups.iter_mut().find(|group| group.name == name) {
                    Some(group) => group.operations.push(operation),
                    None => groups.push(Group { name, operations: vec![operation] }),
                }
            }
        }
        for group in &mut groups {
            group.operations.sort_by(|one, other| one.path.cmp(&other.path));
        }
        groups.sort_by(|one, other| one.name.cmp(&other.name));
        Self { groups }
    }
}

impl Operation {
    fn of(document: &Value, path: &str, method: &str, described: &Value) -> Self {
        let parameters = described["parameters"].as_array().into_iter().flatten();
        let (status, answer) = success(document, described["responses"].as_object());
        Self {
            id: text(&described["operationId"]),
            method: method.to_uppercase(),
            path: path.to_owned(),
            summary: text(&described["summary"]),
            parameters: parameters.map(Parameter::of).collect(),
            body: Body::of(document, &described["requestBody"]["content"]),
            status,
            answer,
        }
    }

    /// Whether it changes nothing.
    pub(super) fn is_safe(&self) -> bool {
        self.method == "GET"
    }

    /// Whether every word occurs in the path or in the summary. `words` are in small letters.
    pub(super) fn matches(&self, words: &[String]) -> bool {
        let text = format!("{} {} {}", self.method, self.path, self.summary).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    }

    /// The command that calls it on the server whose API is at `root`.
    pub(super) fn command(&self, root: &str) -> String {
        let mut line = format!("curl -H \"Authorization: Bearer $HEARTH_TOKEN\" -X {}", self.method);
        if let Some(body) = &self.body {
            let data = body.example.replace('\'', "'\\''");
            line = format!("{line} \\\n  -H \"Content-Type: {JSON}\" --data '{data}'");
        }
        format!("{line} \\\n  '{root}{}'", self.path)
    }
}

impl Parameter {
    fn of(described: &Value) -> Self {
        Self {
            name: text(&described["name"]),
            is_in_path: described["in"] == "path",
            about: text(&described["description"]),
        }
    }
}

impl Body {
    fn of(document: &Value, content: &Value) -> Option<Self> {
        let schema = content.get(JSON)?.get("schema")?;
        Some(Self { fields: example::fields(document, schema), example: example::text(document, schema) })
    }
}

/// Status and body of the answer that is no failure.
fn success(document: &Value, answers: Option<&Map<String, Value>>) -> (String, Option<Body>) {
    let found = answers.into_iter().flatten().find(|(status, _)| *status != "default");
    found.map_or_else(Default::default, |(status, answer)| {
        (status.clone(), Body::of(document, &answer["content"]))
    })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_has_a_group_a_summary_and_an_id_of_its_own() {
        let all: Vec<&Operation> =
            Reference::get().groups.iter().flat_map(|group| &group.operations).collect();
        assert!(all.len() > 200, "{}", all.len());
        let ids: std::collections::BTreeSet<&str> =
            all.iter().map(|operation| operation.id.as_str()).collect();
        assert_eq!(ids.len(), all.len());
        assert!(all.iter().all(|operation| !operation.summary.is_empty() && !operation.status.is_empty()));
        assert!(Reference::get().groups.iter().all(|group| !group.name.is_empty()));
    }

    #[test]
    fn a_command_names_the_method_the_body_and_the_address() {
        let all = Reference::get().groups.iter().flat_map(|group| &group.operations);
        let create = all.into_iter().find(|operation| operation.id == "post_repos__owner___repo__issues");
        let create = create.expect("issues are created");
        let command = create.command("https://hearth.test/api/v1");
        assert!(command.contains("-X POST") && command.contains("\"title\""), "{command}");
        assert!(command.ends_with("'https://hearth.test/api/v1/repos/{owner}/{repo}/issues'"), "{command}");
    }
}
