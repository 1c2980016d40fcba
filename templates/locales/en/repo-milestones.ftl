### Milestones of a repository.

repo-milestones-all-issues = Show in the list
repo-milestones-all-pulls = Show in the list
repo-milestones-close = Close milestone
repo-milestones-create = Create milestone
repo-milestones-danger = Delete this milestone
repo-milestones-delete = Delete milestone
repo-milestones-done = { $percent }% · { $closed } of { $total } done
repo-milestones-due = Due { $date }
repo-milestones-due-field = Due date
repo-milestones-due-help = Optional. The day ends at 23:59 UTC.
repo-milestones-edit = Edit milestone
repo-milestones-empty = No milestones here
repo-milestones-empty-next = Collect the issues and pull requests of a release or a deadline, and see how far they are.
repo-milestones-is-closed = Closed
repo-milestones-is-open = Open
repo-milestones-loss = “{ $title }” cannot be restored. Its issues and pull requests stay, without a milestone.
repo-milestones-new = New milestone
repo-milestones-no-issues = No issues in this milestone
repo-milestones-no-issues-next = Choose the milestone at the side of an issue.
repo-milestones-nothing = Nothing in it yet
repo-milestones-overdue = Overdue since { $date }
repo-milestones-reopen = Reopen milestone
repo-milestones-title = Milestones
repo-milestones-updated = Updated
