//! What surrounds every page of one pull request: title, state, branches, whose turn it is, and the tabs.

use hearth_app::{
    App, access, commit_status,
    pull_request::{self, Head, PullRequest, PullRequestCard},
    review,
};
use hearth_core::{
    Error, PullRequestState, ThreadNumber, Unit,
    urls::{RepositoryUrls, Revision},
};

use super::turn;
use crate::{Page, RepositoryHead, repo::RepositoryVisit, words::Html};

/// A tab of a pull request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    Conversation,
    Commits,
    Files,
    Checks,
}

/// What `layout/pull.html` shows; a page of a pull request has it as its field `frame`.
pub(crate) struct PullFrame {
    pub(crate) card: PullRequestCard,
    pub(crate) part: Part,
    /// Commits of the newest version.
    pub(crate) commits: u64,
    /// What was reported about the newest version.
    pub(crate) checks: u64,
    /// Whose turn it is; none where nobody has to do anything.
    pub(crate) turn: Option<Html>,
    urls: RepositoryUrls,
}

/// The frame, and the head of its repository.
pub(crate) struct Framed {
    pub(crate) head: RepositoryHead,
    pub(crate) frame: PullFrame,
}

/// A branch: its name to copy, what stands before it, and a link where there is something to follow.
pub(crate) struct BranchLink {
    /// `owner/name:` for a branch of another repository.
    pub(crate) prefix: String,
    pub(crate) name: String,
    pub(crate) address: Option<String>,
}

/// Reads what surrounds a part.
pub(crate) async fn frame(
    app: &App,
    page: &Page,
    visit: &RepositoryVisit,
    number: ThreadNumber,
    part: Part,
) -> Result<Framed, Error> {
    let card = pull_request::find(app, &visit.access, number).await?;
    let head = visit.head(app, &super::SECTION).await?;
    let versions = pull_request::versions(app, &visit.access, number).await?;
    let commits = versions.last().map_or(0, |version| u64::try_from(version.commits).unwrap_or(0));
    let checks = match access::if_seen(visit.access.enter_unit(Unit::Code))? {
        Some(code) => {
            commit_status::latest(app, &code, &[card.pull_request.head_id.as_str()]).await?.len() as u64
        }
        None => 0,
    };
    let turn = review::turn(app, &visit.access, number).await?;
    let turn = turn::sentence(page, &turn, card.pull_request.author.as_str());
    Ok(Framed { head, frame: PullFrame { card, part, commits, checks, turn, urls: visit.urls.clone() } })
}

impl PullFrame {
    pub(crate) fn pull(&self) -> &PullRequest {
        &self.card.pull_request
    }

    pub(crate) fn is(&self, part: Part) -> bool {
        self.part == part
    }

    pub(crate) fn address(&self) -> String {
        self.urls.pull(self.pull().number)
    }

    /// How many comments there are, for the tab of the conversation.
    pub(crate) fn comments(&self) -> u64 {
        u64::try_from(self.pull().comments).unwrap_or(0)
    }

    /// A tab, or an action: `commits`, `files`, `merge`, …
    pub(crate) fn link(&self, part: &str) -> String {
        self.urls.pull_part(self.pull().number, part)
    }

    pub(crate) fn base(&self) -> BranchLink {
        let name = self.pull().base_branch.clone();
        let address = self.urls.source(&Revision::Branch(name.clone()), "");
        BranchLink { prefix: String::new(), address: Some(address), name }
    }

    pub(crate) fn head(&self) -> BranchLink {
        head_link(&self.urls, &self.card.head, self.pull().is_open())
    }

    /// Who wants to merge, or has merged, without the branches: they stand beside it, to be copied.
    pub(crate) fn sentence(&self, page: &Page) -> Html {
        let pull = self.pull();
        let author = Html::link(&hearth_core::urls::user(pull.author.as_str()), pull.author.as_str());
        match (pull.state, pull.merged_at) {
            (PullRequestState::Merged, Some(at)) => match &pull.merged_by_name {
                Some(name) => {
                    let who = Html::link(&hearth_core::urls::user(name.as_str()), name.as_str());
                    rich!(page, "repo-pulls-frame-merged", who = who, time = page.time(at))
                }
                None => rich!(page, "repo-pulls-frame-merged-by-push", time = page.time(at)),
            },
            (PullRequestState::Open | PullRequestState::Closed | PullRequestState::Merged, _) => {
                rich!(page, "repo-pulls-frame-wants", author = author, count = self.commits)
            }
        }
    }
}

/// The branch that asks to be merged. Of a fork that the reader may not see, only the branch is named. The branch of
/// what is merged or closed is usually gone.
fn head_link(urls: &RepositoryUrls, head: &Head, is_open: bool) -> BranchLink {
    let name = head.branch.clone();
    let Some(own) = &head.repository else {
        return BranchLink { prefix: String::new(), name, address: None };
    };
    let (owner, repository) = (own.owner.as_str(), own.name.as_str());
    let prefix = if head.is_same_repository { String::new() } else { format!("{owner}/{repository}:") };
    let urls =
        if head.is_same_repository { urls.clone() } else { RepositoryUrls::new(own.kind, owner, repository) };
    let address = is_open.then(|| urls.source(&Revision::Branch(name.clone()), ""));
    BranchLink { prefix, name, address }
}
