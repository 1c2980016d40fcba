//! What the pages of all kinds of threads share: the timeline, the forms beside it, and comments.

pub(crate) mod bulk;
pub(crate) mod discussion;
mod events;
mod kind;
mod lines;
mod marks;
pub(crate) mod menus;
pub(crate) mod organised;
mod pinned;
mod rail;
mod reaction;
mod reply;
pub(crate) mod saved;
mod tools;

use axum::{Router, response::Response};
use hearth_app::{
    App,
    comment::{self as comments, Comment},
    label::Label,
    thread::{self, Part},
};
use hearth_core::{Action, CommentId, Error, Kind, Permission, ThreadKind, ThreadNumber, UserId};
use hearth_http::routing::{get_and_post, post};
use serde::Deserialize;

use super::{
    RepositoryVisit,
    issues::{self, comment},
    pulls,
};
use crate::{Failure, Mistakes, Page, Web};

pub(crate) use discussion::{CommentDraft, Discussion, DiscussionQuery, offered_milestones};
pub(crate) use events::{lock_word, somebody};
pub(crate) use kind::{check_kind, or_other_kind, section};
pub(crate) use lines::{Drawn, Line, MOST_DRAWN_BYTES, draw};
pub(crate) use marks::Marks;
pub(crate) use organised::Organised;
pub(crate) use pinned::PinnedRow;
pub(crate) use tools::Tools;

/// The forms of threads whose addresses begin with `folder`, which is `/issues` or `/pulls`.
pub(crate) fn routes(folder: &str) -> Router<Web> {
    let at = |rest: &str| format!("{folder}/{rest}");
    Router::new()
        .route(&at("comments/{id}/delete"), post(comment::delete))
        .route(&at("comments/{id}/reactions"), post(reaction::of_comment))
        .route(&at("comments/{id}/edit"), get_and_post(comment::get, comment::post))
        .route(&at("bulk"), post(bulk::post))
        .route(&at("queries"), post(saved::save))
        .route(&at("queries/{id}/delete"), post(saved::delete))
        .route(&at("{number}/assignees"), post(rail::assignees))
        .route(&at("{number}/comments"), post(reply::post))
        .route(&at("{number}/dependencies"), post(organised::dependencies))
        .route(&at("{number}/due"), post(organised::due))
        .route(&at("{number}/labels"), post(rail::labels))
        .route(&at("{number}/lock"), post(rail::lock))
        .route(&at("{number}/milestone"), post(rail::milestone))
        .route(&at("{number}/pin"), post(organised::pin))
        .route(&at("{number}/reactions"), post(reaction::of_thread))
        .route(&at("{number}/subscription"), post(rail::subscription))
        .route(&at("{number}/unlock"), post(rail::unlock))
}

/// Whoever may write changes every text, others their own.
pub(crate) fn check_may_edit(visit: &RepositoryVisit, author: UserId) -> Result<(), Error> {
    let user = visit.access.participant()?;
    if user.id != author && !visit.access.can(Permission::Write) {
        return Err(Error::Forbidden(Action::Write));
    }
    Ok(())
}

/// These mistakes, and what is wrong with the title: whoever sends the form again mends all of it at once.
pub(crate) fn and_of_title(page: &Page, mut mistakes: Mistakes, title: &str) -> Result<Mistakes, Error> {
    if let Err(error) = thread::check_title(title) {
        mistakes.add(Mistakes::from_error(page, error, "title")?);
    }
    Ok(mistakes)
}

/// The page of a thread with what was typed below it, and with what is wrong with that or with a form of the sidebar.
async fn show_again(
    app: &App,
    page: Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    comment: CommentDraft,
    rail_mistakes: Mistakes,
) -> Result<Response, Failure> {
    let at = (number, Part::Ends);
    match visit.threads {
        ThreadKind::Issue => issues::show::show(app, page, visit, at, comment, rail_mistakes).await,
        ThreadKind::PullRequest => {
            let again = pulls::show::Again { comment, rail_mistakes, ..pulls::show::Again::default() };
            pulls::show::show(app, page, visit, at, again).await
        }
    }
}

/// A comment under a thread of the kind that the address is about.
pub(crate) async fn find_comment(
    app: &App,
    visit: &RepositoryVisit,
    id: CommentId,
) -> Result<Comment, Error> {
    let found = comments::find(app, &visit.access, id).await?;
    check_kind(app, visit, found.thread_number).await.map_err(|error| match error {
        Error::NotFound(_) => Error::NotFound(Kind::Comment),
        other => other,
    })?;
    Ok(found)
}

/// The thread that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtThread {
    number: String,
}

impl AtThread {
    /// Anything but a number is not found.
    pub(crate) fn number(&self) -> Result<ThreadNumber, Error> {
        self.number.parse().map_err(|_| Error::NotFound(Kind::Issue))
    }
}

/// The comment that an address names.
#[derive(Debug, Deserialize)]
pub(crate) struct AtComment {
    id: String,
}

impl AtComment {
    pub(crate) fn id(&self) -> Result<CommentId, Error> {
        self.id.parse().map_err(|_| Error::NotFound(Kind::Comment))
    }
}

/// One of several that can be chosen, such as a label in a menu.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) value: String,
    pub(crate) text: String,
    /// `#rrggbb`; empty without a colour.
    pub(crate) color: String,
    pub(crate) is_on: bool,
}

impl Choice {
    /// A person, or anything else without a colour.
    pub(crate) fn plain(name: String, is_on: bool) -> Self {
        Self { is_on, value: name.clone(), text: name, color: String::new() }
    }
}

/// All labels, with the selected ones marked.
pub(crate) fn label_choices(labels: Vec<Label>, is_on: impl Fn(&Label) -> bool) -> Vec<Choice> {
    let choice = |label: Label| Choice {
        is_on: is_on(&label),
        value: label.id.to_string(),
        color: format!("#{}", label.color),
        text: label.name,
    };
    labels.into_iter().map(choice).collect()
}

/// An entry of a menu of a list: the same query with one part changed.
pub(crate) struct MenuLink {
    pub(crate) text: String,
    /// `#rrggbb`; empty without a colour.
    pub(crate) color: String,
    pub(crate) address: String,
    pub(crate) is_on: bool,
}

impl MenuLink {
    pub(crate) fn plain(text: impl Into<String>, address: String, is_on: bool) -> Self {
        Self { text: text.into(), color: String::new(), address, is_on }
    }
}
