//! Addresses of issues, of threads of any kind, and of what they are organised by.

use std::borrow::Borrow;

use super::{RepositoryUrls, segment};
use crate::{CommentId, LabelId, MilestoneId, ThreadKind, ThreadNumber};

impl RepositoryUrls {
    pub fn issues(&self) -> String {
        format!("{}/issues", self.0)
    }

    pub fn issue_new(&self) -> String {
        format!("{}/issues/new", self.0)
    }

    pub fn issue(&self, number: impl Borrow<ThreadNumber>) -> String {
        format!("{}/issues/{}", self.0, number.borrow())
    }

    /// The list of issues matching a query.
    pub fn issues_matching(&self, query: &str) -> String {
        format!("{}/issues?q={}", self.0, segment(query))
    }

    /// An action on an issue: `edit`, `comments`, `labels`, `assignees`, `reactions`, `lock`, `subscription`.
    pub fn issue_part(&self, number: impl Borrow<ThreadNumber>, part: &str) -> String {
        format!("{}/issues/{}/{part}", self.0, number.borrow())
    }

    /// A comment, in place under its issue. The id is also in the query, because the fragment never reaches
    /// the server, which has to know which part of a long discussion to show.
    pub fn comment(&self, number: impl Borrow<ThreadNumber>, id: impl Borrow<CommentId>) -> String {
        let (number, id) = (number.borrow(), id.borrow());
        format!("{}/issues/{number}?comment={id}#issuecomment-{id}", self.0)
    }

    /// A comment's URL in Gitea's form, for programs that compare it with what they know; pages use
    /// [`Self::comment`].
    pub fn comment_mark(&self, number: impl Borrow<ThreadNumber>, id: impl Borrow<CommentId>) -> String {
        format!("{}#issuecomment-{}", self.issue(number), id.borrow())
    }

    /// An action on a comment: `edit`, `delete`, `reactions`.
    pub fn comment_part(&self, id: impl Borrow<CommentId>, part: &str) -> String {
        format!("{}/issues/comments/{}/{part}", self.0, id.borrow())
    }

    /// A thread, where its kind has its pages.
    pub fn thread(&self, kind: impl Borrow<ThreadKind>, number: impl Borrow<ThreadNumber>) -> String {
        format!("{}/{}/{}", self.0, threads(*kind.borrow()), number.borrow())
    }

    /// An action on a thread: `edit`, `comments`, `labels`, …
    pub fn thread_part(
        &self,
        kind: impl Borrow<ThreadKind>,
        number: impl Borrow<ThreadNumber>,
        part: &str,
    ) -> String {
        format!("{}/{part}", self.thread(kind, number))
    }

    /// A comment, in place under its thread; see [`Self::comment`].
    pub fn thread_comment(
        &self,
        kind: impl Borrow<ThreadKind>,
        number: impl Borrow<ThreadNumber>,
        id: impl Borrow<CommentId>,
    ) -> String {
        let id = id.borrow();
        format!("{}?comment={id}#issuecomment-{id}", self.thread(kind, number))
    }

    /// An action on a comment under a thread of this kind: `edit`, `delete`, `reactions`.
    pub fn thread_comment_part(
        &self,
        kind: impl Borrow<ThreadKind>,
        id: impl Borrow<CommentId>,
        part: &str,
    ) -> String {
        format!("{}/{}/comments/{}/{part}", self.0, threads(*kind.borrow()), id.borrow())
    }

    /// Where one chooses what to write a new issue from.
    pub fn issue_choose(&self) -> String {
        format!("{}/issues/new/choose", self.0)
    }

    /// A new issue from the template in this file.
    pub fn issue_new_from(&self, file: &str) -> String {
        format!("{}/issues/new?template={}", self.0, segment(file))
    }

    /// The list of threads of a kind.
    pub fn threads(&self, kind: impl Borrow<ThreadKind>) -> String {
        format!("{}/{}", self.0, threads(*kind.borrow()))
    }

    /// The same with a query.
    pub fn threads_matching(&self, kind: impl Borrow<ThreadKind>, query: &str) -> String {
        format!("{}?q={}", self.threads(kind), segment(query))
    }

    /// An action on that list: `bulk`, `queries`.
    pub fn threads_part(&self, kind: impl Borrow<ThreadKind>, part: &str) -> String {
        format!("{}/{part}", self.threads(kind))
    }

    pub fn milestones(&self) -> String {
        format!("{}/milestones", self.0)
    }

    pub fn milestone_new(&self) -> String {
        format!("{}/milestones/new", self.0)
    }

    pub fn milestone(&self, id: impl Borrow<MilestoneId>) -> String {
        format!("{}/milestone/{}", self.0, id.borrow())
    }

    /// A page or an action of a milestone: `edit`, `state`, `delete`.
    pub fn milestone_part(&self, id: impl Borrow<MilestoneId>, part: &str) -> String {
        format!("{}/milestones/{}/{part}", self.0, id.borrow())
    }

    pub fn label(&self, id: impl Borrow<LabelId>) -> String {
        format!("{}/labels/{}", self.0, id.borrow())
    }

    pub fn labels(&self) -> String {
        format!("{}/labels", self.0)
    }
}

/// The folder of addresses of one kind of thread.
const fn threads(kind: ThreadKind) -> &'static str {
    match kind {
        ThreadKind::Issue => "issues",
        ThreadKind::PullRequest => "pulls",
    }
}
