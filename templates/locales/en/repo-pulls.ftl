### Pages of pull requests.

## What surrounds every page of one

repo-pulls-frame-base = Into
repo-pulls-frame-checks = Checks
repo-pulls-frame-commits = Commits
repo-pulls-frame-conversation = Conversation
repo-pulls-frame-copy = Copy the branch name { $branch }
repo-pulls-frame-files = Files
repo-pulls-frame-gone = Branch deleted
repo-pulls-frame-head = From
repo-pulls-frame-merged = { $who } merged this { $time }
repo-pulls-frame-merged-by-push = Merged by a push { $time }
repo-pulls-frame-tabs = Pull request
repo-pulls-frame-wants = { $author } wants to merge { $count ->
    [0] this
    [one] { $count } commit
   *[other] { $count } commits
}

## Whose turn it is

repo-pulls-turn-answer = { $author } has to answer a review.
repo-pulls-turn-ask = { $author } has to request a review.
repo-pulls-turn-checks = { $author } has to make the checks pass.
repo-pulls-turn-conflicts = { $author } has to resolve conflicts.
repo-pulls-turn-draft = { $author } is still working on this.
repo-pulls-turn-mergers = Ready to be merged by someone with write access.
repo-pulls-turn-restore = { $author } has to push again or close this.
repo-pulls-turn-reviewers = Waiting for a review by { $names }.
repo-pulls-turn-threads = { $author } has to resolve discussions.
repo-pulls-turn-update = { $author } has to update the branch.

## The list

repo-pulls-list-checks-bad = Checks failed
repo-pulls-list-checks-good = Checks passed
repo-pulls-list-checks-waiting = Checks are running
repo-pulls-list-checks-warning = Checks passed with warnings
repo-pulls-list-draft = Draft
repo-pulls-list-drafts = Drafts only
repo-pulls-list-empty = No pull requests yet
repo-pulls-list-empty-next = Push a branch, then open a pull request to have it reviewed and merged.
repo-pulls-list-into = into { $branch }
repo-pulls-list-merged = { $count } merged
repo-pulls-list-mine-requested = My review is requested
repo-pulls-list-mine-reviewed = Reviewed by me
repo-pulls-list-new = New pull request
repo-pulls-list-nothing = No matching pull requests
repo-pulls-list-nothing-next = Show all open pull requests
repo-pulls-list-query = Filter, for example is:open review-requested:me base:main crash
repo-pulls-list-ready = No drafts
repo-pulls-list-title = Pull requests

## The conversation

repo-pulls-show-ask-review = Request review
repo-pulls-show-branch-gone = The branch was deleted. Restore it or push it again, then reopen the pull request.
repo-pulls-show-chain = Stacked pull requests
repo-pulls-show-chain-help = Each is based on the one above it. When one is merged, the next is moved onto its base.
repo-pulls-show-close = Close pull request
repo-pulls-show-draft = Draft
repo-pulls-show-edit = Edit
repo-pulls-show-other-reviewer = Username or organisation/team
repo-pulls-show-ready = Ready for review
repo-pulls-show-reopen = Reopen pull request
repo-pulls-show-reviewers = Reviewers
repo-pulls-show-to-draft = Convert to draft

## Reviewers

repo-pulls-reviewer-again = Request another review from { $name }
repo-pulls-reviewer-approved = Approved
repo-pulls-reviewer-changes = Changes requested
repo-pulls-reviewer-commented = Commented
repo-pulls-reviewer-lapsed = Approval lapsed
repo-pulls-reviewer-waiting = Review requested
repo-pulls-reviewer-withdraw = Withdraw the request to { $name }

## What happened

repo-pulls-event-auto = { $who } scheduled the merge { $time }
repo-pulls-event-auto-base = The scheduled merge was called off because the base branch changed { $time }
repo-pulls-event-auto-conflicts = The scheduled merge was called off because of conflicts { $time }
repo-pulls-event-auto-not-allowed = The scheduled merge was called off because it is no longer allowed { $time }
repo-pulls-event-auto-off = { $who } called off the scheduled merge { $time }
repo-pulls-event-auto-pushed = The scheduled merge was called off by a push { $time }
repo-pulls-event-base = { $who } changed the base branch from { $from } to { $to } { $time }
repo-pulls-event-changes = see what changed
repo-pulls-event-closed = { $who } closed this { $time }
repo-pulls-event-commits = { $count ->
    [one] { $count } commit
   *[other] { $count } commits
}
repo-pulls-event-dismissed = { $who } dismissed the review by { $author } { $time }
repo-pulls-event-dismissed-because = { $who } dismissed the review by { $author } { $time }: { $reason }
repo-pulls-event-draft = { $who } converted this to a draft { $time }
repo-pulls-event-forced = { $who } force-pushed from { $old } to { $new } { $time }, now version { $version }: { $changes }
repo-pulls-event-head-deleted = { $who } deleted the branch { $branch } { $time }
repo-pulls-event-head-restored = { $who } restored the branch { $branch } { $time }
repo-pulls-event-merged = { $who } merged this as { $commit } into { $base } { $time }
repo-pulls-event-merged-by-push = Merged into { $base } by a push of { $commit } { $time }
repo-pulls-event-merged-into = { $who } merged this into { $base } { $time }
repo-pulls-event-pushed = { $who } pushed { $commits } { $time }, now version { $version }
repo-pulls-event-ready = { $who } marked this as ready for review { $time }
repo-pulls-event-referenced = { $who } mentioned this in { $place } { $time }
repo-pulls-event-reopened = { $who } reopened this { $time }
repo-pulls-event-request-removed = { $who } withdrew the review request to { $reviewer } { $time }
repo-pulls-event-requested = { $who } requested a review from { $reviewer } { $time }
repo-pulls-event-requested-owner = A review was requested from the code owner { $reviewer } { $time }
repo-pulls-event-retargeted = The base branch changed from { $from } to { $to } { $time }, because the pull request below was merged

## Reviews

repo-pulls-review-approved = { $who } approved version { $version } { $time }
repo-pulls-review-changes = { $who } requested changes to version { $version } { $time }
repo-pulls-review-commented = { $who } commented on version { $version } { $time }
repo-pulls-review-dismiss = Dismiss review
repo-pulls-review-dismiss-help = The review stays here but no longer counts. The reason is shown to everyone.
repo-pulls-review-dismiss-of = Dismiss the review by { $name }
repo-pulls-review-dismiss-reason = Reason
repo-pulls-review-dismissed = Dismissed
repo-pulls-review-lapsed = Lapsed: the changes are no longer those of version { $version }
repo-pulls-review-replied = Replied in

## Comments on lines

repo-pulls-thread-code = Code in { $path }
repo-pulls-thread-line = line { $line }
repo-pulls-thread-lines = lines { $from } to { $to }
repo-pulls-thread-long = This comment is too long to show here.
repo-pulls-thread-old-line = old line { $line }
repo-pulls-thread-old-lines = old lines { $from } to { $to }
repo-pulls-thread-outdated = Outdated · version { $version }
repo-pulls-thread-pending = Pending
repo-pulls-thread-reply = Reply
repo-pulls-thread-reply-later = Add to review
repo-pulls-thread-reply-to = Reply to the comments on { $path }
repo-pulls-thread-resolve = Resolve
repo-pulls-thread-resolved = Resolved
repo-pulls-thread-see = Show in files
repo-pulls-thread-see-old = Show in the files of version { $version }
repo-pulls-thread-suggestion = Suggested change
repo-pulls-thread-unresolve = Reopen

## What keeps it from being merged

repo-pulls-obstacle-approvals = { $need ->
    [one] One approval is needed.
   *[other] { $need } approvals are needed.
} So far: { $have }.
repo-pulls-obstacle-approvals-next = Request a review from someone who may approve.
repo-pulls-obstacle-approvals-own = The approval of { $names } does not count: they pushed commits of it. Request a review from someone else.
repo-pulls-obstacle-base-gone = The target branch no longer exists.
repo-pulls-obstacle-base-gone-next = Edit this pull request to choose another one, or push the branch again.
repo-pulls-obstacle-behind = The branch is behind its base.
repo-pulls-obstacle-behind-next = A rule asks for all commits of the base. Update the branch.
repo-pulls-obstacle-blocked = It waits for { $threads }, still open.
repo-pulls-obstacle-blocked-next = Finish that first, or remove the dependency.
repo-pulls-obstacle-changes = Changes were requested by { $names }.
repo-pulls-obstacle-changes-next = Push the changes and request another review.
repo-pulls-obstacle-check-failed = Whether this merges cleanly could not be found out.
repo-pulls-obstacle-check-failed-next = The merge is over a limit of this server. Merge in a clone and push.
repo-pulls-obstacle-checking = Checking whether this merges cleanly.
repo-pulls-obstacle-checking-next = This page updates itself.
repo-pulls-obstacle-checks-failed = Required checks failed: { $names }.
repo-pulls-obstacle-checks-missing = Required checks have not finished: { $names }.
repo-pulls-obstacle-checks-next = See all checks
repo-pulls-obstacle-closed = It is closed.
repo-pulls-obstacle-conflicts = There are conflicts with the base branch.
repo-pulls-obstacle-conflicts-next = Resolve them here, or merge the base branch in a clone and push.
repo-pulls-obstacle-draft = This is a draft.
repo-pulls-obstacle-draft-next = Mark it as ready for review when it is finished.
repo-pulls-obstacle-gone = The source branch was deleted, or its repository is gone or private.
repo-pulls-obstacle-gone-next = Restore it, push it again, or close this pull request.
repo-pulls-obstacle-method = No way of merging is left.
repo-pulls-obstacle-method-next = An administrator of the repository chooses the ways in its settings.
repo-pulls-obstacle-not-allowed = You may not merge into this branch.
repo-pulls-obstacle-not-allowed-next = Someone with write access can merge it.
repo-pulls-obstacle-nothing = The base branch already has all of these commits.
repo-pulls-obstacle-nothing-next = Push new commits, or close this pull request.
repo-pulls-obstacle-owners = An approval by a code owner is missing: { $owners }.
repo-pulls-obstacle-owners-next = They own { $paths }.
repo-pulls-obstacle-owners-unknown = They own { $paths }. { $unknown } cannot approve: nobody with write access and no team of this repository has this name. Correct CODEOWNERS in the base branch.
repo-pulls-obstacle-stacked = It is based on { $below }, which is not merged yet.
repo-pulls-obstacle-stacked-next = Merge that one first. This one is then moved onto its base.
repo-pulls-obstacle-threads = { $count ->
    [one] One discussion is not resolved.
   *[other] { $count } discussions are not resolved.
}
repo-pulls-obstacle-threads-next = Answer and resolve them.
repo-pulls-obstacle-unsigned = Some commits are not signed by a valid key of their committer.
repo-pulls-obstacle-unsigned-next = Sign them in a clone and push again.

## Merging

repo-pulls-merge-behind = { $count ->
    [one] The branch lacks one commit of { $branch }.
   *[other] The branch lacks { $count } commits of { $branch }.
}
repo-pulls-merge-bypass = Merge without meeting the rules
repo-pulls-merge-bypass-loss = The rules of { $branch } are not met. You may merge in spite of them. This is recorded in the audit log.
repo-pulls-merge-bypass-now = Bypass the rules and merge
repo-pulls-merge-cancel = Call off the scheduled merge
repo-pulls-merge-cherry-pick = Cherry-pick
repo-pulls-merge-clear = Nothing stands in the way of merging.
repo-pulls-merge-clear-for-others = Someone with write access can merge it.
repo-pulls-merge-closed = Closed without being merged
repo-pulls-merge-closed-next = Reopen it to go on. All versions of { $branch } stay here.
repo-pulls-merge-closed-restore = Restore the branch and reopen the pull request to go on. All versions of { $branch } stay here.
repo-pulls-merge-delete-branch = Delete branch { $branch }
repo-pulls-merge-deletes = Delete the branch { $branch } afterwards
repo-pulls-merge-heading = Merge
repo-pulls-merge-how = How to merge
repo-pulls-merge-later = Merge when ready
repo-pulls-merge-merged = Merged
repo-pulls-merge-merged-next = The commits are in { $branch }.
repo-pulls-merge-message = Message
repo-pulls-merge-now = Merge
repo-pulls-merge-planned = It will be merged as soon as nothing stands in the way: { $method }.
repo-pulls-merge-planned-by = It will be merged as soon as nothing stands in the way, as { $who } scheduled it: { $method }.
repo-pulls-merge-restore-branch = Restore branch { $branch }
repo-pulls-merge-revert = Revert
repo-pulls-merge-title = Commit title
repo-pulls-merge-update-merge = Update by merge
repo-pulls-merge-update-rebase = Update by rebase

## Ways of merging

repo-pulls-method-fast-forward = Fast-forward
repo-pulls-method-fast-forward-help = The base branch moves to the newest commit. Only if it has no commits of its own.
repo-pulls-method-merge = Merge commit
repo-pulls-method-merge-help = All commits stay as they are, joined by one more.
repo-pulls-method-rebase = Rebase
repo-pulls-method-rebase-help = The commits are applied again on top of the base branch.
repo-pulls-method-rebase-merge = Rebase and merge commit
repo-pulls-method-rebase-merge-help = The commits are applied again and joined by one more.
repo-pulls-method-squash = Squash
repo-pulls-method-squash-help = All changes become one commit.

## Conflicts

repo-pulls-conflict-binary = Both sides changed this binary file.
repo-pulls-conflict-both-added = Both sides added a file with this name.
repo-pulls-conflict-content = Both sides changed the same lines.
repo-pulls-conflict-deleted-here = Deleted in the base branch, changed in this one.
repo-pulls-conflict-deleted-there = Changed in the base branch, deleted in this one.
repo-pulls-conflict-files = Conflicts
repo-pulls-conflict-folder = A folder on one side, a file on the other.
repo-pulls-conflict-folder-renamed = Added to a folder that the other side renamed.
repo-pulls-conflict-line = From line { $line }
repo-pulls-conflict-link = Both sides changed where this link leads.
repo-pulls-conflict-mode = The file modes differ.
repo-pulls-conflict-no-lines = There are no lines to compare.
repo-pulls-conflict-ours = In { $branch }
repo-pulls-conflict-renamed = Both sides renamed it differently.
repo-pulls-conflict-renamed-deleted = Renamed on one side, deleted on the other.
repo-pulls-conflict-resolve = Resolve conflicts
repo-pulls-conflict-submodule = Both sides moved this submodule.
repo-pulls-conflict-theirs = In { $branch }
repo-pulls-conflict-too-large = Both sides changed this large file.
repo-pulls-conflict-type = A file on one side, a link or a submodule on the other.

## Resolving conflicts

repo-pulls-resolve-back = Back to the pull request
repo-pulls-resolve-lead = Edit each file until it is as it should be after merging { $base } into { $head }, and delete the lines that mark the conflict.
repo-pulls-resolve-markers = Lines that mark a conflict are left. Delete them as well.
repo-pulls-resolve-none = There are no conflicts any more.
repo-pulls-resolve-others = These files cannot be resolved here. Merge the base branch in a clone and push.
repo-pulls-resolve-submit = Commit resolution
repo-pulls-resolve-title = Resolve conflicts
repo-pulls-resolve-unfinished = Not finished

## Cherry-picking

repo-pulls-pick-lead = The changes of #{ $number } are applied to another branch, as a new pull request.
repo-pulls-pick-onto = Branch
repo-pulls-pick-onto-help = The branch that gets the changes.
repo-pulls-pick-submit = Open pull request
repo-pulls-pick-title = Cherry-pick

## Changing a pull request

repo-pulls-edit-base = Base branch
repo-pulls-edit-base-help = The branch to merge into. Comments on lines stay with their lines.
repo-pulls-edit-title = Edit pull request #{ $number }

## Settings

repo-pulls-settings-after = After and before merging
repo-pulls-settings-auto = Allow scheduled merges
repo-pulls-settings-auto-help = A pull request can be merged by the server as soon as nothing stands in the way.
repo-pulls-settings-default = Offered first
repo-pulls-settings-default-help = One of the ways that are allowed.
repo-pulls-settings-deletes = Delete the branch after merging
repo-pulls-settings-deletes-help = Whoever merges can decide otherwise. Deleted branches can be restored.
repo-pulls-settings-methods = Ways of merging that are allowed
repo-pulls-settings-title = Merging
repo-pulls-settings-updates = How branches may be brought up to date
