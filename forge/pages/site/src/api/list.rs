//! `/-/api`: the groups of the API's routes, and a search in all of them.

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_core::urls;
use serde::Deserialize;

use super::{
    GroupName,
    reference::{Group, Operation, Reference},
};
use crate::{Failure, Page, Web, respond::html};

#[derive(Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

/// One group in the list.
struct GroupRow {
    address: String,
    name: GroupName,
    /// How many routes it has.
    count: u64,
}

/// A route that was searched for.
struct Found {
    address: String,
    operation: &'static Operation,
}

#[derive(Template)]
#[template(path = "pages/api/list.html")]
struct List {
    page: Page,
    asked: Asked,
    /// The address of the API on this server.
    root: String,
    groups: Vec<GroupRow>,
    found: Vec<Found>,
}

pub(crate) async fn get(
    State(web): State<Web>,
    page: Page,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let groups = &Reference::get().groups;
    let rows = groups.iter().map(|group| GroupRow {
        address: urls::api_group(&group.name),
        name: GroupName::of(&page, &group.name),
        count: group.operations.len() as u64,
    });
    let rows = rows.collect();
    let found = search(groups, &asked.q);
    html(&List { root: web.app().urls().absolute("/api/v1"), groups: rows, found, asked, page })
}

/// The routes that contain all words; nothing without words.
fn search(groups: &'static [Group], text: &str) -> Vec<Found> {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    if words.is_empty() {
        return Vec::new();
    }
    let in_group = |group: &'static Group| {
        let matching = group.operations.iter().filter(|operation| operation.matches(&words));
        let found = |operation: &'static Operation| Found {
            address: urls::api_operation(&group.name, &operation.id),
            operation,
        };
        matching.map(found).collect::<Vec<_>>()
    };
    groups.iter().flat_map(in_group).collect()
}
