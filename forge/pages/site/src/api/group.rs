//! `/-/api/{group}`: what the routes of one group take and answer, with a command for each and a way to try it.

use askama::Template;
use axum::{
    extract::{Path, State},
    response::Response,
};
use hearth_core::{Error, Kind, urls};

use super::{
    GroupName,
    reference::{self, Reference},
};
use crate::{Failure, Page, Web, respond::html};

#[derive(Template)]
#[template(path = "pages/api/group.html")]
struct GroupPage {
    page: Page,
    name: GroupName,
    group: &'static reference::Group,
    /// The address of the API on this server.
    root: String,
    /// Other groups: address and title.
    others: Vec<(String, String)>,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Path(name): Path<String>,
) -> Result<Response, Failure> {
    let reference = Reference::get();
    let group = reference.group(&name).ok_or(Error::NotFound(Kind::Page))?;
    let others = reference.groups.iter().filter(|other| other.name != name);
    let others =
        others.map(|other| (urls::api_group(&other.name), GroupName::of(&page, &other.name).title)).collect();
    let name = GroupName::of(&page, &name);
    html(&GroupPage { name, group, root: web.app().urls().absolute("/api/v1"), others, page })
}
