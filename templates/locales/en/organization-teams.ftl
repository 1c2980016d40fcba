### Teams of an organisation.

organization-teams-members = { $count ->
    [one] { $count } member
   *[other] { $count } members
}
organization-teams-tab = Teams

## A change

organization-teams-edit-delete = Delete this team
organization-teams-edit-delete-loss = Its members lose what it gave them; who is in no other team leaves the organisation.
organization-teams-edit-owners = The team of the owners may do everything. Only its description can be changed.
organization-teams-edit-submit = Save

## The list

organization-teams-list-lead = A team says what its members may do, and in which repositories.

## A new one

organization-teams-new-all = All repositories
organization-teams-new-all-help = Also those that come later.
organization-teams-new-chosen = Chosen repositories
organization-teams-new-chosen-help = You choose them on the page of the team.
organization-teams-new-description = Description
organization-teams-new-may-create = May create repositories
organization-teams-new-may-create-help = Its members make repositories for the organisation, and take those that others transfer to it.
organization-teams-new-name = Name
organization-teams-new-reach = Works in
organization-teams-new-roles = Permissions
organization-teams-new-submit = Create team
organization-teams-new-title = New team

## One team

organization-teams-show-add = Add
organization-teams-show-add-member = Add a member
organization-teams-show-add-member-help = A member of the organisation is in at once. Anybody else is invited.
organization-teams-show-add-repository = Add a repository
organization-teams-show-all = Works in all repositories
organization-teams-show-chosen = Works in chosen repositories
organization-teams-show-edit = Edit team
organization-teams-show-may-create = May create repositories
organization-teams-show-members = Members
organization-teams-show-nobody = Nobody is in this team yet
organization-teams-show-nothing = This team works in no repository yet
organization-teams-show-repository = Repository
