use hearth_core::Result;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, user};

/// Writes to the owner of an account that a new password was asked for. Whether there is such an account is found out here, so that
/// asking takes the same time either way.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendReset {
    /// The name or the address, as it was typed.
    pub login: String,
}

impl Job for SendReset {
    const NAME: &'static str = "send_reset";
    const QUEUE: Queue = Queue::Mail;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.login.clone())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        user::send_reset(app, &self.login).await?;
        Ok(Ran::Done)
    }
}
