use std::fmt::Write as _;

use askama::Template;
use axum::{
    extract::{Query, State},
    response::Response,
};
use hearth_app::{
    App, code,
    code::{GraphQuery, MOST_GRAPH_PAGES},
};
use hearth_core::{
    Timestamp,
    urls::{Revision, segment},
};
use hearth_git::LaneRow;

use super::{RepositoryVisit, view};
use crate::{Failure, Page, RepositoryHead, respond, words::Html};

/// The histories of the branches, drawn as lines.
#[derive(Template)]
#[template(path = "pages/repo/graph.html")]
struct Graph {
    page: Page,
    head: RepositoryHead,
    branch: String,
    /// Name and address of each branch, and whether only it is drawn.
    branches: Vec<(String, String, bool)>,
    picture: Html,
    rows: Vec<Row>,
    hidden: u64,
    is_cut: bool,
    newer: Option<String>,
    older: Option<String>,
}

struct Row {
    title: String,
    address: String,
    short: String,
    author: String,
    time: Html,
    /// Icon, text and address of branches and tags.
    names: Vec<(Html, String, String)>,
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(crate) struct Asked {
    branch: String,
    page: String,
}

/// The height of a row and the width of a lane, in the units of the picture, which are pixels.
const ROW: usize = 40;
const LANE: usize = 14;
/// Lines of a commit's names beyond these are left out.
const MOST_NAMES: usize = 4;
/// The branches in the menu.
const MOST_BRANCHES: usize = 50;
/// The colours of lanes, which repeat.
const COLOURS: usize = 8;

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Query(asked): Query<Asked>,
) -> Result<Response, Failure> {
    let wanted = GraphQuery { branch: asked.branch.clone(), page: asked.page.parse().unwrap_or_default() };
    let Some(graph) = code::graph(&app, &visit.access, wanted).await? else {
        return Ok(respond::see_other(visit.urls.home()));
    };
    let here = visit.urls.graph();
    let of_page = |number: usize| match asked.branch.as_str() {
        "" => format!("{here}?page={number}"),
        branch => format!("{here}?branch={}&page={number}", segment(branch)),
    };
    let has_older = graph.lanes.has_more && graph.page < MOST_GRAPH_PAGES;
    let branch =
        |name: &str| (name.to_owned(), format!("{here}?branch={}", segment(name)), name == asked.branch);
    respond::html(&Graph {
        head: visit.head(&app, &super::home::SECTION).await?,
        branches: graph.branches.iter().take(MOST_BRANCHES).map(|name| branch(name.as_str())).collect(),
        picture: picture(&graph.lanes.rows),
        rows: graph
            .lanes
            .rows
            .iter()
            .map(|row| self::row(&page, &visit, row, graph.names.get(&row.commit.id)))
            .collect(),
        hidden: graph.hidden as u64,
        is_cut: graph.is_cut,
        newer: (graph.page > 1).then(|| of_page(graph.page - 1)),
        older: has_older.then(|| of_page(graph.page + 1)),
        branch: asked.branch,
        page,
    })
}

fn row(page: &Page, visit: &RepositoryVisit, row: &LaneRow, names: Option<&Vec<Revision>>) -> Row {
    let commit = &row.commit;
    let names = names.map(Vec::as_slice).unwrap_or_default().iter().take(MOST_NAMES);
    let name = |revision: &Revision| {
        (view::revision_icon(revision), view::revision_text(revision), visit.urls.source(revision, ""))
    };
    Row {
        title: commit.title.clone(),
        address: visit.urls.commit(&commit.id.to_string()),
        short: commit.id.short(),
        author: commit.author.name.clone(),
        time: page.time(Timestamp::new(commit.committer.time)),
        names: names.map(name).collect(),
    }
}

/// The lines and points of all rows, as an inert picture: shapes and classes only.
fn picture(rows: &[LaneRow]) -> Html {
    let widest =
        rows.iter().flat_map(|row| row.lines.iter().map(|(from, to)| from.max(to)).chain([&row.lane]));
    let lanes = widest.max().map_or(1, |lane| lane + 1);
    let (width, height) = ((lanes + 1) * LANE, rows.len() * ROW);
    let x = |lane: usize| (lane + 1) * LANE;
    let mut svg = format!(
        "<svg class=\"graph-lanes\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" aria-hidden=\"true\">"
    );
    let add = "writing to a String cannot fail";
    for (index, row) in rows.iter().enumerate() {
        let (top, bottom) = (index * ROW + ROW / 2, (index + 1) * ROW + ROW / 2);
        // What leads to the first row of a later page comes from above.
        if index == 0 && row.has_child {
            write!(svg, "<path class=\"lane lane-{}\" d=\"M{} 0V{top}\"/>", row.lane % COLOURS, x(row.lane))
                .expect(add);
        }
        for (from, to) in &row.lines {
            let colour = from.max(to) % COLOURS;
            let (from, to) = (x(*from), x(*to));
            let middle = top + ROW / 2;
            if from == to {
                write!(svg, "<path class=\"lane lane-{colour}\" d=\"M{from} {top}V{bottom}\"/>").expect(add);
            } else {
                write!(
                    svg,
                    "<path class=\"lane lane-{colour}\" d=\"M{from} {top}C{from} {middle} {to} {middle} {to} {bottom}\"/>"
                )
                .expect(add);
            }
        }
    }
    for (index, row) in rows.iter().enumerate() {
        let (colour, centre) = (row.lane % COLOURS, index * ROW + ROW / 2);
        write!(svg, "<circle class=\"lane-{colour}\" cx=\"{}\" cy=\"{centre}\" r=\"4\"/>", x(row.lane))
            .expect(add);
    }
    svg.push_str("</svg>");
    Html::trusted(svg)
}
