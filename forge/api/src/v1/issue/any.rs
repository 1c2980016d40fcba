//! Pull requests in the shape of issues: Gitea's clients find both under the same addresses.

use axum::Json;
use hearth_app::{
    Access, Actor, App, Unit, access,
    issue::{self, Bodies, Issue as IssueRow, IssueCard, IssueSort, ThreadFilter},
    pull_request::{self, PullRequestCard, PullRequestFilter},
    thread,
};
use hearth_core::{
    IssueState, Page, PageRequest, PullRequestState, Read, RepositoryId, ThreadKind, ThreadNumber,
};

use crate::{
    error::ApiResult,
    v1::shape::{Issue, People, issue::PullMark},
};

/// An issue or a pull request as an issue, wherever it is.
pub(super) async fn shown(
    app: &App,
    actor: &Actor,
    repository: RepositoryId,
    (kind, number): (ThreadKind, ThreadNumber),
) -> ApiResult<Issue> {
    let unit = match kind {
        ThreadKind::Issue => Unit::Issues,
        ThreadKind::PullRequest => Unit::Pulls,
    };
    let access = access::open_by_id(app, actor, unit, repository).await?;
    match kind {
        ThreadKind::Issue => {
            let card = issue::find(app, &access, number).await?;
            let people = People::of_issues(app, &access, std::slice::from_ref(&card)).await?;
            Ok(people.issue(&card))
        }
        ThreadKind::PullRequest => {
            let pull = pull_request::find(app, &access, number).await?;
            let mark = pull_mark(&pull);
            let card = as_issue(pull);
            let people = People::of_issues(app, &access, std::slice::from_ref(&card)).await?;
            Ok(people.pull_as_issue(&card, mark))
        }
    }
}

fn as_issue(card: PullRequestCard) -> IssueCard {
    let pull = card.pull_request;
    let state = if pull.is_open() { IssueState::Open } else { IssueState::Closed };
    IssueCard {
        issue: IssueRow {
            state,
            closed_at: pull.closed_at.or(pull.merged_at),
            branch: None,
            thread: pull.thread,
        },
        labels: card.labels,
        assignees: card.assignees,
        attachments: card.attachments,
    }
}

fn pull_mark(card: &PullRequestCard) -> PullMark {
    let pull = &card.pull_request;
    PullMark {
        draft: pull.is_draft,
        merged: pull.state == PullRequestState::Merged,
        merged_at: pull.merged_at,
    }
}

/// An issue or a pull request of this repository as an issue.
pub(super) async fn own(app: &App, access: &Access<Read>, number: ThreadNumber) -> ApiResult<Json<Issue>> {
    let at = (thread::of_number(app, access, number).await?.kind, number);
    Ok(Json(shown(app, access.actor(), access.repository().id, at).await?))
}

/// The pull requests of a repository that match. A merged one counts as closed.
pub(super) async fn list_pulls(
    app: &App,
    access: &Access<Read>,
    (state, thread): (Option<IssueState>, ThreadFilter),
    sort: IssueSort,
    request: PageRequest,
) -> ApiResult<Page<Issue>> {
    let access = access.enter_unit(Unit::Pulls)?;
    let states = match state {
        None => Vec::new(),
        Some(IssueState::Open) => vec![PullRequestState::Open],
        Some(IssueState::Closed) => vec![PullRequestState::Closed, PullRequestState::Merged],
    };
    let filter = PullRequestFilter { states, thread, ..PullRequestFilter::default() };
    let page = pull_request::list(app, &access, &filter, (sort, Bodies::Whole), request).await?;
    let marks: Vec<PullMark> = page.items.iter().map(pull_mark).collect();
    let page = page.map(as_issue);
    let people = People::of_issues(app, &access, &page.items).await?;
    let items = page.items.iter().zip(marks).map(|(card, mark)| people.pull_as_issue(card, mark)).collect();
    Ok(Page { items, total: page.total, request })
}
