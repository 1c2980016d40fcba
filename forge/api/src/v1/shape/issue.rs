use std::collections::HashMap;

use hearth_app::{
    Access, App,
    comment::Comment as CommentRow,
    issue::IssueCard,
    label::Label as LabelRow,
    thread::{
        self,
        attachment::{self, Attachment as AttachmentRow},
        reaction::ReactionRow,
    },
    user::User as UserRow,
};
use hearth_core::{CommentId, IssueState, Read, Timestamp, UserId, urls::RepositoryUrls};
use serde::Serialize;
use utoipa::ToSchema;

use super::{User, repository::address};

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
    #[serde(rename = "ref")]
    reference: String,
    labels: Vec<Label>,
    assignee: Option<User>,
    assignees: Vec<User>,
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
    repository: IssueRepository,
    pin_order: i64,
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
        Ok(Self { app, access, found, files: HashMap::new() })
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
        Self::find(app, access, cards.iter().flat_map(of_card)).await
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
            reference: String::new(),
            labels: card.labels.iter().map(|label| Label::new(self.app, self.access, label)).collect(),
            assignee: assignees.first().cloned(),
            assignees,
            state: issue.state,
            is_locked: issue.is_locked(),
            assets: card.attachments.iter().map(|file| self.attachment(file)).collect(),
            comments: issue.comments,
            created_at: issue.created_at,
            updated_at: issue.updated_at,
            closed_at: issue.closed_at,
            repository: IssueRepository {
                id: row.id.0,
                name: row.name.to_string(),
                owner: row.owner.to_string(),
                full_name: format!("{}/{}", row.owner, row.name),
            },
            pin_order: 0,
        }
    }

    pub(crate) fn comment(&self, comment: &CommentRow) -> Comment {
        let issue_url = self.app.urls().absolute(&self.page().issue(comment.thread_number));
        Comment {
            id: comment.id.0,
            html_url: self.app.urls().absolute(&self.page().comment_mark(comment.thread_number, comment.id)),
            issue_url,
            pull_request_url: String::new(),
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
            exclusive: false,
            is_archived: false,
            color: label.color.clone(),
            description: label.description.clone(),
            url: app.urls().absolute(&format!("{}/labels/{}", address(repository), label.id)),
        }
    }
}
