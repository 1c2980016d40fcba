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
push-recorded-later = Push saved. Follow-up work runs later.

## Why it was refused

push-refused-default-branch = { $name } is the default branch. Choose another default in the settings, then delete it.
push-refused-namespace = { $name } was rejected: only branches, tags and notes can be pushed.
push-refused-too-large = This push is { $size }, over the limit of { $limit } ({ $key }). Push in smaller parts, or use Git LFS.
push-refused-unchecked = The server could not check this push. Nothing changed. Try again in a moment.
