//! Repositories of an organisation as its forms name them: `llm`, `models/llm`, `datasets/llm`.

use hearth_app::{
    Access, App, Unit, access,
    organization::Organization,
    repository::{self, Filter, Order, Repository},
};
use hearth_core::{Error, PageRequest, Read, RepositoryId, RepositoryKind};

pub(super) fn short_name(repository: &Repository) -> String {
    let prefix = match repository.kind {
        RepositoryKind::Code => "",
        RepositoryKind::Dataset => "datasets/",
        RepositoryKind::Model => "models/",
    };
    format!("{prefix}{}", repository.name)
}

/// The repository that a form names; `field` is where the mistake is shown when there is none.
pub(super) async fn find(
    app: &App,
    access: &Access<Read, Organization>,
    field: &'static str,
    text: &str,
) -> Result<RepositoryId, Error> {
    let text = text.trim();
    let owner = access.organization().name.as_str();
    let text = text.strip_prefix(owner).and_then(|rest| rest.strip_prefix('/')).unwrap_or(text);
    let (kind, name) = match text.split_once('/') {
        Some(("datasets", name)) => (RepositoryKind::Dataset, name),
        Some(("models", name)) => (RepositoryKind::Model, name),
        _ => (RepositoryKind::Code, text),
    };
    match access::open(app, access.actor(), Unit::Code, kind, owner, name).await {
        Ok(found) => Ok(found.repository().id),
        Err(Error::NotFound(_)) => Err(Error::field(field, "no-such-repository")),
        Err(other) => Err(other),
    }
}

/// Names to choose from: those that changed last, as many as one response carries.
pub(super) async fn suggestions(
    app: &App,
    access: &Access<Read, Organization>,
) -> Result<Vec<String>, Error> {
    let filter =
        Filter { owner: Some(access.organization().id.into()), order: Order::Updated, ..Filter::default() };
    let most = PageRequest::new(1, PageRequest::LARGEST);
    let found = repository::list(app, access.actor(), filter, most).await?;
    Ok(found.items.iter().map(short_name).collect())
}
