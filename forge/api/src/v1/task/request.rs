use hearth_app::{
    queue::Changes,
    task::{NewTask, Parameter, Program},
};
use hearth_core::{Error, Result, TaskId, TaskKind};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a task is launched with. Everything but the boot file, or the command, may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Launch {
    /// `train` (the default) or `inference`.
    #[serde(default)]
    kind: String,
    /// The name of the file or command when empty.
    #[serde(default)]
    name: String,
    #[serde(default)]
    description: String,
    /// A branch, a tag or a commit; the default branch when empty.
    #[serde(default, rename = "ref")]
    revision: String,
    /// A Python file of the repository at that revision.
    #[serde(default)]
    boot_file: String,
    /// Passed to the program in this order, as `--name=value`.
    #[serde(default)]
    parameters: Vec<Given>,
    /// Instead of a boot file: a line for the image's shell, or the words of a command that runs without one.
    #[serde(default)]
    command: Option<Command>,
    /// The code of an image; the first one when empty.
    #[serde(default)]
    image: String,
    /// The code of a spec; the smallest one when empty.
    #[serde(default)]
    spec: String,
    /// How many machines it runs on at once; one when left out.
    #[serde(default)]
    nodes: u32,
    /// Below 0 yields to others; above 0 is for administrators.
    #[serde(default)]
    priority: i64,
    #[serde(default)]
    time_limit_seconds: Option<u64>,
    /// Whether the task may use the network.
    #[serde(default)]
    network: bool,
    /// Whether the packages of `requirements.txt` are installed first, where the site does that; true when left out.
    #[serde(default = "yes")]
    requirements: bool,
    /// The changes of an unpushed tree, as `git diff` writes them.
    #[serde(default)]
    patch: Option<String>,
    #[serde(default)]
    seed: Option<i64>,
    /// The task that this one is derived from.
    #[serde(default)]
    parent_id: Option<i64>,
}

/// Changes to a waiting task.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// The code of a spec.
    #[serde(default)]
    spec: Option<String>,
    /// Lower than now, and at most 0; higher is for administrators.
    #[serde(default)]
    priority: Option<i64>,
}

impl From<Change> for Changes {
    fn from(Change { spec, priority }: Change) -> Self {
        Self { spec, priority }
    }
}

/// One parameter.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = GivenParameter)]
pub(crate) struct Given {
    name: String,
    value: String,
}

/// A command, in either form.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(untagged)]
pub(crate) enum Command {
    Line(String),
    Words(Vec<String>),
}

impl Command {
    fn into_program(self) -> Program {
        match self {
            Self::Line(line) => Program::shell_line(&line),
            Self::Words(words) => Program::Command { words },
        }
    }
}

/// What to run: a boot file with its parameters, or a command.
fn program(boot_file: String, parameters: Vec<Given>, command: Option<Command>) -> Result<Program> {
    let Some(command) = command else {
        let given = parameters.into_iter().map(|given| Parameter { name: given.name, value: given.value });
        return Ok(Program::script(boot_file, given.collect()));
    };
    if !boot_file.is_empty() {
        return Err(Error::field("boot_file", "not-with-command"));
    }
    if !parameters.is_empty() {
        return Err(Error::field("parameters", "not-with-command"));
    }
    Ok(command.into_program())
}

const fn yes() -> bool {
    true
}

impl Launch {
    pub(super) fn into_new(self) -> Result<NewTask> {
        let kind = match self.kind.as_str() {
            "" => None,
            word => Some(word.parse::<TaskKind>().map_err(|()| Error::field("kind", "unknown-choice"))?),
        };
        Ok(NewTask {
            kind,
            name: self.name,
            description: self.description,
            revision: self.revision,
            program: program(self.boot_file, self.parameters, self.command)?,
            image: self.image,
            spec: self.spec,
            nodes: self.nodes,
            priority: self.priority,
            time_limit_seconds: self.time_limit_seconds,
            network: self.network,
            skip_requirements: !self.requirements,
            patch: self.patch,
            seed: self.seed,
            parent: self.parent_id.map(TaskId),
            request_key: None,
        })
    }
}
