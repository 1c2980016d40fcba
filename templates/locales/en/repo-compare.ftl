### Comparing branches, and the form for a new pull request.

repo-compare-base = Into
repo-compare-choose = Choose what to compare
repo-compare-choose-next = Choose the branch to merge into and the branch with your changes. From the comparison you open a pull request.
repo-compare-commits = { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}
repo-compare-contained = The base branch already has all of these commits.
repo-compare-create = Open pull request
repo-compare-draft = Draft
repo-compare-draft-help = Not ready yet: it cannot be merged, and no one is asked to review.
repo-compare-head = From
repo-compare-identical = Both are the same commit.
repo-compare-maintainers = Allow edits by maintainers
repo-compare-maintainers-help = People who can write to the repository may push to your branch.
repo-compare-missing = There is no such branch, tag or commit. Choose one from the list.
repo-compare-open = There is already a pull request for these branches:
repo-compare-repository = Repository
repo-compare-same = Choose two different branches to compare.
repo-compare-sign-in = Sign in to open a pull request
repo-compare-strip = { $branch } was pushed { $time }
repo-compare-strip-action = Compare and open pull request
repo-compare-submit = Compare
repo-compare-title = Compare
repo-compare-title-open = New pull request
repo-compare-truncated = The changes are too large to show in full.
repo-compare-unrelated = The two share no history, so nothing can be merged.
repo-compare-within = Compare branches within { $repository } instead
