//! What a task may be called, and what its parameters may be.

use hearth_core::{Error, FieldErrors, Result};

use super::{NewTask, Parameter};
use crate::Limits;

const LONGEST_NAME: usize = 100;
const LONGEST_DESCRIPTION: usize = 2_000;
const LONGEST_PARAMETER_NAME: usize = 200;
const LONGEST_PARAMETER_VALUE: usize = 32 << 10;
/// The unpushed changes of one task, in bytes.
pub const LARGEST_PATCH: usize = 4 << 20;

/// Notes everything in the input that is wrong by itself; what depends on the repository comes later.
pub(super) fn check(new: &NewTask, limits: &Limits, errors: &mut FieldErrors) -> Result<()> {
    if text_bytes(new) as u64 > limits.task_text_bytes {
        return Err(Error::TooLarge(limits.task_text()));
    }
    check_name(&new.name, errors);
    if new.description.chars().count() > LONGEST_DESCRIPTION {
        errors.add("description", "too-long");
    }
    if new.boot_file.is_empty() {
        errors.add("boot_file", "required");
    } else if !is_python(&new.boot_file) {
        errors.add("boot_file", "not-python");
    }
    check_parameters(&new.parameters, limits, errors);
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

/// All that is kept with a task, but the changes of an unpushed tree.
fn text_bytes(new: &NewTask) -> usize {
    let texts = [&new.name, &new.description, &new.revision, &new.boot_file, &new.image, &new.spec];
    let parameters = new.parameters.iter().map(|given| given.name.len() + given.value.len());
    texts.into_iter().map(String::len).chain(parameters).sum()
}

/// Ends in `.py`, in lower case, as the interpreter's own tools want it.
pub(super) fn is_python(path: &str) -> bool {
    std::path::Path::new(path).extension().is_some_and(|end| end == "py")
}

/// A name is for people: letters of any script, digits, spaces and a few signs.
fn check_name(name: &str, errors: &mut FieldErrors) {
    let is_good =
        |letter: char| letter.is_alphanumeric() || matches!(letter, ' ' | '-' | '_' | '.' | '(' | ')' | '#');
    if name.chars().count() > LONGEST_NAME {
        errors.add("name", "too-long");
    } else if !name.chars().all(is_good) {
        errors.add("name", "task-name-characters");
    }
}

fn check_parameters(parameters: &[Parameter], limits: &Limits, errors: &mut FieldErrors) {
    if parameters.len() as u64 > limits.task_parameters {
        errors.add("parameters", "too-many");
        return;
    }
    for (place, Parameter { name, value }) in parameters.iter().enumerate() {
        if !is_parameter_name(name) {
            errors.add("parameters", "parameter-name");
        } else if parameters[..place].iter().any(|other| other.name == *name) {
            errors.add("parameters", "parameter-twice");
        } else if value.len() > LONGEST_PARAMETER_VALUE || value.contains('\0') {
            errors.add("parameters", "parameter-value");
        } else {
            continue;
        }
        return;
    }
}

fn is_parameter_name(name: &str) -> bool {
    let starts_well = name.bytes().next().is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    starts_well
        && name.len() <= LONGEST_PARAMETER_NAME
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte))
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
        NewTask { name: "第一次 训练 (lr)".into(), boot_file: "train.py".into(), ..NewTask::default() }
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
            assert_eq!(codes(&NewTask { parameters, ..good() }), [("parameters", code)]);
        }
        assert_eq!(codes(&NewTask { parameters: vec![parameter("lr.decay-2", "两 行\n")], ..good() }), []);
    }

    #[test]
    fn the_texts_of_a_task_are_bounded_together() {
        let many = (0..200).map(|number| parameter(&format!("p{number}"), &"x".repeat(1_000))).collect();
        let new = NewTask { parameters: many, ..good() };
        let refused = check(&new, &Limits::default(), &mut FieldErrors::default());
        let Err(Error::TooLarge(limit)) = refused else { panic!("{refused:?}") };
        assert_eq!((limit.name, limit.key), ("task-text", "limits.task_text_bytes"));
        let with_patch = NewTask { boot_file: "a/".repeat(100_000), patch: Some("+".into()), ..good() };
        assert!(check(&with_patch, &Limits::default(), &mut FieldErrors::default()).is_err());
    }

    #[test]
    fn every_mistake_is_named_at_once() {
        let bad = NewTask { boot_file: "run.sh".into(), time_limit_seconds: Some(0), ..good() };
        assert_eq!(codes(&bad), [("boot_file", "not-python"), ("time_limit", "too-small")]);
    }
}
