### Tasks of one repository.

repo-tasks-list-empty = No tasks yet
repo-tasks-list-empty-next = Press “New task”, or run a file from a clone:
repo-tasks-list-new = New task
repo-tasks-list-no-code = No code to run yet
repo-tasks-list-no-code-next = Push the first commit

repo-tasks-new-boot-help = Python files at { $revision } ({ $commit }).
repo-tasks-new-boot-part = Not all files are listed. If yours is missing, type its path.
repo-tasks-new-command-rule = Run by the shell of the image in the code folder, for instance torchrun --nproc-per-node 2 train.py. It replaces the boot file; include the parameters in it.
repo-tasks-new-command-instead = Run a command instead
repo-tasks-new-cards = Cards
repo-tasks-new-check-files = { $count ->
    [one] { $count } Python file at this revision
   *[other] { $count } Python files at this revision
}
repo-tasks-new-check-later = It will wait at position { $place } in the queue.
repo-tasks-new-check-no-file = No Python file at this revision
repo-tasks-new-check-now = It starts immediately
repo-tasks-new-code = Code
repo-tasks-new-command = Copy as command
repo-tasks-new-command-again = Update from the form
repo-tasks-new-command-help = The commands read an access token from the variable HEARTH_TOKEN.
repo-tasks-new-command-patch = Unpushed changes of the cloned task are submitted with this form only, not with the commands.
repo-tasks-new-curl = With curl
repo-tasks-new-description = Description
repo-tasks-new-environment = Environment
repo-tasks-new-fits-nowhere = larger than any machine
repo-tasks-new-free = free now
repo-tasks-new-image-help = The interpreter and packages that the program uses.
repo-tasks-new-look = Show files
repo-tasks-new-memory = Memory
repo-tasks-new-name = Name
repo-tasks-new-name-help = If empty, the name of the boot file or of the command is used.
repo-tasks-new-network = Allow network access
repo-tasks-new-network-help = Without it, the program cannot reach anything outside.
repo-tasks-new-no-engine = No engine is running tasks on this site at present, so tasks cannot be launched.
repo-tasks-new-no-image = No image is available: the server found no Python interpreter.
repo-tasks-new-nodes = Machines
repo-tasks-new-nodes-help = Each machine has the resources chosen above; all start together. At most { $most }; if empty, one.
repo-tasks-new-now = Availability
repo-tasks-new-no-pool = no pool for this kind of task
repo-tasks-new-no-variant = the image has no variant for these cards
repo-tasks-new-parameter-add = Add a parameter
repo-tasks-new-parameter-name = Name
repo-tasks-new-parameter-remove = Remove this parameter
repo-tasks-new-parameters = Parameters
repo-tasks-new-parameters-help = Passed to the program as --name=value, in this order. Empty rows are ignored.
repo-tasks-new-priority = Priority
repo-tasks-new-priority-help = Administrators only: above 0 it goes before other tasks and may preempt them.
repo-tasks-new-resources = Resources
repo-tasks-new-revision = Branch, tag or commit
repo-tasks-new-revision-help = The task is pinned to the commit it points to now.
repo-tasks-new-run = Run
repo-tasks-new-submit = Launch
repo-tasks-new-summary = Summary
repo-tasks-new-time-limit = Time limit (minutes)
repo-tasks-new-time-limit-help = At most { $most }, which is also the default.
repo-tasks-new-title = New task
repo-tasks-new-waiting = { $count ->
    [0] in use
    [one] { $count } task waiting
   *[other] { $count } tasks waiting
}
