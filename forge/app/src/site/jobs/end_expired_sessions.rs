use hearth_core::Result;
use hearth_store::session;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::App;

/// Deletes expired sessions.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndExpiredSessions {}

impl Job for EndExpiredSessions {
    const NAME: &'static str = "end_expired_sessions";
    const QUEUE: Queue = Queue::Housekeeping;

    fn dedupe_key(&self) -> Option<String> {
        Some(String::new())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        let mut operation = app.begin().await?;
        session::delete_expired(&mut operation, app.now()).await?;
        Ok(Ran::Keep(operation))
    }
}
