use axum::{extract::OriginalUri, http::Uri};
use hearth_app::{Access, Actor, App, Unit, access};
use hearth_core::{Error, Kind, Read, RepositoryKind, Result};

/// The repository in the address of a clone: `/models/mei/llm.git/…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GitAddress {
    pub(crate) kind: RepositoryKind,
    pub(crate) owner: String,
    pub(crate) name: String,
}

impl GitAddress {
    /// From the address and the names that the router found in it.
    pub(crate) fn new(uri: &OriginalUri, owner: String, name: &str) -> Self {
        let name = name.strip_suffix(".git").unwrap_or(name).to_owned();
        Self { kind: kind(&uri.0), owner, name }
    }

    /// Enters the repository, under its old name too.
    ///
    /// Anonymous callers are asked for credentials where they see nothing, so that an absent and a private
    /// repository look alike to them, and git asks its user for a password.
    pub(crate) async fn open(&self, app: &App, actor: &Actor) -> Result<Access<Read>> {
        let Self { kind, owner, name } = self;
        match access::locate(app, actor, Unit::Code, *kind, owner, name).await {
            Err(Error::NotFound(Kind::Repository)) if actor.is_anonymous() => Err(Error::SignInRequired),
            found => Ok(found?.into_inner()),
        }
    }
}

/// The first segment gives the kind; no owner can have these names.
fn kind(uri: &Uri) -> RepositoryKind {
    match uri.path().split('/').nth(1) {
        Some("models") => RepositoryKind::Model,
        Some("datasets") => RepositoryKind::Dataset,
        _ => RepositoryKind::Code,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_endings_are_read_from_the_address() {
        let at = |path: &'static str, name: &str| {
            GitAddress::new(&OriginalUri(Uri::from_static(path)), "mei".into(), name)
        };
        let code = at("/mei/llm.git/info/refs", "llm.git");
        assert_eq!((code.kind, code.name.as_str()), (RepositoryKind::Code, "llm"));
        let model = at("/models/mei/llm/info/refs", "llm");
        assert_eq!((model.kind, model.name.as_str()), (RepositoryKind::Model, "llm"));
    }
}
