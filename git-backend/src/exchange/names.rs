//! The references of pull requests.

use crate::{INTERNAL_REFS, READ_ONLY_REFS, RefName};

/// Keeps one version of a pull request reachable. Clients neither see nor write it.
pub fn version_ref(number: i64, version: i64) -> RefName {
    name(format!("{INTERNAL_REFS}pulls/{number}/{version}"))
}

/// The newest version of a pull request. Everybody who may read the repository may fetch it; nobody may push to it.
pub fn head_ref(number: i64) -> RefName {
    name(format!("{READ_ONLY_REFS}{number}/head"))
}

/// What merging a pull request would give, if it can be merged. Fetched and pushed as [`head_ref`] is.
pub fn merge_ref(number: i64) -> RefName {
    name(format!("{READ_ONLY_REFS}{number}/merge"))
}

fn name(text: String) -> RefName {
    RefName::new(text)
        .expect("no number makes such a name invalid but a negative one, which no counter gives")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pull_requests_have_one_public_head_and_hidden_versions() {
        assert_eq!(version_ref(7, 2).as_str(), "refs/hearth/pulls/7/2");
        assert_eq!(head_ref(7).as_str(), "refs/pull/7/head");
        assert_eq!(merge_ref(i64::MAX).as_str(), "refs/pull/9223372036854775807/merge");
    }
}
