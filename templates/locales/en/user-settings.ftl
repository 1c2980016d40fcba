### What one changes about oneself.

user-settings-save = Save

## Account

user-settings-account-change-email = Change email
user-settings-account-change-password = Change password
user-settings-account-current = Current password
user-settings-account-email = Email
user-settings-account-end-sessions = Sign out of all other sessions
user-settings-account-new = New password
user-settings-account-new-help = At least 8 characters. All other browsers will be signed out.
user-settings-account-password = Password
user-settings-account-sessions = Sessions
user-settings-account-sessions-count = { $count ->
    [one] You are signed in on this browser only.
   *[other] You are signed in on { $count } browsers, including this one.
}
user-settings-account-title = Account

## Appearance

user-settings-appearance-browser = Browser default
user-settings-appearance-language = Language
user-settings-appearance-theme = Theme
user-settings-appearance-title = Appearance

## Access tokens

user-settings-applications-created = Created { $time }
user-settings-applications-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
user-settings-applications-delete = Revoke token { $name }
user-settings-applications-delete-loss = Programs that use it lose access at once. It cannot be restored.
user-settings-applications-revoke = Revoke
user-settings-applications-empty = No access tokens yet
user-settings-applications-empty-next = Create one for programs that act on your behalf.
user-settings-applications-expired = Expired
user-settings-applications-expires = Expires { $time }
user-settings-applications-for = The scope that a push to { $address } needs is selected. Once the token is created, you return there.
user-settings-applications-forever = No expiry
user-settings-applications-lead = Programs such as Git, openi, Hugging Face clients and scripts sign in with a token instead of your password.
user-settings-applications-life = Expiry
user-settings-applications-made = Token { $name }
user-settings-applications-name = Name
user-settings-applications-name-help = What will use it, for example “laptop” or “nightly training”.
user-settings-applications-new = New token
user-settings-applications-once = Copy it now. It is shown only once.
user-settings-applications-scopes = Scopes
user-settings-applications-submit = Create token
user-settings-applications-title = Access tokens
user-settings-applications-unused = Never used
user-settings-applications-used = Last used { $time }

## SSH keys


## Profile

user-settings-profile-biography = Bio
user-settings-profile-display-name = Display name
user-settings-profile-display-name-help = In any script. Defaults to your username.
user-settings-profile-location = Location
user-settings-profile-shows-email = Show my email
user-settings-profile-shows-email-help = Visible to signed-in users.
user-settings-profile-title = Profile
user-settings-profile-website = Website
user-settings-repositories-empty = Nobody has shared a repository with you
user-settings-repositories-empty-next = Repositories of others that you become a collaborator of appear here.
user-settings-repositories-lead = Repositories of others that you are a collaborator of.
user-settings-repositories-title = Shared repositories
user-settings-security-empty = Nothing yet
user-settings-security-empty-next = Sign-ins, tokens, keys, passwords and changes to your rights appear here.
user-settings-security-lead = What happened to your account. If you do not recognise an entry, change your password, which ends all sessions, and revoke tokens you do not need.
user-settings-security-title = Security log

## Scopes of tokens

user-settings-scope-all = Everything below
user-settings-scope-read-admin = View all accounts and the state of the site
user-settings-scope-read-issue = View issues and comments
user-settings-scope-read-organization = View organisations, members and teams
user-settings-scope-read-repository = View and clone repositories
user-settings-scope-read-task = View tasks, logs and outputs
user-settings-scope-read-user = View your profile and keys
user-settings-scope-write-admin = Manage accounts and the site
user-settings-scope-write-issue = Open, close and comment on issues
user-settings-scope-write-organization = Create and manage organisations, members and teams
user-settings-scope-write-repository = Push to, create, change and delete repositories
user-settings-scope-write-task = Launch and stop tasks
user-settings-scope-write-user = Change your profile and keys

## Organisations

user-settings-organizations-empty = No organisations yet
user-settings-organizations-empty-next = Create one, or ask an owner to invite you.
user-settings-organizations-leave = Leave…
user-settings-organizations-title = Organisations
