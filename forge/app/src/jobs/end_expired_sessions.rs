use hearth_core::Result;
use hearth_store::session;
use serde::{Deserialize, Serialize};

use super::Job;
use crate::App;

/// Removes sessions that nobody used for long.
#[derive(Debug, Serialize, Deserialize)]
pub struct EndExpiredSessions {}

impl Job for EndExpiredSessions {
    const NAME: &'static str = "end_expired_sessions";

    fn dedupe_key(&self) -> Option<String> {
        Some(String::new())
    }

    async fn run(self, app: &App) -> Result<()> {
        let mut writer = app.store().write().await?;
        session::delete_expired(&mut writer, app.now()).await?;
        writer.commit().await?;
        Ok(())
    }
}
