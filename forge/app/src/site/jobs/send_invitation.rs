use hearth_core::{Email, Language, Result, UserId};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, invite};

/// Creates an invitation and sends it to somebody without an account.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendInvitation {
    pub to: Email,
    pub by: UserId,
    /// The inviter's language.
    pub language: Language,
}

impl Job for SendInvitation {
    const NAME: &'static str = "send_invitation";
    const QUEUE: Queue = Queue::Mail;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.to.to_string())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        invite::deliver(app, &self).await?;
        Ok(Ran::Done)
    }
}
