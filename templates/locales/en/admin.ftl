### For administrators of the site.

admin-audit-act-administration-begun = entered administrator mode
admin-audit-act-administration-ended = left administrator mode
admin-audit-act-changed = changed
admin-audit-act-deleted = deleted
admin-audit-act-discarded = discarded
admin-audit-act-disabled = disabled
admin-audit-act-enabled = enabled
admin-audit-act-made = created
admin-audit-act-paused = paused
admin-audit-act-pinned = pinned
admin-audit-act-resumed = resumed
admin-audit-act-retried = retried
admin-audit-after = After
admin-audit-before = Before
admin-audit-changes = { $count ->
    [one] { $count } field
   *[other] { $count } fields
}
admin-audit-count = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
admin-audit-empty = No entries
admin-audit-every-kind = All kinds
admin-audit-field = Field
admin-audit-kind = Kind
admin-audit-kind-accelerator = Accelerator
admin-audit-kind-image = Image
admin-audit-kind-job = Job
admin-audit-kind-pool = Pool
admin-audit-kind-quota = Quota
admin-audit-kind-scene = Scene
admin-audit-kind-session = Session
admin-audit-kind-spec = Spec
admin-audit-kind-user = Account
admin-audit-kind-variant = Variant
admin-audit-operator = the operator
admin-audit-subject = Code of the object
admin-audit-submit = Filter
admin-audit-title = Audit log

admin-invites-created = created { $time }
admin-invites-delete = Withdraw
admin-invites-email = E-mail address
admin-invites-email-help = The invitation is sent there, in your language. Leave it empty to share the link yourself.
admin-invites-empty = No invitations
admin-invites-expired = expired
admin-invites-lead = An invitation lets one person sign up while registration is closed. It is valid for two weeks.
admin-invites-list = Created invitations
admin-invites-made = Share this link with one person
admin-invites-no-mail = This site cannot send e-mail: share the invitation link yourself.
admin-invites-note = Note
admin-invites-note-help = For whom it is. Only administrators see it.
admin-invites-once = It will not be shown again.
admin-invites-open = valid until { $time }
admin-invites-submit = Create invitation
admin-invites-title = Invitations
admin-invites-unnamed = No note
admin-invites-used = used { $time }

admin-jobs-attempts = { $count ->
    [0] not tried yet
    [one] tried once
   *[other] tried { $count } times
}
admin-jobs-count = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
}
admin-jobs-cron = Cron expression
admin-jobs-data = Data
admin-jobs-discard = Discard
admin-jobs-due = due { $time }
admin-jobs-empty = No jobs
admin-jobs-every-state = All states
admin-jobs-failed = Failed
admin-jobs-failed-at = given up { $time }
admin-jobs-filter = Filter
admin-jobs-lead = Background work that follows a push, a task or an e-mail. Failed jobs are retried with growing delays; after ten attempts they stay here.
admin-jobs-list = Jobs
admin-jobs-next = Next run
admin-jobs-oldest = Waiting since
admin-jobs-queue = Queue
admin-jobs-queue-deliveries = Event delivery
admin-jobs-queue-housekeeping = Housekeeping
admin-jobs-queue-mail = Mail
admin-jobs-queue-repositories = Repositories
admin-jobs-queue-tasks = Tasks
admin-jobs-run = Run now
admin-jobs-running = Running
admin-jobs-schedule = Schedule
admin-jobs-schedules = Schedules
admin-jobs-state = State
admin-jobs-title = Jobs
admin-jobs-undispatched = { $count ->
    [0] Every event has been dispatched.
    [one] One event is waiting to be dispatched.
   *[other] { $count } events are waiting to be dispatched.
}
admin-jobs-waiting = Waiting
admin-mail-from = From
admin-mail-none = This site cannot send e-mail
admin-mail-none-next = Set up a mail server in the section [mail] of the configuration and restart Hearth. Until then, nobody can get a new password or an invitation by e-mail: share invitation links yourself, and set new passwords with hearth admin user reset-password.
admin-mail-refused = The mail server rejected an e-mail { $time }
admin-mail-sent = A test e-mail to { $to } was handed to the mail server
admin-mail-sent-next = If it does not arrive, check the spam folder and the log of the mail server.
admin-mail-server = Mail server
admin-mail-test = Send a test e-mail
admin-mail-title = E-mail
admin-mail-trouble = The test e-mail could not be sent
admin-mail-trouble-next = Check the section [mail] of the configuration; hearth doctor tests it too.

admin-overview-address = Address
admin-overview-admins = administrators
admin-overview-database = Database
admin-overview-disk = Disk
admin-overview-disk-free = { $free } free of { $total }
admin-overview-disk-low = The disk is nearly full
admin-overview-disk-low-next = Until { $reserve } are free, new tasks and uploads are not accepted. Pushes and other small changes still work.
admin-overview-lost = { $count ->
    [one] The content of { $count } large file is missing
   *[other] The content of { $count } large files is missing
}
admin-overview-lost-next = Anyone who has them can upload them again with git lfs push --all; a backup of the data folder holds them too.
admin-overview-proxy = { $address } looks like a proxy that is not in the configuration
admin-overview-proxy-next = Wrong passwords for many accounts came from this address, and it forwards requests. If it is your proxy, add it to server.trusted_proxies: until then, everyone behind it shares one address and its limits. If it is not, someone there is guessing passwords.
admin-overview-registration = Registration
admin-overview-registration-closed = By administrators only
admin-overview-registration-invite = By invitation
admin-overview-registration-open = Open
admin-overview-repositories = repositories
admin-overview-title = Site
admin-overview-users = accounts
admin-overview-version = Version

admin-users-acts = Actions
admin-users-block = Block
admin-users-count = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
admin-users-created = Joined
admin-users-email = E-mail address
admin-users-is-admin = Administrator
admin-users-is-blocked = Blocked
admin-users-make-admin = Make administrator
admin-users-name = Account
admin-users-search = Search names
admin-users-submit = Search
admin-users-title = Accounts
admin-users-unblock = Unblock
admin-users-unmake-admin = Remove administrator
