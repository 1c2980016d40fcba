### Teams of an organisation.

organization-teams-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
organization-teams-tab = Teams

## A change

organization-teams-edit-delete = Delete this team
organization-teams-edit-delete-loss = Members lose the permissions of this team. Those in no other team leave the organisation.
organization-teams-edit-owners = The owners team has all permissions. Only its description can be changed.
organization-teams-edit-submit = Save

## The list

organization-teams-list-lead = Teams give their members permissions in some or all repositories.

## A new one

organization-teams-new-all = All repositories
organization-teams-new-all-help = Including future ones.
organization-teams-new-chosen = Selected repositories
organization-teams-new-chosen-help = Select them on the team’s page.
organization-teams-new-description = Description
organization-teams-new-may-create = Can create repositories
organization-teams-new-may-create-help = Members can create repositories in the organisation and accept transfers to it.
organization-teams-new-name = Name
organization-teams-new-reach = Repository access
organization-teams-new-roles = Permissions
organization-teams-new-submit = Create team
organization-teams-new-title = New team

## One team

organization-teams-show-add = Add
organization-teams-show-add-member = Add member
organization-teams-show-add-member-help = Members of the organisation join at once. Others receive an invitation.
organization-teams-show-add-repository = Add repository
organization-teams-show-all = Access to all repositories
organization-teams-show-chosen = Access to selected repositories
organization-teams-show-edit = Edit team
organization-teams-show-may-create = Can create repositories
organization-teams-show-members = Members
organization-teams-show-nobody = No members yet
organization-teams-show-detach-loss = The members of this team lose the access that it gave.
organization-teams-show-nothing = No repositories yet
organization-teams-show-remove-loss = They lose the permissions that this team gives. Those in no other team leave the organisation.
organization-teams-show-repository = Repository
organization-teams-show-nobody-next = Add a member by name: they get what this team may do.
organization-teams-show-nothing-next = Add a repository of the organisation, or let the team work in all of them.
