//! The timeline of a thread: comments, events between them, and references to it.

use std::collections::HashMap;

use hearth_app::{
    App, comment, markdown,
    thread::{
        Entry, MOST_ENTRIES, Thread, ThreadReference, Timeline,
        reaction::{self, Count},
    },
};
use hearth_core::{CommentId, Permission, ReviewId, ThreadEventKind, ThreadNumber};

use super::{
    discussion::{edit_link, may_participate},
    events::{event_line, reference_line},
};
use crate::{
    Failure, Page,
    prose::prose,
    reactions,
    repo::{RepositoryVisit, pulls::reviews::ReviewView},
    words::Html,
};

/// One line of the timeline, drawn.
pub(crate) enum Line {
    Comment {
        id: CommentId,
        author: String,
        head: Html,
        actions: Html,
        body: Html,
        below: Html,
    },
    Event {
        icon: Html,
        kind: &'static str,
        sentence: Html,
    },
    /// Under pull requests only.
    Review(Box<ReviewView>),
}

/// A thread's text and its timeline, drawn.
pub(crate) struct Drawn {
    pub(crate) body: Html,
    /// The reactions to the thread's own text.
    pub(crate) below: Html,
    pub(crate) lines: Vec<Line>,
}

/// Texts of one page, in bytes; longer comments are shown on their own page.
pub(crate) const MOST_DRAWN_BYTES: usize = 1 << 20;

/// The thread's own text and its timeline, with links to what is left out. `reviews` are those of a pull
/// request, drawn.
pub(crate) async fn draw(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    thread: &Thread,
    timeline: &Timeline,
    mut reviews: HashMap<ReviewId, ReviewView>,
) -> Result<Drawn, Failure> {
    let mut room = MOST_DRAWN_BYTES.saturating_sub(thread.body.len());
    let (mut texts, mut comments) = (vec![thread.body.as_str()], Vec::new());
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
    let mut counts = reaction::counts(app, &visit.access, thread, &comments).await?;
    let can_react = may_participate(visit, thread);
    let mut bodies =
        texts.iter().zip(&drawn).map(|(text, html)| (!text.is_empty()).then(|| prose(page.words(), html)));
    let body = bodies.next().flatten().unwrap_or_default();
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let (mut lines, mut shown) = (Vec::new(), 0);
    for slice in &timeline.slices {
        lines.extend(gap(page, visit, thread.number, shown, slice.skipped));
        for entry in &slice.entries {
            let line = match entry {
                Entry::Comment(said) => {
                    let can_change = can_write || viewer == Some(said.author_id);
                    let body = bodies.next().flatten().unwrap_or_else(|| long(page, visit, said));
                    let below = draw_reactions(
                        page,
                        &mut counts,
                        Some(said.id),
                        can_react.then(|| visit.comment_part(said.id, "reactions")).as_deref(),
                    );
                    Some(comment_line(page, visit, said, can_change, (body, below)))
                }
                Entry::Event(event) => Some(event_line(page, visit, thread, event)),
                // The line about the merge names its commit already.
                Entry::Reference(reference) if is_merge(timeline, reference) => None,
                Entry::Reference(reference) => Some(reference_line(page, visit, reference)),
                Entry::Review(said) => reviews.remove(&said.id).map(|review| Line::Review(Box::new(review))),
            };
            lines.extend(line);
        }
        shown = slice.skipped + slice.entries.len() as u64;
    }
    lines.extend(gap(page, visit, thread.number, shown, timeline.total));
    let own = can_react.then(|| visit.thread_part(thread.number, "reactions"));
    Ok(Drawn { body, below: draw_reactions(page, &mut counts, None, own.as_deref()), lines })
}

/// Whether a pull request is mentioned by the commit that it was merged as.
fn is_merge(timeline: &Timeline, reference: &ThreadReference) -> bool {
    let mut entries = timeline.slices.iter().flat_map(|slice| &slice.entries);
    reference.commit.as_ref().is_some_and(|commit| {
        entries.any(|entry| {
            matches!(entry, Entry::Event(event)
                if event.kind == ThreadEventKind::Merged && event.text("commit") == commit.as_str())
        })
    })
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
    let address = format!("{}?after={after}", visit.thread(number));
    let sentence = Html::link(&address, &t!(page, "repo-issues-show-more", count = count));
    Some(Line::Event { icon: Html::trusted(icon!("comment").to_string()), kind: "", sentence })
}

/// In place of a text for which the page has no room.
fn long(page: &Page, visit: &RepositoryVisit, said: &comment::Comment) -> Html {
    let link =
        Html::link(&visit.comment(said.thread_number, said.id), t!(page, "repo-issues-show-long-link"));
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
        Html::text(&visit.comment(said.thread_number, said.id)),
        page.time(said.created_at)
    ));
    let head = if said.is_edited() {
        rich!(page, "repo-issues-show-said-edited", author = author, time = time)
    } else {
        rich!(page, "repo-issues-show-said", author = author, time = time)
    };
    let actions =
        if can_change { edit_link(page, &visit.comment_part(said.id, "edit")) } else { Html::default() };
    Line::Comment { id: said.id, author: said.author.to_string(), head, actions, body, below }
}
