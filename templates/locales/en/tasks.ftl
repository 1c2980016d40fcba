### Pages of computing tasks.

tasks-kind-inference = Inference
tasks-kind-train = Training

## Above every part

tasks-frame-attempts = Attempts:
tasks-frame-clone = Run again with changes
tasks-frame-detail = Detail: { $detail }
tasks-frame-launched = Launched by { $person } { $time }
tasks-frame-module-image = Run again in { $image }
tasks-frame-module-nowhere = No image is known to have { $module }. See the images
tasks-frame-of-node = Node { $node }: { $sentence }
tasks-frame-place = { $place } of { $waiting } in the queue
tasks-frame-publish = Publish as model
tasks-frame-rerun = Run again
tasks-frame-steps = Steps
tasks-frame-stop = Stop
tasks-frame-stop-loss = The program has 30 seconds to save its work. Anything not saved by then is lost.
tasks-frame-stop-name = Stop task #{ $number }
tasks-frame-tabs = Task sections
tasks-step-collect = Store outputs
tasks-step-end = End
tasks-step-packages = Packages
tasks-step-prepare = Prepare
tasks-step-queue = Queue
tasks-step-run = Run
tasks-step-total = { $time } in total
tasks-tab-files = Run record
tasks-tab-lineage = Lineage
tasks-tab-log = Log
tasks-tab-metrics = Metrics
tasks-tab-outputs = Outputs
tasks-tab-overview = Overview
tasks-tab-resources = Resources

## Lists

tasks-list-active = Waiting or running
tasks-list-all = All
tasks-list-count = { $count ->
    [one] { $count } task
   *[other] { $count } tasks
}
tasks-list-empty = No tasks yet
tasks-list-apply = Apply
tasks-list-columns = Columns and conditions
tasks-list-columns-shown = Columns
tasks-list-compare = Compare selected
tasks-list-compare-help = Select two tasks or more, at most { $most }
tasks-list-condition-is = Comparison
tasks-list-condition-name = Parameter or metric
tasks-list-conditions = Only tasks with
tasks-list-empty-next = Open one of your repositories and create a task under Tasks.
tasks-list-every-kind = All types
tasks-list-filter = Filter
tasks-list-kind = Type
tasks-list-nothing = No matching tasks
tasks-list-nothing-next = Show all tasks
tasks-list-launched = Launched
tasks-list-search = Search names
tasks-list-tabs = Status
tasks-list-reset = Reset
tasks-list-title = My tasks
tasks-list-select = Select
tasks-list-select-one = Select task #{ $number }
tasks-list-sort = Sort by
tasks-list-state = State
tasks-list-task = Task
tasks-compare-differences = Differences only
tasks-compare-differs = (different)
tasks-compare-environment = Environment
tasks-compare-everything = Show everything
tasks-compare-few = Select at least two tasks
tasks-compare-few-next = Select them in a list of tasks, then press “Compare selected”.
tasks-compare-no = no
tasks-compare-packages = { $same ->
    [one] { $same } package has the same version in all of them.
   *[other] { $same } packages have the same version in all of them.
}
tasks-compare-packages-hidden = { $count ->
    [one] { $count } more differs.
   *[other] { $count } more differ.
}
tasks-compare-program = Program
tasks-compare-reason = Reason
tasks-compare-repository = Repository
tasks-compare-system = System
tasks-compare-title = Compare tasks
tasks-compare-value = Value
tasks-compare-yes = yes

## Overview

tasks-overview-boot = Boot file
tasks-overview-cards = { $cards } × { $card }, { $cpus ->
    [one] { $cpus } CPU
   *[other] { $cpus } CPUs
}, { $memory }
tasks-overview-code = Code
tasks-overview-command = Command
tasks-overview-config = Configuration
tasks-overview-cpus = { $cpus ->
    [one] { $cpus } CPU
   *[other] { $cpus } CPUs
}, { $memory }
tasks-overview-danger = Danger zone
tasks-overview-delete = Delete this task
tasks-overview-delete-loss = Its log, metrics, outputs and run record are deleted too. Published models stay.
tasks-overview-delete-name = Delete task #{ $number }
tasks-overview-earlier = { $count ->
    [one] { $count } earlier step
   *[other] { $count } earlier steps
}
tasks-overview-exit-code = Exit code
tasks-overview-history = History
tasks-overview-image = Image
tasks-overview-last = Latest
tasks-overview-later = { $count ->
    [one] { $count } later step
   *[other] { $count } later steps
}
tasks-overview-least = Lowest
tasks-overview-limit = Time limit
tasks-overview-machine = Machine
tasks-overview-metric = Metric
tasks-overview-missing = Not recorded for this run:
tasks-overview-more-curves = { $count ->
    [one] { $count } more curve
   *[other] { $count } more curves
}
tasks-overview-most = Highest
tasks-overview-network = Network
tasks-overview-network-off = Not allowed
tasks-overview-network-on = Allowed
tasks-overview-no-outputs = None
tasks-overview-no-outputs-yet = None yet
tasks-overview-nodes = { $count ->
    [one] { $count } machine
   *[other] { $count } machines
}
tasks-overview-outputs = { $count ->
    [one] { $count } file
   *[other] { $count } files
}
tasks-overview-parameter = Parameter
tasks-overview-parent = Based on
tasks-overview-patch = Unpushed changes
tasks-overview-patch-help = { $files ->
    [one] { $files } file
   *[other] { $files } files
}, +{ $added } −{ $removed }, on top of the commit
tasks-overview-queue = In the queue
tasks-overview-queue-ahead = Tasks ahead
tasks-overview-queue-amounts = { $cards ->
    [one] { $cards } card
   *[other] { $cards } cards
}, { $cpus ->
    [one] { $cpus } CPU
   *[other] { $cpus } CPUs
}, { $memory }
tasks-overview-queue-card-memory = at least { $memory } per card
tasks-overview-queue-eta = Estimated start
tasks-overview-queue-eta-span = in { $low } to { $high }
tasks-overview-queue-eta-unknown = Unknown
tasks-overview-queue-eta-within = within { $high }
tasks-overview-queue-free = Free now
tasks-overview-queue-free-cards = { $room } on one machine; { $cards ->
    [one] { $cards } card
   *[other] { $cards } cards
} on { $machines } machines
tasks-overview-queue-need = Requested
tasks-overview-queue-nowhere = No machine is large enough
tasks-overview-queue-place = Position
tasks-overview-queue-priority = Priority
tasks-overview-queue-priority-any = Above 0, it goes before other tasks and may preempt them.
tasks-overview-queue-priority-less = A lower value lets others go first. Only an administrator can raise it again.
tasks-overview-queue-priority-set = Change
tasks-overview-queue-switch = Use this spec
tasks-overview-queue-switches = Starts now with one of these specs:
tasks-overview-result = Result
tasks-overview-seed = Seed
tasks-overview-source-agent = agent
tasks-overview-source-engine = engine
tasks-overview-source-queue = queue
tasks-overview-source-server = server
tasks-overview-source-user = user
tasks-overview-spec = Spec
tasks-overview-step = { $sentence } { $code } · { $source } · { $time }
tasks-overview-tail = End of the log
tasks-overview-tail-all = Whole log
tasks-overview-took = Duration
tasks-overview-value = Value

## Log

tasks-log-cut = [… { $size } more in this line: download the log]
tasks-log-earlier = Lines before { $line }
tasks-log-empty = No log yet
tasks-log-empty-next = It appears here when the task starts.
tasks-log-found = Match { $rank } of { $count }
tasks-log-found-before = { $count ->
    [one] { $count } match, before this line
   *[other] { $count } matches, all before this line
}
tasks-log-found-none = No matches
tasks-log-later = Later lines
tasks-log-next = Next
tasks-log-no-error = No errors found in this log
tasks-log-nodes = Machine logs
tasks-log-partial = Only the first { $part } of { $whole } was searched. Download the log to search the rest.
tasks-log-previous = Previous

## Metrics and resources

tasks-metrics-count = Index
tasks-metrics-empty = No metrics yet
tasks-metrics-empty-next = Print lines like name=value, or write metrics.jsonl to the output folder. Each name becomes a chart.
tasks-metrics-epoch = Epoch
tasks-metrics-hidden = { $count ->
    [one] { $count } more curve is in metrics.jsonl.
   *[other] { $count } more curves are in metrics.jsonl.
}
tasks-metrics-relative = Time since the start
tasks-metrics-scale = Scale
tasks-metrics-scale-auto = Automatic
tasks-metrics-scale-linear = Linear
tasks-metrics-scale-log = Logarithmic
tasks-metrics-show = Show
tasks-metrics-smoothing = Smoothing
tasks-metrics-left-out = More than { $count } metrics were recorded. The others are only in metrics.jsonl.
tasks-metrics-step = Step
tasks-metrics-take = All values:
tasks-metrics-thinned = Long curves show the lowest and highest value of each interval. All values are in metrics.jsonl.
tasks-metrics-with = { $count ->
    [0] Compare with…
    [one] Compared with { $count } task
   *[other] Compared with { $count } tasks
}
tasks-metrics-with-help = Draw these tasks in the same charts, at most { $count } in all
tasks-metrics-x = X axis
tasks-metrics-x-relative = Time since the start
tasks-metrics-x-step = Step
tasks-metrics-x-wall = Time of day (UTC)
tasks-resources-cards = Accelerator utilisation (%)
tasks-resources-cpu = CPU (100% is one CPU)
tasks-resources-cpu-said = { $percent }% of the reserved CPU was used on average.
tasks-resources-empty = No samples yet
tasks-resources-empty-next = Usage is measured every few seconds while the program runs.
tasks-resources-memory = Memory (MiB)
tasks-resources-memory-said = { $percent }% of the reserved memory was used at the peak.
tasks-resources-note = { $samples ->
    [one] { $samples } sample
   *[other] { $samples } samples
} · up to { $processes ->
    [one] { $processes } process
   *[other] { $processes } processes
}
tasks-resources-reserved = Reserved
tasks-resources-used = Used

## Outputs, run record, lineage

tasks-files-about = Description
tasks-files-cut = Download the file to see the rest.
tasks-files-empty = No run record yet
tasks-files-empty-next = The first attempt creates it. It pins the code, image, parameters, environment and hash of every output.
tasks-files-environment = The interpreter and every package available to the program
tasks-files-events = The timeline, one step per line
tasks-files-metrics = All recorded metrics
tasks-files-patch = Unpushed changes
tasks-files-receipt = Resources used by the attempt
tasks-files-run = Everything needed to reproduce the run
tasks-files-sums = The hash of every file in this record
tasks-lineage-inputs = Code
tasks-lineage-none = Nothing published from this run yet
tasks-lineage-outputs = Models
tasks-lineage-run = Run
tasks-outputs-empty = No outputs yet
tasks-outputs-empty-next = Files written to the output folder are kept here, with their size and hash.
tasks-outputs-file = File
tasks-outputs-program = Download from the command line
tasks-outputs-size = Size
tasks-outputs-undelivered = Outputs not stored yet
tasks-outputs-undelivered-about = { $count ->
    [one] { $count } file ({ $size }) was written but not stored: the agent ended, or the disk was full.
   *[other] { $count } files ({ $size }) were written but not stored: the agent ended, or the disk was full.
}
tasks-outputs-undelivered-discard = Delete
tasks-outputs-undelivered-discard-loss = { $count ->
    [one] This file is permanently deleted.
   *[other] These { $count } files are permanently deleted.
}
tasks-outputs-undelivered-kept = Kept until { $time }.
tasks-outputs-undelivered-store = Store

## Publishing

tasks-publish-model = Model
tasks-publish-model-help = A new name creates a model; an existing one gets a new version. Write owner/name for another owner’s model.
tasks-publish-note = Release notes
tasks-publish-note-help = Shown at the top of the model card. Metrics, origin and hashes are added from the run record.
tasks-publish-nothing = This task has no outputs to publish
tasks-publish-title = Publish as model version
tasks-publish-visibility = Visibility of a new model
tasks-publish-whole = This run has { $count } files ({ $size }), too many to choose from here. All of them will be published. Use the API to publish a selection.
