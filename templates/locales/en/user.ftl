### Coming in, and the page of one person.

user-forgot-asked = If the account exists, an e-mail is on its way
user-forgot-asked-next = It goes to the account’s address, with a link that works for one hour. Check your spam folder too.
user-forgot-back = Back to signing in
user-forgot-none = This site cannot send e-mail
user-forgot-none-next = Ask an administrator of this site. On the server, hearth admin user reset-password sets a new password.
user-forgot-submit = Send reset link
user-forgot-title = Forgot your password?

user-link-lead = This link works once.
user-link-title = Sign in with a link
user-login-forgot = Forgot your password?
user-login-name = Username or e-mail address
user-login-new = New here?
user-login-password = Password
user-login-sign-up = Create an account
user-login-submit = Sign in
user-login-title = Sign in to Hearth

user-reset-lead = Choose a new password for { $name }. You will be signed out everywhere else.
user-reset-password = New password
user-reset-submit = Save and sign in
user-reset-title = Set a new password

user-show-activity = Activity
user-show-activity-empty = No visible activity yet
user-show-admin = Administrator
user-show-edit = Edit profile
user-show-empty = No visible repositories
user-show-joined = joined { $time }
user-show-repositories = Repositories

user-sign-up-closed = Registration is closed. Ask an administrator to create an account for you.
user-sign-up-email = E-mail address
user-sign-up-email-help = Hidden from others by default.
user-sign-up-invite-code = Invitation code
user-sign-up-invite-code-help = Ask an administrator of this site for it.
user-sign-up-known = Already have an account?
user-sign-up-name = Username
user-sign-up-name-help = Letters, digits, “-”, “_” and “.”. It appears in the address of everything you create.
user-sign-up-password = Password
user-sign-up-password-help = At least 8 characters; longer is safer.
user-sign-up-setup = This is a new site. The first account becomes its administrator.
user-sign-up-setup-code = Setup code
user-sign-up-setup-code-help = Printed by the server at startup: look for “Setup code:”.
user-sign-up-setup-title = Set up Hearth
user-sign-up-sign-in = Sign in
user-sign-up-submit = Create account
user-sign-up-title = Create your account
