//! Asking people and teams for a review.

use hearth_core::{
    Action, Error, Read, Result, SubscriptionReason, TeamId, ThreadEventKind, ThreadNumber,
    event::{PullRequestEvent, Subject},
};
pub use hearth_store::review_request::ReviewRequest;
use hearth_store::{
    Ask,
    review_request::{self as row, NewReviewRequest, Reviewer},
    team, user,
};
use serde_json::json;

use crate::{
    Access, Actor, App, Unit, access,
    pull_request::find_row,
    thread::{ThreadEdit, author_or_writer, check_batch_size, participant},
    user::User,
};

/// Whose reviews are asked for: people, then teams, by name.
pub async fn requests(app: &App, access: &Access<Read>, number: ThreadNumber) -> Result<Vec<ReviewRequest>> {
    let mut reader = app.store().read().await?;
    let thread = find_row(&mut reader, access, number).await?.id;
    Ok(row::list(&mut reader, &[thread]).await?)
}

/// Asks people, by name, and teams, as `organisation/team`, for their review; whoever was asked already is left out. For the author and
/// everybody with write access.
pub async fn request_review(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    names: &[String],
) -> Result<()> {
    access.participant()?;
    check_batch_size(app, names.len())?;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    participant(access, &edit.thread)?;
    author_or_writer(access, edit.thread.author_id)?;
    find_row(&mut edit.operation, access, number).await?;
    request_in(app, &mut edit, access, names).await?;
    edit.operation.commit().await
}

/// The same within an operation, for those who may ask.
pub(crate) async fn request_in(
    app: &App,
    edit: &mut ThreadEdit,
    access: &Access<Read>,
    names: &[String],
) -> Result<()> {
    let actor = access.participant()?.id;
    let mut is_changed = false;
    for name in names.iter().map(|name| name.trim().trim_start_matches('@')).filter(|name| !name.is_empty()) {
        let asked = Asked::find(&mut edit.operation, access, name).await?;
        if asked.person().is_some_and(|person| person.id == edit.thread.author_id) {
            return Err(Error::Forbidden(Action::ReviewOwn));
        }
        if row::count(&mut edit.operation, edit.thread.id).await? >= app.limits().review_requests {
            return Err(Error::TooLarge(app.limits().review_requests_of_pull_request()));
        }
        let new = NewReviewRequest {
            thread_id: edit.thread.id,
            reviewer: asked.reviewer(),
            requested_by: Some(actor),
            is_by_code_owners: false,
            created_at: edit.now,
        };
        if !row::insert(&mut edit.operation, &new).await? {
            continue;
        }
        is_changed = true;
        if let Some(person) = asked.person() {
            edit.follow(person.id, SubscriptionReason::ReviewRequested).await?;
        }
        let (reviewer, is_team) = asked.shown();
        let data = json!({ "name": reviewer, "is_team": is_team });
        edit.note(actor, ThreadEventKind::ReviewRequested, data).await?;
        let (number, title) = (edit.thread.number, edit.thread.title.clone());
        let event = PullRequestEvent::ReviewRequested { number, title, reviewer, is_team };
        edit.operation.record_in(access, Subject::PullRequest(edit.thread.id), event).await?;
    }
    if is_changed { edit.touch().await } else { Ok(()) }
}

/// Takes requests back; whoever was not asked is left out. For the author, everybody with write access, and those who were asked.
pub async fn withdraw_request(
    app: &App,
    access: &Access<Read>,
    number: ThreadNumber,
    names: &[String],
) -> Result<()> {
    let actor = access.participant()?.id;
    check_batch_size(app, names.len())?;
    let mut edit = ThreadEdit::begin(app, access, number).await?;
    let thread = find_row(&mut edit.operation, access, number).await?.id;
    let mut is_changed = false;
    let asked = row::list(&mut edit.operation, &[thread]).await?;
    for name in names.iter().map(|name| name.trim().trim_start_matches('@')) {
        let named = |request: &&ReviewRequest| shown_name(request).eq_ignore_ascii_case(name);
        let Some(request) = asked.iter().find(named) else { continue };
        if request.user_id != Some(actor) {
            author_or_writer(access, edit.thread.author_id)?;
        }
        let Some(reviewer) = request.reviewer() else { continue };
        if row::delete(&mut edit.operation, thread, reviewer).await? {
            is_changed = true;
            let (reviewer, is_team) = (shown_name(request), request.team_id.is_some());
            let data = json!({ "name": reviewer, "is_team": is_team });
            edit.note(actor, ThreadEventKind::ReviewRequestRemoved, data).await?;
            let (number, title) = (edit.thread.number, edit.thread.title.clone());
            let event = PullRequestEvent::ReviewRequestRemoved { number, title, reviewer, is_team };
            edit.operation.record_in(access, Subject::PullRequest(thread), event).await?;
        }
    }
    if is_changed {
        edit.touch().await?;
        edit.operation.commit().await?;
    }
    Ok(())
}

/// Who was asked: a person's name, or `organisation/team`.
pub(crate) fn shown_name(request: &ReviewRequest) -> String {
    match (&request.user_name, &request.organization, &request.team_name) {
        (Some(person), ..) => person.to_string(),
        (None, Some(organization), Some(team)) => format!("{organization}/{team}"),
        _ => String::new(),
    }
}

/// Who can be asked: people who can read the repository, and teams that work in it. Of anybody else it is not said whether they
/// exist.
enum Asked {
    Person(Box<User>),
    Team { id: TeamId, organization: String, name: String },
}

impl Asked {
    async fn find(ask: &mut impl Ask, access: &Access<Read>, name: &str) -> Result<Self> {
        let unknown = || Error::field("reviewers", "unknown-person");
        let repository = access.repository();
        if let Some((organization, wanted)) = name.split_once('/') {
            if !repository.owner.as_str().eq_ignore_ascii_case(organization) {
                return Err(unknown());
            }
            let wanted = wanted.to_lowercase();
            let teams = team::list_of_repository(ask, repository.id).await?;
            let found = teams.into_iter().find(|team| team.name.to_lowercase() == wanted);
            let found = found.ok_or_else(unknown)?;
            let organization = repository.owner.to_string();
            return Ok(Self::Team { id: found.id, organization, name: found.name });
        }
        let person = user::find_by_name(ask, name).await?.ok_or_else(unknown)?;
        let actor = Actor::person(person.clone());
        let entered = access::enter(ask, &actor, Unit::Pulls, repository.clone()).await;
        let is_reader = access::if_seen(entered)?.is_some() && !person.is_blocked;
        if is_reader { Ok(Self::Person(Box::new(person))) } else { Err(unknown()) }
    }

    fn reviewer(&self) -> Reviewer {
        match self {
            Self::Person(person) => Reviewer::Person(person.id),
            Self::Team { id, .. } => Reviewer::Team(*id),
        }
    }

    fn person(&self) -> Option<&User> {
        match self {
            Self::Person(person) => Some(person),
            Self::Team { .. } => None,
        }
    }

    /// The name that is shown, and whether it is a team's.
    fn shown(&self) -> (String, bool) {
        match self {
            Self::Person(person) => (person.name.to_string(), false),
            Self::Team { organization, name, .. } => (format!("{organization}/{name}"), true),
        }
    }
}
