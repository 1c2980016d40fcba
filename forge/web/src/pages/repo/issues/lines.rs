//! The timeline of an issue: comments, events between them, and references to it.

use std::collections::HashMap;

use hearth_app::{
    App, comment,
    issue::Issue,
    markdown,
    thread::{
        Entry, MOST_ENTRIES, ThreadEvent, ThreadReference, Timeline,
        reaction::{self, Count},
    },
};
use hearth_core::{CommentId, LockReason, Permission, ThreadEventKind, ThreadNumber, urls::RepositoryUrls};

use super::show::{edit_link, may_participate};
use crate::{Failure, Page, pages::repo::RepositoryVisit, prose::prose, reactions, words::Html};

/// One line of the timeline, drawn.
pub(super) enum Line {
    Comment { id: CommentId, author: String, head: Html, actions: Html, body: Html, below: Html },
    Event { icon: Html, kind: &'static str, sentence: Html },
}

/// An issue's text and its timeline, drawn.
pub(super) struct Drawn {
    pub(super) body: Html,
    /// The reactions to the issue's own text.
    pub(super) below: Html,
    pub(super) lines: Vec<Line>,
}

/// Texts of one page, in bytes; longer comments are shown on their own page.
const MOST_DRAWN_BYTES: usize = 1 << 20;

/// The issue's own text and its timeline, with links to what is left out.
pub(super) async fn draw(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    issue: &Issue,
    timeline: &Timeline,
) -> Result<Drawn, Failure> {
    let mut room = MOST_DRAWN_BYTES.saturating_sub(issue.body.len());
    let (mut texts, mut comments) = (vec![issue.body.as_str()], Vec::new());
    let entries = timeline.slices.iter().flat_map(|slice| &slice.entries);
    for entry in entries {
        if let Entry::Comment(said) = entry {
            let fits = said.body.len() <= room;
            texts.push(if fits { said.body.as_str() } else { "" });
            room -= if fits { said.body.len() } else { 0 };
            comments.push(said.id);
        }
    }
    let drawn = markdown::comments(app, &visit.access, page.language, &texts).await?;
    let mut counts = reaction::counts(app, &visit.access, issue, &comments).await?;
    let can_react = may_participate(visit, issue);
    let mut bodies =
        texts.iter().zip(&drawn).map(|(text, html)| (!text.is_empty()).then(|| prose(page.words(), html)));
    let body = bodies.next().flatten().unwrap_or_default();
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let (mut lines, mut shown) = (Vec::new(), 0);
    for slice in &timeline.slices {
        lines.extend(gap(page, visit, issue.number, shown, slice.skipped));
        for entry in &slice.entries {
            lines.push(match entry {
                Entry::Comment(said) => {
                    let can_change = can_write || viewer == Some(said.author_id);
                    let body = bodies.next().flatten().unwrap_or_else(|| long(page, visit, said));
                    let below = draw_reactions(
                        page,
                        &mut counts,
                        Some(said.id),
                        can_react.then(|| visit.urls.comment_part(said.id, "reactions")).as_deref(),
                    );
                    comment_line(page, visit, said, can_change, (body, below))
                }
                Entry::Event(event) => event_line(page, visit, event),
                Entry::Reference(reference) => reference_line(page, visit, reference),
            });
        }
        shown = slice.skipped + slice.entries.len() as u64;
    }
    lines.extend(gap(page, visit, issue.number, shown, timeline.total));
    let own = can_react.then(|| visit.urls.issue_part(issue.number, "reactions"));
    Ok(Drawn { body, below: draw_reactions(page, &mut counts, None, own.as_deref()), lines })
}

/// The reactions to one text.
fn draw_reactions(
    page: &Page,
    counts: &mut HashMap<Option<CommentId>, Vec<Count>>,
    under: Option<CommentId>,
    action: Option<&str>,
) -> Html {
    let counts = counts.remove(&under).unwrap_or_default();
    reactions::draw(page, &counts, action)
}

/// A link in place of the hidden entries from `from` to `to`.
fn gap(page: &Page, visit: &RepositoryVisit, number: ThreadNumber, from: u64, to: u64) -> Option<Line> {
    let count = to.checked_sub(from).filter(|count| *count > 0)?;
    // Entries before the first part are revealed from its end, the others from their beginning.
    let after = if from == 0 { to.saturating_sub(MOST_ENTRIES) } else { from };
    let address = format!("{}?after={after}", visit.urls.issue(number));
    let sentence = Html::link(&address, &t!(page, "repo-issues-show-more", count = count));
    Some(Line::Event { icon: Html::trusted(icon!("comment").to_string()), kind: "", sentence })
}

/// In place of a text for which the page has no room.
fn long(page: &Page, visit: &RepositoryVisit, said: &comment::Comment) -> Html {
    let link =
        Html::link(&visit.urls.comment(said.thread_number, said.id), t!(page, "repo-issues-show-long-link"));
    rich!(page, "repo-issues-show-long", link = link)
}

fn comment_line(
    page: &Page,
    visit: &RepositoryVisit,
    said: &comment::Comment,
    can_change: bool,
    (body, below): (Html, Html),
) -> Line {
    let author = Html::link(&hearth_core::urls::user(said.author.as_str()), said.author.as_str());
    let time = Html::trusted(format!(
        "<a class=\"muted\" href=\"{}\">{}</a>",
        Html::text(&visit.urls.comment(said.thread_number, said.id)),
        page.time(said.created_at)
    ));
    let head = if said.is_edited() {
        rich!(page, "repo-issues-show-said-edited", author = author, time = time)
    } else {
        rich!(page, "repo-issues-show-said", author = author, time = time)
    };
    let actions =
        if can_change { edit_link(page, &visit.urls.comment_part(said.id, "edit")) } else { Html::default() };
    Line::Comment { id: said.id, author: said.author.to_string(), head, actions, body, below }
}

fn event_line(page: &Page, visit: &RepositoryVisit, event: &ThreadEvent) -> Line {
    let who = match &event.actor {
        Some(name) => Html::link(&hearth_core::urls::user(name.as_str()), name.as_str()),
        None => Html::text(t!(page, "repo-issues-show-somebody")),
    };
    let time = page.time(event.created_at);
    let label = || {
        let color = event.text("color");
        let is_color = color.len() == 6 && color.bytes().all(|byte| byte.is_ascii_hexdigit());
        let color = if is_color { color } else { "888888" };
        Html::trusted(format!(
            "<span class=\"chip\"><svg class=\"dot\" viewBox=\"0 0 10 10\" aria-hidden=\"true\">\
             <circle cx=\"5\" cy=\"5\" r=\"5\" fill=\"#{color}\"/></svg>{}</span>",
            Html::text(event.text("name"))
        ))
    };
    let person = || {
        let name = event.text("name");
        Html::link(&hearth_core::urls::user(name), name)
    };
    let (icon, kind, sentence) = match event.kind {
        ThreadEventKind::Closed => {
            (icon!("issue-closed"), "still", rich!(page, "repo-issues-show-closed", who = who, time = time))
        }
        ThreadEventKind::Reopened => {
            (icon!("issue-open"), "good", rich!(page, "repo-issues-show-reopened", who = who, time = time))
        }
        ThreadEventKind::Renamed => {
            let (from, to) =
                (Html::trusted(format!("<del>{}</del>", Html::text(event.text("from")))), event.text("to"));
            let to = Html::strong(to);
            (
                icon!("edit"),
                "",
                rich!(page, "repo-issues-show-renamed", who = who, from = from, to = to, time = time),
            )
        }
        ThreadEventKind::Labeled => (
            icon!("tag"),
            "",
            rich!(page, "repo-issues-show-labeled", who = who, label = label(), time = time),
        ),
        ThreadEventKind::Unlabeled => (
            icon!("tag"),
            "",
            rich!(page, "repo-issues-show-unlabeled", who = who, label = label(), time = time),
        ),
        ThreadEventKind::Assigned => (
            icon!("user"),
            "",
            rich!(page, "repo-issues-show-assigned", who = who, person = person(), time = time),
        ),
        ThreadEventKind::Unassigned => (
            icon!("user"),
            "",
            rich!(page, "repo-issues-show-unassigned", who = who, person = person(), time = time),
        ),
        ThreadEventKind::Referenced => {
            let number = event.data.get("number").and_then(serde_json::Value::as_i64).unwrap_or_default();
            let text = format!("{} #{number}", event.text("title"));
            let link = Html::link(&visit.urls.issue(ThreadNumber(number)), &text);
            (
                icon!("link"),
                "",
                rich!(page, "repo-issues-show-referenced", who = who, issue = link, time = time),
            )
        }
        ThreadEventKind::CommentDeleted => {
            let person = person();
            (
                icon!("trash"),
                "",
                rich!(page, "repo-issues-show-comment-deleted", who = who, person = person, time = time),
            )
        }
        ThreadEventKind::Locked => match LockReason::read(event.text("reason")) {
            Some(reason) => {
                let reason = lock_word(page, reason);
                (
                    icon!("lock"),
                    "",
                    rich!(page, "repo-issues-show-locked-because", who = who, reason = reason, time = time),
                )
            }
            None => (icon!("lock"), "", rich!(page, "repo-issues-show-locked", who = who, time = time)),
        },
        ThreadEventKind::Unlocked => {
            (icon!("unlock"), "", rich!(page, "repo-issues-show-unlocked", who = who, time = time))
        }
    };
    Line::Event { icon: Html::trusted(icon.to_string()), kind, sentence }
}

/// Why an issue was locked, in words.
pub(super) fn lock_word(page: &Page, reason: LockReason) -> &'static str {
    match reason {
        LockReason::OffTopic => t!(page, "repo-issues-lock-off-topic"),
        LockReason::TooHeated => t!(page, "repo-issues-lock-too-heated"),
        LockReason::Resolved => t!(page, "repo-issues-lock-resolved"),
        LockReason::Spam => t!(page, "repo-issues-lock-spam"),
    }
}

/// A reference to the issue from elsewhere.
fn reference_line(page: &Page, visit: &RepositoryVisit, reference: &ThreadReference) -> Line {
    let who = match &reference.actor {
        Some(name) => Html::link(&hearth_core::urls::user(name.as_str()), name.as_str()),
        None => Html::text(t!(page, "repo-issues-show-somebody")),
    };
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
            let address = match reference.comment_id {
                Some(comment) => urls.comment(number, comment),
                None => urls.issue(number),
            };
            Html::link(&address, &format!("{title} {place}#{number}"))
        }
        (None, None) => Html::text(&place),
    };
    let icon = if reference.commit.is_some() { icon!("commit") } else { icon!("link") };
    let sentence = rich!(page, "repo-issues-show-referenced", who = who, issue = link, time = time);
    Line::Event { icon, kind: "", sentence }
}
