### Pages of issues.

## One comment

repo-issues-comment-body = Comment
repo-issues-comment-danger = Delete this comment
repo-issues-comment-delete = Delete comment
repo-issues-comment-loss = The text by { $name } cannot be restored. The timeline will show that a comment was deleted.
repo-issues-comment-title = Edit comment on #{ $number }

## Changing an issue

repo-issues-edit-cancel = Cancel
repo-issues-edit-save = Save
repo-issues-edit-title = Edit issue #{ $number }

## The list

repo-issues-list-assigned-to = Assigned to { $name }
repo-issues-list-assignee = Assignee
repo-issues-list-closed = { $count } closed
repo-issues-list-comments = { $count ->
    [one] { $count } comment
   *[other] { $count } comments
}
repo-issues-list-empty = No issues yet
repo-issues-list-empty-next = Track bugs, ideas and questions. Write “#1” in a comment or commit message to refer to an issue.
repo-issues-list-label = Label
repo-issues-list-labels = Labels
repo-issues-list-mine = Mine
repo-issues-list-mine-assigned = Assigned to me
repo-issues-list-mine-mentioned = Mentions me
repo-issues-list-mine-opened = Opened by me
repo-issues-list-new = New issue
repo-issues-list-no-label = No label
repo-issues-list-nobody = No one
repo-issues-list-nothing = No matching issues
repo-issues-list-nothing-next = Show all open issues
repo-issues-list-open = { $count } open
repo-issues-list-opened = #{ $number } opened { $time } by { $author }
repo-issues-list-query = Filter, for example is:open label:bug author:mei crash
repo-issues-list-search = Search
repo-issues-list-sort = Sort
repo-issues-list-sort-commented = Most commented
repo-issues-list-sort-newest = Newest
repo-issues-list-sort-not-commented = Least commented
repo-issues-list-sort-not-updated = Least recently updated
repo-issues-list-sort-oldest = Oldest
repo-issues-list-sort-updated = Recently updated
repo-issues-list-states = Status
repo-issues-list-title = Issues

## A new issue

repo-issues-new-assignees = Assignees
repo-issues-new-body = Description
repo-issues-new-body-help = Markdown with tables, task lists and code. “@name” mentions a person, “#12” an issue.
repo-issues-new-labels = Labels
repo-issues-new-make-labels = Create labels
repo-issues-new-name = Title
repo-issues-new-no-labels = No labels yet
repo-issues-new-submit = Open issue
repo-issues-new-title = New issue

## One issue

repo-issues-show-all-labels = All labels
repo-issues-show-assigned = { $who } assigned { $person } { $time }
repo-issues-show-change = Change
repo-issues-show-close = Close issue
repo-issues-show-closed = { $who } closed this { $time }
repo-issues-show-comment = Comment
repo-issues-show-comment-deleted = { $who } deleted a comment by { $person } { $time }
repo-issues-show-edit = Edit
repo-issues-show-held-back = A change by { $who } says that it closes this { $time }, but this waits for something that is still open
repo-issues-show-labeled = { $who } added label { $label } { $time }
repo-issues-show-long = This is a long comment. { $link }
repo-issues-show-long-link = Show it on its own page
repo-issues-show-demilestoned = { $who } removed this from milestone { $milestone } { $time }
repo-issues-show-milestone = Milestone
repo-issues-show-milestoned = { $who } added this to milestone { $milestone } { $time }
repo-issues-show-more = Show { $count ->
    [one] { $count } more entry
   *[other] { $count } more entries
}
repo-issues-show-branch = Branch
repo-issues-show-delete = Delete issue
repo-issues-show-delete-loss = Its text, comments and files are permanently deleted. The audit log keeps its number and title.
repo-issues-show-no-labels = None
repo-issues-show-no-text = No description provided by { $author }.
repo-issues-show-opened = { $author } opened this { $time }
repo-issues-show-other = Another username
repo-issues-show-rail = Details
repo-issues-show-referenced = { $who } mentioned this in { $issue } { $time }
repo-issues-show-renamed = { $who } changed the title from { $from } to { $to } { $time }
repo-issues-show-reopen = Reopen issue
repo-issues-show-reopened = { $who } reopened this { $time }
repo-issues-show-said = { $author } { $time }
repo-issues-show-said-edited = { $author } { $time } · edited
repo-issues-show-say = Add a comment
repo-issues-show-sign-in = Sign in to comment
repo-issues-show-somebody = Someone
repo-issues-show-unassigned = { $who } unassigned { $person } { $time }
repo-issues-show-unlabeled = { $who } removed label { $label } { $time }

## Following

repo-issues-follow = Notifications
repo-issues-follow-assigned = You are subscribed because you were assigned.
repo-issues-follow-author = You are subscribed because you opened this.
repo-issues-follow-commented = You are subscribed because you commented.
repo-issues-follow-manual = You are subscribed.
repo-issues-follow-mentioned = You are subscribed because you were mentioned.
repo-issues-follow-not = You are not subscribed.
repo-issues-follow-review-requested = You are subscribed because your review was requested.
repo-issues-follow-start = Subscribe
repo-issues-follow-stop = Unsubscribe

## Locking

repo-issues-lock = Discussion
repo-issues-lock-help = Only people with write access will be able to comment and react.
repo-issues-lock-none = No reason
repo-issues-lock-notice = This discussion is locked. Only people with write access can comment.
repo-issues-lock-off = Unlock discussion
repo-issues-lock-off-topic = off-topic
repo-issues-lock-on = Lock discussion
repo-issues-lock-reason = Reason: { $reason }.
repo-issues-lock-resolved = resolved
repo-issues-lock-spam = spam
repo-issues-lock-state = Locked
repo-issues-lock-too-heated = too heated
repo-issues-lock-why = Reason
repo-issues-show-locked = { $who } locked the discussion { $time }
repo-issues-show-locked-because = { $who } locked the discussion as { $reason } { $time }
repo-issues-show-unlocked = { $who } unlocked the discussion { $time }

## Reactions

repo-issues-react = Add a reaction
repo-issues-react-confused = Confused
repo-issues-react-counted = { $reaction }: { $count }
repo-issues-react-eyes = Eyes
repo-issues-react-heart = Heart
repo-issues-react-hooray = Hooray
repo-issues-react-laugh = Laugh
repo-issues-react-names = { $names } and { $count ->
    [one] { $count } other
   *[other] { $count } others
}
repo-issues-react-rocket = Rocket
repo-issues-react-thumbs-down = Thumbs down
repo-issues-react-thumbs-up = Thumbs up

## Bulk changes

repo-issues-bulk-add = Add
repo-issues-bulk-apply = Apply
repo-issues-bulk-back = Back to the list
repo-issues-bulk-changed = { $count ->
    [one] { $count } changed.
   *[other] { $count } changed.
}
repo-issues-bulk-close = Close
repo-issues-bulk-other = This could not be changed.
repo-issues-bulk-remove = Remove
repo-issues-bulk-reopen = Reopen
repo-issues-bulk-skipped = { $count ->
    [one] { $count } left as it was
   *[other] { $count } left as they were
}
repo-issues-bulk-tick = Select “{ $title }”
repo-issues-bulk-ticked = Change all selected:
repo-issues-bulk-title = Change several

## Pins, due dates, dependencies

repo-issues-blocked = Blocks
repo-issues-blockers = Blocked by
repo-issues-dependencies = Dependencies
repo-issues-dependency-add = Add dependency
repo-issues-dependency-end = Kind of dependency
repo-issues-dependency-other = #7 or owner/name#7
repo-issues-dependency-remove = Remove the dependency on { $other }
repo-issues-due = Due date
repo-issues-due-help = Leave it empty to remove the date. The day ends at 23:59 UTC.
repo-issues-is-blocked = Blocked
repo-issues-list-milestones = Milestones
repo-issues-list-no-milestone = No milestone
repo-issues-pin = Pinned
repo-issues-pin-after = Move “{ $title }” back
repo-issues-pin-before = Move “{ $title }” forward
repo-issues-pin-off = Unpin
repo-issues-pin-on = Pin above the list
repo-issues-pin-remove = Unpin “{ $title }”
repo-issues-pinned = Pinned
repo-issues-show-blocked-added = { $who } made { $other } wait for this { $time }
repo-issues-show-blocked-removed = { $who } removed the dependency of { $other } on this { $time }
repo-issues-show-blocker-added = { $who } made this wait for { $other } { $time }
repo-issues-show-blocker-removed = { $who } removed the dependency on { $other } { $time }
repo-issues-show-close-anyway = Close although blocked
repo-issues-show-due = { $who } set the due date to { $date } { $time }
repo-issues-show-elsewhere = something in another repository
repo-issues-show-not-due = { $who } removed the due date { $time }
repo-issues-show-pinned = { $who } pinned this { $time }
repo-issues-show-unpinned = { $who } unpinned this { $time }

## Saved queries

repo-issues-saved = Saved
repo-issues-saved-delete = Delete the saved query “{ $name }”
repo-issues-saved-empty = Save the query that the list shows to come back to it.
repo-issues-saved-name = Name
repo-issues-saved-save = Save this query

## Templates and forms

repo-issues-answer-box = Tick what is required.
repo-issues-answer-none = Nothing chosen
repo-issues-answer-number = Enter a number.
repo-issues-answer-required = This is required.
repo-issues-answer-some = Some answers are missing or wrong.
repo-issues-choose-blank = Blank issue
repo-issues-choose-blank-help = Write the text freely.
repo-issues-choose-invalid = These templates cannot be used
repo-issues-choose-nothing = No way to open an issue
repo-issues-choose-nothing-next = This repository only takes issues from templates, and has none that can be used. Ask its owner.
repo-issues-choose-title = New issue
repo-issues-new-another = Choose another template
repo-issues-problem-address = A link needs an address that begins with https:// or http://.
repo-issues-problem-alias = Aliases (“*name”) are not allowed.
repo-issues-problem-duplicate = “{ $key }” appears twice.
repo-issues-problem-id = The id “{ $key }” may have letters, digits, “-” and “_” only.
repo-issues-problem-missing = “{ $key }” is missing.
repo-issues-problem-no-fields = A form needs at least one field under “body” that can be filled in.
repo-issues-problem-not-list = “{ $key }” must be a list.
repo-issues-problem-not-map = This must be keys with values.
repo-issues-problem-not-text = “{ $key }” must be a text.
repo-issues-problem-not-utf8 = The file is not UTF-8 text.
repo-issues-problem-syntax = This is not valid YAML.
repo-issues-problem-too-deep = The lists are nested too deeply.
repo-issues-problem-too-large = The file is too large.
repo-issues-problem-too-long = There are too many entries.
repo-issues-problem-unknown-type = “{ $key }” is not a type of field. Use markdown, input, textarea, dropdown or checkboxes.
repo-issues-similar = Similar issues
repo-issues-similar-look = Look for similar issues
