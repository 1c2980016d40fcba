### The files of a pull request and its review.

repo-pulls-files-apply = Apply suggestion
repo-pulls-files-apply-chosen = Apply chosen suggestions
repo-pulls-files-apply-later = Apply together with others
repo-pulls-files-by-commit = By commit
repo-pulls-files-by-file = By file
repo-pulls-files-delete = { $count ->
    [one] Delete { $count } pending comment
   *[other] Delete { $count } pending comments
}
repo-pulls-files-edit-danger = Delete
repo-pulls-files-edit-delete = Delete comment
repo-pulls-files-edit-loss = The comment is permanently deleted. Replies to it stay.
repo-pulls-files-edit-title = Edit a comment on
repo-pulls-files-elsewhere = Discussions that are not on a file of this page
repo-pulls-files-everything = Show all changes
repo-pulls-files-message = Commit message (optional)
repo-pulls-files-newest = Show the newest version
repo-pulls-files-none = No files changed
repo-pulls-files-old = This is version { $version }. The newest is version { $newest }.
repo-pulls-files-old-review = This review is for version { $version }. The newest is version { $newest }.
repo-pulls-files-one-commit = These are the changes of one commit. Comments are made on all changes.
repo-pulls-files-own = This is your own pull request. Others approve it.
repo-pulls-files-pair-added = added
repo-pulls-files-pair-changed = changed
repo-pulls-files-pair-diff = What changed in this commit
repo-pulls-files-pair-message = message changed
repo-pulls-files-pair-removed = removed
repo-pulls-files-pair-same = unchanged
repo-pulls-files-pairs = { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}
repo-pulls-files-pairs-none = Both versions have the same commits.
repo-pulls-files-review = Review
repo-pulls-files-review-pending = { $count ->
    [one] Review ({ $count } pending)
   *[other] Review ({ $count } pending)
}
repo-pulls-files-review-text = Summary
repo-pulls-files-say-add = Add to review
repo-pulls-files-say-before = lines before the change
repo-pulls-files-say-cancel = Cancel
repo-pulls-files-say-from = From line
repo-pulls-files-say-line = Line
repo-pulls-files-say-line-before = Numbered as before the change
repo-pulls-files-say-now = Comment now
repo-pulls-files-say-old = This is version { $version }, and the newest is version { $newest }. The comment moves to the same lines there, or is shown as outdated with its code.
repo-pulls-files-say-on = Comment on line { $line }
repo-pulls-files-say-start = Start a review
repo-pulls-files-say-suggest = Suggest a change
repo-pulls-files-say-text = Comment
repo-pulls-files-say-to = to line
repo-pulls-files-show = Show
repo-pulls-files-since = Changes since
repo-pulls-files-since-look = Since your last look (version { $version })
repo-pulls-files-since-nothing = All changes
repo-pulls-files-since-notice = This is what changed since version { $version }, without what only the base branch brought.
repo-pulls-files-since-version = Since version { $version }
repo-pulls-files-submit = Submit review
repo-pulls-files-truncated = There are more files than fit on this page. Open them from the list of files.
repo-pulls-files-verdict = Verdict
repo-pulls-files-verdict-approve = Approve
repo-pulls-files-verdict-approve-help = The changes can be merged
repo-pulls-files-verdict-comment = Comment
repo-pulls-files-verdict-comment-help = Without approving or requesting changes
repo-pulls-files-verdict-request = Request changes
repo-pulls-files-verdict-request-help = Changes are needed before a merge
repo-pulls-files-viewed = { $viewed } of { $total } viewed
