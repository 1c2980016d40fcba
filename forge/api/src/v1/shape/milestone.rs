use hearth_app::milestone::Milestone as Row;
use hearth_core::{MilestoneState, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

/// A milestone.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Milestone {
    id: i64,
    title: String,
    description: String,
    #[schema(value_type = String)]
    state: MilestoneState,
    open_issues: i64,
    closed_issues: i64,
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
    #[schema(value_type = String, format = DateTime)]
    updated_at: Timestamp,
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<Timestamp>,
    #[schema(value_type = Option<String>, format = DateTime)]
    due_on: Option<Timestamp>,
}

impl Milestone {
    pub(crate) fn new(row: &Row) -> Self {
        Self {
            id: row.id.0,
            title: row.title.clone(),
            description: row.description.clone(),
            state: row.state,
            open_issues: row.open_threads,
            closed_issues: row.closed_threads,
            created_at: row.created_at,
            updated_at: row.updated_at,
            closed_at: row.closed_at,
            due_on: row.due_at,
        }
    }
}
