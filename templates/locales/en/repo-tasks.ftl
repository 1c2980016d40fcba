### Tasks of one repository.

repo-tasks-list-empty = No tasks yet
repo-tasks-list-empty-next = Press “New task”, or run a file from a clone:
repo-tasks-list-new = New task
repo-tasks-list-no-code = There is no code to run yet
repo-tasks-list-no-code-next = Push a first commit

repo-tasks-new-boot-help = Python files at { $revision } ({ $commit }).
repo-tasks-new-boot-part = There are more files than are listed here. Type the path of another if it is missing.
repo-tasks-new-command-rule = Read by the shell of the image, in the folder of the code: torchrun --nproc-per-node 2 train.py. It takes the place of the boot file; write parameters into it.
repo-tasks-new-command-instead = Run a command instead
repo-tasks-new-cards = Cards
repo-tasks-new-check-files = { $count ->
    [one] { $count } Python file at this revision
   *[other] { $count } Python files at this revision
}
repo-tasks-new-check-later = It will wait at place { $place } of the queue.
repo-tasks-new-check-no-file = No Python file at this revision
repo-tasks-new-check-now = It starts at once
repo-tasks-new-code = Code
repo-tasks-new-command = As a command
repo-tasks-new-command-again = Show what is filled in now
repo-tasks-new-command-help = The variable HEARTH_TOKEN holds an access token; the commands hold none.
repo-tasks-new-command-patch = The unpushed changes of the cloned task come along with this form only.
repo-tasks-new-curl = With curl
repo-tasks-new-description = Description
repo-tasks-new-environment = Environment
repo-tasks-new-fits-nowhere = larger than any machine
repo-tasks-new-free = free now
repo-tasks-new-image-help = The interpreter and the packages that the program finds.
repo-tasks-new-look = Show files
repo-tasks-new-memory = Memory
repo-tasks-new-name = Name
repo-tasks-new-name-help = Empty: the name of the boot file or of the command.
repo-tasks-new-network = Let the program open connections
repo-tasks-new-network-help = Without it the program reaches nothing but itself.
repo-tasks-new-no-engine = No engine is running tasks on this site at present. A task cannot be launched.
repo-tasks-new-no-image = No image is offered: the server found no Python interpreter.
repo-tasks-new-nodes = Machines
repo-tasks-new-nodes-help = Each has the resources chosen above; all start together. At most { $most }; empty means one.
repo-tasks-new-now = Now
repo-tasks-new-no-pool = no pool for this kind of task
repo-tasks-new-no-variant = the image has no variant for these cards
repo-tasks-new-parameter-add = Add a parameter
repo-tasks-new-parameter-name = Name
repo-tasks-new-parameter-remove = Remove this parameter
repo-tasks-new-parameters = Parameters
repo-tasks-new-parameters-help = The program gets each as --name=value, in this order. Empty rows are left out.
repo-tasks-new-priority = Priority
repo-tasks-new-priority-help = For administrators: above 0 it goes before others, and may make them give up their room.
repo-tasks-new-resources = Resources
repo-tasks-new-revision = Branch, tag or commit
repo-tasks-new-revision-help = The task is pinned to the commit that it names now.
repo-tasks-new-run = Run
repo-tasks-new-submit = Launch
repo-tasks-new-summary = Summary
repo-tasks-new-time-limit = Time limit (minutes)
repo-tasks-new-time-limit-help = At most { $most }, which is also what an empty field means.
repo-tasks-new-title = New task
repo-tasks-new-waiting = { $count ->
    [0] taken now
    [one] { $count } task waits
   *[other] { $count } tasks wait
}
