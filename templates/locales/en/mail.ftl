# Letters. { $site } is the name of the site.

mail-foot = { $site } sent this letter: { $root }
mail-invitation-link = Create an account
mail-invitation-once = The link is good for one account and for { $days } days.
mail-invitation-subject = You are invited to { $site }
mail-invitation-text = { $by } invites you to { $site }.
mail-joining-link = See the invitation
mail-joining-once = The link is good for one person and for { $days } days.
mail-joining-subject = You are invited to { $organization } at { $site }
mail-joining-text = { $by } invites you to the organisation { $organization } at { $site }.
mail-reset-ignore = If it was not you, do nothing: your password stays as it is.
mail-reset-link = Choose a new password
mail-reset-once = The link works once, within { $minutes } minutes.
mail-reset-subject = A new password for { $site }
mail-reset-text = Somebody asked for a new password for { $user } at { $site }.
mail-test-subject = A test letter of { $site }
mail-test-text = Letters of this site arrive.
