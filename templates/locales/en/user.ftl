### Coming in, and the page of one person.

user-forgot-asked = A letter is on its way, if there is such an account
user-forgot-asked-next = It comes to the address of the account, with a link that works for an hour. Look among the unwanted letters too.
user-forgot-back = Back to signing in
user-forgot-none = This site sends no letters
user-forgot-none-next = Ask an administrator of the site. On the server's own machine, hearth admin user reset-password gives an account another password.
user-forgot-submit = Send a link
user-forgot-title = Forgot your password?

user-link-lead = This link works once.
user-link-title = Sign in by link
user-login-forgot = Forgot your password?
user-login-name = Name or e-mail address
user-login-new = New here?
user-login-password = Password
user-login-sign-up = Create an account
user-login-submit = Sign in
user-login-title = Sign in to Hearth

user-reset-lead = Choose another password for { $name }. You are signed out everywhere else.
user-reset-password = New password
user-reset-submit = Save and sign in
user-reset-title = A new password

user-show-activity = Activity
user-show-activity-empty = No activity that you can see yet
user-show-admin = Administrator
user-show-edit = Edit profile
user-show-empty = No repositories to be seen
user-show-joined = here since { $time }
user-show-repositories = Repositories

user-sign-up-closed = This site takes no new accounts. Ask an administrator to create one for you.
user-sign-up-email = E-mail address
user-sign-up-email-help = Hidden from others until you show it.
user-sign-up-invite-code = Invitation code
user-sign-up-invite-code-help = An administrator of this site gives it to you.
user-sign-up-known = Already have an account?
user-sign-up-name = Name
user-sign-up-name-help = Letters, digits, “-”, “_” and “.”. It begins the address of everything you make.
user-sign-up-password = Password
user-sign-up-password-help = At least 8 characters. A long sentence is better than a short riddle.
user-sign-up-setup = This site is new. Its first account is the administrator’s.
user-sign-up-setup-code = Setup code
user-sign-up-setup-code-help = The server printed it when it started: look for “Setup code:”.
user-sign-up-setup-title = Set up Hearth
user-sign-up-sign-in = Sign in
user-sign-up-submit = Create account
user-sign-up-title = Create your account
