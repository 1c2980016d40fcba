//! The specification of one attempt of a task. The server writes it, the agent reads it.

use std::{collections::BTreeMap, path::Component};

use hearth_core::{OwnerId, Parameter, Program, TaskId, TaskKind, is_valid_argument};
use serde::{Deserialize, Serialize};

use crate::Secret;

/// One attempt, complete: nothing else is needed to run it again.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskSpec {
    pub task: TaskId,
    /// Counted from 1 within the task.
    pub attempt: u32,
    pub kind: TaskKind,
    pub code: Code,
    #[serde(flatten, with = "crate::program")]
    pub program: Program,
    pub image: Image,
    pub resources: Resources,
    pub limits: Limits,
    /// Whether the task may open connections. Without it there is only a loopback device.
    pub network: bool,
    /// Data sets and models, mounted read-only.
    pub inputs: Vec<Input>,
    /// Added to the task's environment; names that the platform sets itself are refused.
    pub environment: BTreeMap<String, String>,
    /// Like `environment`, but kept out of the record and the agent's log.
    pub secrets: BTreeMap<String, Secret>,
    pub node: Node,
    /// Passed as `HEARTH_SEED` and kept in the record.
    pub seed: Option<i64>,
    /// Whether this attempt continues where an earlier one stopped.
    pub resume: bool,
    /// Whose environments to use for the packages of `requirements.txt`; `None` installs nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirements_of: Option<OwnerId>,
}

/// The code of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Code {
    /// `owner/name`, for people to read.
    pub repository: String,
    /// The full commit id.
    pub commit: String,
    /// The hash of the patch of an unpushed tree, if there is one.
    pub patch_sha256: Option<String>,
}

/// The environment the program runs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    pub label: String,
    /// The OCI reference, if it is one.
    pub reference: Option<String>,
    /// The OCI digest, if known.
    pub digest: Option<String>,
    /// The interpreter: a path on this machine (it may be that of a virtual environment), or a name in the
    /// image's `PATH`.
    pub python: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resources {
    pub cpus: u32,
    pub memory_bytes: u64,
    /// The size of `/dev/shm`.
    pub shared_memory_bytes: u64,
    /// Processes and threads together.
    pub processes: u32,
    pub accelerators: Vec<Accelerator>,
}

/// One card that this attempt may use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accelerator {
    /// `nvidia`, `ascend`, …
    pub vendor: String,
    pub model: String,
    /// Its number on the machine.
    pub index: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// The run is stopped with `limit.time` after this.
    pub time_seconds: Option<u64>,
    /// The time between SIGTERM and SIGKILL.
    pub stop_grace_seconds: u64,
    pub output_bytes: u64,
    pub output_files: u64,
    /// The size of the unpacked code.
    #[serde(default = "Limits::usual_code_bytes")]
    pub code_bytes: u64,
    /// All disk usage of the attempt: code, inputs, outputs and what it leaves in `/tmp` and its home. Above
    /// this the run is stopped with `limit.disk`.
    #[serde(default = "Limits::usual_disk_bytes")]
    pub disk_bytes: u64,
    /// The number of files and folders in it.
    #[serde(default = "Limits::usual_disk_files")]
    pub disk_files: u64,
    /// Log output beyond this is not kept; a last line says so.
    pub log_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            time_seconds: None,
            stop_grace_seconds: 30,
            output_bytes: 50 << 30,
            output_files: 20_000,
            code_bytes: Self::usual_code_bytes(),
            disk_bytes: Self::usual_disk_bytes(),
            disk_files: Self::usual_disk_files(),
            log_bytes: 1 << 30,
        }
    }
}

/// Defaults for specs that are older than a limit.
impl Limits {
    const fn usual_code_bytes() -> u64 {
        4 << 30
    }

    const fn usual_disk_bytes() -> u64 {
        128 << 30
    }

    const fn usual_disk_files() -> u64 {
        1_000_000
    }
}

/// A data set or a model at one revision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Input {
    pub kind: InputKind,
    /// The folder's name under the data set or model path.
    pub name: String,
    /// `owner/name`, for people to read.
    pub repository: String,
    /// The full commit id.
    pub revision: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum InputKind {
    Dataset,
    Model,
}

impl InputKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dataset => "dataset",
            Self::Model => "model",
        }
    }
}

/// One of the nodes of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub rank: u32,
    pub count: u32,
}

impl Node {
    pub const SINGLE: Self = Self { rank: 0, count: 1 };
}

/// Why a spec is refused: the field, and a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {fault:?} ({value:?})")]
pub struct SpecError {
    pub field: &'static str,
    pub fault: SpecFault,
    pub value: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SpecFault {
    /// Empty, but required.
    Missing,
    /// Not a plain relative path.
    UnsafePath,
    /// Characters that a name cannot have.
    BadName,
    /// A NUL or a line break, or longer than 32 KiB.
    BadValue,
    /// A name reserved for the platform.
    Reserved,
    /// Zero, or beyond what is sensible.
    OutOfRange,
}

/// The kernel's limit is two MiB, environment included.
const LONGEST_COMMAND: usize = 512 << 10;

/// Prefixes of variables that only the platform sets.
const SET_BY_THE_PLATFORM: [&str; 4] = ["HEARTH_", "LOCAL_", "LD_", "DATA_DOWNLOAD_METHOD"];

impl TaskSpec {
    /// `hearth-{task}-{attempt}`: the same on every engine, and a valid DNS label.
    pub fn name(&self) -> String {
        attempt_name(self.task, self.attempt)
    }

    /// Checks everything that becomes a path, an argument or a variable. The server calls it before it stores
    /// a task, the agent again before it acts.
    pub fn validate(&self) -> Result<(), SpecError> {
        check_program(&self.program)?;
        if !matches!(self.code.commit.len(), 40 | 64)
            || !self.code.commit.bytes().all(|b| b.is_ascii_hexdigit())
        {
            return Err(refuse("code.commit", SpecFault::BadValue, &self.code.commit));
        }
        if self.image.python.is_empty() {
            return Err(refuse("image.python", SpecFault::Missing, ""));
        }
        for (name, value) in self
            .environment
            .iter()
            .map(|(n, v)| (n, v.as_str()))
            .chain(self.secrets.iter().map(|(n, s)| (n, s.expose())))
        {
            check_variable(name)?;
            if !is_valid_argument(value) {
                return Err(refuse("environment", SpecFault::BadValue, name));
            }
        }
        for input in &self.inputs {
            if !is_folder_name(&input.name) {
                return Err(refuse("inputs", SpecFault::BadName, &input.name));
            }
        }
        if self.resources.cpus == 0 || self.resources.memory_bytes < 16 << 20 || self.resources.processes < 8
        {
            return Err(refuse("resources", SpecFault::OutOfRange, ""));
        }
        if self.node.count == 0 || self.node.rank >= self.node.count {
            return Err(refuse("node", SpecFault::OutOfRange, ""));
        }
        Ok(())
    }

    /// The command to start. `interpreter` runs scripts.
    pub fn command(&self, interpreter: &str) -> Vec<String> {
        match &self.program {
            Program::Script { file, parameters } => {
                let given = parameters.iter().map(|given| format!("--{}={}", given.name, given.value));
                [interpreter, "-u", file].map(str::to_owned).into_iter().chain(given).collect()
            }
            Program::Command { words } => words.clone(),
        }
    }
}

/// The name of one attempt, the same on every engine.
pub fn attempt_name(task: TaskId, attempt: u32) -> String {
    format!("hearth-{task}-{attempt}")
}

/// Parses the name of an attempt into task and number.
pub fn named_attempt(name: &str) -> Option<(TaskId, u32)> {
    let (task, attempt) = name.strip_prefix("hearth-")?.split_once('-')?;
    Some((TaskId(task.parse().ok()?), attempt.parse().ok()?))
}

/// A relative path of plain segments with `/` in between: no `..`, no empty segment, no NUL, nothing
/// absolute.
pub fn is_plain_path(path: &str) -> bool {
    !path.is_empty()
        && path.len() <= 4096
        && !path.contains(['\0', '\n', '\r'])
        && !path.ends_with('/')
        && !path.contains("//")
        && std::path::Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
        && !path.split('/').any(|part| part == ".")
}

fn is_folder_name(name: &str) -> bool {
    !name.is_empty()
        && name.len() <= 200
        && !name.starts_with('.')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
}

fn check_program(program: &Program) -> Result<(), SpecError> {
    if program.text_bytes() > LONGEST_COMMAND {
        return Err(refuse("program", SpecFault::OutOfRange, ""));
    }
    match program {
        Program::Script { file, parameters } => {
            if !is_plain_path(file) {
                return Err(refuse("program.file", SpecFault::UnsafePath, file));
            }
            parameters.iter().try_for_each(check_parameter)
        }
        Program::Command { words } => {
            if words.first().is_none_or(String::is_empty) {
                return Err(refuse("program.words", SpecFault::Missing, ""));
            }
            match words.iter().find(|word| !is_valid_argument(word)) {
                Some(word) => Err(refuse("program.words", SpecFault::BadValue, begin_of(word))),
                None => Ok(()),
            }
        }
    }
}

fn check_parameter(parameter: &Parameter) -> Result<(), SpecError> {
    if !parameter.has_valid_name() {
        return Err(refuse("program.parameters", SpecFault::BadName, &parameter.name));
    }
    if !parameter.has_valid_value() {
        return Err(refuse("program.parameters", SpecFault::BadValue, begin_of(&parameter.value)));
    }
    Ok(())
}

fn begin_of(text: &str) -> &str {
    text.get(..40).unwrap_or_default()
}

fn check_variable(name: &str) -> Result<(), SpecError> {
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphabetic() || byte == b'_');
    if !starts_well
        || name.len() > 200
        || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return Err(refuse("environment", SpecFault::BadName, name));
    }
    if SET_BY_THE_PLATFORM.iter().any(|prefix| name.starts_with(prefix))
        || matches!(name, "HOME" | "PATH" | "TMPDIR")
    {
        return Err(refuse("environment", SpecFault::Reserved, name));
    }
    Ok(())
}

fn refuse(field: &'static str, fault: SpecFault, value: &str) -> SpecError {
    SpecError { field, fault, value: value.to_owned() }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn spec() -> TaskSpec {
        TaskSpec {
            task: TaskId(1),
            attempt: 2,
            kind: TaskKind::Train,
            code: Code { repository: "mei/digits".into(), commit: "a".repeat(40), patch_sha256: None },
            program: Program::script(
                "src/train.py",
                vec![Parameter { name: "lr".into(), value: "0.1; rm -rf /".into() }],
            ),
            image: Image { label: "Python".into(), reference: None, digest: None, python: "python3".into() },
            resources: Resources {
                cpus: 1,
                memory_bytes: 1 << 30,
                shared_memory_bytes: 0,
                processes: 100,
                accelerators: vec![],
            },
            limits: Limits::default(),
            network: false,
            inputs: vec![],
            environment: BTreeMap::new(),
            secrets: BTreeMap::new(),
            node: Node::SINGLE,
            seed: None,
            resume: false,
            requirements_of: None,
        }
    }

    fn fault(change: impl FnOnce(&mut TaskSpec)) -> Option<SpecFault> {
        let mut spec = spec();
        change(&mut spec);
        spec.validate().err().map(|error| error.fault)
    }

    #[test]
    fn a_parameter_is_one_argument_whatever_it_holds() {
        assert_eq!(spec().command("python"), ["python", "-u", "src/train.py", "--lr=0.1; rm -rf /"]);
        assert_eq!(spec().name(), "hearth-1-2");
        assert_eq!(named_attempt("hearth-1-2"), Some((TaskId(1), 2)));
        assert_eq!(named_attempt("hearth-1"), None);
        assert_eq!(fault(|_| {}), None);
    }

    #[test]
    fn a_boot_file_outside_the_code_is_refused() {
        for path in ["", "/etc/passwd", "../x.py", "a/../../x.py", "a//b.py", "./x.py", "a/", "x\0.py"] {
            let set = |spec: &mut TaskSpec| spec.program = Program::script(path, vec![]);
            assert_eq!(fault(set), Some(SpecFault::UnsafePath), "{path:?}");
        }
    }

    #[test]
    fn the_words_of_a_command_are_its_arguments_and_nothing_more() {
        let mut spec = spec();
        spec.program = Program::shell_line("make && echo $HOME");
        assert_eq!(spec.command("python"), ["sh", "-c", "make && echo $HOME"]);
        for words in [vec![], vec![String::new()], vec!["make".to_owned(), "\0".to_owned()]] {
            assert!(
                fault(|spec| spec.program = Program::Command { words: words.clone() }).is_some(),
                "{words:?}"
            );
        }
    }

    #[test]
    fn a_spec_of_an_older_server_is_read() {
        let mut json = serde_json::to_value(spec()).expect("JSON");
        let program = |json: &serde_json::Value| {
            serde_json::from_value::<TaskSpec>(json.clone()).expect("a spec").program
        };
        assert_eq!(program(&json), spec().program);
        let fields = json.as_object_mut().expect("an object");
        fields.remove("program");
        fields.insert("boot_file".into(), "src/train.py".into());
        fields.insert("parameters".into(), serde_json::json!([{"name": "lr", "value": "0.1; rm -rf /"}]));
        assert_eq!(program(&json), spec().program);
    }

    #[test]
    fn names_that_only_the_platform_sets_are_refused() {
        for name in ["HEARTH_TASK_ID", "LOCAL_CODE_PATH", "LD_PRELOAD", "PATH", "HOME"] {
            let set = |spec: &mut TaskSpec| drop(spec.environment.insert(name.into(), "x".into()));
            assert_eq!(fault(set), Some(SpecFault::Reserved), "{name}");
        }
        let set = |spec: &mut TaskSpec| drop(spec.secrets.insert("A B".into(), Secret::new("x")));
        assert_eq!(fault(set), Some(SpecFault::BadName));
    }

    #[test]
    fn odd_parameters_commits_and_sizes_are_refused() {
        let with = |name: &str, value: String| {
            let parameter = Parameter { name: name.into(), value };
            fault(|spec| spec.program = Program::script("train.py", vec![parameter]))
        };
        assert_eq!(with("-x", String::new()), Some(SpecFault::BadName));
        assert_eq!(with("x", "\0".into()), Some(SpecFault::BadValue));
        assert_eq!(with("x", "y".repeat(600 << 10)), Some(SpecFault::OutOfRange));
        assert_eq!(fault(|spec| spec.code.commit = "main".into()), Some(SpecFault::BadValue));
        assert_eq!(fault(|spec| spec.resources.cpus = 0), Some(SpecFault::OutOfRange));
        assert_eq!(fault(|spec| spec.node = Node { rank: 2, count: 2 }), Some(SpecFault::OutOfRange));
    }
}
