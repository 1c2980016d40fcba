//! The form for a new pull request, below the choice of branches.

use hearth_app::{
    App,
    compare::{self, Comparison},
    label,
    pull_request::{HeadName, NewPullRequest},
    thread,
};
use hearth_core::{Error, LabelId, Permission};
use serde::Deserialize;

use crate::{
    Mistakes,
    repo::{
        RepositoryVisit,
        threads::{Choice, label_choices},
    },
};

/// The input.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct NewForm {
    pub(super) title: String,
    pub(super) body: String,
    pub(super) draft: bool,
    pub(super) allows_maintainer_edit: bool,
    pub(super) reviewers: Vec<String>,
    /// A name that is not in the list; teams as `organisation/team`.
    pub(super) other: String,
    pub(super) labels: Vec<i64>,
    pub(super) assignees: Vec<String>,
}

/// What an address may bring along.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Given {
    title: String,
    body: String,
}

/// What the form is filled with.
pub(super) enum Typed {
    Given(Given),
    Form(NewForm, Mistakes),
}

/// The form as it is drawn.
pub(super) struct NewPull {
    pub(super) form: NewForm,
    pub(super) is_from_fork: bool,
    pub(super) can_write: bool,
    pub(super) reviewers: Vec<Choice>,
    pub(super) labels: Vec<Choice>,
    pub(super) people: Vec<Choice>,
}

impl NewForm {
    pub(super) fn new_pull_request(&self, head: HeadName, base_branch: String) -> NewPullRequest {
        let filled = |names: &[String]| -> Vec<String> {
            names.iter().map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect()
        };
        let mut reviewers = filled(&self.reviewers);
        reviewers.extend(filled(std::slice::from_ref(&self.other)));
        NewPullRequest {
            title: self.title.clone(),
            body: self.body.clone(),
            base_branch,
            head,
            is_draft: self.draft,
            labels: self.labels.iter().copied().map(LabelId).collect(),
            assignees: filled(&self.assignees),
            milestone: None,
            reviewers,
            allows_maintainer_edit: self.allows_maintainer_edit,
        }
    }

    /// Title and text of the only commit, or the branch's name and the repository's template.
    fn proposed(given: Given, found: &Comparison, template: String) -> Self {
        let (mut title, mut body) = match &found.commits[..] {
            [only] => (only.title.clone(), only.body.trim().to_owned()),
            _ => (title_of_branch(found.head.branch().unwrap_or_default()), String::new()),
        };
        if !template.is_empty() {
            body = if body.is_empty() { template } else { format!("{body}\n\n{template}") };
        }
        if !given.title.is_empty() {
            title = given.title;
        }
        if !given.body.is_empty() {
            body = given.body;
        }
        Self { title, body, allows_maintainer_edit: true, ..Self::default() }
    }
}

/// `fix/learning-rate` as `Fix learning rate`.
fn title_of_branch(name: &str) -> String {
    let text = name.replace(['/', '-', '_'], " ");
    let mut letters = text.trim().chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl NewPull {
    /// Filled with what was typed, or with what is proposed; and the mistakes in it.
    pub(super) async fn read(
        app: &App,
        visit: &RepositoryVisit,
        found: &Comparison,
        typed: Typed,
    ) -> Result<(Self, Mistakes), Error> {
        let (form, mistakes) = match typed {
            Typed::Form(form, mistakes) => (form, mistakes),
            Typed::Given(given) => {
                let template = compare::template(app, &found.base.access, found.base.commit).await?;
                (NewForm::proposed(given, found, template), Mistakes::none())
            }
        };
        let can_write = visit.access.can(Permission::Write);
        let names: Vec<String> =
            thread::candidates(app, &visit.access).await?.into_iter().map(String::from).collect();
        let chosen = |list: &[String]| -> Vec<Choice> {
            names.iter().map(|name| Choice::plain(name.clone(), list.contains(name))).collect()
        };
        let own = visit.access.actor().user().map(|user| user.name.to_string());
        let (mut reviewers, mut people, mut labels) = (chosen(&form.reviewers), Vec::new(), Vec::new());
        reviewers.retain(|choice| Some(&choice.value) != own.as_ref());
        if can_write {
            people = chosen(&form.assignees);
            let is_on = |label: &label::Label| form.labels.contains(&label.id.0);
            labels = label_choices(label::list(app, &visit.access).await?, is_on);
        }
        let is_from_fork = found.base.access.repository().id != found.head.access.repository().id;
        Ok((Self { form, is_from_fork, can_write, reviewers, labels, people }, mistakes))
    }
}

#[cfg(test)]
mod tests {
    use super::title_of_branch;

    #[test]
    fn a_branch_proposes_a_title() {
        assert_eq!(title_of_branch("fix/learning-rate"), "Fix learning rate");
        assert_eq!(title_of_branch("修正"), "修正");
        assert_eq!(title_of_branch(""), "");
    }
}
