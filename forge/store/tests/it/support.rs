use std::time::Duration;

use hearth_core::{
    OwnerId, RepositoryId, RepositoryKind, ReviewId, ReviewVerdict, ThreadId, Timestamp, UserId, Visibility,
};
use hearth_store::{
    Writer,
    issue::{self, Issue, NewIssue},
    pull_request::{self, NewPullRequest, PullRequest},
    repository::{self, NewRepository},
    review::{self, NewReview},
    task::NewTask,
    testing,
    user::{self, NewUser, User},
};

/// The fixed time of these tests.
pub(crate) fn test_start() -> Timestamp {
    Timestamp::from_second(1_790_000_000)
}

pub(crate) fn new_user(name: &str) -> NewUser {
    NewUser {
        name: name.parse().expect("a good name"),
        display_name: String::new(),
        email: format!("{name}@example.org").parse().expect("a good address"),
        password_hash: "hash".into(),
        is_admin: false,
        language: None,
        created_at: test_start(),
    }
}

pub(crate) async fn insert_user(writer: &mut Writer, name: &str) -> User {
    user::insert(writer, &new_user(name)).await.expect("the user is new")
}

/// A public code repository `owner/name` of an existing owner.
pub(crate) async fn insert_repository(writer: &mut Writer, owner: &User, name: &str) -> RepositoryId {
    insert_new_repository(writer, &new_repository(owner.id, name, Visibility::Public)).await
}

/// A code repository.
pub(crate) fn new_repository(
    owner_id: impl Into<OwnerId>,
    name: &str,
    visibility: Visibility,
) -> NewRepository {
    NewRepository {
        owner_id: owner_id.into(),
        kind: RepositoryKind::Code,
        name: name.parse().expect("a good name"),
        description: String::new(),
        visibility,
        default_branch: "main".into(),
        created_at: test_start(),
    }
}

/// The repository, made to its end.
pub(crate) async fn insert_new_repository(writer: &mut Writer, new: &NewRepository) -> RepositoryId {
    let id = repository::insert(writer, new).await.expect("the name is free");
    assert!(repository::finish(writer, id).await.expect("the name is free"));
    id
}

pub(crate) fn new_task(repository_id: RepositoryId, creator_id: UserId, name: &str) -> NewTask {
    testing::new_task(repository_id, creator_id, name, test_start())
}

pub(crate) async fn insert_issue(
    writer: &mut Writer,
    repository: RepositoryId,
    author: &User,
    title: &str,
) -> Issue {
    let new = NewIssue {
        repository_id: repository,
        author_id: author.id,
        title: title.into(),
        body: format!("About {title}"),
        created_at: test_start(),
    };
    issue::insert(writer, &new).await.expect("an issue")
}

/// A pull request of the branch `head` of the same repository into `main`.
pub(crate) fn new_pull_request(repository: RepositoryId, author: &User, head: &str) -> NewPullRequest {
    NewPullRequest {
        repository_id: repository,
        author_id: author.id,
        title: format!("Merge {head}"),
        body: format!("About {head}"),
        is_draft: false,
        head_repository_id: repository,
        head_branch: head.into(),
        head_id: "a".repeat(40),
        base_branch: "main".into(),
        base_id: "b".repeat(40),
        allows_maintainer_edit: true,
        created_at: test_start(),
    }
}

pub(crate) async fn insert_pull_request(
    writer: &mut Writer,
    repository: RepositoryId,
    author: &User,
    head: &str,
) -> PullRequest {
    let new = new_pull_request(repository, author, head);
    pull_request::insert(writer, &new).await.expect("no other asks for this")
}

/// A review that was submitted `seconds` after the tests' start.
pub(crate) async fn insert_review(
    writer: &mut Writer,
    thread_id: ThreadId,
    author: &User,
    (verdict, version): (ReviewVerdict, i64),
    seconds: u64,
) -> ReviewId {
    let submitted_at = test_start() + Duration::from_secs(seconds);
    let author_id = author.id;
    let new = NewReview { thread_id, author_id, verdict, version, body: String::new(), submitted_at };
    review::insert(writer, &new).await.expect("a review")
}

/// Mei, bo, and mei's private repository `llm`, as a server before organisations wrote them.
pub(crate) const BEFORE_ORGANIZATIONS: &[&str] = &[
    "INSERT INTO users (name, name_key, display_name, email, email_key, is_email_hidden, password_hash, is_admin, is_blocked, \
     biography, website, location, created_at, updated_at) VALUES ('Mei', 'mei', 'Mei Lin', 'Mei@example.org', 'mei@example.org', \
     TRUE, 'hash', TRUE, FALSE, 'Trains', '', 'Home', 1, 2)",
    "INSERT INTO users (name, name_key, display_name, email, email_key, is_email_hidden, password_hash, is_admin, is_blocked, \
     biography, website, location, created_at, updated_at) VALUES ('bo', 'bo', '', 'bo@example.org', 'bo@example.org', \
     FALSE, 'other', FALSE, TRUE, '', '', '', 1, 2)",
    "INSERT INTO repositories (owner_id, kind, name, name_key, description, website, visibility, default_branch, is_empty, \
     is_pending, size_bytes, open_issues, closed_issues, created_at, updated_at) VALUES (1, 'code', 'llm', 'llm', '', '', \
     'private', 'main', TRUE, FALSE, 0, 0, 0, 1, 1)",
];
