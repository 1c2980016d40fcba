//! What keeps a pull request from being merged, in plain sentences, with what to do next.

use hearth_app::{review::Obstacle, thread::dependency::LinkedThread};
use hearth_core::{ThreadKind, ThreadNumber, UserName, urls::RepositoryUrls};

use crate::{Page, words::Html};

/// One line of the box at the end of a pull request.
pub(crate) struct ObstacleLine {
    /// `bad`, `waiting` or `still`, as in the timeline.
    pub(crate) kind: &'static str,
    pub(crate) icon: Html,
    pub(crate) sentence: Html,
    /// What to do about it.
    pub(crate) next: Option<Html>,
}

/// The most names or paths of one sentence.
const MOST_NAMED: usize = 6;

impl ObstacleLine {
    fn new(kind: &'static str, sentence: Html, next: Option<Html>) -> Self {
        let icon = match kind {
            "bad" => icon!("state-bad"),
            "waiting" => icon!("state-waiting"),
            _ => icon!("state-stopped"),
        };
        Self { kind, icon, sentence, next }
    }

    fn plain(kind: &'static str, sentence: &str, next: &str) -> Self {
        let next = (!next.is_empty()).then(|| Html::text(next));
        Self::new(kind, Html::text(sentence), next)
    }
}

/// The line for an obstacle of the pull request with this number.
pub(crate) fn line(
    page: &Page,
    urls: &RepositoryUrls,
    number: ThreadNumber,
    obstacle: &Obstacle,
) -> ObstacleLine {
    match obstacle {
        Obstacle::Closed => ObstacleLine::plain("still", t!(page, "repo-pulls-obstacle-closed"), ""),
        Obstacle::Draft => ObstacleLine::plain(
            "still",
            t!(page, "repo-pulls-obstacle-draft"),
            t!(page, "repo-pulls-obstacle-draft-next"),
        ),
        Obstacle::Checking => ObstacleLine::plain(
            "waiting",
            t!(page, "repo-pulls-obstacle-checking"),
            t!(page, "repo-pulls-obstacle-checking-next"),
        ),
        Obstacle::CheckFailed => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-check-failed"),
            t!(page, "repo-pulls-obstacle-check-failed-next"),
        ),
        Obstacle::Conflicts => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-conflicts"),
            t!(page, "repo-pulls-obstacle-conflicts-next"),
        ),
        Obstacle::NothingToMerge => ObstacleLine::plain(
            "still",
            t!(page, "repo-pulls-obstacle-nothing"),
            t!(page, "repo-pulls-obstacle-nothing-next"),
        ),
        Obstacle::BaseGone => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-base-gone"),
            t!(page, "repo-pulls-obstacle-base-gone-next"),
        ),
        Obstacle::HeadGone => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-gone"),
            t!(page, "repo-pulls-obstacle-gone-next"),
        ),
        Obstacle::MissingApprovals { have, need, uncounted } => approvals(page, (*have, *need), uncounted),
        Obstacle::ChangesRequested { by } => changes_requested(page, by),
        Obstacle::CodeOwnersMissing { owners, paths, unknown } => code_owners(page, owners, paths, unknown),
        Obstacle::ChecksMissing { contexts } => checks(page, urls, number, "waiting", contexts),
        Obstacle::ChecksFailed { contexts } => checks(page, urls, number, "bad", contexts),
        Obstacle::Behind => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-behind"),
            t!(page, "repo-pulls-obstacle-behind-next"),
        ),
        Obstacle::UnresolvedThreads { count } => ObstacleLine::plain(
            "bad",
            &t!(page, "repo-pulls-obstacle-threads", count = *count),
            t!(page, "repo-pulls-obstacle-threads-next"),
        ),
        Obstacle::NotAllowed => ObstacleLine::plain(
            "still",
            t!(page, "repo-pulls-obstacle-not-allowed"),
            t!(page, "repo-pulls-obstacle-not-allowed-next"),
        ),
        Obstacle::MethodNotAllowed => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-method"),
            t!(page, "repo-pulls-obstacle-method-next"),
        ),
        Obstacle::Unsigned => ObstacleLine::plain(
            "bad",
            t!(page, "repo-pulls-obstacle-unsigned"),
            t!(page, "repo-pulls-obstacle-unsigned-next"),
        ),
        Obstacle::Blocked { by } => blocked(page, by),
        Obstacle::StackedBelow { number: below } => {
            let link = Html::link(&urls.pull(*below), &format!("#{below}"));
            let sentence = rich!(page, "repo-pulls-obstacle-stacked", below = link);
            let next = Html::text(t!(page, "repo-pulls-obstacle-stacked-next"));
            ObstacleLine::new("waiting", sentence, Some(next))
        }
    }
}

fn approvals(page: &Page, (have, need): (u32, u32), uncounted: &[UserName]) -> ObstacleLine {
    let sentence = t!(page, "repo-pulls-obstacle-approvals", have = have, need = need);
    if uncounted.is_empty() {
        return ObstacleLine::plain("waiting", &sentence, t!(page, "repo-pulls-obstacle-approvals-next"));
    }
    let names = joined(uncounted.iter().map(person));
    let next = rich!(page, "repo-pulls-obstacle-approvals-own", names = names);
    ObstacleLine::new("waiting", Html::text(&sentence), Some(next))
}

fn blocked(page: &Page, by: &[LinkedThread]) -> ObstacleLine {
    let link = |thread: &LinkedThread| {
        let urls =
            RepositoryUrls::new(thread.repository_kind, thread.owner.as_str(), thread.repository.as_str());
        let address = match thread.kind {
            ThreadKind::Issue => urls.issue(thread.number),
            ThreadKind::PullRequest => urls.pull(thread.number),
        };
        Html::link(&address, &format!("{}/{}#{}", thread.owner, thread.repository, thread.number))
    };
    let sentence = rich!(page, "repo-pulls-obstacle-blocked", threads = joined(by.iter().map(link)));
    ObstacleLine::new("waiting", sentence, Some(Html::text(t!(page, "repo-pulls-obstacle-blocked-next"))))
}

fn person(name: &UserName) -> Html {
    Html::link(&hearth_core::urls::user(name.as_str()), name.as_str())
}

fn changes_requested(page: &Page, by: &[UserName]) -> ObstacleLine {
    let names = joined(by.iter().map(person));
    let sentence = rich!(page, "repo-pulls-obstacle-changes", names = names);
    ObstacleLine::new("bad", sentence, Some(Html::text(t!(page, "repo-pulls-obstacle-changes-next"))))
}

fn code_owners(page: &Page, owners: &[String], paths: &[String], unknown: &[String]) -> ObstacleLine {
    let owners = joined(owners.iter().map(|owner| Html::strong(owner)));
    let paths = joined(paths.iter().map(|path| Html::code(path)));
    let sentence = rich!(page, "repo-pulls-obstacle-owners", owners = owners);
    if unknown.is_empty() {
        let next = rich!(page, "repo-pulls-obstacle-owners-next", paths = paths);
        return ObstacleLine::new("waiting", sentence, Some(next));
    }
    let unknown = joined(unknown.iter().map(|owner| Html::strong(owner)));
    let next = rich!(page, "repo-pulls-obstacle-owners-unknown", paths = paths, unknown = unknown);
    ObstacleLine::new("bad", sentence, Some(next))
}

fn checks(
    page: &Page,
    urls: &RepositoryUrls,
    number: ThreadNumber,
    kind: &'static str,
    contexts: &[String],
) -> ObstacleLine {
    let names = joined(contexts.iter().map(|context| Html::code(context)));
    let sentence = if kind == "bad" {
        rich!(page, "repo-pulls-obstacle-checks-failed", names = names)
    } else {
        rich!(page, "repo-pulls-obstacle-checks-missing", names = names)
    };
    let link = Html::link(&urls.pull_part(number, "checks"), t!(page, "repo-pulls-obstacle-checks-next"));
    ObstacleLine::new(kind, sentence, Some(link))
}

/// Names beside each other; what is too much is left out with dots.
fn joined(names: impl ExactSizeIterator<Item = Html>) -> Html {
    let is_cut = names.len() > MOST_NAMED;
    let mut text = names.take(MOST_NAMED).map(|name| name.to_string()).collect::<Vec<_>>().join(", ");
    if is_cut {
        text.push_str(", …");
    }
    Html::trusted(text)
}
