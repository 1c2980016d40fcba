### Pages of organisations.

organization-badge = Organisation
organization-tab-people = People
organization-tab-repositories = Repositories

## A new one

organization-new-description = Description
organization-new-display-name = Display name
organization-new-display-name-help = Any script; shown instead of the name.
organization-new-lead = Members of an organisation share repositories; teams decide who can do what in which of them.
organization-new-location = Location
organization-new-name = Name
organization-new-name-help = Letters, digits, “-”, “_” and “.”. It appears in the address of everything the organisation owns.
organization-new-private-help = Only members can see it, and all its repositories are private.
organization-new-public-help = Everybody can see it; each repository has its own visibility.
organization-new-submit = Create organisation
organization-new-title = New organisation
organization-new-visibility = Visibility
organization-new-website = Website

## People

organization-people-hidden = Hidden membership
organization-people-hide = Hide my membership
organization-people-invitations = Pending invitations
organization-people-invite = Invite a member
organization-people-leave = Leave this organisation
organization-people-leave-loss = You lose the permissions its teams gave you. An owner can invite you again.
organization-people-leave-name = Leave { $name }
organization-people-letter = An e-mail address receives an invitation link for one person.
organization-people-name = Username
organization-people-name-or-email = Username or e-mail address
organization-people-no-mail = This site cannot send e-mail, so only people with an account here can be invited.
organization-people-owner = Owner
organization-people-public = Public membership
organization-people-public-only = These members have made their membership public.
organization-people-publish = Make my membership public
organization-people-remove = Remove
organization-people-remove-name = Remove { $name }
organization-people-since = joined { $time }
organization-people-team = Team
organization-people-withdraw = Withdraw

## Settings

organization-settings-confirm = Type { $name } to confirm
organization-settings-delete = Delete this organisation
organization-settings-delete-list = View all its repositories
organization-settings-delete-loss = Its teams and invitations are deleted for good, and its name becomes available to others.
organization-settings-delete-owns = { $count ->
    [one] It still owns a repository. Transfer or delete it first:
   *[other] It still owns { $count } repositories. Transfer or delete them first:
}
organization-settings-pin = Position { $place }
organization-settings-pins = Save pinned repositories
organization-settings-pins-help = Name of a repository of this organisation; models/name for a model, datasets/name for a dataset.
organization-settings-rename = Rename
organization-settings-rename-loss = The addresses of all its repositories change. The old ones redirect until someone else takes the name.
organization-settings-save = Save
organization-settings-visibility = Change visibility

## Profile

organization-show-about = About
organization-show-empty = No visible repositories
organization-show-empty-next = Create one, or transfer one here from its settings.
organization-show-people-hidden = No public members.
organization-show-pinned = Pinned
organization-show-since = created { $time }
