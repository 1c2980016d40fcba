### What tasks run on, for administrators of the site.

admin-compute-accelerator-enabled = Enabled
admin-compute-accelerator-enabled-help = When disabled, its cards are ignored on all nodes and nothing new starts on them.
admin-compute-accelerator-environment = Environment variables
admin-compute-accelerator-environment-help = One “NAME=value” per line, set in every container with these cards.
admin-compute-accelerator-family = Image family
admin-compute-accelerator-family-help = Which variant of an image runs on these cards.
admin-compute-accelerator-label = Name
admin-compute-accelerator-memory-label = Memory label
admin-compute-accelerator-memory-label-help = Optional. Node label with the memory of one card in MiB.
admin-compute-accelerator-model-label = Model label
admin-compute-accelerator-model-label-help = Optional. Node label with the card model.
admin-compute-accelerator-mounts = Driver mounts
admin-compute-accelerator-mounts-help = One path per line, the same on the node and in the container. Add “:ro” for read-only.
admin-compute-accelerator-probe = Probe command
admin-compute-accelerator-probe-help = Lists the cards. Smoke tests run it in the container.
admin-compute-accelerator-resource = Resource name
admin-compute-accelerator-resource-help = The device plugin’s name for one card, for example nvidia.com/gpu.
admin-compute-accelerator-runtime = Runtime class
admin-compute-accelerator-runtime-help = Optional. Runtime class of the pod.
admin-compute-accelerator-tolerations = Tolerations
admin-compute-accelerator-tolerations-help = One “key”, “key=value” or “key=value:effect” per line.
admin-compute-accelerator-vendor = Vendor
admin-compute-accelerators-empty = No accelerators yet
admin-compute-accelerators-lead = Resource names used by device plugins, and what a container needs to use the cards. Adapt the defaults to your cluster.
admin-compute-accelerators-new = New accelerator
admin-compute-accelerators-title = Accelerators
admin-compute-code = Code
admin-compute-code-help = Lower-case letters, digits, “-” and “.”. Cannot be changed later.
admin-compute-delete = Delete
admin-compute-everybody = Everyone
admin-compute-image-enabled = Available for tasks
admin-compute-image-enabled-help = Can be chosen for specs whose cards have a variant.
admin-compute-image-family-help = One variant per family. “cpu” is for machines without cards.
admin-compute-image-framework = Framework
admin-compute-image-framework-help = For example pytorch or mindspore.
admin-compute-image-framework-version = Framework version
admin-compute-image-interpreter = Interpreter on this machine:
admin-compute-image-label = Name
admin-compute-image-pin = Fetch digest
admin-compute-image-python = Python version
admin-compute-image-reference = Reference
admin-compute-image-reference-help = Including the registry: registry.example.org/team/image:tag.
admin-compute-image-remove = Delete variant { $family }
admin-compute-image-remove-loss = Tasks can no longer use this image on such accelerators.
admin-compute-image-toolkit = Toolkit
admin-compute-image-toolkit-help = CUDA 12.4, CANN 8.0, DTK 24.04, …
admin-compute-image-unpinned = Not pinned: the tag may move
admin-compute-image-variant-new = Add or replace a variant
admin-compute-image-variant-save = Save variant
admin-compute-image-variants = Variants
admin-compute-image-variants-lead = The image for each family of cards. A digest keeps every task on the same content.
admin-compute-images-empty = No images yet
admin-compute-images-gone = missing from this machine
admin-compute-images-here = this machine
admin-compute-images-lead = The environments that programs run in. Built-in frameworks start disabled, without references: enter the images your site trusts.
admin-compute-images-new = New image
admin-compute-images-nothing = Nothing yet
admin-compute-images-runs = Runs on
admin-compute-images-title = Images
admin-compute-is-off = Disabled
admin-compute-is-on = Enabled
admin-compute-matrix-failed = Failed
admin-compute-matrix-image = Image
admin-compute-matrix-lead = Which images run on which cards, with the result of the last smoke test. A dash means not available.
admin-compute-matrix-none = Not available
admin-compute-matrix-passed = Passed
admin-compute-matrix-running = Running
admin-compute-matrix-test = Test all
admin-compute-matrix-title = Compatibility
admin-compute-matrix-untested = Not tested
admin-compute-no-cards = No cards (CPU)
admin-compute-nodes-accept = Create pool
admin-compute-nodes-cordoned = Cordoned
admin-compute-nodes-empty = No machines yet
admin-compute-nodes-lead = Machines known to the engines. Create a pool for machines that have none; until then they are not used.
admin-compute-nodes-machine = Machine
admin-compute-nodes-machines = Machines
admin-compute-nodes-no-pool = No pool, not used
admin-compute-nodes-proposals = Suggested pools
admin-compute-nodes-title = Nodes
admin-compute-overview-capacity = Used
admin-compute-overview-cards = { $used } of { $total ->
    [one] { $total } card
   *[other] { $total } cards
}
admin-compute-overview-cordoned = { $count } cordoned
admin-compute-overview-cpus = { $used } of { $total ->
    [one] { $total } CPU
   *[other] { $total } CPUs
}
admin-compute-overview-empty = No pools yet
admin-compute-overview-engine = Engine
admin-compute-overview-engines = Engines
admin-compute-overview-machines = { $count ->
    [one] { $count } machine
   *[other] { $count } machines
}
admin-compute-overview-new = New pool
admin-compute-overview-no-engine = No engine
admin-compute-overview-no-engine-next = Tasks need an engine: this machine, or a cluster in the configuration.
admin-compute-overview-open = Open
admin-compute-overview-paused = Paused
admin-compute-overview-pool = Pool
admin-compute-overview-pools = Pools
admin-compute-overview-proposals = { $count ->
    [one] Some machines belong to no pool. One pool is suggested.
   *[other] Some machines belong to no pool. { $count } pools are suggested.
}
admin-compute-overview-proposals-next = View
admin-compute-overview-running = Running
admin-compute-overview-title = Engines and pools
admin-compute-overview-waiting = Waiting
admin-compute-overview-engine-state = { $sentence } { $next }
admin-compute-overview-error = Median error
admin-compute-overview-shut-out = Queue closed
admin-compute-overview-shut-out-why = The cluster queue { $queue } is closed. Task { $task } shows the reason.
admin-compute-overview-started = Started
admin-compute-overview-wait = Median wait
admin-compute-overview-waits = Wait times: estimated and actual
admin-compute-overview-within = Within estimate
admin-compute-pool-card-memory = Memory per card
admin-compute-pool-card-memory-help = Only if the machines do not report it, for example 64 GiB.
admin-compute-pool-cards-used = cards used
admin-compute-pool-confirm = Type { $code } to confirm
admin-compute-pool-cordoned = Cordoned
admin-compute-pool-cpus-used = CPUs used
admin-compute-pool-delete = Delete pool
admin-compute-pool-is-paused = This pool is paused. Nothing new starts in it.
admin-compute-pool-kind-help = The cards of its machines.
admin-compute-pool-label = Name
admin-compute-pool-loss = Its machines are not used until another pool includes them. Waiting tasks move to other pools.
admin-compute-pool-message = Reason
admin-compute-pool-message-help = Shown to everyone waiting for this pool.
admin-compute-pool-model-help = Leave empty for any model.
admin-compute-pool-no-machine = No machines in this pool
admin-compute-pool-pause = Pause
admin-compute-pool-pause-submit = Pause pool
admin-compute-pool-pause-touches = Waiting tasks affected: { $waiting }. Running tasks that continue: { $running }.
admin-compute-pool-queue = Kueue LocalQueue
admin-compute-pool-queue-help = Only if Kueue queues workloads in this cluster.
admin-compute-pool-reserved = Cards reserved for others
admin-compute-pool-reserved-help = Cards that Hearth never uses.
admin-compute-pool-resume = Resume pool
admin-compute-pool-selector = Machine labels
admin-compute-pool-selector-help = One “label=value” per line. Machines must have all of them.
admin-compute-pool-shape-cards = { $count ->
    [one] 1 machine with { $free ->
        [one] { $free } card free
       *[other] { $free } cards free
    }
   *[other] { $count } machines with { $free ->
        [one] { $free } card free each
       *[other] { $free } cards free each
    }
}
admin-compute-pool-shape-cpus = { $count ->
    [one] 1 machine with { $free ->
        [one] { $free } CPU free
       *[other] { $free } CPUs free
    }
   *[other] { $count } machines with { $free ->
        [one] { $free } CPU free each
       *[other] { $free } CPUs free each
    }
}
admin-compute-pool-shapes = Free resources by machine
admin-compute-pool-waiting = tasks waiting
admin-compute-pool-waiting-list = Waiting
admin-compute-pool-what = Machines in this pool
admin-compute-quota-all-cards = All cards
admin-compute-quota-borrow = Borrowing limit
admin-compute-quota-borrow-help = Free cards of others that may be used beyond the guaranteed share. Leave empty for no limit.
admin-compute-quota-cards = Cards
admin-compute-quota-hours = Card-hours per week
admin-compute-quota-hours-help = When used up, nothing new starts until Monday. Leave empty for no limit.
admin-compute-quota-lend = Lending limit
admin-compute-quota-lend-help = Cards of the guaranteed share that others may borrow. Leave empty for all.
admin-compute-quota-nominal = Guaranteed share
admin-compute-quota-nominal-help = Cards that are always available and never taken back.
admin-compute-quota-owner-help = Leave empty for everyone without a quota of their own.
admin-compute-quotas-empty = No quotas: usage is unlimited
admin-compute-quotas-endless = Unlimited
admin-compute-quotas-lead = What an owner can use at once and per week.
admin-compute-quotas-loss = The quota for everyone applies instead, if there is one. Tasks of an organisation count towards whoever launches them.
admin-compute-quotas-new = New quota
admin-compute-quotas-title = Quotas
admin-compute-save = Save
admin-compute-scene-enabled = Enabled
admin-compute-scene-every-pool = All pools
admin-compute-scene-every-spec = All enabled specs
admin-compute-scene-kind = Task type
admin-compute-scene-owner = Owner
admin-compute-scene-owner-help = Applies only to repositories of this owner. Leave empty for everyone.
admin-compute-scene-pool = Pool
admin-compute-scene-specs = Specs
admin-compute-scene-specs-help = Tick none for all enabled specs.
admin-compute-scenes-empty = No rules: every task type can use all enabled specs
admin-compute-scenes-lead = Which pools and specs each task type can use. A type without a rule can use all of them.
admin-compute-scenes-loss = A task type without any rule can use all enabled specs.
admin-compute-scenes-new = New rule
admin-compute-scenes-title = Placement rules
admin-compute-size-help = For example 64 GiB or 512 MiB.
admin-compute-spec-any = Any that fits
admin-compute-spec-card-memory = Minimum memory per card
admin-compute-spec-card-memory-help = For example 24 GiB. Required for “any that fits”.
admin-compute-spec-cards = Cards
admin-compute-spec-cards-help = Enter 0 for none.
admin-compute-spec-cpus = CPUs
admin-compute-spec-kind = Card type
admin-compute-spec-kind-help = “Any that fits” uses any card with enough memory that the image supports.
admin-compute-spec-memory = Memory
admin-compute-spec-model = Model
admin-compute-spec-model-help = As reported by the machine. Leave empty for any model.
admin-compute-spec-off = Disabled
admin-compute-spec-on = Enabled
admin-compute-spec-on-shelf = Enabled
admin-compute-spec-on-shelf-help = When disabled, it can no longer be chosen. Existing tasks keep it.
admin-compute-spec-shared = Shared memory
admin-compute-spec-shelf = Status
admin-compute-specs-any = { $cards ->
    [one] Any card with { $memory }
   *[other] Any { $cards } cards with { $memory } each
}
admin-compute-specs-empty = No specs yet
admin-compute-specs-lead = Resources that a task can request. Specs that fit your machines were enabled at first start.
admin-compute-specs-new = New spec
admin-compute-specs-title = Specs
admin-compute-state = Status
admin-compute-accelerators-empty-next = Accelerators tell Hearth what a card is called by its vendor and in a cluster. They appear here when an engine finds cards; add one with the button above.
admin-compute-images-empty-next = An image is what tasks run in. The Python interpreters of this machine are found at startup (hearth admin images list); for a cluster, add a reference with the button above.
admin-compute-nodes-empty-next = No engine reports a machine. Check with hearth doctor whether the engines in the configuration can be reached.
admin-compute-overview-empty-next = A pool is the part of an engine’s machines that tasks are scheduled on. Accept a proposal under Nodes, or configure an engine and restart.
admin-compute-quotas-empty-next = A quota limits how many cards an owner holds at once and per week. Create one for all owners, or for a single one.
admin-compute-scenes-empty-next = A scene offers specs to one kind of task, or to one organisation. Without scenes nothing has to be configured.
admin-compute-specs-empty-next = A spec is what a task can ask for: cards, CPUs and memory. Create one so that tasks can be launched.
