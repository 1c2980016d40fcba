//! The form for a new release and for a changed one.

use hearth_app::{
    App, code,
    reference_list::tag_names,
    release::{self, Notes, NotesWanted},
};
use hearth_core::{Error, FieldErrors, TaskId};
use serde::Deserialize;

use crate::{Page, repo::RepositoryVisit};

/// Tags and branches that the browser offers while one types.
const MOST_OFFERED: usize = 100;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ReleaseForm {
    pub(crate) tag_name: String,
    pub(crate) target: String,
    pub(crate) tag_message: String,
    pub(crate) title: String,
    pub(crate) notes: String,
    pub(crate) prerelease: String,
    pub(crate) chosen: String,
    /// The number of a task; empty: none.
    pub(crate) task: String,
    /// The tag since which notes are written; empty: chosen automatically.
    pub(crate) previous: String,
    /// The edit that the form shows.
    pub(crate) seen: String,
    /// Which button was pressed: `publish`, `draft` or `generate`.
    pub(crate) act: String,
}

impl ReleaseForm {
    pub(crate) fn is_prerelease(&self) -> bool {
        !self.prerelease.is_empty()
    }

    pub(crate) fn is_chosen(&self) -> bool {
        !self.chosen.is_empty()
    }

    pub(crate) fn generates(&self) -> bool {
        self.act == "generate"
    }

    /// The task that was named, with or without `#`.
    pub(crate) fn task(&self, errors: &mut FieldErrors) -> Option<TaskId> {
        let number = self.task.trim().trim_start_matches('#');
        if number.is_empty() { None } else { errors.take("task", number.parse(), |_| "not-a-number") }
    }
}

/// What the form offers to choose from.
pub(crate) struct Offers {
    pub(crate) tags: Vec<String>,
    pub(crate) branches: Vec<String>,
    /// Value and text of each tag that notes can begin at.
    pub(crate) previous: Vec<(String, String)>,
}

impl Offers {
    pub(crate) async fn read(app: &App, page: &Page, visit: &RepositoryVisit) -> Result<Self, Error> {
        let tags = tag_names(app, &visit.access, MOST_OFFERED).await?;
        let found = code::branches(app, &visit.access, MOST_OFFERED).await?;
        let branches = found.default.into_iter().chain(found.others);
        let automatic = (String::new(), t!(page, "repo-releases-form-previous-auto").to_owned());
        let previous = release::previous_tags(app, &visit.access).await?;
        Ok(Self {
            tags: tags.into_iter().map(|tag| tag.to_string()).collect(),
            branches: branches.map(|(branch, _)| branch.name.to_string()).collect(),
            previous: std::iter::once(automatic)
                .chain(previous.into_iter().map(|tag| (tag.clone(), tag)))
                .collect(),
        })
    }

    pub(crate) fn previous_choices(&self) -> Vec<(&str, &str)> {
        self.previous.iter().map(|(value, text)| (value.as_str(), text.as_str())).collect()
    }
}

/// Writes the notes that the form asks for.
pub(crate) async fn generate(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    form: &ReleaseForm,
) -> Result<Notes, Error> {
    visit.access.write()?;
    if form.tag_name.trim().is_empty() {
        return Err(Error::field("tag_name", "required"));
    }
    let wanted = NotesWanted {
        tag: form.tag_name.trim().to_owned(),
        target: form.target.trim().to_owned(),
        previous: Some(form.previous.clone()),
    };
    let written = release::notes(app, &visit.access, page.language, wanted).await;
    written.map_err(|error| match error {
        Error::NotFound(_) => Error::field("target", "unknown-revision"),
        other => other,
    })
}
