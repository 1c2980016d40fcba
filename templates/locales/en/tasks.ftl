### Pages of computing tasks.

tasks-kind-inference = Inference
tasks-kind-train = Training

## Above every part

tasks-frame-attempts = Attempts:
tasks-frame-clone = Clone with changes
tasks-frame-detail = Detail: { $detail }
tasks-frame-launched = launched by { $person } { $time }
tasks-frame-of-node = Node { $node }: { $sentence }
tasks-frame-place = { $place } of { $waiting } in the queue
tasks-frame-publish = Publish as model
tasks-frame-rerun = Run again
tasks-frame-steps = Steps
tasks-frame-stop = Stop
tasks-frame-stop-loss = The program receives a signal and has 30 seconds to save its work. What it has not saved by then is lost.
tasks-frame-stop-name = Stop task #{ $number }
tasks-frame-tabs = Task sections
tasks-step-collect = Store outputs
tasks-step-end = End
tasks-step-prepare = Prepare
tasks-step-queue = Queue
tasks-step-run = Run
tasks-step-total = { $time } in all
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
tasks-list-empty-next = Open one of your repositories and create a task on its Tasks tab.
tasks-list-every-kind = All kinds
tasks-list-filter = Filter
tasks-list-kind = Kind
tasks-list-nothing = No matching tasks
tasks-list-nothing-next = Show all tasks
tasks-list-search = Search names
tasks-list-tabs = States
tasks-list-title = My tasks

## Overview

tasks-overview-boot = Boot file
tasks-overview-cards = { $cards } × { $card }, { $cpus } CPU, { $memory }
tasks-overview-code = Code
tasks-overview-command = Command
tasks-overview-config = Configuration
tasks-overview-cpus = { $cpus } CPU, { $memory }
tasks-overview-danger = Danger zone
tasks-overview-delete = Delete this task
tasks-overview-delete-loss = Its log, metrics, outputs and run record are deleted too. Models published from it stay.
tasks-overview-delete-name = Delete task #{ $number }
tasks-overview-earlier = { $count ->
    [one] { $count } earlier step
   *[other] { $count } earlier steps
}
tasks-overview-exit-code = Exit code
tasks-overview-history = History
tasks-overview-image = Image
tasks-overview-last = Last
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
tasks-overview-network-off = none
tasks-overview-network-on = allowed
tasks-overview-no-outputs = none yet
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
tasks-overview-queue-card-memory = at least { $memory } on each card
tasks-overview-queue-eta = Estimated start
tasks-overview-queue-eta-span = in { $low } to { $high }
tasks-overview-queue-eta-unknown = unknown
tasks-overview-queue-free = Free now
tasks-overview-queue-free-cards = { $room } on one machine; { $cards } cards on { $machines } machines
tasks-overview-queue-need = Requested
tasks-overview-queue-nowhere = no machine is large enough
tasks-overview-queue-place = Position
tasks-overview-queue-priority = Priority
tasks-overview-queue-priority-any = Above 0, it goes before other tasks and may preempt them.
tasks-overview-queue-priority-less = A lower priority lets others go first. Only an administrator can raise it again.
tasks-overview-queue-priority-set = Change
tasks-overview-queue-switch = Switch to this
tasks-overview-queue-switches = With these specs it would start now:
tasks-overview-result = Results
tasks-overview-seed = Seed
tasks-overview-spec = Spec
tasks-overview-step = { $sentence } { $code } · { $source } · { $time }
tasks-overview-took = Duration
tasks-overview-value = Value

## Log

tasks-log-cut = [… { $size } more of this line: download the log]
tasks-log-earlier = Lines before { $line }
tasks-log-empty = No log yet
tasks-log-empty-next = It appears here by itself when the task starts.
tasks-log-later = Later lines
tasks-log-nodes = Logs of the machines

## Metrics and resources

tasks-metrics-count = index
tasks-metrics-empty = No metrics yet
tasks-metrics-empty-next = Print lines such as name=value, or write metrics.jsonl to the output folder: each name becomes a chart.
tasks-metrics-epoch = epoch
tasks-metrics-hidden = { $count ->
    [one] { $count } more curve is in metrics.jsonl.
   *[other] { $count } more curves are in metrics.jsonl.
}
tasks-metrics-left-out = This run recorded more than { $count } metrics; the others are only in metrics.jsonl.
tasks-metrics-seconds = seconds
tasks-metrics-step = step
tasks-metrics-thinned = Long curves are drawn from the lowest and highest value of each interval. All values are in metrics.jsonl.
tasks-resources-cards = Accelerators busy (%)
tasks-resources-cpu = CPU (100 % is one CPU)
tasks-resources-cpu-said = On average, { $percent } % of the reserved CPU was used.
tasks-resources-empty = No samples yet
tasks-resources-empty-next = The agent measures every few seconds while the program runs.
tasks-resources-memory = Memory (MiB)
tasks-resources-memory-said = At its peak, { $percent } % of the reserved memory was used.
tasks-resources-note = { $samples } samples · at most { $processes } processes
tasks-resources-reserved = reserved
tasks-resources-used = used

## Outputs, run record, lineage

tasks-files-about = Description
tasks-files-cut = The rest is in the download.
tasks-files-empty = No run record yet
tasks-files-empty-next = It is created with the first attempt and pins the code, image, parameters, environment and every output by its hash.
tasks-files-environment = The interpreter and every package the program could import
tasks-files-events = The timeline, one step per line
tasks-files-metrics = All recorded metrics
tasks-files-patch = Unpushed changes
tasks-files-receipt = What the attempt used
tasks-files-run = Everything needed to repeat the run
tasks-files-sums = The hash of every file in this record
tasks-lineage-inputs = Code
tasks-lineage-none = Nothing has been published from this run.
tasks-lineage-outputs = Models
tasks-lineage-run = Run
tasks-outputs-empty = No outputs yet
tasks-outputs-empty-next = Files that the program writes to its output folder are kept here, with their size and hash.
tasks-outputs-file = File
tasks-outputs-program = Download from the command line
tasks-outputs-size = Size
tasks-outputs-undelivered = Outputs not yet stored
tasks-outputs-undelivered-about = { $count ->
    [one] One file ({ $size }) was written but not stored, because the agent of this run ended or the disk was full.
   *[other] { $count } files ({ $size }) were written but not stored, because the agent of this run ended or the disk was full.
}
tasks-outputs-undelivered-discard = Discard
tasks-outputs-undelivered-kept = They are kept until { $time }.
tasks-outputs-undelivered-store = Store

## Publishing

tasks-publish-model = Model
tasks-publish-model-help = A name creates a model of yours or adds a version to it; owner/name adds a version to another owner’s model.
tasks-publish-note = Release notes
tasks-publish-note-help = Shown at the top of the model card. Metrics, origin and hashes are added from the run record.
tasks-publish-nothing = This task has no outputs to publish
tasks-publish-title = Publish as a version of a model
tasks-publish-visibility = Visibility of a new model
tasks-publish-whole = This run kept { $count } files ({ $size }), too many to choose from here: all of them will be published. Use the API to publish a selection.
