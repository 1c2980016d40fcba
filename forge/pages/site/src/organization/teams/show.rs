//! `/{owner}/-/teams/{team}`: the members and repositories of a team.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App,
    organization::{
        invitation,
        member::{self, Member},
        team::{self, TeamInfo},
    },
    repository::Repository,
};
use hearth_core::{Error, PageRequest};
use http::StatusCode;
use serde::Deserialize;

use super::SECTION;
use crate::{
    Failure, Flash, Form, Mistakes, OrganizationHead, OrganizationVisit, Page,
    organization::own,
    repository_row::RepositoryRow,
    respond::{html_with, see_other_with},
    role_fields::role_badges,
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/organization/teams/show.html")]
struct Show {
    page: Page,
    head: OrganizationHead,
    info: TeamInfo,
    part: Part,
    repositories: u64,
    /// Pagination links.
    pages: Html,
    /// The name typed to add a member or a repository.
    typed: String,
    mistakes: Mistakes,
}

/// What is listed.
enum Part {
    Members(Vec<Member>),
    Repositories(Vec<RepositoryLine>, Vec<String>),
}

struct RepositoryLine {
    row: RepositoryRow,
    short_name: String,
}

impl From<Repository> for RepositoryLine {
    fn from(repository: Repository) -> Self {
        let short_name = own::short_name(&repository);
        Self { row: repository.into(), short_name }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Members,
    Repositories,
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct TeamQuery {
    #[serde(default)]
    page: String,
    /// `repositories`; anything else shows the members.
    #[serde(default)]
    tab: String,
}

/// A username, or a repository as [`own::find`] reads it.
#[derive(Debug, Deserialize)]
pub(crate) struct NameForm {
    name: String,
}

impl Show {
    fn badges(&self) -> Vec<String> {
        role_badges(&self.page, &self.info.roles)
    }

    fn address(&self) -> String {
        self.head.urls.team(&self.info.team.name)
    }

    fn repositories_address(&self) -> String {
        repositories_address(&self.address())
    }

    fn act(&self, part: &str) -> String {
        self.head.urls.team_part(&self.info.team.name, part)
    }

    fn is_of_members(&self) -> bool {
        matches!(self.part, Part::Members(_))
    }
}

fn repositories_address(team: &str) -> String {
    format!("{team}?tab=repositories")
}

/// What to draw besides the team itself.
struct Wanted {
    tab: Tab,
    request: PageRequest,
    typed: String,
    mistakes: Mistakes,
}

impl Wanted {
    /// The form of a tab again, with its mistakes.
    fn redisplay(tab: Tab, typed: String, mistakes: Mistakes) -> Self {
        Self { tab, request: PageRequest::default(), typed, mistakes }
    }
}

async fn draw(
    app: &App,
    page: Page,
    visit: &OrganizationVisit,
    info: TeamInfo,
    wanted: Wanted,
) -> Result<Response, Failure> {
    let Wanted { tab, request, typed, mistakes } = wanted;
    let head = visit.head(app, &SECTION).await?;
    let id = info.team.id;
    let found = team::repositories(app, &visit.access, id, request).await?;
    let repositories = found.total;
    let (part, last) = match tab {
        Tab::Members => {
            let members = team::members(app, &visit.access, id, request).await?;
            let last = members.last_page();
            (Part::Members(members.items), last)
        }
        Tab::Repositories => {
            let last = found.last_page();
            let lines = found.items.into_iter().map(RepositoryLine::from).collect();
            let suggestions = if head.can_administer() && !info.team.has_all_repositories {
                own::suggestions(app, &visit.access).await?
            } else {
                Vec::new()
            };
            (Part::Repositories(lines, suggestions), last)
        }
    };
    let pages = page.pagination(request.page(), last);
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Show { page, head, info, part, repositories, pages, typed, mistakes })
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Query(asked): Query<TeamQuery>,
) -> Result<Response, Failure> {
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    let tab = if asked.tab == "repositories" { Tab::Repositories } else { Tab::Members };
    let request = PageRequest::asked(&asked.page, 0);
    let wanted = Wanted { request, ..Wanted::redisplay(tab, String::new(), Mistakes::none()) };
    draw(&app, page, &visit, info, wanted).await
}

/// A member of the organisation joins the team at once; anybody else is invited, and accepts or declines.
pub(crate) async fn add_member(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    let who = form.name.trim().trim_start_matches('@');
    let added = match member::find(&app, &visit.access, who).await {
        Ok(_) => team::add_member(&app, &access, info.team.id, who).await.map(|()| "flash-member-added"),
        Err(Error::NotFound(_)) => {
            invitation::invite(&app, &access, info.team.id, who).await.map(|_| "flash-member-invited")
        }
        Err(other) => Err(other),
    };
    match added {
        Ok(flash) => Ok(see_other_with(&visit.urls.team(&info.team.name), Flash::new(flash, who))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, info, Wanted::redisplay(Tab::Members, form.name, mistakes)).await
        }
    }
}

pub(crate) async fn remove_member(
    State(app): State<App>,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    team::remove_member(&app, &access, info.team.id, &form.name).await?;
    let address = visit.urls.team(&info.team.name);
    Ok(see_other_with(&address, Flash::new("flash-member-removed", form.name)))
}

pub(crate) async fn add_repository(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    let added = match own::find(&app, &visit.access, "name", &form.name).await {
        Ok(repository) => team::add_repository(&app, &access, info.team.id, repository).await,
        Err(error) => Err(error),
    };
    match added {
        Ok(()) => {
            let address = repositories_address(&visit.urls.team(&info.team.name));
            Ok(see_other_with(&address, Flash::new("flash-team-repository-added", form.name)))
        }
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, error, "name")?;
            draw(&app, page, &visit, info, Wanted::redisplay(Tab::Repositories, form.name, mistakes)).await
        }
    }
}

pub(crate) async fn remove_repository(
    State(app): State<App>,
    visit: OrganizationVisit,
    Path((_, name)): Path<(String, String)>,
    Form(form): Form<NameForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let info = team::find_by_name(&app, &visit.access, &name).await?;
    let repository = own::find(&app, &visit.access, "name", &form.name).await?;
    team::remove_repository(&app, &access, info.team.id, repository).await?;
    let address = repositories_address(&visit.urls.team(&info.team.name));
    Ok(see_other_with(&address, Flash::new("flash-team-repository-removed", form.name)))
}
