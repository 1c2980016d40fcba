//! `/{owner}` of an organisation: its profile, pinned repositories, repositories, people and teams.

use askama::Template;
use axum::response::Response;
use hearth_app::{
    App,
    organization::{self, Organization, member, member::Member, team, team::TeamInfo},
    owner,
    repository::{self, Filter},
};
use hearth_core::PageRequest;

use super::{OrganizationSection, OrganizationVisit};
use crate::{Failure, OrganizationHead, Page, repository_row::RepositoryRow, respond::html, words::Html};

/// How many people are shown beside the repositories; all of them are on their own page.
const MOST_PEOPLE: u32 = 24;
/// How many teams are shown.
const MOST_TEAMS: usize = 12;

pub(crate) const SECTION: OrganizationSection = OrganizationSection {
    name: "repositories",
    icon: || icon!("repository"),
    label: |page| t!(page, "organization-tab-repositories"),
    address: |urls| urls.home().to_owned(),
    count: |head| head.contents.repositories,
    is_shown: |_| true,
};

#[derive(Template)]
#[template(path = "pages/organization/show.html")]
struct Show {
    page: Page,
    head: OrganizationHead,
    pinned: Vec<RepositoryRow>,
    rows: Vec<RepositoryRow>,
    people: Vec<Member>,
    teams: Vec<TeamInfo>,
    /// Pagination links.
    pages: Html,
}

/// Draws the page of an organisation; `part` is the page of its list of repositories.
pub(crate) async fn draw(
    app: &App,
    page: Page,
    found: Organization,
    part: &str,
) -> Result<Response, Failure> {
    let visit = OrganizationVisit::of(organization::enter(app, &page.actor, found).await?);
    let head = visit.head(app, &SECTION).await?;
    let owner = head.organization.id.into();
    let filter = Filter { owner: Some(owner), ..Filter::default() };
    let list = repository::list(app, &page.actor, filter, PageRequest::asked(part, 0)).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let pinned = owner::pinned(app, &page.actor, owner).await?;
    let people = member::list(app, &visit.access, PageRequest::new(1, MOST_PEOPLE)).await?.items;
    let mut teams = if head.is_inside { team::list(app, &visit.access).await? } else { Vec::new() };
    teams.truncate(MOST_TEAMS);
    let rows = list.items.into_iter().map(RepositoryRow::from).collect();
    let pinned = pinned.into_iter().map(RepositoryRow::from).collect();
    html(&Show { page, head, pinned, rows, people, teams, pages })
}
