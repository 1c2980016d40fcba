use std::{collections::BTreeMap, fs, path::Path};

use hearth_core::{Outcome, OutputPath, Program, Reason, TaskId, TaskKind, Timestamp};
use serde::{Deserialize, Serialize};

use super::sums;
use crate::{
    Result, TaskSpec,
    error::At,
    packages::InstalledPackages,
    protocol::{Finish, OutputEntry, SandboxFacts, Usage},
    spec::{Input, Limits, Node, Resources},
};

/// The input for the record.
pub struct RunFacts<'a> {
    pub spec: &'a TaskSpec,
    /// The engine's name.
    pub engine: &'a str,
    /// As determined by the server; the agent's own view is in `finish`.
    pub outcome: Outcome,
    /// What the agent reported at its end; a lost agent reported nothing.
    pub finish: Option<&'a Finish>,
    pub created_at: Timestamp,
    pub ended_at: Timestamp,
}

/// A fact of a run, or why it is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Pin<T> {
    Missing { missing: String },
    Known(T),
}

impl<T> Pin<T> {
    fn from_option(value: Option<T>, otherwise: &str) -> Self {
        value.map_or_else(|| Self::Missing { missing: otherwise.to_owned() }, Self::Known)
    }

    pub const fn known(&self) -> Option<&T> {
        match self {
            Self::Known(value) => Some(value),
            Self::Missing { .. } => None,
        }
    }
}

/// `run.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunDocument {
    /// [`RunDocument::FORMAT`].
    pub format: String,
    pub task: TaskId,
    pub attempt: u32,
    pub kind: TaskKind,
    pub engine: String,
    pub code: CodePin,
    pub inputs: Vec<Input>,
    pub image: ImagePin,
    pub resources: Resources,
    pub limits: Limits,
    pub node: Node,
    pub network: bool,
    pub sandbox: Pin<SandboxFacts>,
    pub system: Pin<String>,
    pub driver: Pin<String>,
    pub environment_lock: Pin<FilePin>,
    /// What was installed before the program started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<InstalledPackages>,
    #[serde(flatten, with = "crate::program")]
    pub program: Program,
    pub environment: BTreeMap<String, String>,
    /// Only the names.
    pub secrets: Vec<String>,
    pub seed: Pin<i64>,
    pub resumed: bool,
    pub command: Pin<Vec<String>>,
    pub working_directory: Pin<String>,
    pub outcome: Outcome,
    pub exit_code: Option<i32>,
    pub signal: Option<String>,
    pub created_at: Timestamp,
    pub started_at: Pin<Timestamp>,
    pub ended_at: Timestamp,
    pub outputs: Outputs,
    /// The names of the missing pins.
    pub missing: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodePin {
    pub repository: String,
    pub commit: String,
    /// The changes on top of the commit, if the tree was not pushed.
    pub patch: Option<FilePin>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImagePin {
    pub label: String,
    pub reference: Option<String>,
    pub digest: Pin<String>,
    pub python: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilePin {
    pub file: String,
    pub sha256: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outputs {
    pub files: Vec<OutputEntry>,
    /// Files that were not kept, and why.
    pub left_out: Vec<(String, String)>,
    /// How many more were not kept than are named.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out_more: u64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// `receipt.json`: what the attempt used.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Receipt {
    pub task: TaskId,
    pub attempt: u32,
    pub resources: Resources,
    pub used: Pin<Usage>,
    pub ended_at: Timestamp,
}

/// A line of `events.jsonl`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineLine {
    pub time: Timestamp,
    /// `agent`, `engine`, `queue`, `user`, …
    pub source: String,
    pub reason: Reason,
    #[serde(default)]
    pub data: BTreeMap<String, String>,
}

const AGENT_LOST: &str = "the agent was lost";

impl RunDocument {
    pub const FORMAT: &str = "hearth.run/2";

    pub(super) fn of(facts: &RunFacts<'_>, directory: &Path) -> Result<Self> {
        let RunFacts { spec, finish, .. } = *facts;
        let patch = pin_file(directory, "code.patch")?;
        let lock = pin_file(directory, "env.lock")?;
        let no_lock = if finish.is_some() { "the interpreter could not be asked" } else { AGENT_LOST };
        let no_driver = if spec.resources.accelerators.is_empty() {
            "no accelerator"
        } else {
            "the driver did not answer"
        };
        let mut document = Self {
            format: Self::FORMAT.to_owned(),
            task: spec.task,
            attempt: spec.attempt,
            kind: spec.kind,
            engine: facts.engine.to_owned(),
            code: CodePin {
                repository: spec.code.repository.clone(),
                commit: spec.code.commit.clone(),
                patch: patch.filter(|_| spec.code.patch_sha256.is_some()),
            },
            inputs: spec.inputs.clone(),
            image: ImagePin {
                label: spec.image.label.clone(),
                reference: spec.image.reference.clone(),
                digest: Pin::from_option(spec.image.digest.clone(), "not an OCI image"),
                python: spec.image.python.clone(),
            },
            resources: spec.resources.clone(),
            limits: spec.limits.clone(),
            node: spec.node,
            network: spec.network,
            sandbox: Pin::from_option(finish.and_then(|finish| finish.sandbox.clone()), AGENT_LOST),
            system: Pin::from_option(finish.map(|finish| finish.system.clone()), AGENT_LOST),
            driver: Pin::from_option(finish.and_then(|finish| finish.driver.clone()), no_driver),
            environment_lock: Pin::from_option(lock, no_lock),
            packages: finish.and_then(|finish| finish.packages.clone()),
            program: spec.program.clone(),
            environment: spec.environment.clone(),
            secrets: spec.secrets.keys().cloned().collect(),
            seed: Pin::from_option(spec.seed, "no seed was given"),
            resumed: spec.resume,
            command: Pin::from_option(
                finish.map(|finish| finish.command.clone()).filter(|command| !command.is_empty()),
                "no program was started",
            ),
            working_directory: Pin::from_option(
                finish.map(|finish| finish.working_directory.clone()),
                AGENT_LOST,
            ),
            outcome: facts.outcome,
            exit_code: finish.and_then(|finish| finish.exit_code),
            signal: finish.and_then(|finish| finish.signal.clone()),
            created_at: facts.created_at,
            started_at: Pin::from_option(
                finish.and_then(|finish| finish.started_at),
                "no program was started",
            ),
            ended_at: facts.ended_at,
            outputs: outputs(finish, directory)?,
            missing: Vec::new(),
        };
        document.missing = document.missing_pins();
        Ok(document)
    }

    fn missing_pins(&self) -> Vec<String> {
        [
            ("image.digest", self.image.digest.known().is_none()),
            ("sandbox", self.sandbox.known().is_none()),
            ("system", self.system.known().is_none()),
            ("driver", self.driver.known().is_none()),
            ("environment_lock", self.environment_lock.known().is_none()),
            ("seed", self.seed.known().is_none()),
            ("command", self.command.known().is_none()),
            ("working_directory", self.working_directory.known().is_none()),
            ("started_at", self.started_at.known().is_none()),
        ]
        .into_iter()
        .filter(|(_, is_missing)| *is_missing)
        .map(|(name, _)| name.to_owned())
        .collect()
    }
}

impl Receipt {
    pub(super) fn of(facts: &RunFacts<'_>) -> Self {
        Self {
            task: facts.spec.task,
            attempt: facts.spec.attempt,
            resources: facts.spec.resources.clone(),
            used: Pin::from_option(facts.finish.map(|finish| finish.usage), AGENT_LOST),
            ended_at: facts.ended_at,
        }
    }
}

fn pin_file(directory: &Path, name: &str) -> Result<Option<FilePin>> {
    let path = directory.join(name);
    if !path.exists() {
        return Ok(None);
    }
    Ok(Some(FilePin { file: name.to_owned(), sha256: sums::hash_file(&path).at(&path)? }))
}

/// The outputs that the agent announced and the server has; without a `finish`, those that are here.
fn outputs(finish: Option<&Finish>, directory: &Path) -> Result<Outputs> {
    let folder = directory.join("outputs");
    let here = sums::of_directory(&folder)?;
    let mut outputs = Outputs::default();
    for (path, sha256) in &here {
        // Nothing else is ever stored there.
        let Ok(plain) = path.parse::<OutputPath>() else { continue };
        let file = folder.join(path);
        let size_bytes = fs::metadata(&file).at(&file)?.len();
        outputs.files.push(OutputEntry { path: plain, size_bytes, sha256: sha256.clone() });
    }
    if let Some(finish) = finish {
        let lost = finish.outputs.iter().filter(|entry| here.get(entry.path.as_str()) != Some(&entry.sha256));
        let lost: Vec<_> = lost.map(|entry| (entry.path.to_string(), "not received".to_owned())).collect();
        // An output left out for lack of space may have been stored later.
        let left_out = finish.outputs_left_out.iter().filter(|(path, _)| !here.contains_key(path));
        outputs.left_out = left_out.cloned().chain(lost).collect();
        outputs.left_out_more = finish.outputs_left_out_more;
    }
    Ok(outputs)
}
