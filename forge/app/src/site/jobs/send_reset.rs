use hearth_core::Result;
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, user};

/// Sends a password reset email to the owner of an account. Whether the account exists is only checked here,
/// so that the request takes the same time either way.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendReset {
    /// The name or the email address, as typed.
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
