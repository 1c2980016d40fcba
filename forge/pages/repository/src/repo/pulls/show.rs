//! `/{owner}/{name}/pulls/{number}`: the conversation of a pull request, and how it is merged.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    response::Response,
};
use hearth_app::{
    App, pull_request,
    thread::{Part as Shown, ThreadQuery},
};
use hearth_core::{PullRequestState, ThreadNumber};
use http::StatusCode;
use serde::Deserialize;

use super::{
    AtPull, Framed, Part, PullFrame, chain::ChainRow, frame, merge::MergeForm, merge_box::MergeView, patch,
    reviewers::ReviewersView, reviews,
};
use crate::{
    Failure, Form, Mistakes, Page, RepositoryHead,
    repo::{
        RepositoryVisit,
        threads::{CommentDraft, Discussion, DiscussionQuery, discussion::edit_link, or_other_kind},
    },
    respond::{html_with, see_other},
    words::Html,
};

#[derive(Template)]
#[template(path = "pages/repo/pulls/show.html")]
struct Show {
    page: Page,
    head: RepositoryHead,
    frame: PullFrame,
    discussion: Discussion,
    merge: MergeView,
    reviewers: ReviewersView,
    chain: Vec<ChainRow>,
}

/// What a form of the page is shown again with.
#[derive(Default)]
pub(crate) struct Again {
    pub(crate) comment: CommentDraft,
    pub(crate) rail_mistakes: Mistakes,
    pub(crate) reviewer_mistakes: Mistakes,
    pub(crate) merge: Option<MergeForm>,
    pub(crate) merge_mistakes: Mistakes,
}

impl Again {
    fn is_good(&self) -> bool {
        [&self.comment.mistakes, &self.rail_mistakes, &self.reviewer_mistakes, &self.merge_mistakes]
            .into_iter()
            .all(Mistakes::is_empty)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DraftForm {
    draft: bool,
}

impl Show {
    fn frame(&self) -> &PullFrame {
        &self.frame
    }

    fn discussion(&self) -> &Discussion {
        &self.discussion
    }

    fn merge(&self) -> &MergeView {
        &self.merge
    }

    fn label_address(&self, name: &str) -> String {
        let query =
            pull_request::Query { thread: ThreadQuery::labelled(name), ..pull_request::Query::open() };
        self.head.urls.pulls_matching(&query.to_string())
    }

    fn head_actions(&self) -> Html {
        let address = self.frame.link("edit");
        if self.discussion.can_change { edit_link(&self.page, &address) } else { Html::default() }
    }

    fn is_open(&self) -> bool {
        self.frame.pull().is_open()
    }

    fn is_merged(&self) -> bool {
        self.frame.pull().state == PullRequestState::Merged
    }

    fn is_draft(&self) -> bool {
        self.is_open() && self.frame.pull().is_draft
    }
}

pub(crate) async fn get(
    State(app): State<App>,
    page: Page,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Query(asked): Query<DiscussionQuery>,
) -> Result<Response, Failure> {
    if let Some((number, form)) = patch::asked(&at.number) {
        return patch::serve(&app, &visit, number, form).await;
    }
    let number = at.number()?;
    let shown = show(&app, page, &visit, (number, asked.part()), Again::default()).await;
    or_other_kind(&app, &visit, number, shown).await
}

/// `POST …/pulls/{number}/draft`: ready for review, or not any more.
pub(crate) async fn draft(
    State(app): State<App>,
    visit: RepositoryVisit,
    Path(at): Path<AtPull>,
    Form(form): Form<DraftForm>,
) -> Result<Response, Failure> {
    let number = at.number()?;
    let edit = pull_request::Edit { is_draft: Some(form.draft), ..pull_request::Edit::default() };
    pull_request::edit(&app, &visit.access, number, edit).await?;
    Ok(see_other(&visit.urls.pull(number)))
}

pub(crate) async fn show(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    (number, part): (ThreadNumber, Shown),
    again: Again,
) -> Result<Response, Failure> {
    let status = if again.is_good() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let Framed { head, frame } = frame(app, &page, visit, number, Part::Conversation).await?;
    let said = reviews::draw(app, &page, visit, frame.pull()).await?;
    let assignees = frame.card.assignees.iter().map(|assignee| assignee.name.to_string()).collect();
    let about = (frame.card.labels.clone(), assignees, frame.pull().is_open());
    let discussion = Discussion::read(app, &page, visit, frame.pull(), about, part, said).await?;
    let Again { comment, rail_mistakes, reviewer_mistakes, merge, merge_mistakes } = again;
    let discussion = discussion.again(comment, rail_mistakes);
    let merge = MergeView::read(app, &page, visit, number, (merge, merge_mistakes)).await?;
    let reviewers = ReviewersView::read(app, &page, visit, &frame.card, reviewer_mistakes).await?;
    let chain = ChainRow::all(app, &page, visit, number).await?;
    html_with(status, &Show { page, head, frame, discussion, merge, reviewers, chain })
}
