//! Pages of issues.

mod bulk;
mod choose;
mod comment;
mod delete;
mod edit;
mod list;
mod new;
mod organise;
mod rail;
mod reaction;
mod show;
mod similar;

use hearth_app::{
    Access, Unit, access,
    issue::{self, IssueCard, NewIssue},
};
use hearth_core::{Read, RepositoryKind::Code};

use crate::site::Site;

/// A site with the public repository `mei/llm`.
pub(crate) async fn project() -> Site {
    let site = Site::new().await;
    site.hearth.repository("mei/llm").await;
    site
}

pub(crate) async fn enter(site: &Site, name: &str) -> Access<Read> {
    let actor = site.hearth.actor(name).await;
    access::open(&site.hearth.app, &actor, Unit::Issues, Code, "mei", "llm").await.expect("it is public")
}

/// An issue opened by somebody.
pub(crate) async fn opened(site: &Site, name: &str, title: &str, body: &str) -> IssueCard {
    let new = NewIssue { title: title.into(), body: body.into(), ..NewIssue::default() };
    issue::open(&site.hearth.app, &enter(site, name).await, new).await.expect("opened")
}
