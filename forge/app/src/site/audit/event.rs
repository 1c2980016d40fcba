//! Which events are audit entries. Whoever adds an event decides it here.

use hearth_core::{
    Error, Event, Kind, RepositoryKind, Result,
    event::{AccountEvent, BranchRuleEvent, IssueEvent, OrganizationEvent, RepositoryEvent, Subject},
    urls,
};
use hearth_store::repository::{self, Repository};

use crate::Operation;

/// A repository in the audit log: its path.
pub(crate) fn repository_path(row: &Repository) -> String {
    path(row.kind, row.owner.as_str(), row.name.as_str())
}

fn path(kind: RepositoryKind, owner: &str, name: &str) -> String {
    urls::repository(kind, owner, name).trim_start_matches('/').to_owned()
}

/// What the entry of an event is about; none: the event has no entry.
pub(super) async fn subject_of(
    operation: &mut Operation,
    subject: Subject,
    event: &Event,
) -> Result<Option<String>> {
    Ok(match event {
        Event::Account(event) => of_account(event),
        Event::Repository(RepositoryEvent::Deleted { kind, owner, name }) => {
            Some(path(*kind, owner.as_str(), name.as_str()))
        }
        Event::Repository(
            RepositoryEvent::Created { .. }
            | RepositoryEvent::Renamed { .. }
            | RepositoryEvent::TransferAsked { .. }
            | RepositoryEvent::TransferEnded { .. }
            | RepositoryEvent::Transferred { .. }
            | RepositoryEvent::Archived { .. }
            | RepositoryEvent::Unarchived { .. }
            | RepositoryEvent::DeployKeyAdded { .. }
            | RepositoryEvent::DeployKeyRemoved { .. },
        ) => Some(of_repository(operation, subject).await?),
        // What others wrote is gone with it.
        Event::Issue(IssueEvent::Deleted { number, .. }) => {
            Some(format!("{}#{number}", of_repository(operation, subject).await?))
        }
        Event::Organization(event) => of_organization(event),
        Event::BranchRule(event) => {
            Some(format!("{}:{}", of_repository(operation, subject).await?, pattern(event)))
        }
        // Changes of visibility and of collaborators are noted where they are made, with what was before. The others are what
        // people work on; nobody's rights change.
        Event::Repository(
            RepositoryEvent::Edited { .. }
            | RepositoryEvent::CollaboratorChanged { .. }
            | RepositoryEvent::CollaboratorRemoved { .. },
        )
        | Event::Push(_)
        | Event::Issue(
            IssueEvent::Opened { .. }
            | IssueEvent::Closed { .. }
            | IssueEvent::Reopened { .. }
            | IssueEvent::Commented { .. }
            | IssueEvent::Edited { .. }
            | IssueEvent::CommentEdited { .. }
            | IssueEvent::CommentDeleted { .. }
            | IssueEvent::Labeled { .. }
            | IssueEvent::Unlabeled { .. }
            | IssueEvent::Assigned { .. }
            | IssueEvent::Unassigned { .. }
            | IssueEvent::Locked { .. }
            | IssueEvent::Unlocked { .. }
            | IssueEvent::Reacted { .. }
            | IssueEvent::ReactionRemoved { .. }
            | IssueEvent::SubscriptionChanged { .. }
            | IssueEvent::Attached { .. }
            | IssueEvent::AttachmentRenamed { .. }
            | IssueEvent::AttachmentRemoved { .. }
            | IssueEvent::Milestoned { .. }
            | IssueEvent::Demilestoned { .. }
            | IssueEvent::DueChanged { .. }
            | IssueEvent::Pinned { .. }
            | IssueEvent::Unpinned { .. }
            | IssueEvent::BlockerAdded { .. }
            | IssueEvent::BlockerRemoved { .. },
        )
        | Event::PullRequest(_)
        | Event::Milestone(_)
        | Event::Release(_)
        | Event::Task(_)
        | Event::Model(_) => None,
    })
}

async fn of_repository(operation: &mut Operation, subject: Subject) -> Result<String> {
    let Subject::Repository(id) = subject else {
        return Err(Error::internal("an event of a repository is about another thing"));
    };
    let row = repository::find(operation, id).await?.ok_or(Error::NotFound(Kind::Repository))?;
    Ok(repository_path(&row))
}

fn pattern(event: &BranchRuleEvent) -> &str {
    match event {
        BranchRuleEvent::Created { pattern, .. }
        | BranchRuleEvent::Edited { pattern, .. }
        | BranchRuleEvent::Deleted { pattern, .. }
        | BranchRuleEvent::Bypassed { pattern, .. } => pattern,
    }
}

fn of_account(event: &AccountEvent) -> Option<String> {
    match event {
        AccountEvent::Created { user }
        | AccountEvent::EmailChanged { user }
        | AccountEvent::PasswordChanged { user } => Some(user.to_string()),
        AccountEvent::KeyAdded { fingerprint }
        | AccountEvent::KeyRemoved { fingerprint }
        | AccountEvent::GpgKeyAdded { fingerprint }
        | AccountEvent::GpgKeyProven { fingerprint }
        | AccountEvent::GpgKeyRemoved { fingerprint } => Some(fingerprint.clone()),
        // Noted where they are changed, with rights and scopes before and after.
        AccountEvent::Blocked { .. }
        | AccountEvent::Unblocked { .. }
        | AccountEvent::Deleted { .. }
        | AccountEvent::MadeAdministrator { .. }
        | AccountEvent::UnmadeAdministrator { .. }
        | AccountEvent::TokenCreated { .. }
        | AccountEvent::TokenDeleted { .. } => None,
    }
}

fn of_organization(event: &OrganizationEvent) -> Option<String> {
    match event {
        OrganizationEvent::Created { organization }
        | OrganizationEvent::Deleted { organization }
        | OrganizationEvent::Renamed { to: organization, .. }
        | OrganizationEvent::Invited { organization, .. }
        | OrganizationEvent::InvitationWithdrawn { organization }
        | OrganizationEvent::InvitationDeclined { organization } => Some(organization.to_string()),
        OrganizationEvent::TeamRepositoryAdded { organization, team, .. }
        | OrganizationEvent::TeamRepositoryRemoved { organization, team, .. } => {
            Some(format!("{organization}/{team}"))
        }
        OrganizationEvent::MemberAdded { organization, user, .. }
        | OrganizationEvent::MemberRemoved { organization, user, .. } => {
            Some(format!("{organization}/{user}"))
        }
        // Labels are no matter of rights. The others are noted where they are made, with everything that the visibility or the
        // team gives, before and after.
        OrganizationEvent::LabelCreated { .. }
        | OrganizationEvent::LabelEdited { .. }
        | OrganizationEvent::LabelDeleted { .. }
        | OrganizationEvent::Edited { .. }
        | OrganizationEvent::TeamCreated { .. }
        | OrganizationEvent::TeamEdited { .. }
        | OrganizationEvent::TeamDeleted { .. } => None,
    }
}
