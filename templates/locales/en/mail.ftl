# Letters. { $site } is the name of the site.

mail-foot = This e-mail was sent by { $site }: { $root }
mail-invitation-link = Create an account
mail-invitation-once = The link is good for one account and expires in { $days } days.
mail-invitation-subject = You are invited to { $site }
mail-invitation-text = { $by } invites you to { $site }.
mail-joining-link = View invitation
mail-joining-once = The link is good for one person and expires in { $days } days.
mail-joining-subject = You are invited to { $organization } at { $site }
mail-joining-text = { $by } invites you to the organisation { $organization } at { $site }.
mail-reset-ignore = If this was not you, ignore this e-mail: your password stays the same.
mail-reset-link = Set a new password
mail-reset-once = The link works once, within { $minutes } minutes.
mail-reset-subject = Reset your password for { $site }
mail-reset-text = A new password was requested for { $user } at { $site }.
mail-test-subject = Test e-mail from { $site }
mail-test-text = If you can read this, e-mail from this site works.
