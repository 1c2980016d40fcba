//! How an address names what is compared: `base...head`, where the head may be of another repository.

/// Whose the head is, if not the base repository's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadOwner {
    /// The fork that this owner has.
    Owner(String),
    /// Owner and name.
    Repository(String, String),
}

/// The two names of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ComparedNames {
    /// A branch, a tag or a commit.
    pub base: String,
    pub head_owner: Option<HeadOwner>,
    pub head: String,
}

impl ComparedNames {
    /// Reads `base...head`, also with two dots; with one name alone, it is compared with `default`. A head is
    /// `branch`, `owner:branch` or `owner/name:branch`: no reference may contain a colon.
    pub fn parse(text: &str, default: &str) -> Self {
        let (base, head) = text.split_once("...").or_else(|| text.split_once("..")).unwrap_or(("", text));
        let base = if base.is_empty() { default } else { base };
        let (owner, head) = match head.split_once(':') {
            Some((owner, head)) => (Some(owner), head),
            None => (None, head),
        };
        let head_owner = owner.map(|owner| match owner.split_once('/') {
            Some((owner, name)) => HeadOwner::Repository(owner.to_owned(), name.to_owned()),
            None => HeadOwner::Owner(owner.to_owned()),
        });
        let head = if head.is_empty() { default } else { head };
        Self { base: base.to_owned(), head_owner, head: head.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(base: &str, head_owner: Option<HeadOwner>, head: &str) -> ComparedNames {
        ComparedNames { base: base.into(), head_owner, head: head.into() }
    }

    #[test]
    fn both_sides_are_read_and_the_head_may_be_a_forks() {
        let parse = |text| ComparedNames::parse(text, "main");
        assert_eq!(parse("v1...fix/a"), names("v1", None, "fix/a"));
        assert_eq!(parse("v1..fix"), names("v1", None, "fix"));
        assert_eq!(parse("fix"), names("main", None, "fix"));
        assert_eq!(parse("main...bo:fix"), names("main", Some(HeadOwner::Owner("bo".into())), "fix"));
        let fork = HeadOwner::Repository("bo".into(), "llm-2".into());
        assert_eq!(parse("main...bo/llm-2:fix/x"), names("main", Some(fork), "fix/x"));
        assert_eq!(parse("..."), names("main", None, "main"));
    }
}
