### For administrators of the site.

admin-invites-created = made { $time }
admin-invites-delete = Take back
admin-invites-empty = No invitations
admin-invites-expired = expired
admin-invites-lead = An invitation lets one person sign up where the site is closed to newcomers. It is good for two weeks.
admin-invites-list = Invitations made
admin-invites-made = Hand this address to one person
admin-invites-note = For whom
admin-invites-note-help = Only administrators see it.
admin-invites-once = It is shown this once.
admin-invites-open = open until { $time }
admin-invites-submit = Make invitation
admin-invites-title = Invitations
admin-invites-unnamed = Without a name
admin-invites-used = used { $time }

admin-overview-address = Address
admin-overview-admins = administrators
admin-overview-database = Database
admin-overview-registration = New accounts
admin-overview-registration-closed = Made by administrators alone
admin-overview-registration-invite = By invitation
admin-overview-registration-open = Open to everybody
admin-overview-repositories = repositories
admin-overview-title = Site
admin-overview-users = accounts
admin-overview-version = Version

admin-users-acts = Actions
admin-users-block = Block
admin-users-count = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
admin-users-created = Since
admin-users-email = E-mail address
admin-users-is-admin = Administrator
admin-users-is-blocked = Blocked
admin-users-make-admin = Make administrator
admin-users-name = Account
admin-users-search = Part of a name
admin-users-submit = Search
admin-users-title = Accounts
admin-users-unblock = Unblock
admin-users-unmake-admin = Remove administrator
