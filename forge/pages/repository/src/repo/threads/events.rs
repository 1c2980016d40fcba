//! What happened to a thread between its comments, in one line each.

use hearth_app::thread::{Thread, ThreadEvent, ThreadReference};
use hearth_core::{
    LockReason, ThreadEventKind, ThreadKind, ThreadNumber, Timestamp, UserName, urls::RepositoryUrls,
};

use super::Line;
use crate::{
    Page,
    repo::{RepositoryVisit, pulls},
    words::Html,
};

/// Who did it, with a link to them.
pub(crate) fn somebody(page: &Page, name: Option<&UserName>) -> Html {
    match name {
        Some(name) => Html::link(&hearth_core::urls::user(name.as_str()), name.as_str()),
        None => Html::text(t!(page, "repo-issues-show-somebody")),
    }
}

/// What is drawn of an event: icon, colour and sentence.
type Drawn = (Html, &'static str, Html);

pub(super) fn event_line(page: &Page, visit: &RepositoryVisit, thread: &Thread, event: &ThreadEvent) -> Line {
    let who = somebody(page, event.actor.as_ref());
    let time = page.time(event.created_at);
    let is_issue = thread.kind == ThreadKind::Issue;
    let (icon, kind, sentence) = match event.kind {
        ThreadEventKind::Closed if is_issue => {
            (icon!("issue-closed"), "still", rich!(page, "repo-issues-show-closed", who = who, time = time))
        }
        ThreadEventKind::Reopened if is_issue => {
            (icon!("issue-open"), "good", rich!(page, "repo-issues-show-reopened", who = who, time = time))
        }
        ThreadEventKind::Renamed => renamed(page, event, &who, &time),
        ThreadEventKind::Labeled => {
            let label = label(event);
            (icon!("tag"), "", rich!(page, "repo-issues-show-labeled", who = who, label = label, time = time))
        }
        ThreadEventKind::Unlabeled => {
            let label = label(event);
            (
                icon!("tag"),
                "",
                rich!(page, "repo-issues-show-unlabeled", who = who, label = label, time = time),
            )
        }
        ThreadEventKind::Assigned => {
            let person = person(event);
            (
                icon!("user"),
                "",
                rich!(page, "repo-issues-show-assigned", who = who, person = person, time = time),
            )
        }
        ThreadEventKind::Unassigned => {
            let person = person(event);
            (
                icon!("user"),
                "",
                rich!(page, "repo-issues-show-unassigned", who = who, person = person, time = time),
            )
        }
        ThreadEventKind::Milestoned => {
            let milestone = milestone(event);
            (
                icon!("compass"),
                "",
                rich!(page, "repo-issues-show-milestoned", who = who, milestone = milestone, time = time),
            )
        }
        ThreadEventKind::Demilestoned => {
            let milestone = milestone(event);
            (
                icon!("compass"),
                "",
                rich!(page, "repo-issues-show-demilestoned", who = who, milestone = milestone, time = time),
            )
        }
        ThreadEventKind::DueChanged => due_changed(page, event, &who, &time),
        ThreadEventKind::Pinned => pinned(page, true, &who, &time),
        ThreadEventKind::Unpinned => pinned(page, false, &who, &time),
        ThreadEventKind::BlockerAdded => dependency(page, visit, event, (true, true), (&who, &time)),
        ThreadEventKind::BlockerRemoved => dependency(page, visit, event, (true, false), (&who, &time)),
        ThreadEventKind::BlockedAdded => dependency(page, visit, event, (false, true), (&who, &time)),
        ThreadEventKind::BlockedRemoved => dependency(page, visit, event, (false, false), (&who, &time)),
        ThreadEventKind::ClosingHeldBack => {
            (icon!("link"), "waiting", rich!(page, "repo-issues-show-held-back", who = who, time = time))
        }
        ThreadEventKind::Referenced => referenced(page, visit, event, &who, &time),
        ThreadEventKind::CommentDeleted => {
            let person = person(event);
            let sentence =
                rich!(page, "repo-issues-show-comment-deleted", who = who, person = person, time = time);
            (icon!("trash"), "", sentence)
        }
        ThreadEventKind::Locked => (icon!("lock"), "", locked(page, event, &who, &time)),
        ThreadEventKind::Unlocked => {
            (icon!("unlock"), "", rich!(page, "repo-issues-show-unlocked", who = who, time = time))
        }
        ThreadEventKind::Closed
        | ThreadEventKind::Reopened
        | ThreadEventKind::Merged
        | ThreadEventKind::Pushed
        | ThreadEventKind::BaseChanged
        | ThreadEventKind::ReadyForReview
        | ThreadEventKind::ConvertedToDraft
        | ThreadEventKind::ReviewRequested
        | ThreadEventKind::ReviewRequestRemoved
        | ThreadEventKind::ReviewDismissed
        | ThreadEventKind::HeadDeleted
        | ThreadEventKind::HeadRestored
        | ThreadEventKind::AutoMergeEnabled
        | ThreadEventKind::AutoMergeDisabled => {
            return pulls::events::line(page, visit, thread.number, event);
        }
    };
    Line::Event { icon, kind, sentence }
}

/// As earlier versions recorded it.
fn referenced(page: &Page, visit: &RepositoryVisit, event: &ThreadEvent, who: &Html, time: &Html) -> Drawn {
    let number = event.data.get("number").and_then(serde_json::Value::as_i64).unwrap_or_default();
    let text = format!("{} #{number}", event.text("title"));
    let link = Html::link(&visit.urls.issue(ThreadNumber(number)), &text);
    (icon!("link"), "", rich!(page, "repo-issues-show-referenced", who = who, issue = link, time = time))
}

fn due_changed(page: &Page, event: &ThreadEvent, who: &Html, time: &Html) -> Drawn {
    let due_at = event.data.get("due_at").cloned().unwrap_or_default();
    let sentence = match serde_json::from_value::<Timestamp>(due_at) {
        Ok(due_at) => {
            let date = Html::strong(&due_at.as_date());
            rich!(page, "repo-issues-show-due", who = who, date = date, time = time)
        }
        Err(_) => rich!(page, "repo-issues-show-not-due", who = who, time = time),
    };
    (icon!("clock"), "", sentence)
}

fn pinned(page: &Page, is_pinned: bool, who: &Html, time: &Html) -> Drawn {
    let sentence = if is_pinned {
        rich!(page, "repo-issues-show-pinned", who = who, time = time)
    } else {
        rich!(page, "repo-issues-show-unpinned", who = who, time = time)
    };
    (icon!("tag"), "", sentence)
}

/// `is_blocker`: the other is what this one waits for. It is named only if it is in the same repository: not everybody may read another.
fn dependency(
    page: &Page,
    visit: &RepositoryVisit,
    event: &ThreadEvent,
    (is_blocker, is_added): (bool, bool),
    (who, time): (&Html, &Html),
) -> Drawn {
    let other = match event.data.get("number").and_then(serde_json::Value::as_i64) {
        Some(number) => Html::link(&visit.urls.issue(ThreadNumber(number)), &format!("#{number}")),
        None => Html::text(t!(page, "repo-issues-show-elsewhere")),
    };
    let sentence = match (is_blocker, is_added) {
        (true, true) => rich!(page, "repo-issues-show-blocker-added", who = who, other = other, time = time),
        (true, false) => {
            rich!(page, "repo-issues-show-blocker-removed", who = who, other = other, time = time)
        }
        (false, true) => rich!(page, "repo-issues-show-blocked-added", who = who, other = other, time = time),
        (false, false) => {
            rich!(page, "repo-issues-show-blocked-removed", who = who, other = other, time = time)
        }
    };
    (icon!("link"), "", sentence)
}

fn renamed(page: &Page, event: &ThreadEvent, who: &Html, time: &Html) -> Drawn {
    let from = Html::trusted(format!("<del>{}</del>", Html::text(event.text("from"))));
    let to = Html::strong(event.text("to"));
    let sentence = rich!(page, "repo-issues-show-renamed", who = who, from = from, to = to, time = time);
    (icon!("edit"), "", sentence)
}

fn locked(page: &Page, event: &ThreadEvent, who: &Html, time: &Html) -> Html {
    match LockReason::read(event.text("reason")) {
        Some(reason) => {
            let reason = lock_word(page, reason);
            rich!(page, "repo-issues-show-locked-because", who = who, reason = reason, time = time)
        }
        None => rich!(page, "repo-issues-show-locked", who = who, time = time),
    }
}

/// The label that an event names, as it was then.
fn label(event: &ThreadEvent) -> Html {
    let color = event.text("color");
    let is_color = color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit());
    let color = if is_color { color } else { "888888" };
    Html::trusted(format!(
        "<span class=\"chip\"><svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">\
         <circle cx=\"5\" cy=\"5\" r=\"5\" fill=\"#{color}\"/></svg>{}</span>",
        Html::text(event.text("name"))
    ))
}

/// The milestone that an event names, as it was called then.
fn milestone(event: &ThreadEvent) -> Html {
    Html::strong(event.text("title"))
}

/// The person whom an event is about.
fn person(event: &ThreadEvent) -> Html {
    let name = event.text("name");
    Html::link(&hearth_core::urls::user(name), name)
}

/// Why a thread was locked, in words.
pub(crate) fn lock_word(page: &Page, reason: LockReason) -> &'static str {
    match reason {
        LockReason::OffTopic => t!(page, "repo-issues-lock-off-topic"),
        LockReason::TooHeated => t!(page, "repo-issues-lock-too-heated"),
        LockReason::Resolved => t!(page, "repo-issues-lock-resolved"),
        LockReason::Spam => t!(page, "repo-issues-lock-spam"),
    }
}

/// A reference to the thread from elsewhere.
pub(super) fn reference_line(page: &Page, visit: &RepositoryVisit, reference: &ThreadReference) -> Line {
    let who = somebody(page, reference.actor.as_ref());
    let urls =
        RepositoryUrls::new(reference.repository_kind, reference.owner.as_str(), &reference.repository);
    let is_own = visit.access.repository().id == reference.source_repository_id;
    let place = if is_own { String::new() } else { format!("{}/{}", reference.owner, reference.repository) };
    let time = page.time(reference.created_at);
    let link = match (&reference.commit, reference.thread_number) {
        (Some(commit), _) => {
            let short: String = commit.chars().take(10).collect();
            let title = reference.commit_title.as_deref().unwrap_or_default();
            let mark = if is_own { short } else { format!("{place}@{short}") };
            Html::link(&urls.commit(commit), &format!("{title} {mark}"))
        }
        (None, Some(number)) => {
            let title = reference.thread_title.as_deref().unwrap_or_default();
            let kind = reference.thread_kind.unwrap_or(ThreadKind::Issue);
            let address = match reference.comment_id {
                Some(comment) => urls.thread_comment(kind, number, comment),
                None => urls.thread(kind, number),
            };
            Html::link(&address, &format!("{title} {place}#{number}"))
        }
        (None, None) => Html::text(&place),
    };
    let icon = if reference.commit.is_some() { icon!("commit") } else { icon!("link") };
    let sentence = match visit.threads {
        ThreadKind::Issue => rich!(page, "repo-issues-show-referenced", who = who, issue = link, time = time),
        ThreadKind::PullRequest => {
            rich!(page, "repo-pulls-event-referenced", who = who, place = link, time = time)
        }
    };
    Line::Event { icon, kind: "", sentence }
}
