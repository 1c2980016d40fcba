//! What only happens to pull requests, in one line each.

use hearth_app::thread::ThreadEvent;
use hearth_core::{MergedAs, ThreadEventKind, ThreadNumber, urls::Revision};

use crate::{
    Page,
    repo::{
        RepositoryVisit,
        threads::{Line, somebody},
    },
    words::Html,
};

pub(crate) fn line(page: &Page, visit: &RepositoryVisit, number: ThreadNumber, event: &ThreadEvent) -> Line {
    let who = somebody(page, event.actor.as_ref());
    let time = page.time(event.created_at);
    let branch = |field: &str| Html::code(event.text(field));
    let (icon, kind, sentence) = match event.kind {
        ThreadEventKind::Merged => (icon!("merge"), "good", merged(page, visit, event, &who, &time)),
        ThreadEventKind::Pushed => {
            let icon = if is_forced(event) { icon!("history") } else { icon!("commit") };
            (icon, "", pushed(page, visit, number, event, &who, &time))
        }
        ThreadEventKind::Closed => {
            (icon!("pull-closed"), "bad", rich!(page, "repo-pulls-event-closed", who = who, time = time))
        }
        ThreadEventKind::Reopened => {
            (icon!("pull"), "good", rich!(page, "repo-pulls-event-reopened", who = who, time = time))
        }
        ThreadEventKind::BaseChanged => {
            let (from, to) = (branch("from"), branch("to"));
            let sentence = if event.text("reason") == "retargeted" {
                rich!(page, "repo-pulls-event-retargeted", from = from, to = to, time = time)
            } else {
                rich!(page, "repo-pulls-event-base", who = who, from = from, to = to, time = time)
            };
            (icon!("branch"), "", sentence)
        }
        ThreadEventKind::ReadyForReview => {
            (icon!("eyes"), "", rich!(page, "repo-pulls-event-ready", who = who, time = time))
        }
        ThreadEventKind::ConvertedToDraft => {
            (icon!("pull-draft"), "", rich!(page, "repo-pulls-event-draft", who = who, time = time))
        }
        ThreadEventKind::ReviewRequested => (icon!("eyes"), "", requested(page, event, &who, &time)),
        ThreadEventKind::ReviewRequestRemoved => {
            let reviewer = reviewer(event);
            (
                icon!("eyes"),
                "",
                rich!(page, "repo-pulls-event-request-removed", who = who, reviewer = reviewer, time = time),
            )
        }
        ThreadEventKind::ReviewDismissed => (icon!("cross"), "", dismissed(page, event, &who, &time)),
        ThreadEventKind::HeadDeleted => {
            let branch = branch("branch");
            (
                icon!("trash"),
                "",
                rich!(page, "repo-pulls-event-head-deleted", who = who, branch = branch, time = time),
            )
        }
        ThreadEventKind::HeadRestored => {
            let branch = branch("branch");
            (
                icon!("branch"),
                "",
                rich!(page, "repo-pulls-event-head-restored", who = who, branch = branch, time = time),
            )
        }
        ThreadEventKind::AutoMergeEnabled => {
            (icon!("clock"), "waiting", rich!(page, "repo-pulls-event-auto", who = who, time = time))
        }
        ThreadEventKind::AutoMergeDisabled => (icon!("clock"), "", auto_merge_off(page, event, &who, &time)),
        // The pages of all threads draw the others.
        ThreadEventKind::Renamed
        | ThreadEventKind::Labeled
        | ThreadEventKind::Unlabeled
        | ThreadEventKind::Assigned
        | ThreadEventKind::Unassigned
        | ThreadEventKind::Referenced
        | ThreadEventKind::CommentDeleted
        | ThreadEventKind::Locked
        | ThreadEventKind::Unlocked
        | ThreadEventKind::Milestoned
        | ThreadEventKind::Demilestoned
        | ThreadEventKind::DueChanged
        | ThreadEventKind::Pinned
        | ThreadEventKind::Unpinned
        | ThreadEventKind::BlockerAdded
        | ThreadEventKind::BlockerRemoved
        | ThreadEventKind::BlockedAdded
        | ThreadEventKind::BlockedRemoved
        | ThreadEventKind::ClosingHeldBack => (Html::default(), "", Html::default()),
    };
    Line::Event { icon, kind, sentence }
}

fn number_of(event: &ThreadEvent, field: &str) -> u64 {
    event.data.get(field).and_then(serde_json::Value::as_u64).unwrap_or_default()
}

fn is_forced(event: &ThreadEvent) -> bool {
    event.data.get("is_forced").and_then(serde_json::Value::as_bool).unwrap_or_default()
}

/// A commit's id, shortened, leading to it.
fn commit(visit: &RepositoryVisit, id: &str) -> Html {
    let short: String = id.chars().take(10).collect();
    Html::trusted(format!("<a href=\"{}\">{}</a>", Html::text(&visit.urls.commit(id)), Html::code(&short)))
}

fn merged(page: &Page, visit: &RepositoryVisit, event: &ThreadEvent, who: &Html, time: &Html) -> Html {
    let id = event.text("commit");
    let base = event.text("base");
    let base = Html::link(&visit.urls.source(&Revision::Branch(base.to_owned()), ""), base);
    let is_manual = event.text("method").parse() == Ok(MergedAs::ManuallyMerged);
    match (id.is_empty(), is_manual) {
        (true, _) => rich!(page, "repo-pulls-event-merged-into", who = who, base = base, time = time),
        (false, true) => {
            let commit = commit(visit, id);
            rich!(page, "repo-pulls-event-merged-by-push", commit = commit, base = base, time = time)
        }
        (false, false) => {
            let commit = commit(visit, id);
            rich!(page, "repo-pulls-event-merged", who = who, commit = commit, base = base, time = time)
        }
    }
}

/// A new version. After a forced push, the reader is led to what changed between the two.
fn pushed(
    page: &Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    event: &ThreadEvent,
    who: &Html,
    time: &Html,
) -> Html {
    let version = number_of(event, "version");
    let files = visit.urls.pull_part(number, "files");
    if is_forced(event) {
        let (old, new) = (commit(visit, event.text("old_head")), commit(visit, event.text("head")));
        let since = format!("{files}?version={version}&since={}", version.saturating_sub(1));
        let changes = Html::link(&since, t!(page, "repo-pulls-event-changes"));
        return rich!(
            page,
            "repo-pulls-event-forced",
            who = who,
            old = old,
            new = new,
            changes = changes,
            version = version,
            time = time
        );
    }
    let since = format!("{files}?version={version}&since={}", version.saturating_sub(1));
    let count = number_of(event, "commits");
    let pushed = Html::link(&since, &t!(page, "repo-pulls-event-commits", count = count));
    rich!(page, "repo-pulls-event-pushed", who = who, commits = pushed, version = version, time = time)
}

/// A person or a team: teams have no page that everybody may see.
fn reviewer(event: &ThreadEvent) -> Html {
    let name = event.text("name");
    let is_team = event.data.get("is_team").and_then(serde_json::Value::as_bool).unwrap_or_default();
    if is_team { Html::strong(name) } else { Html::link(&hearth_core::urls::user(name), name) }
}

/// Nobody asks the owners of code: the file that names them does.
fn requested(page: &Page, event: &ThreadEvent, who: &Html, time: &Html) -> Html {
    let reviewer = reviewer(event);
    let is_by_code_owners = event.data.get("is_by_code_owners").and_then(serde_json::Value::as_bool);
    if is_by_code_owners.unwrap_or_default() {
        rich!(page, "repo-pulls-event-requested-owner", reviewer = reviewer, time = time)
    } else {
        rich!(page, "repo-pulls-event-requested", who = who, reviewer = reviewer, time = time)
    }
}

fn dismissed(page: &Page, event: &ThreadEvent, who: &Html, time: &Html) -> Html {
    let author = event.text("author");
    let author = Html::link(&hearth_core::urls::user(author), author);
    match event.text("reason") {
        "" => rich!(page, "repo-pulls-event-dismissed", who = who, author = author, time = time),
        reason => {
            rich!(
                page,
                "repo-pulls-event-dismissed-because",
                who = who,
                author = author,
                reason = reason,
                time = time
            )
        }
    }
}

fn auto_merge_off(page: &Page, event: &ThreadEvent, who: &Html, time: &Html) -> Html {
    match event.text("reason") {
        "pushed" => rich!(page, "repo-pulls-event-auto-pushed", time = time),
        "base-changed" => rich!(page, "repo-pulls-event-auto-base", time = time),
        "conflicts" => rich!(page, "repo-pulls-event-auto-conflicts", time = time),
        "not-allowed" => rich!(page, "repo-pulls-event-auto-not-allowed", time = time),
        _ => rich!(page, "repo-pulls-event-auto-off", who = who, time = time),
    }
}
