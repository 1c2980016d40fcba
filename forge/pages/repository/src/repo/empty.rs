use askama::Template;
use axum::response::Response;
use hearth_core::{Permission, Scope, shell_word as quote, urls};
use url::Url;

use super::{RepositoryVisit, surroundings::About};
use crate::{Failure, Page, RepositoryHead, Web, new_token::NewToken, respond, words::Html};

/// The home page of an empty repository: the commands to push to it.
#[derive(Template)]
#[template(path = "pages/repo/empty.html")]
struct Empty {
    page: Page,
    head: RepositoryHead,
    about: About,
    can_write: bool,
    branch: String,
    /// A token that was just created for pushing: shown once.
    token: Option<String>,
}

pub(super) async fn show(
    web: &Web,
    page: Page,
    head: RepositoryHead,
    about: About,
    visit: &RepositoryVisit,
    new_token: NewToken,
) -> Result<Response, Failure> {
    let can_write = visit.access.can(Permission::Write);
    let branch = visit.access.repository().default_branch.clone();
    let token = if can_write { new_token.secret(web, &page).await? } else { None };
    let has_token = token.is_some();
    let mut response = respond::html(&Empty { page, head, about, can_write, branch, token })?;
    if has_token {
        NewToken::forget(&mut response, web, visit.urls.home());
    }
    Ok(response)
}

impl Empty {
    fn push_commands(&self) -> String {
        format!(
            "git remote add origin {}\ngit branch -M {branch}\ngit push -u origin {branch}",
            self.address(),
            branch = quote(&self.branch)
        )
    }

    fn start_commands(&self) -> String {
        format!(
            "git clone {}\ncd {name}\necho {title} > README.md\ngit add README.md\n\
             git commit -m \"First commit\"\ngit branch -M {branch}\ngit push -u origin {branch}",
            self.address(),
            name = self.head.name,
            title = quote(&format!("# {}", self.head.name)),
            branch = quote(&self.branch)
        )
    }

    /// The clone address; with a new token, git does not ask for a password.
    fn address(&self) -> String {
        let plain = &self.about.clone_address;
        let Some(token) = &self.token else { return plain.clone() };
        let Ok(mut address) = Url::parse(plain) else { return plain.clone() };
        // An address with a host takes both.
        let is_set = address.set_username(self.page.viewer_name()).is_ok()
            && address.set_password(Some(token)).is_ok();
        if is_set { address.into() } else { plain.clone() }
    }

    fn token_link(&self) -> Html {
        let name = format!("{}/{}", self.head.owner, self.head.name);
        let form = urls::token_new(&name, Scope::WriteRepository, self.head.urls.home());
        Html::link(&form, t!(self.page, "repo-empty-token-link"))
    }
}
