### Rules for branches and tags.

## The list

repo-rules-list-empty = No rules yet
repo-rules-list-empty-next = Without a rule, everyone with write access may push to every branch. A rule for the default branch keeps its history safe.
repo-rules-list-lead = They hold for pushes, for commits on the web, for the API and for merges.
repo-rules-list-new-branch = New rule for branches
repo-rules-list-new-tag = New rule for tags
repo-rules-list-tags = Tags
repo-rules-list-title = Rules

## In a few words

repo-rules-sum-administrators = { $act }: administrators
repo-rules-sum-approvals = { $count ->
    [one] One approval
   *[other] { $count } approvals
}
repo-rules-sum-checks = { $count ->
    [one] One required check
   *[other] { $count } required checks
}
repo-rules-sum-create = Create
repo-rules-sum-delete = Delete
repo-rules-sum-force = Force-push
repo-rules-sum-listed = { $act }: { $count } listed
repo-rules-sum-merge = Merge
repo-rules-sum-move = Move
repo-rules-sum-nobody = { $act }: no one
repo-rules-sum-nothing = Nothing is restricted
repo-rules-sum-push = Push

## One rule

repo-rules-administrators = Administrators of the repository
repo-rules-blocks = Requested changes keep it from being merged
repo-rules-code-owners = Code owners must approve
repo-rules-code-owners-help = For files that CODEOWNERS names, one of their owners.
repo-rules-edit-approvals = Approvals
repo-rules-edit-approvals-help = How many people must have approved. 0: none.
repo-rules-edit-branch = Rule for branches
repo-rules-edit-checks = Required checks
repo-rules-edit-checks-help = One a line; “*” stands for any text. Each must have succeeded.
repo-rules-edit-delete = Delete rule
repo-rules-edit-delete-loss = What { $pattern } protects is no longer protected.
repo-rules-edit-demands = Before merging
repo-rules-edit-history = Commits
repo-rules-edit-new = New rule
repo-rules-edit-pattern = Pattern
repo-rules-edit-pattern-help = A name, or a pattern such as release/*.
repo-rules-edit-people = People, with commas between them
repo-rules-edit-tag = Rule for tags
repo-rules-edit-teams = Teams, with commas between them
repo-rules-edit-who = Who may do what
repo-rules-lapses = Approvals lapse when the changes change
repo-rules-lapses-help = A rebase alone lapses nothing.
repo-rules-linear = No merge commits
repo-rules-linear-help = Pull requests are rebased or squashed.
repo-rules-listed = Only those listed
repo-rules-nobody = No one
repo-rules-resolved = All discussions must be resolved
repo-rules-retrain = Retrain and compare
repo-rules-retrain-allowance = How much worse it may be
repo-rules-retrain-allowance-help = In the unit of the metric. 0: no worse at all.
repo-rules-retrain-automatic = Start by itself
repo-rules-retrain-automatic-help = For branches of this repository, as the person who pushed. Heads from forks are only trained when someone presses the button.
repo-rules-retrain-better = Better is
repo-rules-retrain-higher = Higher
repo-rules-retrain-lead = A task runs on the head of each pull request. It must succeed, and one of its metrics may be compared with the base branch.
repo-rules-retrain-lower = Lower
repo-rules-retrain-metric = Metric to compare
repo-rules-retrain-metric-help = Its name as the task records it. Empty: the task only has to succeed.
repo-rules-retrain-name = Name
repo-rules-retrain-name-help = The check is called retrain/NAME. Empty: nothing is trained.
repo-rules-retrain-now = Task now:
repo-rules-retrain-task = Task to repeat
repo-rules-retrain-task-help = The number of a task of this repository. Its program, parameters, image and spec are copied. Empty: they stay as they are.
repo-rules-signed = Commits must be signed
repo-rules-signed-help = By a valid key of the committer’s account. Commits made on this site are signed by the site.
repo-rules-sum-retraining = Retraining: { $name }
repo-rules-up-to-date = The branch must be up to date
repo-rules-up-to-date-help = It must have all commits of the base branch.
repo-rules-who-approves = Whose approvals count?
repo-rules-who-bypasses = Who may do without all of this?
repo-rules-who-create = Who may create it?
repo-rules-who-delete = Who may delete it?
repo-rules-who-force = Who may replace its commits by a force-push?
repo-rules-who-merge = Who may merge pull requests into it?
repo-rules-who-move = Who may move it to another commit?
repo-rules-who-push = Who may push to it?
repo-rules-writers = Everyone with write access
