use hearth_core::{OrganizationId, RepositoryId, Result};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, organization::label};

/// Adds the labels of an organisation to its repositories that do not have them: each run looks at a few repositories, and enqueues
/// the next.
#[derive(Debug, Serialize, Deserialize)]
pub struct AddOrganizationLabels {
    pub organization_id: OrganizationId,
    /// The repository that was looked at last.
    after: RepositoryId,
}

impl AddOrganizationLabels {
    /// To all repositories, from the first on.
    pub const fn of(organization_id: OrganizationId) -> Self {
        Self { organization_id, after: RepositoryId(0) }
    }
}

impl Job for AddOrganizationLabels {
    const NAME: &'static str = "add_organization_labels";
    const QUEUE: Queue = Queue::Housekeeping;

    /// One that begins again is not merged into one that is on its way: what was added since is to reach all of them.
    fn dedupe_key(&self) -> Option<String> {
        Some(format!("{}:{}", self.organization_id, self.after))
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let mut operation = app.begin().await?;
        if let Some(after) = label::add_to_next(app, &mut operation, self.organization_id, self.after).await?
        {
            operation.enqueue(&Self { after, ..self }).await?;
        }
        Ok(Ran::Keep(operation))
    }
}
