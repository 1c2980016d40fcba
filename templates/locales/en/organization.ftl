### Pages of organisations.

organization-badge = Organisation
organization-tab-people = People
organization-tab-repositories = Repositories

## A new one

organization-new-description = Description
organization-new-display-name = Display name
organization-new-display-name-help = In any script. Shown instead of the name.
organization-new-lead = Members of an organisation share repositories. Teams decide who can do what.
organization-new-location = Location
organization-new-name = Name
organization-new-name-help = Letters, digits, “-”, “_” and “.”. Part of the address of everything the organisation owns.
organization-new-private-help = Visible to members only. All its repositories are private.
organization-new-public-help = Visible to everyone. Each repository has its own visibility.
organization-new-submit = Create organisation
organization-new-title = New organisation
organization-new-visibility = Visibility
organization-new-website = Website

## People

organization-people-hidden = Membership hidden
organization-people-hide = Hide my membership
organization-people-invitations = Pending invitations
organization-people-invite = Invite member
organization-people-leave = Leave this organisation
organization-people-leave-loss = You lose the permissions of its teams. An owner can invite you again.
organization-people-leave-name = Leave { $name }
organization-people-letter = People without an account receive a sign-up link by email.
organization-people-name = Username
organization-people-name-or-email = Username or email
organization-people-no-mail = This site cannot send email, so only people with an account can be invited.
organization-people-owner = Owner
organization-people-public = Membership public
organization-people-public-only = Only public members are shown.
organization-people-publish = Make my membership public
organization-people-remove = Remove
organization-people-remove-name = Remove { $name }
organization-people-remove-loss = They leave all teams of the organisation and lose the access that those gave.
organization-people-since = Joined { $time }
organization-people-team = Team
organization-people-withdraw = Withdraw

## Settings

organization-settings-confirm = Type { $name } to confirm
organization-settings-delete = Delete this organisation
organization-settings-delete-list = View its repositories
organization-settings-delete-loss = Its teams and invitations are permanently deleted, and its name becomes available to others.
organization-settings-delete-owns = { $count ->
    [one] It still owns { $count } repository. Transfer or delete it first:
   *[other] It still owns { $count } repositories. Transfer or delete them first:
}
organization-settings-pin = Position { $place }
organization-settings-pins = Save pinned repositories
organization-settings-pins-help = Name of a repository of this organisation. Write models/name for a model and datasets/name for a dataset.
organization-settings-rename = Rename
organization-settings-rename-loss = The addresses of all its repositories change. Old addresses redirect until someone else takes the name.
organization-settings-save = Save
organization-settings-visibility = Change visibility

## Profile

organization-show-about = About
organization-show-empty = No repositories to show
organization-show-empty-next = Create one, or transfer one from its settings.
organization-show-people-hidden = No public members
organization-show-pinned = Pinned
organization-show-since = Created { $time }
organization-show-people-hidden-next = Members decide themselves whether their membership is public.
