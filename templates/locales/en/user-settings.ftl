### What one changes about oneself.

user-settings-keys-added = Added { $time }
user-settings-keys-empty = No SSH keys yet
user-settings-keys-empty-next = Make one with ssh-keygen -t ed25519, then add the line of the .pub file below.
user-settings-keys-key = Public key
user-settings-keys-key-help = One line that begins with ssh-ed25519, ecdsa-sha2-nistp256 or ssh-rsa. The private key stays with you.
user-settings-keys-lead = Keys for git over SSH. Whoever has the private key acts as you.
user-settings-keys-name = Name
user-settings-keys-name-help = The machine that has the key. If empty, the comment of the key.
user-settings-keys-new = Add an SSH key
user-settings-keys-remove = Remove
user-settings-keys-remove-loss = git can no longer sign in with this key. Its open connections end.
user-settings-keys-remove-name = Remove { $name }
user-settings-keys-submit = Add key
user-settings-keys-title = SSH keys
user-settings-keys-unused = Never used
user-settings-keys-used = Last used { $time }
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
user-settings-gpg-keys-command = To prove that you have the key, sign this with it. The line is yours alone and good for an hour.
user-settings-gpg-keys-empty = No OpenPGP keys yet
user-settings-gpg-keys-empty-next = Print one with gpg --armor --export, then add it below. Commits can be signed with an SSH key as well.
user-settings-gpg-keys-expired = Expired
user-settings-gpg-keys-expires = Expires { $time }
user-settings-gpg-keys-key = Public key
user-settings-gpg-keys-key-help = What gpg --armor --export prints. Adding a key again replaces it: with a new end, a new subkey or its revocation.
user-settings-gpg-keys-lead = Keys with which you sign commits and tags. What they signed is shown as verified where the committer has your address.
user-settings-gpg-keys-new = Add an OpenPGP key
user-settings-gpg-keys-proof = Proof
user-settings-gpg-keys-proof-help = What the command prints. Without it the key is added, but verifies nothing until you prove it.
user-settings-gpg-keys-prove = Prove
user-settings-gpg-keys-remove-loss = What was signed with this key is no longer shown as verified.
user-settings-gpg-keys-revoked = Revoked
user-settings-gpg-keys-title = OpenPGP keys
user-settings-gpg-keys-unproven = Not proven

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
