### What tasks run on, for administrators of the site.

admin-compute-accelerator-enabled = In use
admin-compute-accelerator-enabled-help = When it is off, its cards are not seen on nodes, and nothing new starts on them.
admin-compute-accelerator-environment = Environment variables
admin-compute-accelerator-environment-help = One “NAME=value” a line, given to every container with these cards.
admin-compute-accelerator-family = Family of images
admin-compute-accelerator-family-help = Which variant of an image runs on these cards.
admin-compute-accelerator-label = Name
admin-compute-accelerator-memory-label = Label of the memory
admin-compute-accelerator-memory-label-help = The label of a node with the memory of one card in MiB, where there is one.
admin-compute-accelerator-model-label = Label of the model
admin-compute-accelerator-model-label-help = The label of a node that names the model, where there is one.
admin-compute-accelerator-mounts = Mounts of the driver
admin-compute-accelerator-mounts-help = One path a line, the same on the node and in the container; “:ro” at its end where it is read only.
admin-compute-accelerator-probe = Command that lists the cards
admin-compute-accelerator-probe-help = Smoke tasks run it inside the container.
admin-compute-accelerator-resource = Resource
admin-compute-accelerator-resource-help = What the device plugin calls one card: nvidia.com/gpu.
admin-compute-accelerator-runtime = Runtime class
admin-compute-accelerator-runtime-help = Of the pod, where the cards need one.
admin-compute-accelerator-tolerations = Tolerations
admin-compute-accelerator-tolerations-help = One “key”, “key=value” or “key=value:effect” a line.
admin-compute-accelerator-vendor = Maker
admin-compute-accelerators-empty = No kinds of cards
admin-compute-accelerators-lead = What device plugins call cards, and what a container needs to use them. These are defaults; change what your cluster calls otherwise.
admin-compute-accelerators-new = New kind of cards
admin-compute-accelerators-title = Accelerators
admin-compute-code = Code
admin-compute-code-help = Lower-case letters, digits, “-” and “.”. It cannot be changed later.
admin-compute-delete = Delete
admin-compute-everybody = Everybody
admin-compute-image-enabled = Offered for tasks
admin-compute-image-enabled-help = It can be chosen once there is a variant for the cards of a spec.
admin-compute-image-family-help = One variant for each family; “cpu” is for machines without cards.
admin-compute-image-framework = Framework
admin-compute-image-framework-help = As it is imported or named: pytorch, mindspore.
admin-compute-image-framework-version = Version of the framework
admin-compute-image-interpreter = On this machine it is the interpreter
admin-compute-image-label = Name
admin-compute-image-pin = Ask the registry
admin-compute-image-python = Version of Python
admin-compute-image-reference = Reference
admin-compute-image-reference-help = With its registry: registry.example.org/team/image:tag.
admin-compute-image-remove = Delete the variant { $family }
admin-compute-image-toolkit = Toolkit
admin-compute-image-toolkit-help = CUDA 12.4, CANN 8.0, DTK 24.04, …
admin-compute-image-unpinned = No digest yet: the tag may move
admin-compute-image-variant-new = Add or replace a variant
admin-compute-image-variant-save = Save variant
admin-compute-image-variants = Variants
admin-compute-image-variants-lead = What the image is on each family of cards. A digest keeps every task on the same content.
admin-compute-images-empty = No images
admin-compute-images-gone = not on this machine any more
admin-compute-images-here = this machine
admin-compute-images-lead = What programs run in. Frameworks come switched off and without references: name the images that your site trusts.
admin-compute-images-new = New image
admin-compute-images-nothing = nothing yet
admin-compute-images-runs = Runs on
admin-compute-images-title = Images
admin-compute-is-off = off
admin-compute-is-on = on
admin-compute-matrix-failed = failed
admin-compute-matrix-image = Image
admin-compute-matrix-lead = What is offered on which cards, and how the last smoke task ended. A dash: nothing is offered there.
admin-compute-matrix-none = not offered
admin-compute-matrix-passed = works
admin-compute-matrix-running = under way
admin-compute-matrix-test = Test all
admin-compute-matrix-title = Frameworks on cards
admin-compute-matrix-untested = not tested
admin-compute-no-cards = No cards (CPU)
admin-compute-nodes-accept = Make pool
admin-compute-nodes-cordoned = cordoned
admin-compute-nodes-empty = No machines
admin-compute-nodes-lead = Machines that engines know. One that belongs to no pool is not used: make a pool of it.
admin-compute-nodes-machine = Machine
admin-compute-nodes-machines = Machines
admin-compute-nodes-no-pool = no pool, not used
admin-compute-nodes-proposals = Proposed pools
admin-compute-nodes-title = Nodes
admin-compute-overview-capacity = Used
admin-compute-overview-cards = { $used } of { $total } cards
admin-compute-overview-cordoned = { $count } cordoned
admin-compute-overview-cpus = { $used } of { $total } CPUs
admin-compute-overview-empty = No pools
admin-compute-overview-engine = Engine
admin-compute-overview-engines = Engines
admin-compute-overview-machines = { $count ->
    [one] { $count } machine
   *[other] { $count } machines
}
admin-compute-overview-new = New pool
admin-compute-overview-no-engine = No engine
admin-compute-overview-no-engine-next = Tasks need one: this machine, or a cluster in the configuration.
admin-compute-overview-open = open
admin-compute-overview-paused = paused
admin-compute-overview-pool = Pool
admin-compute-overview-pools = Pools
admin-compute-overview-proposals = { $count ->
    [one] Machines that belong to no pool: one pool is proposed.
   *[other] Machines that belong to no pool: { $count } pools are proposed.
}
admin-compute-overview-proposals-next = Look at them
admin-compute-overview-running = Running
admin-compute-overview-title = Compute
admin-compute-overview-waiting = Waiting
admin-compute-overview-error = Half were wrong by at most
admin-compute-overview-started = Started
admin-compute-overview-wait = Half waited at most
admin-compute-overview-waits = Waits: what was told, and what came true
admin-compute-overview-within = Started as told
admin-compute-pool-card-memory = Memory of one card
admin-compute-pool-card-memory-help = Where the machines do not tell it, such as 64 GiB.
admin-compute-pool-cards-used = cards used
admin-compute-pool-confirm = Write { $code } to confirm
admin-compute-pool-cordoned = cordoned
admin-compute-pool-cpus-used = CPUs used
admin-compute-pool-delete = Delete pool
admin-compute-pool-is-paused = Nothing new starts in this pool.
admin-compute-pool-kind-help = The cards of its machines.
admin-compute-pool-label = Name
admin-compute-pool-loss = Its machines are not used any more until another pool has them. What waits goes to other pools.
admin-compute-pool-message = Why
admin-compute-pool-message-help = Shown to everybody who waits for this pool.
admin-compute-pool-model-help = Empty: any model.
admin-compute-pool-no-machine = No machine belongs to it now.
admin-compute-pool-pause = Pause
admin-compute-pool-pause-submit = Pause pool
admin-compute-pool-pause-touches = Affects { $waiting } waiting. { $running } running go on to their end.
admin-compute-pool-queue = LocalQueue of Kueue
admin-compute-pool-queue-help = Only where Kueue does the queueing in this cluster.
admin-compute-pool-reserved = Cards left to others
admin-compute-pool-reserved-help = Hearth never uses so many of its cards.
admin-compute-pool-resume = Resume pool
admin-compute-pool-selector = Labels of its machines
admin-compute-pool-selector-help = One “label=value” a line; a machine has all of them.
admin-compute-pool-shape-cards = { $count ->
    [one] one machine with { $free } cards free
   *[other] { $count } machines with { $free } cards free each
}
admin-compute-pool-shape-cpus = { $count ->
    [one] one machine with { $free } CPUs free
   *[other] { $count } machines with { $free } CPUs free each
}
admin-compute-pool-shapes = Free, machine by machine
admin-compute-pool-waiting = wait for it
admin-compute-pool-waiting-list = Waiting
admin-compute-pool-what = What belongs to it
admin-compute-quota-all-cards = All cards together
admin-compute-quota-borrow = Borrows
admin-compute-quota-borrow-help = Cards beyond the nominal share, from what others leave. Empty: without a limit.
admin-compute-quota-cards = Cards
admin-compute-quota-hours = Card-hours a week
admin-compute-quota-hours-help = When they are used up, nothing new starts until Monday. Empty: without a limit.
admin-compute-quota-lend = Lends
admin-compute-quota-lend-help = Cards of the nominal share that others may borrow. Empty: all of it.
admin-compute-quota-nominal = Nominal share
admin-compute-quota-nominal-help = Cards held at once that nobody takes away.
admin-compute-quota-owner-help = A name. Empty: everybody who has no row of their own.
admin-compute-quotas-empty = No quotas: nothing is limited
admin-compute-quotas-endless = no limit
admin-compute-quotas-lead = What an owner of repositories may hold at once, and use in a week.
admin-compute-quotas-loss = The owner falls back to the quota of everybody, if there is one.
admin-compute-quotas-new = New quota
admin-compute-quotas-title = Quotas
admin-compute-save = Save
admin-compute-scene-enabled = In use
admin-compute-scene-every-pool = Every pool
admin-compute-scene-every-spec = everything on the shelf
admin-compute-scene-kind = Kind of task
admin-compute-scene-owner = Owner
admin-compute-scene-owner-help = A name: for his repositories alone. Empty: everybody.
admin-compute-scene-pool = Pool
admin-compute-scene-specs = Specs
admin-compute-scene-specs-help = None ticked: everything on the shelf.
admin-compute-scenes-empty = No scenes: every kind of task may use everything on the shelf
admin-compute-scenes-lead = Which pools and specs a kind of task may use. A kind without a scene may use everything.
admin-compute-scenes-loss = A kind of task without any scene may use everything on the shelf.
admin-compute-scenes-new = New scene
admin-compute-scenes-title = Scenes
admin-compute-size-help = Such as 64 GiB or 512 MiB.
admin-compute-spec-any = Any that fits
admin-compute-spec-card-memory = Least memory of one card
admin-compute-spec-card-memory-help = Such as 24 GiB. Needed for “any that fits”.
admin-compute-spec-cards = Cards
admin-compute-spec-cards-help = 0 without cards.
admin-compute-spec-cpus = CPUs
admin-compute-spec-kind = Cards
admin-compute-spec-kind-help = “Any that fits” takes whatever cards have the memory and a variant of the image.
admin-compute-spec-memory = Memory
admin-compute-spec-model = Model
admin-compute-spec-model-help = As the node or the machine tells it. Empty: any model.
admin-compute-spec-off = off the shelf
admin-compute-spec-on = on the shelf
admin-compute-spec-on-shelf = On the shelf
admin-compute-spec-on-shelf-help = Off the shelf nobody can choose it; tasks that have it keep it.
admin-compute-spec-shared = Shared memory
admin-compute-spec-shelf = Shelf
admin-compute-specs-any = { $cards ->
    [one] any card with { $memory }
   *[other] any { $cards } cards with { $memory } each
}
admin-compute-specs-empty = No specs
admin-compute-specs-lead = What a task may ask for. Those that fit the machines were put on the shelf at the first start.
admin-compute-specs-new = New spec
admin-compute-specs-title = Specs
admin-compute-state = State
