//! Reason codes of tasks as sentences: what happened, and what to do about it.

use std::collections::BTreeMap;

use hearth_core::Reason;

use crate::{WordArgument, Words};

/// Values used in sentences. An unknown one is shown as a question mark.
const FACTS: [&str; 16] = [
    "by",
    "engine",
    "exit_code",
    "files",
    "for",
    "from",
    "limit",
    "machine",
    "message",
    "module",
    "most",
    "pool",
    "signal",
    "to",
    "used",
    "wanted",
];

/// What happened.
pub fn sentence(words: Words, reason: Reason, facts: &BTreeMap<String, String>) -> String {
    let values = FACTS.map(|name| (name, facts.get(name).map_or("?", String::as_str)));
    let arguments = values.each_ref().map(|(name, value)| (*name, value as &dyn WordArgument));
    words.find_filled(&message(reason, facts), &arguments).unwrap_or_else(|| reason.to_string())
}

/// What the reader can do now; none if they can only wait.
pub fn next_step(words: Words, reason: Reason) -> Option<String> {
    words.find(&format!("{}-next", key(reason)))
}

/// A cluster does not say which task preempted another, and the machine is only known after admission.
fn message(reason: Reason, facts: &BTreeMap<String, String>) -> String {
    match reason {
        Reason::Preempted if !facts.contains_key("for") => format!("{}-by-cluster", key(reason)),
        Reason::StageStart if facts.contains_key("machine") => format!("{}-on", key(reason)),
        Reason::StagePackages if facts.contains_key("cached") => format!("{}-cached", key(reason)),
        _ => key(reason),
    }
}

/// `queue.no_card` is `reason-queue-no-card`.
fn key(reason: Reason) -> String {
    format!("reason-{}", reason.as_str().replace(['.', '_'], "-"))
}

#[cfg(test)]
mod tests {
    use hearth_core::Language;

    use super::*;

    #[test]
    fn every_reason_has_a_sentence_and_a_next_step_in_both_languages() {
        for &language in Language::ALL {
            for &reason in Reason::ALL {
                let words = Words::of(language);
                let said = sentence(words, reason, &BTreeMap::new());
                assert!(said != reason.as_str() && !said.contains('{'), "{reason}: {said}");
                assert!(next_step(words, reason).is_some(), "{reason} has no next step");
            }
        }
    }

    #[test]
    fn sentences_name_their_facts() {
        let facts = BTreeMap::from([("exit_code".to_owned(), "3".to_owned())]);
        let said = sentence(Words::of(Language::En), Reason::RunExitNonzero, &facts);
        assert_eq!(said, "The program failed with exit code 3.");
    }

    #[test]
    fn room_is_made_for_a_task_or_for_somebody_whom_the_cluster_does_not_name() {
        let said = |facts| sentence(Words::of(Language::En), Reason::Preempted, &facts);
        let facts = BTreeMap::from([("for".to_owned(), "7".to_owned())]);
        assert_eq!(said(facts), "Preempted by task 7");
        assert_eq!(said(BTreeMap::new()), "Preempted by another workload in the cluster");
    }
}
