//! Pull requests, with Gitea's paths.

mod card;
mod change;
mod file;
mod line_comment;
mod lookup;
mod merge;
mod obstacle;
mod request;
mod review;

use hearth_core::{Error, Kind, ThreadNumber};

use crate::{
    error::ApiResult,
    table::{Table, describe},
    v1::shape,
};

pub(crate) fn routes(table: Table) -> Table {
    let table = obstacle::routes(merge::routes(file::routes(pulls(table))));
    lookup::routes(line_comment::routes(review::routes(request::routes(table))))
}

fn pulls(table: Table) -> Table {
    table
        .get(
            "/repos/{owner}/{repo}/pulls",
            card::list,
            describe("List the pull requests of a repository")
                .list_response::<shape::PullRequest>()
                .query("state", "`open` (what is meant when left out), `closed` or `all`")
                .query("sort", "`oldest`, `recentupdate`, `leastupdate`, `mostcomment` or `leastcomment`")
                .query("labels", "the id of a label")
                .query("milestone", "the id of a milestone")
                .query("poster", "a name")
                .query("base_branch", "the name of a branch")
                .query("q", "words of title or text, and filters as on the page"),
        )
        .post(
            "/repos/{owner}/{repo}/pulls",
            change::create,
            describe("Open a pull request")
                .request::<change::CreatePull>()
                .response::<shape::PullRequest>()
                .status(201),
        )
        .get(
            "/repos/{owner}/{repo}/pulls/{index}",
            card::get,
            describe(
                "Get a pull request; with `.diff` or `.patch` behind its number, what it changes, as text",
            )
            .response::<shape::PullRequest>(),
        )
        .patch(
            "/repos/{owner}/{repo}/pulls/{index}",
            change::edit,
            describe("Edit, close or reopen a pull request")
                .request::<change::EditPull>()
                .response::<shape::PullRequest>()
                .status(201),
        )
}

/// The number in an address; anything else is not found.
fn number(text: &str) -> ApiResult<ThreadNumber> {
    Ok(text.parse().map_err(|_| Error::NotFound(Kind::PullRequest))?)
}
