//! The form for a new task: the input, and its conversion for the app and for the API.

use hearth_app::task::{NewTask, Parameter, Program};
use hearth_core::{Error, FieldErrors, Result, TaskId, TaskKind};
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// All fields as typed. A query string with the same names prefills the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TaskForm {
    pub(crate) revision: String,
    /// The revision chosen for a repeated task; a typed one takes its place.
    pub(crate) code: String,
    #[serde(alias = "boot")]
    pub(crate) boot_file: String,
    /// A line for the shell, in place of a boot file.
    pub(crate) command: String,
    pub(crate) parameter_name: Vec<String>,
    pub(crate) parameter_value: Vec<String>,
    pub(crate) image: String,
    pub(crate) spec: String,
    /// Number of machines; empty: one.
    pub(crate) nodes: String,
    /// Empty: the default.
    pub(crate) priority: String,
    pub(crate) name: String,
    pub(crate) kind: String,
    /// In minutes; empty: the most that the site allows.
    pub(crate) time_limit: String,
    pub(crate) network: bool,
    /// Starts without the packages of `requirements.txt`.
    pub(crate) skip_requirements: bool,
    pub(crate) description: String,
    pub(crate) seed: String,
    pub(crate) parent: String,
    /// Idempotency key: a form that is sent twice makes one task.
    pub(crate) request_key: String,
    /// Which button was pressed: empty launches.
    #[serde(rename = "do")]
    pub(crate) action: String,
}

impl TaskForm {
    /// The form that launches this again.
    pub(crate) fn of(new: NewTask) -> Self {
        let parameters = new.program.parameters().iter();
        let (parameter_name, parameter_value) =
            parameters.map(|given| (given.name.clone(), given.value.clone())).unzip();
        Self {
            revision: new.revision,
            boot_file: new.program.file().unwrap_or_default().to_owned(),
            command: new.program.line().unwrap_or_default(),
            parameter_name,
            parameter_value,
            image: new.image,
            spec: new.spec,
            nodes: if new.nodes > 1 { new.nodes.to_string() } else { String::new() },
            priority: if new.priority == 0 { String::new() } else { new.priority.to_string() },
            name: new.name,
            kind: new.kind.map(|kind| kind.to_string()).unwrap_or_default(),
            time_limit: new
                .time_limit_seconds
                .map(|seconds| (seconds / 60).max(1).to_string())
                .unwrap_or_default(),
            network: new.network,
            skip_requirements: new.skip_requirements,
            description: new.description,
            seed: new.seed.map(|seed| seed.to_string()).unwrap_or_default(),
            parent: new.parent.map(|parent| parent.to_string()).unwrap_or_default(),
            ..Self::default()
        }
    }

    /// Takes what a link asks for besides the task that it repeats.
    pub(crate) fn prefer(&mut self, asked: Self) {
        for (own, asked) in [(&mut self.revision, asked.revision), (&mut self.image, asked.image)] {
            if !asked.is_empty() {
                *own = asked;
            }
        }
    }

    /// Takes the chosen code as the revision, unless one was typed.
    pub(crate) fn settle_code(&mut self) {
        if self.revision.trim().is_empty() {
            self.revision = std::mem::take(&mut self.code);
        }
    }

    /// The parameters that have a name or a value.
    pub(crate) fn parameters(&self) -> Vec<Parameter> {
        let values = self.parameter_value.iter().map(String::as_str).chain(std::iter::repeat(""));
        self.parameter_name
            .iter()
            .zip(values)
            .map(|(name, value)| Parameter { name: name.trim().to_owned(), value: value.to_owned() })
            .filter(|parameter| !parameter.name.is_empty() || !parameter.value.is_empty())
            .collect()
    }

    /// What to run. A boot file that the form preselected yields to a command; typed parameters do not.
    pub(crate) fn program(&self) -> Result<Program> {
        let line = self.command.trim();
        match (line.is_empty(), self.parameters()) {
            (true, parameters) => Ok(Program::script(self.boot_file.trim(), parameters)),
            (false, parameters) if parameters.is_empty() => Ok(Program::shell_line(line)),
            _ => Err(Error::field("parameters", "not-with-command")),
        }
    }

    /// The rows of the form: those that are filled, and a few empty ones.
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let wanted = if self.action == "add-row" { 4 } else { 2 };
        let filled = self.parameters().into_iter().map(|parameter| (parameter.name, parameter.value));
        filled.chain(std::iter::repeat_n((String::new(), String::new()), wanted)).collect()
    }

    /// The request to the app, and the errors of the fields that cannot be read; those get default values.
    /// `patch` is that of the cloned task.
    pub(crate) fn to_new(&self, patch: Option<String>) -> Result<(NewTask, FieldErrors)> {
        let mut errors = FieldErrors::default();
        let program = errors.absorb(self.program())?;
        let new = NewTask {
            kind: Some(errors.absorb(self.kind())?.unwrap_or(TaskKind::Train)),
            name: self.name.trim().to_owned(),
            description: self.description.trim().to_owned(),
            revision: self.revision.trim().to_owned(),
            // A command and parameters: the command alone may have further mistakes.
            program: program.unwrap_or_else(|| Program::shell_line(self.command.trim())),
            image: self.image.clone(),
            spec: self.spec.clone(),
            nodes: errors.absorb(number(&self.nodes, "nodes"))?.flatten().unwrap_or(1),
            priority: errors.absorb(number(&self.priority, "priority"))?.flatten().unwrap_or(0),
            time_limit_seconds: errors.absorb(self.seconds())?.flatten(),
            network: self.network,
            skip_requirements: self.skip_requirements,
            patch,
            seed: errors.absorb(number(&self.seed, "seed"))?.flatten(),
            parent: self.parent(),
            request_key: Some(self.request_key.clone()).filter(|key| !key.is_empty()),
        };
        Ok((new, errors))
    }

    fn kind(&self) -> Result<TaskKind> {
        if self.kind.is_empty() {
            return Ok(TaskKind::Train);
        }
        self.kind.parse().map_err(|()| Error::field("kind", "unknown-choice"))
    }

    pub(crate) fn minutes(&self) -> Result<Option<u64>> {
        number(&self.time_limit, "time_limit")
    }

    fn seconds(&self) -> Result<Option<u64>> {
        Ok(self.minutes()?.map(|minutes| minutes.saturating_mul(60)))
    }

    pub(crate) fn parent(&self) -> Option<TaskId> {
        self.parent.parse().ok()
    }

    /// The body of the request that does the same through the API: what was filled in and nothing else.
    pub(crate) fn to_json(&self) -> String {
        let mut body = Map::new();
        let mut put = |name: &str, text: &str| {
            if !text.trim().is_empty() {
                body.insert(name.to_owned(), Value::from(text.trim()));
            }
        };
        put("kind", &self.kind);
        put("name", &self.name);
        put("description", &self.description);
        put("ref", &self.revision);
        let has_command = !self.command.trim().is_empty();
        put(
            if has_command { "command" } else { "boot_file" },
            if has_command { &self.command } else { &self.boot_file },
        );
        put("image", &self.image);
        put("spec", &self.spec);
        if let Ok(Some(nodes)) = number::<u32>(&self.nodes, "nodes") {
            body.insert("nodes".to_owned(), Value::from(nodes));
        }
        if let Ok(Some(priority)) = number::<i64>(&self.priority, "priority") {
            body.insert("priority".to_owned(), Value::from(priority));
        }
        let parameters: Vec<Value> = self
            .parameters()
            .iter()
            .map(|parameter| json!({"name": parameter.name, "value": parameter.value}))
            .collect();
        if !parameters.is_empty() {
            body.insert("parameters".to_owned(), Value::from(parameters));
        }
        if let Ok(Some(seconds)) = self.seconds() {
            body.insert("time_limit_seconds".to_owned(), Value::from(seconds));
        }
        if self.network {
            body.insert("network".to_owned(), Value::from(true));
        }
        if self.skip_requirements {
            body.insert("requirements".to_owned(), Value::from(false));
        }
        if let Ok(Some(seed)) = number::<i64>(&self.seed, "seed") {
            body.insert("seed".to_owned(), Value::from(seed));
        }
        if let Some(parent) = self.parent() {
            body.insert("parent_id".to_owned(), Value::from(parent.0));
        }
        serde_json::to_string_pretty(&body).expect("a map of plain values is JSON")
    }
}

/// `None` when empty; anything else that is not a number is a mistake of the field.
fn number<T: std::str::FromStr>(text: &str, field: &'static str) -> Result<Option<T>> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::field(field, "not-a-number")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(query: &str) -> TaskForm {
        serde_html_form::from_str(query).expect("a form")
    }

    #[test]
    fn rows_of_names_and_values_become_parameters() {
        let form =
            form("boot=train.py&parameter_name=lr&parameter_name=&parameter_value=0.1&parameter_value=");
        assert_eq!(form.parameters(), [Parameter { name: "lr".into(), value: "0.1".into() }]);
        assert_eq!(form.boot_file, "train.py");
        assert_eq!(form.rows().len(), 3);
    }

    #[test]
    fn the_command_says_what_was_filled_in_and_nothing_else() {
        let form = form("boot_file=train.py&time_limit=30&name=it%27s&request_key=x");
        let body: Value = serde_json::from_str(&form.to_json()).expect("JSON");
        assert_eq!(body, json!({"boot_file": "train.py", "name": "it's", "time_limit_seconds": 1800}));
    }

    #[test]
    fn a_command_takes_the_place_of_the_boot_file_and_of_no_parameter() {
        let filled = form("boot_file=train.py&command=+make+train+");
        assert_eq!(filled.program().expect("a program"), Program::shell_line("make train"));
        let body: Value = serde_json::from_str(&filled.to_json()).expect("JSON");
        assert_eq!(body, json!({"command": "make train"}));
        let both = form("command=make&parameter_name=lr&parameter_value=1").program();
        assert!(matches!(both, Err(Error::Invalid(fields)) if fields[0].field == "parameters"));
    }

    #[test]
    fn all_that_cannot_be_read_is_told_at_once() {
        let filled = form("boot_file=a.py&time_limit=soon&nodes=two&kind=x").to_new(None).expect("a request");
        let Err(Error::Invalid(fields)) = filled.1.into_result() else { panic!("three mistakes") };
        let names: Vec<_> = fields.iter().map(|error| error.field).collect();
        assert_eq!(names, ["kind", "nodes", "time_limit"]);
    }
}
