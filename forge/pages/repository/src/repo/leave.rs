//! `/{owner}/{name}/leave`: a collaborator gives up their access. Not below the settings, which not every
//! collaborator may read.

use axum::{
    extract::{OriginalUri, Path, State},
    response::Response,
};
use hearth_app::{App, repository::collaborator};
use hearth_core::urls;

use crate::{
    Failure, Flash, Form, NoFields, Page, Web, confirm::Question, respond::see_other_with,
    role_fields::role_badges,
};
use hearth_web::repository_visit::kind_of;

type Names = Path<(String, String)>;

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    OriginalUri(uri): OriginalUri,
    Path((owner, name)): Names,
) -> Result<Response, Failure> {
    let kind = kind_of(uri.path());
    let (repository, roles) = collaborator::find_own(web.app(), &page.actor, kind, &owner, &name).await?;
    let full_name = format!("{}/{}", repository.owner, repository.name);
    let address = urls::repository(kind, repository.owner.as_str(), repository.name.as_str());
    let given = role_badges(&page, &roles).join(", ");
    let loss = if repository.visibility.is_private() {
        t!(page, "repo-leave-loss-private")
    } else {
        t!(page, "repo-leave-loss")
    };
    Question {
        title: t!(page, "repo-leave-ask", name = full_name),
        consequences: vec![t!(page, "repo-leave-given", roles = given), loss.to_owned()],
        button: t!(page, "repo-leave").to_owned(),
        action: format!("{address}/leave"),
        fields: Vec::new(),
        back: urls::user_settings("repositories"),
        typed: None,
    }
    .ask(page)
}

pub(crate) async fn post(
    State(app): State<App>,
    page: Page,
    OriginalUri(uri): OriginalUri,
    Path((owner, name)): Names,
    Form(NoFields {}): Form<NoFields>,
) -> Result<Response, Failure> {
    let kind = kind_of(uri.path());
    let (repository, _) = collaborator::find_own(&app, &page.actor, kind, &owner, &name).await?;
    collaborator::leave(&app, &page.actor, repository.id).await?;
    let flash = Flash::new("flash-repository-left", format!("{}/{}", repository.owner, repository.name));
    Ok(see_other_with(&urls::user_settings("repositories"), flash))
}
