//! Validates the name, parameters and limits of a new task.

use hearth_core::{Error, FieldErrors, Result, is_valid_argument};

use super::{NewTask, Parameter, Program};
use crate::Limits;

pub(super) const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 2_000;
/// Maximum size of a task's patch with unpushed changes, in bytes.
pub const LARGEST_PATCH: usize = 4 << 20;

/// Records all errors in the input itself; what depends on the repository is checked later.
pub(super) fn check(new: &NewTask, limits: &Limits, errors: &mut FieldErrors) -> Result<()> {
    if text_bytes(new) as u64 > limits.task_text_bytes {
        return Err(Error::TooLarge(limits.task_text()));
    }
    check_name(&new.name, errors);
    if new.description.chars().count() > LONGEST_DESCRIPTION {
        errors.add("description", "too-long");
    }
    match &new.program {
        Program::Script { file, parameters } => {
            if file.is_empty() {
                errors.add("boot_file", "required");
            } else if !is_python(file) {
                errors.add("boot_file", "not-python");
            }
            check_parameters(parameters, limits, errors);
        }
        Program::Command { words } => check_command(words, limits, errors),
    }
    if u64::from(new.nodes) > limits.task_nodes {
        errors.add("nodes", "too-large");
    }
    match new.time_limit_seconds {
        Some(0) => errors.add("time_limit", "too-small"),
        Some(seconds) if seconds > limits.task_seconds => errors.add("time_limit", "too-large"),
        _ => {}
    }
    if new.patch.as_ref().is_some_and(|patch| patch.len() > LARGEST_PATCH) {
        errors.add("patch", "too-long");
    }
    if new.request_key.as_ref().is_some_and(|key| key.is_empty() || key.len() > 200) {
        errors.add("request_key", "too-long");
    }
    Ok(())
}

/// The size of all text stored with a task, except its patch.
fn text_bytes(new: &NewTask) -> usize {
    let texts = [&new.name, &new.description, &new.revision, &new.image, &new.spec];
    new.program.text_bytes() + texts.into_iter().map(String::len).sum::<usize>()
}

/// Whether it ends in `.py`, in lower case, as the interpreter's own tools require.
pub(super) fn is_python(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|end| end == "py")
}

/// Names may have letters of any script, digits, spaces and a few signs.
fn check_name(name: &str, errors: &mut FieldErrors) {
    if name.chars().count() > LONGEST_NAME {
        errors.add("name", "too-long");
    } else if !name.chars().all(is_name_letter) {
        errors.add("name", "task-name-characters");
    }
}

pub(super) fn is_name_letter(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.' | '(' | ')' | '#')
}

fn check_command(words: &[String], limits: &Limits, errors: &mut FieldErrors) {
    if words.first().is_none_or(|program| program.trim().is_empty()) {
        errors.add("command", "required");
    } else if words.len() as u64 > limits.task_parameters {
        errors.add("command", "too-many");
    } else if !words.iter().all(|word| is_valid_argument(word)) {
        errors.add("command", "parameter-value");
    }
}

fn check_parameters(parameters: &[Parameter], limits: &Limits, errors: &mut FieldErrors) {
    if parameters.len() as u64 > limits.task_parameters {
        errors.add("parameters", "too-many");
        return;
    }
    for (place, parameter) in parameters.iter().enumerate() {
        if !parameter.has_valid_name() {
            errors.add("parameters", "parameter-name");
        } else if parameters[..place].iter().any(|other| other.name == parameter.name) {
            errors.add("parameters", "parameter-twice");
        } else if !parameter.has_valid_value() {
            errors.add("parameters", "parameter-value");
        } else {
            continue;
        }
        return;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(new: &NewTask) -> Vec<(&'static str, &'static str)> {
        let mut errors = FieldErrors::default();
        check(new, &Limits::default(), &mut errors).expect("not too much text");
        match errors.into_result() {
            Err(Error::Invalid(fields)) => {
                fields.into_iter().map(|error| (error.field, error.code)).collect()
            }
            _ => Vec::new(),
        }
    }

    fn good() -> NewTask {
        with(Vec::new())
    }

    fn with(parameters: Vec<Parameter>) -> NewTask {
        let program = Program::script("train.py", parameters);
        NewTask { name: "第一次 训练 (lr)".into(), program, ..NewTask::default() }
    }

    fn parameter(name: &str, value: &str) -> Parameter {
        Parameter { name: name.into(), value: value.into() }
    }

    #[test]
    fn names_of_any_script_are_taken() {
        assert_eq!(codes(&good()), []);
        assert_eq!(
            codes(&NewTask { name: "a\u{202e}b".into(), ..good() }),
            [("name", "task-name-characters")]
        );
        assert_eq!(codes(&NewTask { name: "字".repeat(101), ..good() }), [("name", "too-long")]);
    }

    #[test]
    fn parameters_that_are_no_arguments_are_refused() {
        for (parameters, code) in [
            (vec![parameter("--lr", "1")], "parameter-name"),
            (vec![parameter("", "1")], "parameter-name"),
            (vec![parameter("lr", "1"), parameter("lr", "2")], "parameter-twice"),
            (vec![parameter("lr", "a\0b")], "parameter-value"),
            (vec![parameter("x", ""); 201], "too-many"),
        ] {
            assert_eq!(codes(&with(parameters)), [("parameters", code)]);
        }
        assert_eq!(codes(&with(vec![parameter("lr.decay-2", "两 行\n")])), []);
    }

    #[test]
    fn a_command_needs_a_program_and_plain_arguments() {
        let command = |words: &[&str]| {
            let words = words.iter().map(|word| (*word).to_owned()).collect();
            codes(&NewTask { program: Program::Command { words }, ..good() })
        };
        assert_eq!(command(&["make", "train"]), []);
        assert_eq!(command(&[]), [("command", "required")]);
        assert_eq!(command(&[" "]), [("command", "required")]);
        assert_eq!(command(&["make", "\0"]), [("command", "parameter-value")]);
    }

    #[test]
    fn the_texts_of_a_task_are_bounded_together() {
        let many = (0..200).map(|number| parameter(&format!("p{number}"), &"x".repeat(1_000))).collect();
        let new = with(many);
        let refused = check(&new, &Limits::default(), &mut FieldErrors::default());
        let Err(Error::TooLarge(limit)) = refused else { panic!("{refused:?}") };
        assert_eq!((limit.name, limit.key), ("task-text", "limits.task_text_bytes"));
        let with_patch = NewTask {
            program: Program::script("a/".repeat(100_000), vec![]),
            patch: Some("+".into()),
            ..good()
        };
        assert!(check(&with_patch, &Limits::default(), &mut FieldErrors::default()).is_err());
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let bad =
            NewTask { program: Program::script("run.sh", vec![]), time_limit_seconds: Some(0), ..good() };
        assert_eq!(codes(&bad), [("boot_file", "not-python"), ("time_limit", "too-small")]);
    }
}
