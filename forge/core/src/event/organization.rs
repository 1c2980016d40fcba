use crate::{Roles, UserName, Visibility};

kinds! {
    /// What happens to organisations. Names are as they were at that time.
    pub enum OrganizationEvent {
        Created = "organization.created" { organization: UserName },
        /// Its profile or visibility was edited; carries the visibility afterwards.
        Edited = "organization.edited" { organization: UserName, visibility: Visibility },
        Renamed = "organization.renamed" { from: UserName, to: UserName },
        Deleted = "organization.deleted" { organization: UserName },
        /// One of the labels that its repositories begin with.
        LabelCreated = "organization.label_created" { organization: UserName, label: String },
        LabelEdited = "organization.label_edited" { organization: UserName, label: String },
        LabelDeleted = "organization.label_deleted" { organization: UserName, label: String },
        TeamCreated = "team.created" { organization: UserName, team: String, roles: Roles },
        TeamEdited = "team.edited" { organization: UserName, team: String, roles: Roles },
        TeamDeleted = "team.deleted" { organization: UserName, team: String },
        /// A team was given access to a repository.
        TeamRepositoryAdded = "team.repository_added" { organization: UserName, team: String, repository: String },
        TeamRepositoryRemoved = "team.repository_removed" { organization: UserName, team: String, repository: String },
        MemberAdded = "member.added" { organization: UserName, team: String, user: UserName },
        /// From one team; leaving the last team means leaving the organisation.
        MemberRemoved = "member.removed" { organization: UserName, team: String, user: UserName },
        /// A user by name; none: somebody by e-mail.
        Invited = "invitation.made" { organization: UserName, team: String, user: Option<UserName> },
        InvitationWithdrawn = "invitation.withdrawn" { organization: UserName },
        InvitationDeclined = "invitation.declined" { organization: UserName },
    }
}
