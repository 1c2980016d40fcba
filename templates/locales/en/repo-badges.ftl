### Words on status badges.

repo-badges-failing = failing
repo-badges-none = none
repo-badges-passing = passing
repo-badges-pending = pending
repo-badges-release = release
repo-badges-unknown = unknown
repo-badges-warning = warning
