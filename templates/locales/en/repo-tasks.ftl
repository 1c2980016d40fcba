### Tasks of one repository.

repo-tasks-list-empty = No tasks yet
repo-tasks-list-empty-next = Choose “New task”, or run a file from your clone:
repo-tasks-list-new = New task
repo-tasks-list-no-code = Nothing pushed yet
repo-tasks-list-no-code-next = Push the first commit

repo-tasks-new-boot-help = Python files at { $revision } ({ $commit }).
repo-tasks-new-boot-part = Not all files are listed. Type the path of yours if it is missing.
repo-tasks-new-command-rule = Runs in the image’s shell, in the code folder, for example torchrun --nproc-per-node 2 train.py. Replaces the boot file and parameters.
repo-tasks-new-command-instead = Run a command instead
repo-tasks-new-cards = Cards
repo-tasks-new-check-files = { $count ->
    [one] { $count } Python file in this revision
   *[other] { $count } Python files in this revision
}
repo-tasks-new-check-later = Waits at position { $place } in the queue
repo-tasks-new-check-no-file = No Python files in this revision
repo-tasks-new-check-no-revision = There is no branch, tag or commit { $revision }.
repo-tasks-new-check-now = Starts immediately
repo-tasks-new-code = Code
repo-tasks-new-code-ahead = { $count ->
    [one] { $count } commit newer than what the task ran.
   *[other] { $count } commits newer than what the task ran.
}
repo-tasks-new-code-all = All commits of { $branch }
repo-tasks-new-code-apart = The branch was rewritten: { $ahead } of its commits are new, and { $behind } that the task had are no longer on it.
repo-tasks-new-code-behind = { $count ->
    [one] Older than what the task ran, by { $count } commit.
   *[other] Older than what the task ran, by { $count } commits.
}
repo-tasks-new-code-differs = It differs from what the task ran; the commits between them could not be counted.
repo-tasks-new-code-gone = The branch { $branch }, from which the task was launched, no longer exists.
repo-tasks-new-code-newest = Newest of { $branch } ({ $commit })
repo-tasks-new-code-pinned = The same code as before ({ $commit })
repo-tasks-new-code-same = The same commit that the task ran: nothing newer has been pushed.
repo-tasks-new-code-which = Which code should run? It repeats task #{ $task }.
repo-tasks-new-code-with-patch = { $title }, with the unpushed changes of the task
repo-tasks-new-revision-other = Or another branch, tag or commit
repo-tasks-new-command = Copy as command
repo-tasks-new-command-again = Update from form
repo-tasks-new-command-help = The commands read an access token from the HEARTH_TOKEN variable.
repo-tasks-new-command-patch = Unpushed changes of the earlier task go with this form only, not with the commands.
repo-tasks-new-curl = With curl
repo-tasks-new-description = Description
repo-tasks-new-environment = Environment
repo-tasks-new-fits-nowhere = Too large for every machine
repo-tasks-new-free = Free now
repo-tasks-new-image-help = The interpreter and packages for the program.
repo-tasks-new-images = See what each image holds
repo-tasks-new-look = Show files
repo-tasks-new-memory = Memory
repo-tasks-new-name = Name
repo-tasks-new-name-help = Optional. Defaults to the boot file or command.
repo-tasks-new-network = Allow network access
repo-tasks-new-network-help = Without it, the program cannot reach the network.
repo-tasks-new-no-engine = No compute engine is running, so tasks cannot be launched.
repo-tasks-new-no-image = No image is available. The server found no Python interpreter.
repo-tasks-new-nodes = Machines
repo-tasks-new-nodes-help = Each machine has the resources above; all start together. At most { $most }, 1 by default.
repo-tasks-new-now = Available
repo-tasks-new-no-pool = No pool for this type of task
repo-tasks-new-no-variant = Not supported by the image
repo-tasks-new-parameter-add = Add parameter
repo-tasks-new-parameter-name = Name
repo-tasks-new-parameter-remove = Remove parameter
repo-tasks-new-parameters = Parameters
repo-tasks-new-parameters-help = Passed as --name=value, in this order. Empty rows are ignored.
repo-tasks-new-priority = Priority
repo-tasks-new-priority-help = Administrators only. Above 0, it goes before other tasks and may preempt them.
repo-tasks-new-requirements = { $count ->
    [0] requirements.txt names no package.
    [one] requirements.txt: { $count } package will be installed before the program starts.
   *[other] requirements.txt: { $count } packages will be installed before the program starts.
}
repo-tasks-new-requirements-engine = requirements.txt will not be installed: the engines of this site do not install packages.
repo-tasks-new-requirements-large = requirements.txt will not be installed: it is too large.
repo-tasks-new-requirements-network = requirements.txt will not be installed: the machine cannot provide a network for that.
repo-tasks-new-requirements-no-index = requirements.txt will not be installed: the operator has set no package index.
repo-tasks-new-requirements-operator = requirements.txt will not be installed: the operator has switched that off.
repo-tasks-new-requirements-sandbox = requirements.txt will not be installed: the machine has no sandbox to do it in.
repo-tasks-new-requirements-secret = requirements.txt will not be installed: the operator has set no package index that tasks may use.
repo-tasks-new-requirements-skip = Start without installing them
repo-tasks-new-requirements-unreachable = requirements.txt will not be installed: the package index does not answer at present.
repo-tasks-new-resources = Resources
repo-tasks-new-revision = Branch, tag or commit
repo-tasks-new-revision-help = The task stays on the commit this points to now.
repo-tasks-new-run = Run
repo-tasks-new-submit = Launch task
repo-tasks-new-summary = Summary
repo-tasks-new-time-limit = Time limit (minutes)
repo-tasks-new-time-limit-help = At most { $most }, which is the default.
repo-tasks-new-title = New task
repo-tasks-new-waiting = { $count ->
    [0] In use
    [one] { $count } task waiting
   *[other] { $count } tasks waiting
}
