//! States of engines as sentences: the state, and what its operator can do about it.

use hearth_core::EngineState;

use crate::Words;

/// What the state means.
pub fn sentence(words: Words, state: EngineState) -> String {
    words.find(&key(state)).unwrap_or_else(|| state.to_string())
}

/// What the operator can do now.
pub fn next_step(words: Words, state: EngineState) -> Option<String> {
    words.find(&format!("{}-next", key(state)))
}

/// `missing_permissions` is `engine-missing-permissions`.
fn key(state: EngineState) -> String {
    format!("engine-{}", state.as_str().replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use hearth_core::Language;

    use super::*;

    #[test]
    fn every_state_has_a_sentence_and_a_next_step_in_both_languages() {
        for &language in Language::ALL {
            for &state in EngineState::ALL {
                let words = Words::of(language);
                assert!(sentence(words, state) != state.as_str(), "{state}");
                assert!(next_step(words, state).is_some(), "{state} has no next step");
            }
        }
    }
}
