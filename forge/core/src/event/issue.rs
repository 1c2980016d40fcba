use crate::{CommentId, IssueNumber};

kinds! {
    /// What happens in issues.
    pub enum IssueEvent {
        Opened = "issue.opened" { number: IssueNumber, title: String },
        Closed = "issue.closed" { number: IssueNumber, title: String },
        Reopened = "issue.reopened" { number: IssueNumber, title: String },
        Commented = "issue.commented" { number: IssueNumber, title: String, comment: CommentId },
    }
}
