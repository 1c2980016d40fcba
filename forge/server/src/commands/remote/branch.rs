use std::fmt;

use super::RemoteError;

/// The name of a branch that git takes for nothing else: neither for an option nor for a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BranchName(String);

impl BranchName {
    /// # Errors
    ///
    /// Where git would refuse the name, or take it for something else.
    pub(crate) fn parse(name: &str) -> Result<Self, RemoteError> {
        let is_part =
            |part: &str| !part.is_empty() && !part.starts_with('.') && part.strip_suffix(".lock").is_none();
        let is_plain = |c: char| !c.is_control() && !" ~^:?*[\\".contains(c);
        let is_good = !name.starts_with('-')
            && name != "@"
            && name != "HEAD"
            && !name.ends_with('.')
            && !name.contains("..")
            && !name.contains("@{")
            && name.chars().all(is_plain)
            && name.split('/').all(is_part);
        if is_good { Ok(Self(name.to_owned())) } else { Err(RemoteError::BadBranch(name.to_owned())) }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// `refs/heads/…`
    pub(crate) fn reference(&self) -> String {
        format!("refs/heads/{}", self.0)
    }
}

impl fmt::Display for BranchName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::BranchName;

    #[test]
    fn a_branch_is_neither_an_option_nor_a_revision() {
        for good in ["main", "fix/训练", "a-b_c.d", "v1.0"] {
            assert_eq!(BranchName::parse(good).expect("a branch").as_str(), good);
        }
        for bad in [
            "",
            "-f",
            "--upload-pack=x",
            "a..b",
            "a b",
            "a~1",
            "HEAD",
            "@",
            "a/",
            "/a",
            "a//b",
            ".a",
            "a.lock",
            "a@{1}",
            "a\u{1b}",
        ] {
            assert!(BranchName::parse(bad).is_err(), "{bad:?}");
        }
    }
}
