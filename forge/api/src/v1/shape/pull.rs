use std::collections::HashMap;

use hearth_app::{
    Access, App, Unit, access,
    pull_request::{Head, HeadRepository, PullRequestCard, ReviewerName, ReviewerState},
};
use hearth_core::{
    IssueState, MergeCheck, PullRequestState, Read, Result, Timestamp, UserId,
    urls::{self, RepositoryUrls},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Label, Milestone, People, Repository, User, repository::address};
use crate::{error::ApiResult, v1::repository::show};

/// A pull request.
#[expect(clippy::struct_excessive_bools, reason = "the fields are Gitea's")]
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PullRequest {
    id: i64,
    url: String,
    html_url: String,
    diff_url: String,
    patch_url: String,
    number: i64,
    user: Option<User>,
    title: String,
    body: String,
    labels: Vec<Label>,
    milestone: Option<Milestone>,
    assignee: Option<User>,
    assignees: Vec<User>,
    requested_reviewers: Vec<User>,
    /// As `organization/team`.
    requested_teams: Vec<String>,
    /// `open` or `closed`; see `merged`.
    #[schema(value_type = String)]
    state: IssueState,
    draft: bool,
    is_locked: bool,
    comments: i64,
    /// Whether nothing is known that keeps git from merging it; rules may still demand something.
    mergeable: bool,
    merged: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    merged_at: Option<Timestamp>,
    merge_commit_sha: Option<String>,
    merged_by: Option<User>,
    allow_maintainer_edit: bool,
    base: Branch,
    head: Branch,
    merge_base: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_date: Option<Timestamp>,
    /// Its place among the pinned ones, from 1; 0: it is not pinned.
    pin_order: i64,
}

/// What Gitea's clients take for a repository that is not there.
const NO_REPOSITORY: i64 = -1;

/// One of the two branches of a pull request.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PullRequestBranch)]
pub(crate) struct Branch {
    label: String,
    r#ref: String,
    sha: String,
    /// -1 where it is gone, or the reader may not know it.
    repo_id: i64,
    /// Null where it is gone, or the reader may not know it.
    repo: Option<Repository>,
}

/// What several pull requests of one repository refer to.
pub(crate) struct Pulls<'a> {
    people: People<'a>,
    app: &'a App,
    access: &'a Access<Read>,
    base: Repository,
    heads: HashMap<String, Repository>,
}

impl<'a> Pulls<'a> {
    pub(crate) async fn find(
        app: &'a App,
        access: &'a Access<Read>,
        cards: &[PullRequestCard],
    ) -> ApiResult<Self> {
        let ids: Vec<hearth_core::ThreadId> = cards.iter().map(|card| card.pull_request.id).collect();
        let people = People::of_threads(app, access, people_of(cards), threads_of(cards)).await?;
        let people = people.with_pins(&ids).await?;
        let axum::Json(base) = show(app, access).await?;
        let mut heads = HashMap::new();
        for head in cards.iter().filter(|card| !card.head.is_same_repository) {
            let Some(repository) = &head.head.repository else { continue };
            let path = path_of(repository);
            if heads.contains_key(&path) {
                continue;
            }
            if let Some(entered) = enter(app, access, repository).await? {
                let axum::Json(shown) = show(app, &entered).await?;
                heads.insert(path, shown);
            }
        }
        Ok(Self { people, app, access, base, heads })
    }

    pub(crate) fn show(&self, card: &PullRequestCard) -> PullRequest {
        let row = &card.pull_request;
        let repository = self.access.repository();
        let page = RepositoryUrls::new(repository.kind, repository.owner.as_str(), repository.name.as_str());
        let html_url = self.app.urls().absolute(&page.pull(row.number));
        let assignees: Vec<User> =
            card.assignees.iter().filter_map(|assignee| self.people.user(assignee.user_id)).collect();
        let waiting = || card.reviewers.iter().filter(|reviewer| reviewer.state == ReviewerState::Waiting);
        let person = |who: &ReviewerName| match who {
            ReviewerName::Person { id, .. } => self.people.user(*id),
            ReviewerName::Team { .. } => None,
        };
        let team = |who: &ReviewerName| match who {
            ReviewerName::Person { .. } => None,
            ReviewerName::Team { organization, team } => Some(format!("{organization}/{team}")),
        };
        let head = self.head_repository(&card.head);
        let is_merged = row.state == PullRequestState::Merged;
        PullRequest {
            id: row.id.0,
            url: self.app.urls().absolute(&format!("{}/pulls/{}", address(repository), row.number)),
            diff_url: format!("{html_url}.diff"),
            patch_url: format!("{html_url}.patch"),
            html_url,
            number: row.number.0,
            user: self.people.user(row.author_id),
            title: row.title.clone(),
            body: row.body.clone(),
            labels: card.labels.iter().map(|label| Label::new(self.app, self.access, label)).collect(),
            milestone: self.people.milestone(row.id),
            assignee: assignees.first().cloned(),
            assignees,
            requested_reviewers: waiting().filter_map(|reviewer| person(&reviewer.who)).collect(),
            requested_teams: waiting().filter_map(|reviewer| team(&reviewer.who)).collect(),
            state: if row.is_open() { IssueState::Open } else { IssueState::Closed },
            draft: row.is_draft,
            is_locked: row.is_locked(),
            comments: row.comments,
            mergeable: row.is_open() && !row.is_draft && is_mergeable(row.merge_check),
            merged: is_merged,
            merged_at: row.merged_at,
            merge_commit_sha: row.merge_commit_id.clone().filter(|_| is_merged),
            merged_by: row.merged_by.and_then(|id| self.people.user(id)),
            allow_maintainer_edit: row.allows_maintainer_edit,
            base: Branch {
                label: row.base_branch.clone(),
                r#ref: row.base_branch.clone(),
                sha: row.base_id.clone(),
                repo_id: repository.id.0,
                repo: Some(self.base.clone()),
            },
            head: Branch {
                label: row.head_branch.clone(),
                r#ref: self.head_reference(card),
                sha: row.head_id.clone(),
                repo_id: head.as_ref().map_or(NO_REPOSITORY, Repository::id),
                repo: head,
            },
            merge_base: row.merge_base_id.clone().unwrap_or_default(),
            created_at: row.created_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at.or(row.merged_at),
            due_date: row.due_at,
            pin_order: self.people.pin_order(row.id),
        }
    }

    /// The branch, or where its commits can be fetched once it is gone.
    fn head_reference(&self, card: &PullRequestCard) -> String {
        if self.head_repository(&card.head).is_some() {
            card.head.branch.clone()
        } else {
            format!("refs/pull/{}/head", card.pull_request.number)
        }
    }

    fn head_repository(&self, head: &Head) -> Option<Repository> {
        if head.is_same_repository {
            return Some(self.base.clone());
        }
        head.repository.as_ref().and_then(|found| self.heads.get(&path_of(found)).cloned())
    }
}

/// While it is being found out, nothing speaks against it, as in Gitea.
const fn is_mergeable(check: MergeCheck) -> bool {
    match check {
        MergeCheck::Checking | MergeCheck::Clean => true,
        MergeCheck::Conflicting | MergeCheck::Empty | MergeCheck::Failed => false,
    }
}

fn path_of(repository: &HeadRepository) -> String {
    urls::repository(repository.kind, repository.owner.as_str(), repository.name.as_str())
}

async fn enter(app: &App, base: &Access<Read>, head: &HeadRepository) -> Result<Option<Access<Read>>> {
    let (owner, name) = (head.owner.as_str(), head.name.as_str());
    access::if_seen(access::open(app, base.actor(), Unit::Code, head.kind, owner, name).await)
}

fn people_of(cards: &[PullRequestCard]) -> Vec<UserId> {
    let reviewer = |who: &ReviewerName| match who {
        ReviewerName::Person { id, .. } => Some(*id),
        ReviewerName::Team { .. } => None,
    };
    let of_card = |card: &PullRequestCard| {
        let assignees = card.assignees.iter().map(|assignee| assignee.user_id);
        let reviewers = card.reviewers.iter().filter_map(|found| reviewer(&found.who));
        let others = [Some(card.pull_request.author_id), card.pull_request.merged_by];
        assignees.chain(reviewers).chain(others.into_iter().flatten()).collect::<Vec<_>>()
    };
    cards.iter().flat_map(of_card).collect()
}

fn threads_of(cards: &[PullRequestCard]) -> Vec<hearth_core::ThreadId> {
    let with_milestone = cards.iter().filter(|card| card.pull_request.milestone_id.is_some());
    with_milestone.map(|card| card.pull_request.id).collect()
}
