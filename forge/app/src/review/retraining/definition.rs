//! What a rule trains: taken from a task of the repository, as "run again" takes it.

use data_encoding::HEXLOWER;
use hearth_core::{Administer, Error, FieldErrors, Result, Retraining, TaskDefinition, TaskId};
use sha2::{Digest as _, Sha256};

use crate::{Access, App, task};

/// The most letters of a metric's name.
const LONGEST_METRIC: usize = 200;

/// The definition of a task of this repository. `field` is the field of the form that names the task.
pub async fn definition_of(
    app: &App,
    access: &Access<Administer>,
    field: &'static str,
    task: TaskId,
) -> Result<TaskDefinition> {
    let found = match task::find(app, access.actor(), task).await {
        Ok(found) if found.repository().id == access.repository().id => found,
        Ok(_) | Err(Error::NotFound(_)) => return Err(Error::field(field, "unknown-task")),
        Err(other) => return Err(other),
    };
    Ok(task::clone_of(app, &found).await?.definition())
}

/// What tells a definition from every other one: runs of another one do not count.
pub(crate) fn identity(definition: &TaskDefinition) -> Result<String> {
    let text = serde_json::to_vec(definition).map_err(Error::internal)?;
    Ok(HEXLOWER.encode(&Sha256::digest(&text)))
}

/// The mistakes in what a rule asks for, by the fields of its form.
pub(crate) fn check(retraining: &Retraining, mistakes: &mut FieldErrors) {
    if !retraining.has_valid_name() {
        mistakes.add("retrain_name", "name-characters");
    }
    let Some(metric) = &retraining.metric else { return };
    if metric.name.chars().count() > LONGEST_METRIC {
        mistakes.add("retrain_metric", "too-long");
    } else if metric.name.is_empty() || metric.name.contains(char::is_control) {
        mistakes.add("retrain_metric", "characters");
    }
}

#[cfg(test)]
mod tests {
    use hearth_core::Program;

    use super::*;

    #[test]
    fn another_program_is_another_definition() {
        let one =
            TaskDefinition { program: Program::script("train.py", vec![]), ..TaskDefinition::default() };
        let other = TaskDefinition { program: Program::script("other.py", vec![]), ..one.clone() };
        let of = |definition: &TaskDefinition| identity(definition).expect("JSON");
        assert_eq!(of(&one), of(&one.clone()));
        assert_ne!(of(&one), of(&other));
        assert_eq!(of(&one).len(), 64);
    }
}
