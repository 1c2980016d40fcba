use hearth_core::{Error, Result, UserName};
use hearth_store::user;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{Actor, App, image::smoke};

/// Launches smoke tests of images, on behalf of an administrator.
#[derive(Debug, Serialize, Deserialize)]
pub struct TestImages {
    pub by: UserName,
    /// Only this image.
    pub image: Option<String>,
}

impl Job for TestImages {
    const NAME: &'static str = "test_images";
    const QUEUE: Queue = Queue::Housekeeping;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.image.clone().unwrap_or_default())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let found = user::find_by_name(&mut app.store().read().await?, self.by.as_str()).await?;
        // An account that was deleted, blocked or is no longer an administrator tests nothing.
        let Some(admin) = found.filter(|user| user.is_admin && !user.is_blocked) else {
            return Ok(Ran::Done);
        };
        let scheduled = match smoke::test(app, &Actor::person(admin), self.image.as_deref()).await {
            Err(Error::NotFound(_)) => return Ok(Ran::Done),
            other => other?,
        };
        for (image, cards) in &scheduled.left_out {
            tracing::info!(image, cards, "no smoke task could be launched");
        }
        tracing::info!(tasks = scheduled.tasks.len(), "smoke tasks of images are under way");
        Ok(Ran::Done)
    }
}
