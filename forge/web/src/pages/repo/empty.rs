use askama::Template;
use axum::response::Response;
use hearth_core::{Permission, urls};

use super::{RepositoryVisit, home::About};
use crate::{Failure, Page, RepositoryHead, respond, words::Html};

/// The home page of an empty repository: the commands to push to it.
#[derive(Template)]
#[template(path = "pages/repo/empty.html")]
struct Empty {
    page: Page,
    head: RepositoryHead,
    about: About,
    can_write: bool,
    branch: String,
}

pub(super) fn show(
    page: Page,
    head: RepositoryHead,
    about: About,
    visit: &RepositoryVisit,
) -> Result<Response, Failure> {
    let can_write = visit.access.can(Permission::Write);
    let branch = visit.access.repository().default_branch.clone();
    respond::html(&Empty { page, head, about, can_write, branch })
}

impl Empty {
    fn push_commands(&self) -> String {
        format!("git remote add origin {0}\ngit push -u origin {1}", self.about.clone_address, self.branch)
    }

    fn start_commands(&self) -> String {
        format!(
            "git clone {0}\ncd {1}\necho \"# {1}\" > README.md\ngit add README.md\ngit commit -m \"Begin\"\n\
             git push -u origin HEAD:{2}",
            self.about.clone_address, self.head.name, self.branch
        )
    }

    fn token_link(&self) -> Html {
        Html::link(&urls::user_settings("applications"), t!(self.page, "repo-empty-token-link"))
    }
}
