use hearth_core::{Error, Result};

/// Field and code of the first validation error, if that was the answer.
pub(crate) fn code_of<T>(answer: Result<T>) -> Option<(&'static str, &'static str)> {
    match answer {
        Err(Error::Invalid(fields)) => fields.first().map(|field| (field.field, field.code)),
        _ => None,
    }
}
