//! The repository or the organisation that a request has entered: an error there is shown under its head, by
//! the layer that draws error pages. What the reader may not see was never entered.

use std::sync::{Arc, OnceLock};

use hearth_app::{Access, access, organization::Organization};
use hearth_core::{Error, OwnerKind, Read, RepositoryKind, Unit, urls::OrganizationUrls};
use http::Uri;

use crate::{OrganizationVisit, Page, RepositoryVisit, Web, repository_visit::kind_of, words::Html};

/// Set by whoever enters, at most once a request.
#[derive(Clone, Debug, Default)]
pub struct Entered(Arc<OnceLock<Place>>);

#[derive(Clone, Debug)]
pub enum Place {
    Repository(Access<Read>),
    Organization(Access<Read, Organization>),
}

impl Entered {
    pub fn repository(&self, access: &Access<Read>) {
        self.0.get_or_init(|| Place::Repository(access.clone()));
    }

    pub fn organization(&self, access: &Access<Read, Organization>) {
        self.0.get_or_init(|| Place::Organization(access.clone()));
    }

    pub fn place(&self) -> Option<&Place> {
        self.0.get()
    }

    /// Enters by the address of a page that does not exist. Nothing is entered where the reader may not see
    /// what the address names; they get the same page.
    pub async fn by_address(&self, web: &Web, page: &Page, uri: &Uri) -> Result<(), Error> {
        let kind = kind_of(uri.path());
        let skipped = if kind == RepositoryKind::Code { 1 } else { 2 };
        let mut segments = uri.path().split('/').skip(skipped);
        let (Some(owner), Some(name)) = (segments.next(), segments.next()) else { return Ok(()) };
        if name == "-" {
            let found = access::open_organization(web.app(), &page.actor, owner).await;
            if let Some(access) = access::if_seen(found)? {
                self.organization(&access);
            }
        } else {
            let found = access::open(web.app(), &page.actor, Unit::Code, kind, owner, name).await;
            if let Some(access) = access::if_seen(found)? {
                self.repository(&access);
            }
        }
        Ok(())
    }
}

impl Place {
    /// The account that owns it.
    fn owner(&self) -> (OwnerKind, &str) {
        match self {
            Self::Repository(access) => (access.repository().owner_kind, access.repository().owner.as_str()),
            Self::Organization(access) => (OwnerKind::Organization, access.organization().name.as_str()),
        }
    }

    /// Says who can help: the owner, and whoever administers it beside them.
    pub fn helper(&self, page: &Page) -> Html {
        let (kind, owner) = self.owner();
        match (self, kind) {
            (Self::Organization(_), _) => {
                let people = OrganizationUrls::new(owner).people();
                rich!(page, "error-help-organization", owners = Html::link(&people, owner))
            }
            (Self::Repository(_), OwnerKind::Organization) => {
                let people = OrganizationUrls::new(owner).people();
                rich!(page, "error-help-repository-of-organization", owners = Html::link(&people, owner))
            }
            (Self::Repository(_), OwnerKind::User) => {
                rich!(page, "error-help-repository", owner = page.person(owner))
            }
        }
    }

    pub fn visit(&self) -> Visit {
        match self {
            Self::Repository(access) => Visit::Repository(RepositoryVisit::of(access.clone())),
            Self::Organization(access) => Visit::Organization(OrganizationVisit::of(access.clone())),
        }
    }
}

/// A place with its addresses.
pub enum Visit {
    Repository(RepositoryVisit),
    Organization(OrganizationVisit),
}
