### Pages of organisations.

organization-badge = Organisation
organization-tab-people = People
organization-tab-repositories = Repositories

## A new one

organization-new-description = Description
organization-new-display-name = Display name
organization-new-display-name-help = Any script; shown in place of the name.
organization-new-lead = People of an organisation own repositories together; teams say who may do what in which of them.
organization-new-location = Location
organization-new-name = Name
organization-new-name-help = Letters, digits, “-”, “_” and “.”. It begins the address of everything the organisation owns.
organization-new-private-help = Only its members know of it, and all its repositories are private.
organization-new-public-help = Everybody can see it; each repository has its own visibility.
organization-new-submit = Create organisation
organization-new-title = New organisation
organization-new-visibility = Visibility
organization-new-website = Website

## People

organization-people-hidden = Hidden membership
organization-people-hide = Hide my membership
organization-people-invitations = Open invitations
organization-people-invite = Invite somebody
organization-people-leave = Leave this organisation
organization-people-leave-loss = You lose what its teams gave you. An owner can invite you again.
organization-people-leave-name = Leave { $name }
organization-people-letter = An e-mail address gets a letter with a link that lets one person in.
organization-people-name = Name of an account
organization-people-name-or-email = Name of an account, or e-mail address
organization-people-no-mail = This site sends no letters, so only people who have an account here can be invited.
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
organization-settings-delete-list = All its repositories
organization-settings-delete-loss = Its teams and invitations are gone for good, and its name is free.
organization-settings-delete-owns = { $count ->
    [one] It still owns a repository. Transfer or delete it first:
   *[other] It still owns { $count } repositories. Transfer or delete them first:
}
organization-settings-pin = Place { $place }
organization-settings-pins = Save pinned repositories
organization-settings-pins-help = A repository of this organisation: its name, or models/name and datasets/name.
organization-settings-rename = Rename
organization-settings-rename-loss = The addresses of all its repositories change. The old ones lead to the new ones until somebody takes the name.
organization-settings-save = Save
organization-settings-visibility = Change who sees it

## Profile

organization-show-about = About
organization-show-empty = No repositories to be seen
organization-show-empty-next = Create the first one, or transfer one here in its settings.
organization-show-people-hidden = No member is shown in public.
organization-show-pinned = Pinned
organization-show-since = here since { $time }
