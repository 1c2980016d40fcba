//! A thread of comments on lines, as the conversation and the files show it.

use std::collections::HashSet;

use hearth_app::{
    App, line_comment, markdown,
    review::{LineComment, LineThread},
};
use hearth_core::{LineCommentId, LineSide, Permission, ReviewId, ThreadNumber, UserId};

use crate::{
    Failure, Page,
    prose::prose,
    repo::{RepositoryVisit, threads::MOST_DRAWN_BYTES},
    words::Html,
};

/// What `components/line_thread.html` draws.
pub(crate) struct LineThreadView {
    /// The first comment of the thread.
    pub(crate) id: LineCommentId,
    /// The review that began it.
    pub(crate) review_id: ReviewId,
    pub(crate) path: String,
    /// Which lines, in words.
    pub(crate) lines: String,
    /// The place in the files of the newest version; of an outdated thread, in those of its own version.
    pub(crate) address: String,
    /// Its lines are gone in the newest version.
    pub(crate) is_outdated: bool,
    pub(crate) is_resolved: bool,
    /// The version that it was written for.
    pub(crate) version: i64,
    /// What the badge of an outdated thread says.
    pub(crate) outdated: String,
    /// What the link to its place says.
    pub(crate) see: String,
    /// Names the quoted code, for screen readers.
    pub(crate) code_label: String,
    /// Names the field for a reply.
    pub(crate) reply_label: String,
    /// The lines as they were, with their numbers.
    pub(crate) quoted: Vec<QuotedLine>,
    pub(crate) comments: Vec<LineCommentView>,
    /// Where replies and resolutions are sent; none: the reader may not.
    pub(crate) reply_to: Option<String>,
    pub(crate) resolve_at: Option<String>,
}

/// A line of the code that a comment is about, or one before it.
pub(crate) struct QuotedLine {
    pub(crate) number: u32,
    pub(crate) text: String,
    /// Whether the comment is about it.
    pub(crate) is_meant: bool,
}

/// One comment of a thread.
pub(crate) struct LineCommentView {
    pub(crate) id: LineCommentId,
    pub(crate) review_id: ReviewId,
    pub(crate) author: String,
    pub(crate) head: Html,
    pub(crate) body: Html,
    /// Whether it proposes other lines in place of those that it is on.
    pub(crate) has_suggestion: bool,
    /// Only its author sees it yet.
    pub(crate) is_pending: bool,
    /// The form that changes or deletes it.
    pub(crate) edit: Option<String>,
}

impl LineThreadView {
    /// Draws threads with the texts of all their comments.
    pub(crate) async fn draw_all(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        number: ThreadNumber,
        threads: Vec<LineThread>,
    ) -> Result<Vec<Self>, Failure> {
        let mut room = MOST_DRAWN_BYTES;
        let texts: Vec<&str> = threads
            .iter()
            .flat_map(|thread| &thread.comments)
            .map(|said| {
                let fits = said.body.len() <= room;
                room -= if fits { said.body.len() } else { 0 };
                if fits { said.body.as_str() } else { "" }
            })
            .collect();
        let drawn = markdown::comments(app, &visit.access, page.language, &texts).await?;
        let mut bodies = texts.iter().zip(drawn).map(|(text, html)| {
            if text.is_empty() {
                Html::text(t!(page, "repo-pulls-thread-long"))
            } else {
                prose(page.words(), &html)
            }
        });
        let mut views = Vec::with_capacity(threads.len());
        for thread in &threads {
            let Some(first) = thread.comments.first() else { continue };
            let drawn: Vec<Html> = bodies.by_ref().take(thread.comments.len()).collect();
            views.push(view(page, visit, number, thread, first, drawn));
        }
        Ok(views)
    }

    /// The reviews whose comments are in the thread.
    pub(crate) fn reviews(&self) -> HashSet<ReviewId> {
        self.comments.iter().map(|said| said.review_id).collect()
    }
}

fn view(
    page: &Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    thread: &LineThread,
    first: &LineComment,
    bodies: Vec<Html>,
) -> LineThreadView {
    let viewer = visit.access.actor().user_id();
    let can_write = viewer.is_some() && visit.access.can(Permission::Write);
    let place = thread.place.as_ref();
    let path = place.map_or(first.path.as_str(), |place| place.path.as_str()).to_owned();
    let (from, to) = match place {
        Some(place) => (place.first_line, place.last_line),
        None => (number_of(first.first_line), number_of(first.last_line)),
    };
    let files = visit.urls.pull_part(number, "files");
    let address = match place {
        // All changes: a reader who comes back would be shown what changed by commit, without comments.
        Some(_) => format!("{files}?since=0#line-comment-{}", first.id),
        None => format!("{files}?version={}#line-comment-{}", first.version, first.id),
    };
    let comment_part = |part: &str| visit.urls.line_comment_part(number, first.id, part);
    let may_resolve = can_write || viewer == Some(first.author_id);
    LineThreadView {
        id: first.id,
        review_id: first.review_id,
        outdated: t!(page, "repo-pulls-thread-outdated", version = first.version),
        see: match place {
            Some(_) => t!(page, "repo-pulls-thread-see").to_owned(),
            None => t!(page, "repo-pulls-thread-see-old", version = first.version),
        },
        code_label: t!(page, "repo-pulls-thread-code", path = path.as_str()),
        reply_label: t!(page, "repo-pulls-thread-reply-to", path = path.as_str()),
        path,
        lines: lines(page, first.side, from, to),
        address,
        is_outdated: place.is_none(),
        is_resolved: thread.is_resolved,
        version: first.version,
        quoted: quoted(thread, first),
        comments: thread
            .comments
            .iter()
            .zip(bodies)
            .map(|(said, body)| comment(page, visit, number, said, (viewer, can_write), body))
            .collect(),
        reply_to: viewer.map(|_| comment_part("reply")),
        resolve_at: (viewer.is_some() && may_resolve)
            .then(|| comment_part(if thread.is_resolved { "unresolve" } else { "resolve" })),
    }
}

fn comment(
    page: &Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    said: &LineComment,
    (viewer, can_write): (Option<UserId>, bool),
    body: Html,
) -> LineCommentView {
    let author = Html::link(&hearth_core::urls::user(said.author.as_str()), said.author.as_str());
    let time = page.time(said.created_at);
    let head = if said.edit_version > 1 {
        rich!(page, "repo-issues-show-said-edited", author = author, time = time)
    } else {
        rich!(page, "repo-issues-show-said", author = author, time = time)
    };
    let can_change = can_write || viewer == Some(said.author_id);
    LineCommentView {
        id: said.id,
        review_id: said.review_id,
        author: said.author.to_string(),
        head,
        body,
        has_suggestion: line_comment::suggestion(&said.body).is_some(),
        is_pending: said.is_pending(),
        edit: can_change.then(|| visit.urls.line_comment_part(number, said.id, "")),
    }
}

/// Which lines a comment is about, in words.
fn lines(page: &Page, side: LineSide, from: u32, to: u32) -> String {
    match (side, from == to) {
        (LineSide::New, true) => t!(page, "repo-pulls-thread-line", line = from),
        (LineSide::New, false) => t!(page, "repo-pulls-thread-lines", from = from, to = to),
        (LineSide::Old, true) => t!(page, "repo-pulls-thread-old-line", line = from),
        (LineSide::Old, false) => t!(page, "repo-pulls-thread-old-lines", from = from, to = to),
    }
}

/// The number of a line as the row has it.
fn number_of(line: i64) -> u32 {
    u32::try_from(line).unwrap_or(u32::MAX)
}

fn quoted(thread: &LineThread, first: &LineComment) -> Vec<QuotedLine> {
    let meant = number_of(first.first_line)..=number_of(first.last_line);
    let number =
        |place: usize| thread.quoted.first_line.saturating_add(u32::try_from(place).unwrap_or(u32::MAX));
    let line = |(place, text): (usize, &String)| {
        let number = number(place);
        QuotedLine { number, text: text.clone(), is_meant: meant.contains(&number) }
    };
    thread.quoted.lines.iter().enumerate().map(line).collect()
}
