use axum::{
    extract::{FromRequestParts, OriginalUri},
    response::{IntoResponse, Response},
};
use hearth_app::{
    Access, App, Located,
    organization::{self, Organization},
    owner::{self, Account},
};
use hearth_core::{Error, Kind, Read, urls::OrganizationUrls};
use http::{Uri, request::Parts};

use crate::{
    Failure, OrganizationHead, Page, Web, address_names::address_names, entered::Entered,
    registry::OrganizationSection, respond,
};

/// A visitor with access to an organisation: the first extractor of every page below `/{owner}/-/`. Those who
/// may not see it get the page of one that does not exist; an old name redirects to the new one.
#[derive(Debug)]
pub struct OrganizationVisit {
    pub access: Access<Read, Organization>,
    pub urls: OrganizationUrls,
}

impl OrganizationVisit {
    pub fn of(access: Access<Read, Organization>) -> Self {
        let urls = OrganizationUrls::new(access.organization().name.as_str());
        Self { access, urls }
    }

    /// The head of a page under a tab.
    pub async fn head(&self, app: &App, section: &OrganizationSection) -> Result<OrganizationHead, Error> {
        self.head_of(app, section.name).await
    }

    /// The same by the name of the tab; empty: of none.
    pub async fn head_of(&self, app: &App, section: &'static str) -> Result<OrganizationHead, Error> {
        Ok(OrganizationHead {
            urls: self.urls.clone(),
            organization: self.access.organization().clone(),
            contents: organization::contents(app, &self.access).await?,
            standing: self.access.standing(),
            is_inside: self.access.inside(),
            section,
        })
    }
}

/// Why access was not granted.
pub enum VisitRejection {
    Failed(Failure),
    /// The organisation has another name now.
    Moved(String),
}

impl IntoResponse for VisitRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Failed(failure) => failure.into_response(),
            Self::Moved(address) => respond::moved(&address),
        }
    }
}

impl<E: Into<Error>> From<E> for VisitRejection {
    fn from(error: E) -> Self {
        Self::Failed(error.into().into())
    }
}

impl FromRequestParts<Web> for OrganizationVisit {
    type Rejection = VisitRejection;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, VisitRejection> {
        let page = Page::from_request_parts(parts, web).await.map_err(VisitRejection::Failed)?;
        // Nested routes see only the rest of the path.
        let OriginalUri(uri) = match OriginalUri::from_request_parts(parts, web).await {
            Ok(uri) => uri,
            Err(never) => match never {},
        };
        let names = address_names(parts).await?;
        let name = names.iter().find(|(name, _)| *name == "owner").map(|(_, value)| value.to_owned());
        let name = name.ok_or_else(|| Error::internal("an organisation's page stands outside /{owner}"))?;
        match owner::find_by_name(web.app(), &page.actor, &name).await? {
            Located::Here(Account::Organization(found)) => {
                let access = organization::enter(web.app(), &page.actor, found).await?;
                if let Some(entered) = parts.extensions.get::<Entered>() {
                    entered.organization(&access);
                }
                Ok(Self::of(access))
            }
            Located::Moved(Account::Organization(found)) => {
                Err(VisitRejection::Moved(new_address(&uri, found.name.as_str())))
            }
            Located::Here(Account::Person(_)) | Located::Moved(Account::Person(_)) => {
                Err(Error::NotFound(Kind::Organization).into())
            }
        }
    }
}

/// The requested address, under the organisation's current name.
fn new_address(uri: &Uri, name: &str) -> String {
    let mut address = hearth_core::urls::user(name);
    if let Some(rest) = uri.path().splitn(3, '/').nth(2) {
        address.push('/');
        address.push_str(rest);
    }
    if let Some(query) = uri.query() {
        address.push('?');
        address.push_str(query);
    }
    address
}
