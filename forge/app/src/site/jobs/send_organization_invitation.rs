use hearth_core::{InvitationId, Language, Result};
use serde::{Deserialize, Serialize};

use super::{Job, Queue, Ran};
use crate::{App, organization::invitation};

/// Sends the link of an invitation into an organisation.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendOrganizationInvitation {
    pub invitation: InvitationId,
    /// The inviter's language.
    pub language: Language,
}

impl Job for SendOrganizationInvitation {
    const NAME: &'static str = "send_joining";
    const QUEUE: Queue = Queue::Mail;

    fn dedupe_key(&self) -> Option<String> {
        Some(self.invitation.to_string())
    }

    async fn run(self, app: &App) -> Result<Ran> {
        invitation::deliver(app, &self).await?;
        Ok(Ran::Done)
    }
}
