### Coming in, and the page of one person.

user-forgot-asked = Check your email
user-forgot-asked-next = If the account exists, a link is on its way to its email address. The link works for one hour. Check your spam folder too.
user-forgot-back = Back to sign in
user-forgot-none = This site cannot send email
user-forgot-none-next = Ask an administrator for a new password. On the server, they can run hearth admin user reset-password.
user-forgot-submit = Send reset link
user-forgot-title = Forgot your password?

user-link-lead = This link works once.
user-link-title = Sign in with a link
user-login-forgot = Forgot your password?
user-login-name = Username or email
user-login-new = New here?
user-login-password = Password
user-login-sign-up = Create an account
user-login-submit = Sign in
user-login-title = Sign in to Hearth

user-reset-lead = Choose a new password for { $name }. All other sessions will be signed out.
user-reset-password = New password
user-reset-submit = Save and sign in
user-reset-title = Set a new password

user-show-activity = Activity
user-show-activity-empty = No public activity yet
user-show-admin = Administrator
user-show-edit = Edit profile
user-show-empty = No repositories to show
user-show-joined = Joined { $time }
user-show-repositories = Repositories

user-sign-up-closed = Registration is closed. Ask an administrator for an account.
user-sign-up-email = Email
user-sign-up-email-help = Hidden from others unless you choose to show it.
user-sign-up-invite-code = Invitation code
user-sign-up-invite-code-help = Ask an administrator for one.
user-sign-up-known = Already have an account?
user-sign-up-name = Username
user-sign-up-name-help = Letters, digits, “-”, “_” and “.”. Part of the address of everything you create.
user-sign-up-password = Password
user-sign-up-password-help = At least 8 characters. Longer is safer.
user-sign-up-setup = The first account becomes the administrator of this site.
user-sign-up-setup-code = Setup code
user-sign-up-setup-code-help = Printed by the server at startup, after “Setup code:”.
user-sign-up-setup-title = Set up Hearth
user-sign-up-sign-in = Sign in
user-sign-up-submit = Create account
user-sign-up-title = Create your account
user-show-activity-empty-next = Pushes, issues, tasks and models that you may see appear here.
