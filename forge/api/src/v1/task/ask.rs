use hearth_app::{
    queue::Changes,
    task::{NewTask, Parameter},
};
use hearth_core::{Error, Result, TaskId, TaskKind};
use serde::Deserialize;
use utoipa::ToSchema;

/// What a task is launched with. Everything but the boot file may be left out.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Launch {
    /// `train` (the default) or `inference`.
    #[serde(default)]
    kind: String,
    /// The name of the boot file when empty.
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
    /// Handed to the program in this order, as `--name=value`.
    #[serde(default)]
    parameters: Vec<Given>,
    /// The code of an image; the first one when empty.
    #[serde(default)]
    image: String,
    /// The code of a spec; the smallest one when empty.
    #[serde(default)]
    spec: String,
    /// Machines that it runs on at once; one when left out.
    #[serde(default)]
    nodes: u32,
    /// Less than 0 gives way to others; more is for administrators.
    #[serde(default)]
    priority: i64,
    #[serde(default)]
    time_limit_seconds: Option<u64>,
    /// May the task open connections?
    #[serde(default)]
    network: bool,
    /// The changes of an unpushed tree, as `git diff` writes them.
    #[serde(default)]
    patch: Option<String>,
    #[serde(default)]
    seed: Option<i64>,
    /// The task that this one changes.
    #[serde(default)]
    parent_id: Option<i64>,
}

/// What of a waiting task shall be otherwise.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Change {
    /// The code of a spec.
    #[serde(default)]
    spec: Option<String>,
    /// Less than it is, and at most 0; more is for administrators.
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
pub(crate) struct Given {
    name: String,
    value: String,
}

impl Launch {
    pub(super) fn into_new(self) -> Result<NewTask> {
        let kind = match self.kind.as_str() {
            "" => None,
            word => Some(word.parse::<TaskKind>().map_err(|()| Error::field("kind", "unknown-choice"))?),
        };
        let parameters =
            self.parameters.into_iter().map(|given| Parameter { name: given.name, value: given.value });
        Ok(NewTask {
            kind,
            name: self.name,
            description: self.description,
            revision: self.revision,
            boot_file: self.boot_file,
            parameters: parameters.collect(),
            image: self.image,
            spec: self.spec,
            nodes: self.nodes,
            priority: self.priority,
            time_limit_seconds: self.time_limit_seconds,
            network: self.network,
            patch: self.patch,
            seed: self.seed,
            parent: self.parent_id.map(TaskId),
            request_key: None,
        })
    }
}
