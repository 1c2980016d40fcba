//! AiForge's words for kinds, states and cards.

use hearth_app::task::{Spec, Task};
use hearth_core::{TaskKind, TaskState};

use super::envelope::{NOT_AVAILABLE, PARAMETER, Refusal};

/// The cluster reported for all tasks: which engine runs them is internal to Hearth.
pub(super) const CLUSTER: &str = "OpenI";

/// Kinds of AiForge without a counterpart in Hearth.
const UNSUPPORTED_KINDS: [&str; 11] = [
    "DEBUG",
    "ONLINEINFERENCE",
    "BENCHMARK",
    "MODELSAFETY",
    "HPC",
    "GENERAL",
    "FINETUNE",
    "SDFINETUNE",
    "MODELEXPERIENCE",
    "ComfyuiExperience",
    "EVAL",
];

/// The kind for a job type; `None` when empty.
pub(super) fn kind(job_type: &str) -> Result<Option<TaskKind>, Refusal> {
    match job_type {
        "" => Ok(None),
        "TRAIN" => Ok(Some(TaskKind::Train)),
        "INFERENCE" => Ok(Some(TaskKind::Inference)),
        known if UNSUPPORTED_KINDS.contains(&known) => {
            Err(NOT_AVAILABLE.about(format_args!("job_type {known}")))
        }
        _ => Err(PARAMETER.about("job_type")),
    }
}

pub(super) const fn job_type(kind: TaskKind) -> &'static str {
    match kind {
        TaskKind::Train => "TRAIN",
        TaskKind::Inference => "INFERENCE",
    }
}

/// A state in AiForge's terms; `detailed_status` gives the rest.
pub(super) const fn status(state: TaskState) -> &'static str {
    match state {
        TaskState::Creating => "WAITING",
        other => other.as_str(),
    }
}

/// The states for a status; empty for all of them.
pub(super) fn states(status: &str) -> Result<Vec<TaskState>, Refusal> {
    match status {
        "" | "all" => Ok(Vec::new()),
        "WAITING" => Ok(vec![TaskState::Waiting, TaskState::Creating]),
        word => Ok(vec![word.parse().map_err(|()| PARAMETER.about("job_status"))?]),
    }
}

/// What AiForge calls the kind of cards of a task.
pub(super) fn compute_source(accelerator: Option<&str>, cards: i64) -> String {
    let code = accelerator.and_then(|name| name.split('/').next()).unwrap_or_default();
    let known = match code {
        "" if cards == 0 => "CPU",
        "" | "nvidia" | "amd" => "GPU",
        "ascend" | "huawei" => "NPU",
        "cambricon" => "MLU",
        "enflame" => "GCU",
        "hygon" => "DCU",
        "iluvatar" => "ILUVATAR-GPGPU",
        "metax" => "METAX-GPGPU",
        "biren" => "BIREN-GPU",
        other => return other.to_uppercase(),
    };
    known.to_owned()
}

pub(super) fn of_spec(spec: &Spec) -> String {
    compute_source(spec.accelerator.as_deref(), spec.cards)
}

pub(super) fn of_task(task: &Task) -> String {
    compute_source(task.accelerator.as_deref(), task.cards)
}

/// `NVIDIA H200` of `nvidia/NVIDIA H200`.
pub(super) fn card_type(accelerator: Option<&str>) -> String {
    let name = accelerator.unwrap_or_default();
    name.split_once('/').map_or(name, |(_, model)| model).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cards_have_the_names_that_forms_offer() {
        assert_eq!(compute_source(None, 0), "CPU");
        assert_eq!(compute_source(Some("nvidia/NVIDIA H200"), 1), "GPU");
        assert_eq!(compute_source(Some("ascend/*"), 8), "NPU");
        assert_eq!(card_type(Some("nvidia/NVIDIA H200")), "NVIDIA H200");
    }

    #[test]
    fn every_state_is_found_by_the_word_it_is_shown_with() {
        for state in TaskState::ALL {
            assert!(states(status(*state)).expect("a word").contains(state), "{state}");
        }
    }

    #[test]
    fn a_kind_that_is_not_there_is_told_from_one_that_never_was() {
        assert!(matches!(kind("DEBUG"), Err(Refusal::Code(6003, _))));
        assert!(matches!(kind("DANCE"), Err(Refusal::Code(9001, _))));
        assert_eq!(kind("TRAIN").expect("a kind"), Some(TaskKind::Train));
    }
}
