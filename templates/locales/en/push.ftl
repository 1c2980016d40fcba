### What git shows after a push, each line behind `remote:`.

push-deleted = Deleted { $name }.
push-more = And { $count } more.
push-moved-back = Reset { $name } to an older commit.
push-new = Created { $name }.
push-new-commits = Created { $name } with { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}.
push-new-many-commits = Created { $name } with at least { $most } commits.
push-commits = Added { $count ->
    [one] { $count } commit
   *[other] { $count } commits
} to { $name }.
push-many-commits = Added at least { $most } commits to { $name }.
push-no-task = This push started no task. Create one:
push-pull-request = { $name } has pull request #{ $number }:
push-pull-request-new = Open a pull request for { $name }:
push-recorded-later = Push saved. Follow-up work runs later.
push-rule-bypassed = You bypassed the rule “{ $pattern }”. This is recorded in the audit log.

## Why it was refused

push-refused-access = Your access to this repository has changed since this push began. Nothing changed.
push-refused-default-branch = { $name } is the default branch. Choose another default in the settings, then delete it.
push-refused-namespace = { $name } was rejected: only branches, tags and notes can be pushed.
push-refused-rule-create = { $name } was rejected: the rule “{ $pattern }” does not let you create it.
push-refused-rule-delete = { $name } was rejected: the rule “{ $pattern }” does not let you delete it.
push-refused-rule-force = { $name } was rejected: the rule “{ $pattern }” does not let you replace what is there. Fetch, then push on top of it.
push-refused-rule-linear = { $name } was rejected: the rule “{ $pattern }” asks for a history without merge commits. Rebase, then push again.
push-refused-rule-push = { $name } was rejected: the rule “{ $pattern }” does not let you push to it. Push to another branch, then open a pull request.
push-refused-rule-too-many = { $name } was rejected: the rule “{ $pattern }” looks at every new commit, and there are too many. Push in smaller parts.
push-refused-rule-unsigned = { $name } was rejected: the rule “{ $pattern }” asks for commits signed by a valid key of the committer’s account. Add the key to the account, sign them, then push again.
push-refused-too-large = This push is { $size }, over the limit of { $limit } ({ $key }). Push in smaller parts, or use Git LFS.
push-refused-unchecked = The server could not check this push. Nothing changed. Try again in a moment.
