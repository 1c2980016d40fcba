//! Reviews in the conversation: verdict, version, text, and the threads on lines that they began.

use std::collections::HashMap;

use hearth_app::{
    App, markdown,
    pull_request::PullRequest,
    review::{self, Review},
};
use hearth_core::{ReviewId, ReviewState, ReviewVerdict, ThreadNumber};

use super::line_thread::LineThreadView;
use crate::{
    Failure, Page,
    prose::prose,
    repo::{RepositoryVisit, threads::MOST_DRAWN_BYTES},
    words::Html,
};

/// What `components/review.html` draws.
pub(crate) struct ReviewView {
    pub(crate) id: ReviewId,
    pub(crate) author: String,
    pub(crate) icon: Html,
    /// `good`, `bad` or empty.
    pub(crate) kind: &'static str,
    pub(crate) sentence: Html,
    /// Why it no longer counts, if so.
    pub(crate) note: Option<String>,
    pub(crate) body: Html,
    pub(crate) threads: Vec<LineThreadView>,
    /// Threads of earlier reviews that were answered with it: their place and where they stand.
    pub(crate) replies: Vec<(String, String)>,
    /// Where it is set aside; none: the reader may not, or it does not count anyway.
    pub(crate) dismiss_at: Option<String>,
}

/// The submitted reviews by id, with their threads.
pub(super) async fn draw(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    pull: &PullRequest,
) -> Result<HashMap<ReviewId, ReviewView>, Failure> {
    let number = pull.number;
    let may_set_aside = review::may_set_aside(&visit.access, pull);
    let reviews = review::reviews(app, &visit.access, number).await?;
    let threads = review::line_threads(app, &visit.access, number).await?;
    let mut threads = LineThreadView::draw_all(app, page, visit, number, threads).await?;
    let mut room = MOST_DRAWN_BYTES;
    let texts: Vec<&str> = reviews
        .iter()
        .map(|said| {
            let fits = said.body.len() <= room;
            room -= if fits { said.body.len() } else { 0 };
            if fits { said.body.as_str() } else { "" }
        })
        .collect();
    let bodies = markdown::comments(app, &visit.access, page.language, &texts).await?;
    let mut views = HashMap::new();
    for (said, html) in reviews.iter().zip(bodies) {
        let (own, others): (Vec<_>, Vec<_>) =
            threads.into_iter().partition(|thread| thread.review_id == said.id);
        threads = others;
        let replies = replies(said.id, &threads, views.values());
        let body = if said.body.is_empty() { Html::default() } else { prose(page.words(), &html) };
        views.insert(said.id, view(page, visit, (number, may_set_aside), said, body, (own, replies)));
    }
    Ok(views)
}

/// The threads of other reviews in which this one says something.
fn replies<'a>(
    id: ReviewId,
    undrawn: &'a [LineThreadView],
    drawn: impl Iterator<Item = &'a ReviewView>,
) -> Vec<(String, String)> {
    let threads = drawn.flat_map(|view| &view.threads).chain(undrawn);
    threads
        .filter(|thread| thread.review_id != id && thread.reviews().contains(&id))
        .map(|thread| (format!("{} · {}", thread.path, thread.lines), format!("#line-comment-{}", thread.id)))
        .collect()
}

fn view(
    page: &Page,
    visit: &RepositoryVisit,
    (number, may_set_aside): (ThreadNumber, bool),
    said: &Review,
    body: Html,
    (threads, replies): (Vec<LineThreadView>, Vec<(String, String)>),
) -> ReviewView {
    let who = Html::link(&hearth_core::urls::user(said.author.as_str()), said.author.as_str());
    let time = page.time(said.submitted_at.unwrap_or(said.created_at));
    let version = said.version;
    let (icon, kind, sentence) = match said.verdict {
        Some(ReviewVerdict::Approve) => (
            icon!("check"),
            "good",
            rich!(page, "repo-pulls-review-approved", who = who, version = version, time = time),
        ),
        Some(ReviewVerdict::RequestChanges) => (
            icon!("alert"),
            "bad",
            rich!(page, "repo-pulls-review-changes", who = who, version = version, time = time),
        ),
        Some(ReviewVerdict::Comment) | None => (
            icon!("eyes"),
            "",
            rich!(page, "repo-pulls-review-commented", who = who, version = version, time = time),
        ),
    };
    let is_dismissed = said.state == ReviewState::Dismissed;
    let note = if is_dismissed {
        Some(t!(page, "repo-pulls-review-dismissed").to_owned())
    } else {
        said.lapsed_at.map(|_| t!(page, "repo-pulls-review-lapsed", version = version))
    };
    let counts = said.verdict.is_some_and(ReviewVerdict::decides) && !is_dismissed;
    ReviewView {
        id: said.id,
        author: said.author.to_string(),
        icon,
        kind: if note.is_some() { "" } else { kind },
        sentence,
        note,
        body,
        threads,
        replies,
        dismiss_at: (counts && may_set_aside)
            .then(|| visit.urls.pull_part(number, &format!("reviews/{}/dismiss", said.id))),
    }
}
