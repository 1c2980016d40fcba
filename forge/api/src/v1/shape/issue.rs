use std::collections::HashMap;

use hearth_app::{
    Access, App,
    comment::Comment as CommentRow,
    issue::IssueCard,
    label::Label as LabelRow,
    milestone::{self, Milestone as MilestoneRow},
    organization::{Organization, label::OrganizationLabel},
    thread::{
        self,
        attachment::{self, Attachment as AttachmentRow},
        pin,
        reaction::ReactionRow,
    },
    user::User as UserRow,
};
use hearth_core::{
    CommentId, IssueState, Read, ThreadId, ThreadKind, Timestamp, UserId,
    urls::{self, RepositoryUrls},
};
use serde::Serialize;
use utoipa::ToSchema;

use super::{Milestone, User, repository::address};

/// An issue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Issue {
    id: i64,
    url: String,
    html_url: String,
    number: i64,
    user: Option<User>,
    original_author: String,
    original_author_id: i64,
    title: String,
    body: String,
    /// The branch that it is about; empty: none.
    #[serde(rename = "ref")]
    reference: String,
    labels: Vec<Label>,
    assignee: Option<User>,
    assignees: Vec<User>,
    milestone: Option<Milestone>,
    #[schema(value_type = String)]
    state: IssueState,
    is_locked: bool,
    assets: Vec<Attachment>,
    comments: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_date: Option<Timestamp>,
    repository: IssueRepository,
    /// Its place among the pinned ones, from 1; 0: it is not pinned.
    pin_order: i64,
    /// Null for issues.
    pull_request: Option<PullMark>,
}

/// What a pull request has beside what it shares with issues.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct PullMark {
    pub(crate) draft: bool,
    pub(crate) merged: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    pub(crate) merged_at: Option<Timestamp>,
}

/// The repository of an issue, in short.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct IssueRepository {
    id: i64,
    name: String,
    owner: String,
    full_name: String,
}

/// A comment of an issue.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Comment {
    id: i64,
    html_url: String,
    issue_url: String,
    pull_request_url: String,
    user: Option<User>,
    original_author: String,
    original_author_id: i64,
    body: String,
    assets: Vec<Attachment>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
}

/// An attachment of a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Attachment {
    id: i64,
    name: String,
    size: i64,
    /// Always 0: downloads are not counted.
    download_count: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    uuid: String,
    browser_download_url: String,
}

/// A reaction to a text.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Reaction {
    user: Option<User>,
    #[schema(value_type = String)]
    content: hearth_core::Reaction,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A label.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Label {
    id: i64,
    name: String,
    exclusive: bool,
    is_archived: bool,
    /// Six hex digits.
    color: String,
    description: String,
    url: String,
}

/// The users that the objects of one response refer to, and the attachments of those objects.
pub(crate) struct People<'a> {
    app: &'a App,
    access: &'a Access<Read>,
    found: HashMap<UserId, UserRow>,
    files: HashMap<CommentId, Vec<AttachmentRow>>,
    milestones: HashMap<ThreadId, MilestoneRow>,
    /// The places of pinned threads.
    pins: HashMap<ThreadId, i64>,
}

impl<'a> People<'a> {
    pub(crate) async fn find(
        app: &'a App,
        access: &'a Access<Read>,
        ids: impl IntoIterator<Item = UserId>,
    ) -> hearth_core::Result<Self> {
        let mut ids: Vec<UserId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let mut found = HashMap::new();
        if !ids.is_empty() {
            found =
                thread::people(app, access, &ids).await?.into_iter().map(|user| (user.id, user)).collect();
        }
        Ok(Self {
            app,
            access,
            found,
            files: HashMap::new(),
            milestones: HashMap::new(),
            pins: HashMap::new(),
        })
    }

    /// For some comments.
    pub(crate) async fn of_comments(
        app: &'a App,
        access: &'a Access<Read>,
        comments: &[CommentRow],
    ) -> hearth_core::Result<Self> {
        let ids: Vec<CommentId> = comments.iter().map(|comment| comment.id).collect();
        let mut people = Self::find(app, access, comments.iter().map(|comment| comment.author_id)).await?;
        people.files = attachment::of_comments(app, access, &ids).await?;
        Ok(people)
    }

    /// For some issues.
    pub(crate) async fn of_issues(
        app: &'a App,
        access: &'a Access<Read>,
        cards: &[IssueCard],
    ) -> hearth_core::Result<Self> {
        let of_card = |card: &IssueCard| {
            let assignees: Vec<UserId> = card.assignees.iter().map(|assignee| assignee.user_id).collect();
            assignees.into_iter().chain([card.issue.author_id])
        };
        let with_milestone = cards.iter().filter(|card| card.issue.milestone_id.is_some());
        let threads: Vec<ThreadId> = with_milestone.map(|card| card.issue.id).collect();
        let ids: Vec<ThreadId> = cards.iter().map(|card| card.issue.id).collect();
        let people = Self::of_threads(app, access, cards.iter().flat_map(of_card), threads).await?;
        people.with_pins(&ids).await
    }

    /// People, and the milestones of some threads.
    pub(crate) async fn of_threads(
        app: &'a App,
        access: &'a Access<Read>,
        ids: impl IntoIterator<Item = UserId>,
        threads: Vec<ThreadId>,
    ) -> hearth_core::Result<Self> {
        let mut people = Self::find(app, access, ids).await?;
        people.milestones = milestone::of_threads(app, access, &threads).await?.into_iter().collect();
        Ok(people)
    }

    /// The same with the places of those threads that are pinned.
    pub(crate) async fn with_pins(mut self, threads: &[ThreadId]) -> hearth_core::Result<Self> {
        self.pins = pin::places(self.app, self.access, threads).await?.into_iter().collect();
        Ok(self)
    }

    pub(crate) fn pin_order(&self, thread: ThreadId) -> i64 {
        self.pins.get(&thread).copied().unwrap_or(0)
    }

    pub(crate) fn milestone(&self, thread: ThreadId) -> Option<Milestone> {
        self.milestones.get(&thread).map(Milestone::new)
    }

    pub(crate) fn user(&self, id: UserId) -> Option<User> {
        self.found.get(&id).map(|user| User::new(self.app, self.access.actor(), user))
    }

    fn page(&self) -> RepositoryUrls {
        let row = self.access.repository();
        RepositoryUrls::new(row.kind, row.owner.as_str(), row.name.as_str())
    }

    pub(crate) fn issue(&self, card: &IssueCard) -> Issue {
        let row = self.access.repository();
        let issue = &card.issue;
        let url = self.app.urls().absolute(&format!("{}/issues/{}", address(row), issue.number));
        let assignees: Vec<User> =
            card.assignees.iter().filter_map(|assignee| self.user(assignee.user_id)).collect();
        Issue {
            id: issue.id.0,
            url,
            html_url: self.app.urls().absolute(&self.page().issue(issue.number)),
            number: issue.number.0,
            user: self.user(issue.author_id),
            original_author: String::new(),
            original_author_id: 0,
            title: issue.title.clone(),
            body: issue.body.clone(),
            reference: issue.branch.clone().unwrap_or_default(),
            labels: card.labels.iter().map(|label| Label::new(self.app, self.access, label)).collect(),
            assignee: assignees.first().cloned(),
            assignees,
            milestone: self.milestone(issue.id),
            state: issue.state,
            is_locked: issue.is_locked(),
            assets: card.attachments.iter().map(|file| self.attachment(file)).collect(),
            comments: issue.comments,
            created_at: issue.created_at,
            updated_at: issue.updated_at,
            closed_at: issue.closed_at,
            due_date: issue.due_at,
            repository: IssueRepository {
                id: row.id.0,
                name: row.name.to_string(),
                owner: row.owner.to_string(),
                full_name: format!("{}/{}", row.owner, row.name),
            },
            pin_order: self.pin_order(issue.id),
            pull_request: None,
        }
    }

    /// A pull request in the shape of an issue.
    pub(crate) fn pull_as_issue(&self, card: &IssueCard, mark: PullMark) -> Issue {
        let html_url = self.app.urls().absolute(&self.page().pull(card.issue.number));
        Issue { html_url, pull_request: Some(mark), ..self.issue(card) }
    }

    /// Where a comment is shown.
    pub(crate) fn comment_address(&self, comment: &CommentRow) -> String {
        self.app.urls().absolute(&self.page().comment_mark(comment.thread_number, comment.id))
    }

    pub(crate) fn comment(&self, comment: &CommentRow) -> Comment {
        let (page, number) = (self.page(), comment.thread_number);
        let (issue, pull) = match comment.thread_kind {
            ThreadKind::Issue => (Some(page.issue(number)), None),
            ThreadKind::PullRequest => (None, Some(page.pull(number))),
        };
        let address =
            |path: Option<String>| path.map_or_else(String::new, |path| self.app.urls().absolute(&path));
        Comment {
            id: comment.id.0,
            html_url: self.comment_address(comment),
            issue_url: address(issue),
            pull_request_url: address(pull),
            user: self.user(comment.author_id),
            original_author: String::new(),
            original_author_id: 0,
            body: comment.body.clone(),
            assets: self
                .files
                .get(&comment.id)
                .into_iter()
                .flatten()
                .map(|file| self.attachment(file))
                .collect(),
            created_at: comment.created_at,
            updated_at: comment.updated_at,
        }
    }

    pub(crate) fn attachment(&self, file: &AttachmentRow) -> Attachment {
        Attachment {
            id: file.id.0,
            name: file.name.clone(),
            size: file.size_bytes,
            download_count: 0,
            created_at: file.created_at,
            uuid: file.uuid.clone(),
            browser_download_url: self.app.urls().absolute(&self.page().attachment(&file.uuid)),
        }
    }

    pub(crate) fn reaction(&self, row: &ReactionRow) -> Reaction {
        Reaction { user: self.user(row.user_id), content: row.content, created_at: row.created_at }
    }
}

impl Label {
    pub(crate) fn new(app: &App, access: &Access<Read>, label: &LabelRow) -> Self {
        let repository = access.repository();
        Self {
            id: label.id.0,
            name: label.name.clone(),
            exclusive: label.is_exclusive,
            is_archived: false,
            color: label.color.clone(),
            description: label.description.clone(),
            url: app.urls().absolute(&format!("{}/labels/{}", address(repository), label.id)),
        }
    }

    pub(crate) fn of_organization(app: &App, organization: &Organization, label: &OrganizationLabel) -> Self {
        let name = urls::segment(organization.name.as_str());
        Self {
            id: label.id.0,
            name: label.name.clone(),
            exclusive: label.is_exclusive,
            is_archived: false,
            color: label.color.clone(),
            description: label.description.clone(),
            url: app.urls().absolute(&format!("/api/v1/orgs/{name}/labels/{}", label.id)),
        }
    }
}
