### Labels of a repository.

repo-labels-color = Colour
repo-labels-count = { $count ->
    [one] { $count } open issue
   *[other] { $count } open issues
}
repo-labels-defaults = Add default labels
repo-labels-delete = Delete label
repo-labels-description = Description
repo-labels-empty = No labels yet
repo-labels-empty-next = Sort issues with labels: bug, question, help wanted.
repo-labels-loss = “{ $name }” is removed from all issues. Open issues with this label: { $count }.
repo-labels-name = Name
repo-labels-new = New label
repo-labels-submit = Create label
repo-labels-title = Labels
repo-labels-exclusive = Exclusive in its scope
repo-labels-exclusive-badge = Exclusive
repo-labels-exclusive-help = For names like “priority/high”: an issue has at most one label of the same scope, and a new one replaces the old one.
