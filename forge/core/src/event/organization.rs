use crate::{Roles, UserName, Visibility};

kinds! {
    /// What happens to organisations. Names are those of that time.
    pub enum OrganizationEvent {
        Created = "organization.created" { organization: UserName },
        /// What it says of itself, and who sees it; the value afterwards.
        Edited = "organization.edited" { organization: UserName, visibility: Visibility },
        Renamed = "organization.renamed" { from: UserName, to: UserName },
        Deleted = "organization.deleted" { organization: UserName },
        TeamCreated = "team.created" { organization: UserName, team: String, roles: Roles },
        TeamEdited = "team.edited" { organization: UserName, team: String, roles: Roles },
        TeamDeleted = "team.deleted" { organization: UserName, team: String },
        /// A team may work in one more repository.
        TeamRepositoryAdded = "team.repository_added" { organization: UserName, team: String, repository: String },
        TeamRepositoryRemoved = "team.repository_removed" { organization: UserName, team: String, repository: String },
        MemberAdded = "member.added" { organization: UserName, team: String, user: UserName },
        /// From one team, or with the last one from the organisation.
        MemberRemoved = "member.removed" { organization: UserName, team: String, user: UserName },
        /// By name; none: by a letter.
        Invited = "invitation.made" { organization: UserName, team: String, user: Option<UserName> },
        InvitationWithdrawn = "invitation.withdrawn" { organization: UserName },
        InvitationDeclined = "invitation.declined" { organization: UserName },
    }
}
