### Forking a repository.

repo-fork-button = Fork
repo-fork-count = { $count ->
    [one] { $count } fork
   *[other] { $count } forks
}
repo-fork-from = forked from { $repository }
repo-fork-lead = A fork is a repository of your own that begins with this code. Change it freely, then open a pull request back to this repository.
repo-fork-name-help = May stay as it is.
repo-fork-none = No forks yet
repo-fork-sign-in = Sign in to fork
repo-fork-submit = Create fork
repo-fork-title = Fork
