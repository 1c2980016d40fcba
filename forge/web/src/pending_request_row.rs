//! Requests that await somebody's answer: to join organisations, and to take over repositories.

use hearth_app::{
    App,
    organization::invitation::{self, Invitation},
    repository::transfer::{self, Transfer},
};
use hearth_core::{Error, Timestamp, UserName, urls};

use crate::{Page, words::Html};

/// What `components/asked.html` draws.
#[derive(Clone, Debug)]
pub struct PendingRequestRow {
    pub icon: Html,
    pub sentence: Html,
    /// Where to accept and where to decline.
    pub accept: String,
    pub decline: String,
    pub asked_at: Timestamp,
    pub expires_at: Option<Timestamp>,
}

/// Everything that awaits the reader's answer, invitations first.
pub async fn list(app: &App, page: &Page) -> Result<Vec<PendingRequestRow>, Error> {
    let invitations = invitation::list_mine(app, &page.actor).await?;
    let transfers = transfer::list_mine(app, &page.actor).await?;
    let mut rows: Vec<_> = invitations.iter().map(|invitation| of_invitation(page, invitation)).collect();
    rows.extend(transfers.iter().map(|transfer| of_transfer(page, transfer)));
    Ok(rows)
}

/// Who made the request; "somebody" when the account no longer exists.
pub fn requester(page: &Page, name: Option<&UserName>) -> Html {
    name.map_or_else(|| Html::text(t!(page, "activity-somebody")), |name| page.person(name.as_str()))
}

/// The organisation and team that somebody is invited to, and by whom.
pub fn invitation_sentence(page: &Page, invitation: &Invitation) -> Html {
    let who = requester(page, invitation.invited_by.as_ref());
    let name = invitation.organization.as_str();
    let organization = Html::link(&urls::user(name), name);
    let team = Html::strong(&invitation.team);
    rich!(page, "invitations-list-joining", who = who, organization = organization, team = team)
}

fn of_invitation(page: &Page, invitation: &Invitation) -> PendingRequestRow {
    PendingRequestRow {
        icon: icon!("users"),
        sentence: invitation_sentence(page, invitation),
        accept: urls::invitation_answer(invitation.id, "accept"),
        decline: urls::invitation_answer(invitation.id, "decline"),
        asked_at: invitation.created_at,
        expires_at: Some(invitation.expires_at),
    }
}

pub fn of_transfer(page: &Page, transfer: &Transfer) -> PendingRequestRow {
    let who = requester(page, transfer.asked_by.as_ref());
    let (owner, name) = (transfer.owner.as_str(), transfer.repository.as_str());
    let address = urls::repository(transfer.repository_kind, owner, name);
    let repository = Html::link(&address, &format!("{owner}/{name}"));
    let owner = Html::strong(transfer.new_owner.as_str());
    PendingRequestRow {
        icon: icon!("repository"),
        sentence: rich!(page, "invitations-list-transfer", who = who, repository = repository, owner = owner),
        accept: urls::transfer_answer(transfer.repository_id, "accept"),
        decline: urls::transfer_answer(transfer.repository_id, "decline"),
        asked_at: transfer.created_at,
        expires_at: None,
    }
}
