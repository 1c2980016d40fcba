use crate::MilestoneId;

kinds! {
    /// What happens to the milestones of a repository.
    pub enum MilestoneEvent {
        Created = "milestone.created" { milestone: MilestoneId, title: String },
        Edited = "milestone.edited" { milestone: MilestoneId, title: String },
        Closed = "milestone.closed" { milestone: MilestoneId, title: String },
        Reopened = "milestone.reopened" { milestone: MilestoneId, title: String },
        Deleted = "milestone.deleted" { milestone: MilestoneId, title: String },
    }
}
