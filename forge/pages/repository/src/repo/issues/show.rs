//! `/{owner}/{name}/issues/{number}`: an issue, its timeline, and the comment form.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App,
    issue::{self, Issue, IssueCard},
    thread::{Part, ThreadQuery},
};
use hearth_core::ThreadNumber;
use http::StatusCode;

use crate::{
    Failure, Mistakes, Page, RepositoryHead,
    repo::{
        RepositoryVisit,
        threads::{
            AtThread, CommentDraft, Discussion, DiscussionQuery, discussion::edit_link, or_other_kind,
        },
    },
    respond::html_with,
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/issues/show.html")]
struct Show {
    page: Page,
    head: RepositoryHead,
    issue: Issue,
    discussion: Discussion,
}

impl Show {
    fn discussion(&self) -> &Discussion {
        &self.discussion
    }

    fn label_address(&self, name: &str) -> String {
        let query = issue::Query { thread: ThreadQuery::labelled(name), ..issue::Query::open() };
        self.head.urls.issues_matching(&query.to_string())
    }

    fn head_actions(&self) -> Html {
        let address = self.head.urls.issue_part(self.issue.number, "edit");
        if self.discussion.can_change { edit_link(&self.page, &address) } else { Html::default() }
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtThread>,
    Query(asked): Query<DiscussionQuery>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let at = (number, asked.part());
    let shown = show(&app, page, &visit, at, CommentDraft::default(), Mistakes::none()).await;
    or_other_kind(&app, &visit, number, shown).await
}

pub(crate) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (number, part): (ThreadNumber, Part),
    comment_draft: CommentDraft,
    rail_mistakes: Mistakes,
) -> Result<Response, Failure> {
    let IssueCard { issue, labels, assignees, .. } = issue::find(app, &visit.access, number).await?;
    let head = visit.head(app, &super::SECTION).await?;
    let assignees = assignees.into_iter().map(|assignee| assignee.name.into()).collect();
    let about = (labels, assignees, issue.is_open());
    let discussion = Discussion::read(app, &page, visit, &issue, about, part, HashMap::new()).await?;
    let discussion = discussion.again(comment_draft, rail_mistakes);
    let status = if discussion.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    html_with(status, &Show { page, head, issue, discussion })
}
