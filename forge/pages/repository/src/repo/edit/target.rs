//! The end of every form that changes files: the message, and where the commit goes.

use hearth_app::{App, branch_rule, edit};
use hearth_core::{Permission, Result};

use crate::RepositoryVisit;

/// The fields, as `components/edit.html` draws them.
#[derive(Clone, Debug, Default, serde::Deserialize)]
pub(crate) struct TargetForm {
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) description: String,
    /// `branch` or `new`.
    #[serde(default)]
    pub(crate) target: String,
    #[serde(default)]
    pub(crate) new_branch: String,
    /// Whether a rule keeps the reader from committing to the branch itself.
    #[serde(skip)]
    pub(crate) is_ruled: bool,
}

impl TargetForm {
    /// The form as it is shown first, for a change of this branch.
    pub(crate) async fn new(app: &App, visit: &RepositoryVisit, branch: &str) -> Result<Self> {
        let can_write = visit.access.can(Permission::Write);
        let is_ruled = can_write && !branch_rule::may_push_to(app, &visit.access, branch).await?;
        let target = if can_write && !is_ruled { "branch" } else { "new" };
        let new_branch = edit::free_branch_name(app, &visit.access).await?;
        Ok(Self { target: target.to_owned(), new_branch, is_ruled, ..Self::default() })
    }

    pub(crate) fn is_new(&self) -> bool {
        self.target == "new"
    }

    pub(crate) fn target(&self) -> edit::Target {
        if self.is_new() { edit::Target::NewBranch(self.new_branch.clone()) } else { edit::Target::Branch }
    }

    /// Title and description, as one message; empty if there is no title.
    pub(crate) fn whole_message(&self) -> String {
        let (title, description) = (self.message.trim(), self.description.replace("\r\n", "\n"));
        match description.trim() {
            _ if title.is_empty() => String::new(),
            "" => title.to_owned(),
            description => format!("{title}\n\n{description}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_follows_the_title_after_a_blank_line() {
        let form = |message: &str, description: &str| {
            let (message, description) = (message.to_owned(), description.to_owned());
            TargetForm { message, description, ..TargetForm::default() }.whole_message()
        };
        assert_eq!(form("Title", "One\r\nTwo\r\n"), "Title\n\nOne\nTwo");
        assert_eq!(form(" Title ", " "), "Title");
        assert_eq!(form("", "Only a description"), "", "a title is made");
    }
}
