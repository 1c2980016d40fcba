use axum::{
    extract::{FromRequestParts, OriginalUri},
    response::{IntoResponse, Response},
};
use hearth_app::{Access, Actor, App, Located, Unit, access, fork, repository};
use hearth_core::{
    CommentId, Error, Kind, Permission, Read, RepositoryKind, ThreadKind, ThreadNumber, urls::RepositoryUrls,
};
use http::{Uri, request::Parts};

use crate::{
    Failure, Page, RepositoryHead, Section, Web, address_names::address_names, entered::Entered,
    error_page::Step, respond,
};

/// A visitor with access to a repository: the first extractor of every page below `/{owner}/{name}`. Those
/// who may not see it get the page of one that does not exist; an old name redirects to the new one.
#[derive(Debug)]
pub struct RepositoryVisit {
    pub access: Access<Read>,
    pub urls: RepositoryUrls,
    /// The kind of the threads that the address is about; issues where it is about none.
    pub threads: ThreadKind,
}

impl RepositoryVisit {
    /// For a visitor who came by another address: that of a task.
    pub fn of(access: Access<Read>) -> Self {
        let repository = access.repository();
        let urls = RepositoryUrls::new(repository.kind, repository.owner.as_str(), repository.name.as_str());
        Self { access, urls, threads: ThreadKind::Issue }
    }

    /// A thread of the kind that the address is about.
    pub fn thread(&self, number: ThreadNumber) -> String {
        self.urls.thread(self.threads, number)
    }

    /// An action on it.
    pub fn thread_part(&self, number: ThreadNumber, part: &str) -> String {
        self.urls.thread_part(self.threads, number, part)
    }

    /// A comment under it.
    pub fn comment(&self, number: ThreadNumber, id: CommentId) -> String {
        self.urls.thread_comment(self.threads, number, id)
    }

    /// An action on that comment.
    pub fn comment_part(&self, id: CommentId, part: &str) -> String {
        self.urls.thread_comment_part(self.threads, id, part)
    }

    /// Where somebody can go on who did not find something here, or may not do it.
    pub fn steps(&self, page: &Page, error: &Error) -> Vec<Step> {
        let home = Step::new(self.urls.home(), t!(page, "error-go-repository"));
        let Error::NotFound(kind) = error else { return vec![home] };
        match kind {
            Kind::Branch | Kind::Tag | Kind::Revision | Kind::Commit => vec![
                home,
                Step::new(self.urls.branches(), t!(page, "error-go-branches")),
                Step::new(self.urls.tags(), t!(page, "error-go-tags")),
            ],
            Kind::Issue | Kind::Comment | Kind::Attachment => {
                vec![Step::new(self.urls.issues(), t!(page, "error-go-issues")), home]
            }
            Kind::PullRequest | Kind::Review | Kind::LineComment => {
                vec![Step::new(self.urls.pulls(), t!(page, "error-go-pulls")), home]
            }
            Kind::BranchRule => {
                vec![Step::new(self.urls.settings_part("rules"), t!(page, "error-go-rules")), home]
            }
            Kind::Release | Kind::Upload => {
                vec![Step::new(self.urls.releases(), t!(page, "error-go-releases")), home]
            }
            Kind::Label => vec![Step::new(self.urls.labels(), t!(page, "error-go-labels")), home],
            Kind::Task | Kind::Output | Kind::Log => {
                vec![Step::new(self.urls.tasks(), t!(page, "error-go-tasks")), home]
            }
            Kind::Model => vec![Step::new(self.urls.models(), t!(page, "error-go-models")), home],
            _ => vec![home],
        }
    }

    /// The repository whose home page is at `path`, if the reader may see one there.
    pub async fn of_home(app: &App, page: &Page, path: &str) -> Result<Option<Self>, Error> {
        let kind = kind_of(path);
        let mut segments = path.split('/').skip(if kind == RepositoryKind::Code { 1 } else { 2 });
        let (Some(owner), Some(name), None) = (segments.next(), segments.next(), segments.next()) else {
            return Ok(None);
        };
        match access::locate(app, &page.actor, Unit::Code, kind, owner, name).await {
            Ok(Located::Here(access)) => Ok(Some(Self::of(access))),
            Ok(Located::Moved(_)) | Err(Error::NotFound(_)) => Ok(None),
            Err(other) => Err(other),
        }
    }

    /// The head of a page under a tab.
    pub async fn head(&self, app: &App, section: &Section) -> Result<RepositoryHead, Error> {
        self.head_of(app, section.name).await
    }

    /// The same by the name of the tab; empty: of none.
    pub async fn head_of(&self, app: &App, section: &'static str) -> Result<RepositoryHead, Error> {
        let contents = repository::contents(app, &self.access).await?;
        let repository = self.access.repository();
        let origin = fork::origin(app, &self.access).await?.map(|origin| {
            let (owner, name) = (origin.owner.as_str(), origin.name.as_str());
            (format!("{owner}/{name}"), hearth_core::urls::repository(origin.kind, owner, name))
        });
        Ok(RepositoryHead {
            urls: self.urls.clone(),
            owner: repository.owner.to_string(),
            name: repository.name.to_string(),
            kind: repository.kind,
            visibility: repository.visibility,
            open_issues: u64::try_from(repository.open_issues).unwrap_or(0),
            open_pulls: u64::try_from(repository.open_pulls).unwrap_or(0),
            forks: u64::try_from(repository.forks).unwrap_or(0),
            origin,
            live_tasks: contents.live_tasks,
            models: contents.models,
            releases: contents.releases,
            interest: contents.interest,
            archived_at: repository.archived_at,
            is_template: repository.is_template,
            can_administer: self.access.can(Permission::Administer),
            roles: self.access.roles().clone(),
            section,
        })
    }
}

/// Why access was not granted.
pub enum VisitRejection {
    Failed(Failure),
    /// The repository has another name now.
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

impl FromRequestParts<Web> for RepositoryVisit {
    type Rejection = VisitRejection;

    async fn from_request_parts(parts: &mut Parts, web: &Web) -> Result<Self, VisitRejection> {
        let page = Page::from_request_parts(parts, web).await.map_err(VisitRejection::Failed)?;
        // Nested routes see only the rest of the path.
        let OriginalUri(uri) = match OriginalUri::from_request_parts(parts, web).await {
            Ok(uri) => uri,
            Err(never) => match never {},
        };
        let kind = kind_of(uri.path());
        let units = units_of(uri.path(), kind);
        let names = address_names(parts).await?;
        let name_of =
            |wanted: &str| names.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value.to_owned());
        let (Some(owner), Some(name)) = (name_of("owner"), name_of("name")) else {
            return Err(Error::internal("a repository's page stands outside /{owner}/{name}").into());
        };
        match locate(web, &page.actor, units, (kind, &owner, &name)).await? {
            Located::Here(access) => {
                if let Some(entered) = parts.extensions.get::<Entered>() {
                    entered.repository(&access);
                }
                let threads =
                    if access.unit() == Unit::Pulls { ThreadKind::PullRequest } else { ThreadKind::Issue };
                Ok(Self { threads, ..Self::of(access) })
            }
            Located::Moved(access) => {
                Err(VisitRejection::Moved(new_address(&uri, kind, access.repository())))
            }
        }
    }
}

/// Enters through the first of the units that is open to the actor.
async fn locate(
    web: &Web,
    actor: &Actor,
    units: &[Unit],
    (kind, owner, name): (RepositoryKind, &str, &str),
) -> hearth_core::Result<Located<Access<Read>>> {
    let mut found = Err(Error::NotFound(Kind::Repository));
    for unit in units {
        found = access::locate(web.app(), actor, *unit, kind, owner, name).await;
        if !matches!(found, Err(Error::NotFound(_))) {
            break;
        }
    }
    found
}

/// The unit of the repository that a page belongs to, by its path; several for what texts of issues and of pull requests share.
fn units_of(path: &str, kind: RepositoryKind) -> &'static [Unit] {
    let depth = if kind == RepositoryKind::Code { 3 } else { 4 };
    match path.split('/').nth(depth) {
        Some("attachments" | "markdown") => &[Unit::Issues, Unit::Pulls],
        Some("issues" | "labels" | "milestones") => &[Unit::Issues],
        Some("compare" | "pulls") => &[Unit::Pulls],
        Some("releases" | "releases.atom") => &[Unit::Releases],
        Some("tasks") => &[Unit::Tasks],
        Some("models") => &[Unit::Packages],
        Some("settings") => &[Unit::Settings],
        _ => &[Unit::Code],
    }
}

/// By the first segment of the path.
pub fn kind_of(path: &str) -> RepositoryKind {
    match path.split('/').nth(1) {
        Some("models") => RepositoryKind::Model,
        Some("datasets") => RepositoryKind::Dataset,
        _ => RepositoryKind::Code,
    }
}

/// The requested address, under the repository's current name.
fn new_address(uri: &Uri, kind: RepositoryKind, now: &repository::Repository) -> String {
    let depth = if kind == RepositoryKind::Code { 3 } else { 4 };
    let rest = uri.path().splitn(depth + 1, '/').nth(depth);
    let mut address = hearth_core::urls::repository(kind, now.owner.as_str(), now.name.as_str());
    if let Some(rest) = rest {
        address.push('/');
        address.push_str(rest);
    }
    if let Some(query) = uri.query() {
        address.push('?');
        address.push_str(query);
    }
    address
}
