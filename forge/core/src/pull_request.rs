//! Types for pull requests and how they are merged.

use serde::{Deserialize, Serialize};

text_enum! {
    /// What has become of a pull request.
    pub enum PullRequestState {
        Open = "open",
        /// Closed without being merged.
        Closed = "closed",
        Merged = "merged",
    }
}

text_enum! {
    /// How the commits of a pull request get into its base branch.
    pub enum MergeMethod {
        /// A merge commit, always.
        Merge = "merge",
        /// The commits again, on top of the base.
        Rebase = "rebase",
        /// The commits again, on top of the base, joined by a merge commit.
        RebaseMerge = "rebase-merge",
        /// One commit with all changes.
        Squash = "squash",
        /// The base moves to the head, which must contain it.
        FastForwardOnly = "fast-forward-only",
    }
}

text_enum! {
    /// How a pull request was merged.
    pub enum MergedAs {
        Merge = "merge",
        Rebase = "rebase",
        RebaseMerge = "rebase-merge",
        Squash = "squash",
        FastForwardOnly = "fast-forward-only",
        /// Somebody pushed its commits to the base branch.
        ManuallyMerged = "manually-merged",
    }
}

impl From<MergeMethod> for MergedAs {
    fn from(method: MergeMethod) -> Self {
        match method {
            MergeMethod::Merge => Self::Merge,
            MergeMethod::Rebase => Self::Rebase,
            MergeMethod::RebaseMerge => Self::RebaseMerge,
            MergeMethod::Squash => Self::Squash,
            MergeMethod::FastForwardOnly => Self::FastForwardOnly,
        }
    }
}

text_enum! {
    /// Whether the head of a pull request merges into its base, as far as git is concerned.
    pub enum MergeCheck {
        /// Not known yet for this head and this base.
        Checking = "checking",
        Clean = "clean",
        Conflicting = "conflicting",
        /// The base has all that the head has.
        Empty = "empty",
        /// The merge is over a bound of the server.
        Failed = "failed",
    }
}

text_enum! {
    /// How a head branch is brought up to date with its base.
    pub enum UpdateMethod {
        Merge = "merge",
        Rebase = "rebase",
    }
}

/// How a repository's pull requests may be merged. What is not set has the default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct MergeSettings {
    /// The methods that are allowed; never empty.
    pub methods: Vec<MergeMethod>,
    /// The one that is offered first; one of the methods.
    pub default: MergeMethod,
    /// Whether the head branch is deleted after a merge unless somebody decides otherwise.
    pub deletes_branch: bool,
    /// Whether a pull request may be merged by the server once nothing keeps it from that.
    pub allows_auto_merge: bool,
    /// How branches may be brought up to date.
    pub update_methods: Vec<UpdateMethod>,
}

impl Default for MergeSettings {
    fn default() -> Self {
        Self {
            methods: MergeMethod::ALL.to_vec(),
            default: MergeMethod::Merge,
            deletes_branch: false,
            allows_auto_merge: true,
            update_methods: UpdateMethod::ALL.to_vec(),
        }
    }
}

impl MergeSettings {
    pub fn allows(&self, method: MergeMethod) -> bool {
        self.methods.contains(&method)
    }
}

/// A merge that the server carries out once nothing keeps the pull request from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AutoMerge {
    pub method: MergeMethod,
    /// The first line of the commit's message; empty: as proposed at that time.
    pub title: String,
    /// The rest of the commit's message.
    pub message: String,
    pub deletes_branch: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repository_that_has_set_nothing_allows_every_method() {
        let settings: MergeSettings = serde_json::from_str("{}").expect("every field has a default");
        assert_eq!(settings, MergeSettings::default());
        assert!(MergeMethod::ALL.iter().all(|method| settings.allows(*method)));
    }

    #[test]
    fn a_merge_is_recorded_by_the_name_of_its_method() {
        for method in MergeMethod::ALL {
            assert_eq!(MergedAs::from(*method).as_str(), method.as_str());
        }
    }
}
