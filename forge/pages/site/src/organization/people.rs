//! `/{owner}/-/people`: the members of an organisation, and who is invited.

use askama::Template;
use axum::{
    Router,
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, mail,
    organization::{
        invitation::{self, Invitation},
        member::{self, Member},
        team::{self, TeamInfo},
    },
};
use hearth_core::{Error, InvitationId, PageRequest, TeamId, urls};
use hearth_http::routing::{get as on_get, post as on_post};
use http::StatusCode;
use serde::Deserialize;

use super::{OrganizationSection, OrganizationVisit};
use crate::{
    Failure, Flash, Form, Mistakes, NoFields, OrganizationHead, Page,
    respond::{html_with, see_other_with},
    words::Html,
};

pub(crate) const SECTION: OrganizationSection = OrganizationSection {
    name: "people",
    icon: || icon!("users"),
    label: |page| t!(page, "organization-tab-people"),
    address: |urls| urls.people(),
    count: |head| head.contents.people,
    is_shown: |_| true,
};

pub(super) fn routes() -> Router<crate::Web> {
    Router::new()
        .route("/people", on_get(get))
        .route("/people/invite", on_post(invite))
        .route("/people/invitations/{id}/withdraw", on_post(withdraw))
        .route("/people/leave", on_post(leave))
        .route("/people/remove", on_post(remove))
        .route("/people/visibility", on_post(visibility))
}

#[derive(Template)]
#[template(path = "pages/organization/people.html")]
struct People {
    page: Page,
    head: OrganizationHead,
    members: Vec<Member>,
    /// Pagination links.
    pages: Html,
    /// For owners: the teams to which somebody can be invited, and the pending invitations.
    teams: Vec<TeamInfo>,
    invitations: Vec<Invitation>,
    /// Whether this site can send email.
    can_send: bool,
    form: InviteForm,
    mistakes: Mistakes,
}

impl People {
    fn is_oneself(&self, member: &Member) -> bool {
        self.page.actor.user_id() == Some(member.user_id)
    }

    /// Teams by id; the owners' team, which is first in the list, comes last here.
    fn team_choices(&self) -> Vec<(TeamId, &str)> {
        let (owners, others): (Vec<_>, Vec<_>) = self.teams.iter().partition(|info| info.team.is_owners);
        others.into_iter().chain(owners).map(|info| (info.team.id, info.team.name.as_str())).collect()
    }
}

#[derive(Debug, Default, Deserialize)]
pub(crate) struct PeopleQuery {
    #[serde(default)]
    page: String,
}

/// A username, or an email address; and the id of a team.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct InviteForm {
    name: String,
    team: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct PersonForm {
    name: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct VisibilityForm {
    /// `public` or `hidden`.
    value: String,
}

async fn show(
    app: &App,
    page: Page,
    visit: &OrganizationVisit,
    request: PageRequest,
    form: InviteForm,
    mistakes: Mistakes,
) -> Result<Response, Failure> {
    let head = visit.head(app, &SECTION).await?;
    let list = member::list(app, &visit.access, request).await?;
    let pages = page.pagination(list.request.page(), list.last_page());
    let (mut teams, mut invitations) = (Vec::new(), Vec::new());
    if let Ok(access) = visit.access.administer() {
        teams = team::list(app, &visit.access).await?;
        invitations = invitation::list(app, &access).await?;
    }
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (members, can_send) = (list.items, mail::is_configured(app));
    let people = People { page, head, members, pages, teams, invitations, can_send, form, mistakes };
    html_with(status, &people)
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Query(asked): Query<PeopleQuery>,
) -> Result<Response, Failure> {
    let request = PageRequest::asked(&asked.page, 0);
    show(&app, page, &visit, request, InviteForm::default(), Mistakes::none()).await
}

/// A username invites that user; an email address invites whoever receives the email.
pub(crate) async fn invite(
    State(app): State<App>,
    page: Page,
    visit: OrganizationVisit,
    Form(form): Form<InviteForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    let whom = form.name.trim();
    let is_address = whom.trim_start_matches('@').contains('@');
    let made = match form.team.parse::<TeamId>() {
        Err(_) => Err(Error::field("team", "unknown-choice")),
        Ok(_) if is_address && !mail::is_configured(&app) => Err(Error::field("name", "no-mail")),
        Ok(team) if is_address => {
            invitation::invite_by_letter(&app, &access, team, whom, page.language).await
        }
        Ok(team) => invitation::invite(&app, &access, team, whom).await,
    };
    match made {
        Ok(_) => Ok(see_other_with(&visit.urls.people(), Flash::new("flash-member-invited", whom))),
        Err(error) => {
            let mistakes = Mistakes::from_error(&page, in_one_field(error), "name")?;
            show(&app, page, &visit, PageRequest::default(), form, mistakes).await
        }
    }
}

/// Mistakes of the address are shown beside the one field for usernames and addresses.
fn in_one_field(error: Error) -> Error {
    match error {
        Error::Invalid(mut fields) => {
            for field in &mut fields {
                if field.field == "email" {
                    field.field = "name";
                }
            }
            Error::Invalid(fields)
        }
        other => other,
    }
}

pub(crate) async fn withdraw(
    State(app): State<App>,
    visit: OrganizationVisit,
    Path((_, id)): Path<(String, i64)>,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    invitation::withdraw(&app, &access, InvitationId(id)).await?;
    Ok(see_other_with(&visit.urls.people(), Flash::new("flash-invite-deleted", "")))
}

pub(crate) async fn remove(
    State(app): State<App>,
    visit: OrganizationVisit,
    Form(form): Form<PersonForm>,
) -> Result<Response, Failure> {
    let access = visit.access.administer()?;
    member::remove(&app, &access, &form.name).await?;
    Ok(see_other_with(&visit.urls.people(), Flash::new("flash-member-removed", form.name)))
}

pub(crate) async fn leave(
    State(app): State<App>,
    visit: OrganizationVisit,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    member::leave(&app, &visit.access).await?;
    // They may no longer see the page of a private organisation.
    let flash = Flash::new("flash-organization-left", visit.access.organization().name.as_str());
    Ok(see_other_with(&urls::user_settings("organizations"), flash))
}

/// Whether the reader's membership is public.
pub(crate) async fn visibility(
    State(app): State<App>,
    visit: OrganizationVisit,
    Form(form): Form<VisibilityForm>,
) -> Result<Response, Failure> {
    member::set_public(&app, &visit.access, form.value == "public").await?;
    Ok(see_other_with(&visit.urls.people(), Flash::new("flash-saved", "")))
}
