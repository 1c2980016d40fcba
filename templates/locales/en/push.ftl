### What git shows after a push, each line behind `remote:`.

push-deleted = Deleted { $name }.
push-more = and { $count } more.
push-moved-back = Moved { $name } back.
push-new = Stored { $name }, which is new.
push-new-commits = Stored { $name }, which is new, with { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}.
push-new-many-commits = Stored { $name }, which is new, with { $most } commits or more.
push-commits = Stored { $count ->
    [one] { $count } commit
   *[other] { $count } commits
} on { $name }.
push-many-commits = Stored { $most } commits or more on { $name }.
push-no-task = No task was started by this push. Launch one:
push-recorded-later = Your push is stored. What it starts comes later.

## Why it was refused

push-refused-default-branch = { $name }: this is the default branch. Choose another in the settings, then delete it.
push-refused-namespace = { $name }: only branches, tags and notes can be pushed.
push-refused-too-large = The push brings { $size }, more than { $limit } ({ $key }). Push in smaller parts, or use git-lfs.
push-refused-unchecked = The server cannot check this push now; nothing changed. Try again.
