### Giving up one's own access to somebody's repository.

repo-leave = Leave
repo-leave-ask = Leave { $name }?
repo-leave-given = You were given: { $roles }.
repo-leave-loss = You can still do there what everyone can. Only its administrators can add you again.
repo-leave-loss-private = You will no longer see it, unless a team of yours works in it. Only its administrators can add you again.
repo-leave-name = Leave { $name }
