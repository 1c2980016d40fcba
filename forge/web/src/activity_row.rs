//! A line of a feed: who did what, and where.

use hearth_app::activity::{Activity, Feed};
use hearth_core::{
    EventId, ReviewVerdict, TaskId, TaskState, ThreadKind, ThreadNumber,
    event::{
        Event, IssueEvent, ModelEvent, PullRequestEvent, PushEvent, ReleaseEvent, RepositoryEvent, TaskEvent,
    },
    urls::{self, RepositoryUrls, Revision},
};

use crate::{Page, words::Html};

/// How many commit titles are shown per push.
const MOST_TITLES: usize = 3;

/// What `components/activity.html` draws.
#[derive(Clone, Debug)]
pub struct ActivityRow {
    pub icon: Html,
    /// Colours the icon: `good`, `bad`, `still` or empty.
    pub kind: &'static str,
    pub sentence: Html,
    /// Titles of commits.
    pub titles: Vec<String>,
    /// Where it happened; empty on the repository's own page.
    pub place: Html,
    pub time: Html,
}

/// A page of a feed.
#[derive(Clone, Debug)]
pub struct ActivityList {
    pub rows: Vec<ActivityRow>,
    /// The address of the page with older rows.
    pub older: Option<String>,
}

impl ActivityList {
    /// `address` is that of the page; the position in the feed is appended to it.
    pub fn new(page: &Page, feed: &Feed, address: &str, is_placed: bool) -> Self {
        let separator = if address.contains('?') { '&' } else { '?' };
        let older = feed.older.map(|before| format!("{address}{separator}before={before}"));
        Self { rows: feed.lines.iter().filter_map(|line| row(page, line, is_placed)).collect(), older }
    }
}

/// The position in a feed from a query string; `None` unless it is a number.
pub fn before(text: &str) -> Option<EventId> {
    text.parse().ok()
}

fn row(page: &Page, line: &Activity, is_placed: bool) -> Option<ActivityRow> {
    let repository = RepositoryUrls::new(line.repository_kind, &line.owner, &line.repository);
    let who = match &line.actor {
        Some(name) => page.person(name),
        None => Html::text(t!(page, "activity-somebody")),
    };
    let (icon, kind, sentence) = match &line.event {
        Event::Repository(RepositoryEvent::Created { .. }) => {
            (icon!("repository"), "", rich!(page, "activity-repository-created", who = who))
        }
        Event::Push(pushed) => push(page, &who, pushed, &repository)?,
        Event::Issue(event) => issue(page, &who, event, &repository)?,
        Event::PullRequest(event) => pull_request(page, &who, event, &repository)?,
        Event::Task(event) => task(page, &who, event)?,
        Event::Model(ModelEvent::Published { version, .. }) => {
            let version = Html::link(&repository.source(&Revision::Tag(version.clone()), ""), version);
            (icon!("model"), "good", rich!(page, "activity-model-published", who = who, version = version))
        }
        Event::Release(ReleaseEvent::Published { tag, title, .. }) => {
            let shown = if title.is_empty() { tag } else { title };
            let release = Html::link(&repository.release(tag), shown);
            (icon!("tag"), "good", rich!(page, "activity-release-published", who = who, release = release))
        }
        Event::Account(_)
        | Event::Release(_)
        | Event::Organization(_)
        | Event::Repository(_)
        | Event::BranchRule(_)
        | Event::Milestone(_) => return None,
    };
    let titles = match &line.event {
        Event::Push(PushEvent::Pushed { titles, .. }) => titles.iter().take(MOST_TITLES).cloned().collect(),
        _ => Vec::new(),
    };
    let place = if is_placed {
        Html::link(repository.home(), &format!("{}/{}", line.owner, line.repository))
    } else {
        Html::default()
    };
    Some(ActivityRow { icon, kind, sentence, titles, place, time: page.time(line.at) })
}

type RowParts = (Html, &'static str, Html);

/// `None` for a ref that is neither a branch nor a tag.
fn push(page: &Page, who: &Html, event: &PushEvent, repository: &RepositoryUrls) -> Option<RowParts> {
    let PushEvent::Pushed { ref_name, old, new, commits, .. } = event;
    if let Some(tag) = ref_name.strip_prefix("refs/tags/") {
        let link = Html::link(&repository.source(&Revision::Tag(tag.to_owned()), ""), tag);
        return Some(if new.is_empty() {
            (icon!("tag"), "still", rich!(page, "activity-tag-deleted", who = who, tag = Html::strong(tag)))
        } else {
            (icon!("tag"), "", rich!(page, "activity-tag-created", who = who, tag = link))
        });
    }
    let branch = ref_name.strip_prefix("refs/heads/")?;
    let link = Html::link(&repository.source(&Revision::Branch(branch.to_owned()), ""), branch);
    Some(if new.is_empty() {
        let branch = Html::strong(branch);
        (icon!("branch"), "still", rich!(page, "activity-branch-deleted", who = who, branch = branch))
    } else if old.is_empty() && *commits == 0 {
        (icon!("branch"), "", rich!(page, "activity-branch-created", who = who, branch = link))
    } else {
        (icon!("commit"), "", rich!(page, "activity-pushed", who = who, branch = link, count = *commits))
    })
}

/// `None` for events that only the issue's own page shows.
fn issue(page: &Page, who: &Html, event: &IssueEvent, repository: &RepositoryUrls) -> Option<RowParts> {
    let link = |number: ThreadNumber, title: &str| {
        Html::link(&repository.issue(number), &format!("#{number} {title}"))
    };
    Some(match event {
        IssueEvent::Opened { number, title } => {
            let issue = link(*number, title);
            (icon!("issue-open"), "good", rich!(page, "activity-issue-opened", who = who, issue = issue))
        }
        IssueEvent::Closed { number, title } => {
            let issue = link(*number, title);
            (icon!("issue-closed"), "still", rich!(page, "activity-issue-closed", who = who, issue = issue))
        }
        IssueEvent::Reopened { number, title } => {
            let issue = link(*number, title);
            (icon!("issue-open"), "good", rich!(page, "activity-issue-reopened", who = who, issue = issue))
        }
        IssueEvent::Commented { number, title, comment } => {
            let text = format!("#{number} {title}");
            let issue = Html::link(&repository.comment(*number, *comment), &text);
            (icon!("comment"), "", rich!(page, "activity-issue-commented", who = who, issue = issue))
        }
        _ => return None,
    })
}

/// `None` for events that only the pull request's own page shows.
fn pull_request(
    page: &Page,
    who: &Html,
    event: &PullRequestEvent,
    repository: &RepositoryUrls,
) -> Option<RowParts> {
    let link = |number: ThreadNumber, title: &str| {
        Html::link(&repository.pull(number), &format!("#{number} {title}"))
    };
    Some(match event {
        PullRequestEvent::Opened { number, title } => {
            let pull = link(*number, title);
            (icon!("branch"), "good", rich!(page, "activity-pull-opened", who = who, pull = pull))
        }
        PullRequestEvent::Closed { number, title } => {
            let pull = link(*number, title);
            (icon!("cross"), "bad", rich!(page, "activity-pull-closed", who = who, pull = pull))
        }
        PullRequestEvent::Reopened { number, title } => {
            let pull = link(*number, title);
            (icon!("branch"), "good", rich!(page, "activity-pull-reopened", who = who, pull = pull))
        }
        PullRequestEvent::Merged { number, title, base, .. } => {
            let (pull, base) = (link(*number, title), Html::strong(base));
            (
                icon!("check"),
                "good",
                rich!(page, "activity-pull-merged", who = who, pull = pull, branch = base),
            )
        }
        PullRequestEvent::Commented { number, title, comment } => {
            let address = repository.thread_comment(ThreadKind::PullRequest, *number, *comment);
            let pull = Html::link(&address, &format!("#{number} {title}"));
            (icon!("comment"), "", rich!(page, "activity-pull-commented", who = who, pull = pull))
        }
        PullRequestEvent::Reviewed { number, title, verdict, .. } => {
            let pull = link(*number, title);
            match verdict {
                ReviewVerdict::Approve => {
                    (icon!("check"), "good", rich!(page, "activity-pull-approved", who = who, pull = pull))
                }
                ReviewVerdict::RequestChanges => {
                    (icon!("edit"), "bad", rich!(page, "activity-pull-refused", who = who, pull = pull))
                }
                ReviewVerdict::Comment => {
                    (icon!("comment"), "", rich!(page, "activity-pull-reviewed", who = who, pull = pull))
                }
            }
        }
        _ => return None,
    })
}

/// `None` for steps that the feed leaves out.
fn task(page: &Page, who: &Html, event: &TaskEvent) -> Option<RowParts> {
    let link = |task: TaskId, name: &str| Html::link(&urls::task(task), name);
    Some(match event {
        TaskEvent::Launched { task, name, .. } => {
            let task = link(*task, name);
            (icon!("task"), "", rich!(page, "activity-task-launched", who = who, task = task))
        }
        TaskEvent::Ended { task, name, state, .. } => {
            let task = link(*task, name);
            match state {
                TaskState::Succeeded => {
                    (icon!("check"), "good", rich!(page, "activity-task-succeeded", who = who, task = task))
                }
                TaskState::Stopped => {
                    (icon!("stop"), "still", rich!(page, "activity-task-stopped", who = who, task = task))
                }
                _ => (icon!("cross"), "bad", rich!(page, "activity-task-failed", who = who, task = task)),
            }
        }
        TaskEvent::Moved { .. } | TaskEvent::Deleted { .. } => return None,
    })
}
