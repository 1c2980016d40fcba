### What git shows after a push, each line behind `remote:`.

push-deleted = Deleted { $name }.
push-more = and { $count } more.
push-moved-back = Reset { $name } to an older commit.
push-new = Created { $name }.
push-new-commits = Created { $name } with { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}.
push-new-many-commits = Created { $name } with { $most } commits or more.
push-commits = Added { $count ->
    [one] { $count } commit
   *[other] { $count } commits
} to { $name }.
push-many-commits = Added { $most } commits or more to { $name }.
push-no-task = No task was started by this push. Launch one:
push-recorded-later = Your push is saved. Follow-up work runs later.

## Why it was refused

push-refused-default-branch = { $name }: this is the default branch. Choose another in the settings, then delete it.
push-refused-namespace = { $name }: only branches, tags and notes can be pushed.
push-refused-too-large = The push brings { $size }, more than { $limit } ({ $key }). Push in smaller parts, or use git-lfs.
push-refused-unchecked = The server cannot check this push now; nothing changed. Try again.
