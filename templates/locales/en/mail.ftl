# Letters. { $site } is the name of the site.

mail-foot = Sent by { $site }: { $root }
mail-invitation-link = Create an account
mail-invitation-once = This link creates one account and expires in { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
mail-invitation-subject = You are invited to { $site }
mail-invitation-text = { $by } invited you to { $site }.
mail-joining-link = View invitation
mail-joining-once = This link works for one person and expires in { $days ->
    [one] { $days } day
   *[other] { $days } days
}.
mail-joining-subject = You are invited to join { $organization } on { $site }
mail-joining-text = { $by } invited you to join the organisation { $organization } on { $site }.
mail-reset-ignore = If this was not you, ignore this email. Your password stays the same.
mail-reset-link = Set a new password
mail-reset-once = This link works once and expires in { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
mail-reset-subject = Reset your password on { $site }
mail-reset-text = Someone asked to reset the password of { $user } on { $site }.
mail-test-subject = Test email from { $site }
mail-test-text = Email from this site works.
