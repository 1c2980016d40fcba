//! What is wrong with a field, as a sentence.

use hearth_core::FieldError;

use crate::{WordArgument, Words};

/// A code without a message of its own is shown as it is.
pub fn sentence(words: Words, error: &FieldError) -> String {
    let arguments: Vec<_> =
        error.arguments.iter().map(|(name, value)| (*name, value as &dyn WordArgument)).collect();
    words
        .find_filled(&format!("error-field-{}", error.code), &arguments)
        .unwrap_or_else(|| crate::t!(words, "error-field-other", code = error.code))
}
