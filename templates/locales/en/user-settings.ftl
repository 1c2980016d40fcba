### What one changes about oneself.

user-settings-delete = Delete
user-settings-save = Save

## Account

user-settings-account-change-email = Change address
user-settings-account-change-password = Change password
user-settings-account-current = Current password
user-settings-account-email = E-mail address
user-settings-account-end-sessions = Sign out everywhere else
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

user-settings-appearance-browser = Same as browser
user-settings-appearance-language = Language
user-settings-appearance-theme = Theme
user-settings-appearance-title = Appearance

## Access tokens

user-settings-applications-created = created { $time }
user-settings-applications-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
user-settings-applications-delete = Delete token { $name }
user-settings-applications-empty = No access tokens yet
user-settings-applications-empty-next = Create one below for programs that act on your behalf.
user-settings-applications-expired = expired
user-settings-applications-expires = expires { $time }
user-settings-applications-forever = No expiry
user-settings-applications-lead = Programs sign in with a token instead of your password: git, the openi and Hugging Face clients, and scripts.
user-settings-applications-life = Expiry
user-settings-applications-made = Token { $name }
user-settings-applications-name = Name
user-settings-applications-name-help = What will use it, e.g. “laptop” or “nightly training”.
user-settings-applications-new = New token
user-settings-applications-once = Copy it now. It will not be shown again.
user-settings-applications-scopes = Scopes
user-settings-applications-submit = Create token
user-settings-applications-title = Access tokens
user-settings-applications-unused = never used
user-settings-applications-used = last used { $time }

## SSH keys

user-settings-keys-added = added { $time }
user-settings-keys-delete = Delete key { $title }
user-settings-keys-empty = No SSH keys yet
user-settings-keys-empty-next = Generate a key on your computer and paste the public key below.
user-settings-keys-key = Public key
user-settings-keys-key-help = One line that begins with “ssh-ed25519”, “ecdsa-…” or “ssh-rsa” (3072 bits or more).
user-settings-keys-lead = With a key, git over SSH needs no password.
user-settings-keys-name = Title
user-settings-keys-name-help = If empty, the comment of the key is used.
user-settings-keys-new = New key
user-settings-keys-submit = Add key
user-settings-keys-title = SSH keys
user-settings-keys-unused = never used
user-settings-keys-used = last used { $time }

## Profile

user-settings-profile-biography = About you
user-settings-profile-display-name = Display name
user-settings-profile-display-name-help = In any script. If empty, your username is shown.
user-settings-profile-location = Location
user-settings-profile-shows-email = Show my e-mail address
user-settings-profile-shows-email-help = Visible to signed-in users.
user-settings-profile-title = Profile
user-settings-profile-website = Website

## Scopes of tokens

user-settings-scope-all = All of the following
user-settings-scope-read-admin = See all accounts and the state of the site
user-settings-scope-read-issue = Read issues and comments
user-settings-scope-read-organization = See organisations, their members and teams
user-settings-scope-read-repository = Read and clone repositories
user-settings-scope-read-task = See tasks, logs and outputs
user-settings-scope-read-user = Read your profile and keys
user-settings-scope-write-admin = Change accounts and the site
user-settings-scope-write-issue = Open, comment on and close issues
user-settings-scope-write-organization = Create and change organisations, members and teams
user-settings-scope-write-repository = Create, push to, change and delete repositories
user-settings-scope-write-task = Launch and stop tasks
user-settings-scope-write-user = Change your profile and keys

## Organisations

user-settings-organizations-empty = You are not a member of any organisation
user-settings-organizations-empty-next = Create one, or ask an owner to invite you.
user-settings-organizations-leave = Leave…
user-settings-organizations-title = Organisations
