//! The discussion of a thread, with what stands beside it: the same for issues and pull requests.

use std::collections::HashMap;

use hearth_app::{
    App,
    label::{self, Label},
    milestone::{self, Milestone, MilestoneFilter, MilestoneSort},
    thread::{self, Part, Thread, subscription},
};
use hearth_core::{
    Error, LockReason, MilestoneState, PageRequest, Permission, ReviewId, SubscriptionReason,
    SubscriptionState,
};
use serde::Deserialize;

use super::{Choice, Drawn, Line, Organised, draw, label_choices, lock_word};
use crate::{
    Failure, Mistakes, Page,
    repo::{RepositoryVisit, pulls::reviews::ReviewView},
    words::Html,
};

/// What `components/thread.html` draws.
pub(crate) struct Discussion {
    pub(crate) thread: Thread,
    pub(crate) body: Html,
    pub(crate) below: Html,
    pub(crate) labels: Vec<Label>,
    pub(crate) assignees: Vec<String>,
    pub(crate) entries: Vec<Line>,
    pub(crate) label_choices: Vec<Choice>,
    /// What it is to be done for.
    pub(crate) milestone: Option<Milestone>,
    pub(crate) organised: Organised,
    /// The open milestones, for those who may choose one.
    pub(crate) milestones: Vec<Choice>,
    pub(crate) people: Vec<Choice>,
    pub(crate) can_write: bool,
    /// May edit the thread, close and reopen it.
    pub(crate) can_change: bool,
    /// May comment: anyone signed in, but only writers while the discussion is locked.
    pub(crate) can_comment: bool,
    /// Why it is locked; empty when no reason was given.
    pub(crate) lock_reason: &'static str,
    pub(crate) follows: Follows,
    pub(crate) comment_draft: CommentDraft,
    /// The mistakes of the forms in the sidebar.
    pub(crate) rail_mistakes: Mistakes,
}

/// The input of the comment form, when it is shown again.
#[derive(Debug, Default)]
pub(crate) struct CommentDraft {
    pub(crate) draft: String,
    pub(crate) mistakes: Mistakes,
}

/// Whether the viewer follows the thread, and why.
pub(crate) struct Follows {
    pub(crate) is_watching: bool,
    pub(crate) sentence: &'static str,
}

/// Which part of a long discussion to show.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct DiscussionQuery {
    /// Starts after this many entries.
    after: String,
    /// Starts with this comment.
    comment: String,
    /// Starts with this review of a pull request.
    review: String,
}

impl DiscussionQuery {
    /// Unreadable values show both ends.
    pub(crate) fn part(&self) -> Part {
        let comment = self.comment.parse().ok().map(Part::From);
        let review = || self.review.parse().ok().map(Part::FromReview);
        let after = || self.after.parse().ok().map(Part::After);
        comment.or_else(review).or_else(after).unwrap_or_default()
    }
}

impl Discussion {
    /// Reads it; `about` are the labels and the people of the thread, and whether it is open.
    pub(crate) async fn read(
        app: &App,
        page: &Page,
        visit: &RepositoryVisit,
        thread: &Thread,
        (labels, assignees, is_open): (Vec<Label>, Vec<String>, bool),
        part: Part,
        reviews: HashMap<ReviewId, ReviewView>,
    ) -> Result<Self, Failure> {
        let timeline = thread::timeline(app, &visit.access, thread, part).await?;
        let Drawn { body, below, lines } = draw(app, page, visit, thread, &timeline, reviews).await?;
        let viewer = visit.access.actor().user_id();
        let can_write = viewer.is_some() && visit.access.can(Permission::Write);
        let (mut choices, mut people, mut milestones) = (Vec::new(), Vec::new(), Vec::new());
        let own = milestone::of_threads(app, &visit.access, &[thread.id]).await?;
        if can_write {
            let is_on = |label: &Label| labels.iter().any(|held| held.id == label.id);
            choices = label_choices(label::list(app, &visit.access).await?, is_on);
            let candidates = thread::candidates(app, &visit.access).await?;
            let mut names: Vec<String> = candidates.into_iter().map(String::from).collect();
            names.extend(assignees.iter().filter(|name| !names.contains(name)).cloned().collect::<Vec<_>>());
            people = names
                .into_iter()
                .map(|name| Choice::plain(name.clone(), assignees.contains(&name)))
                .collect();
            milestones = open_milestones(app, visit, thread).await?;
        }
        Ok(Self {
            body,
            below,
            entries: lines,
            label_choices: choices,
            milestone: own.into_iter().map(|(_, milestone)| milestone).next(),
            organised: Organised::read(app, page, visit, thread, is_open).await?,
            milestones,
            people,
            can_write,
            can_change: can_write
                || (viewer == Some(thread.author_id) && !visit.access.repository().is_archived()),
            can_comment: may_participate(visit, thread),
            lock_reason: thread.lock_reason.map(|reason| lock_word(page, reason)).unwrap_or_default(),
            follows: follows(app, page, visit, thread).await?,
            comment_draft: CommentDraft::default(),
            rail_mistakes: Mistakes::none(),
            labels,
            assignees,
            thread: thread.clone(),
        })
    }

    /// The same with what was typed and what was wrong with it.
    pub(crate) fn again(self, comment_draft: CommentDraft, rail_mistakes: Mistakes) -> Self {
        Self { comment_draft, rail_mistakes, ..self }
    }

    /// Whether nothing is wrong with what was typed.
    pub(crate) fn is_good(&self) -> bool {
        self.comment_draft.mistakes.is_empty() && self.rail_mistakes.is_empty()
    }

    pub(crate) fn opened(&self, page: &Page) -> Html {
        let name = self.thread.author.as_str();
        let author = Html::link(&hearth_core::urls::user(name), name);
        rich!(page, "repo-issues-show-opened", author = author, time = page.time(self.thread.created_at))
    }

    /// The reasons to lock it: value and label.
    #[expect(clippy::unused_self, reason = "templates call methods of what they have")]
    pub(crate) fn lock_reasons(&self, page: &Page) -> Vec<(LockReason, &'static str)> {
        LockReason::ALL.iter().map(|&reason| (reason, lock_word(page, reason))).collect()
    }
}

/// The most milestones to choose from.
const MOST_MILESTONES: u32 = 50;

/// What may be chosen as a milestone, what is due first at the top.
pub(crate) async fn offered_milestones(app: &App, visit: &RepositoryVisit) -> Result<Vec<Milestone>, Error> {
    let filter = MilestoneFilter { state: Some(MilestoneState::Open), ..MilestoneFilter::default() };
    let request = PageRequest::new(1, MOST_MILESTONES);
    Ok(milestone::list(app, &visit.access, &filter, MilestoneSort::DueFirst, request).await?.items)
}

async fn open_milestones(app: &App, visit: &RepositoryVisit, thread: &Thread) -> Result<Vec<Choice>, Error> {
    let choice = |milestone: Milestone| Choice {
        is_on: thread.milestone_id == Some(milestone.id),
        value: milestone.id.to_string(),
        text: milestone.title,
        color: String::new(),
    };
    Ok(offered_milestones(app, visit).await?.into_iter().map(choice).collect())
}

/// A pencil that leads to a form.
pub(crate) fn edit_link(page: &Page, address: &str) -> Html {
    Html::trusted(format!(
        "<a class=\"icon-button\" href=\"{}\" title=\"{}\" aria-label=\"{}\">{}</a>",
        Html::text(address),
        t!(page, "repo-issues-show-edit"),
        t!(page, "repo-issues-show-edit"),
        icon!("edit")
    ))
}

/// Whether the viewer may comment and react.
pub(crate) fn may_participate(visit: &RepositoryVisit, thread: &Thread) -> bool {
    let is_signed_in = visit.access.actor().user_id().is_some();
    let is_archived = visit.access.repository().is_archived();
    is_signed_in && !is_archived && (!thread.is_locked() || visit.access.can(Permission::Write))
}

async fn follows(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    thread: &Thread,
) -> Result<Follows, Failure> {
    let found = subscription::find(app, &visit.access, thread).await?;
    let is_watching = found.as_ref().is_some_and(|found| found.state == SubscriptionState::Watching);
    let sentence = match found {
        Some(found) if is_watching => match found.reason {
            SubscriptionReason::Author => t!(page, "repo-issues-follow-author"),
            SubscriptionReason::Commented => t!(page, "repo-issues-follow-commented"),
            SubscriptionReason::Assigned => t!(page, "repo-issues-follow-assigned"),
            SubscriptionReason::Mentioned => t!(page, "repo-issues-follow-mentioned"),
            SubscriptionReason::ReviewRequested => t!(page, "repo-issues-follow-review-requested"),
            SubscriptionReason::Manual => t!(page, "repo-issues-follow-manual"),
        },
        _ => t!(page, "repo-issues-follow-not"),
    };
    Ok(Follows { is_watching, sentence })
}
