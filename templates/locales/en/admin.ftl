### For administrators of the site.

admin-audit-act-administration-begun = began to act as administrator
admin-audit-act-administration-ended = stopped acting as administrator
admin-audit-act-changed = changed
admin-audit-act-deleted = deleted
admin-audit-act-discarded = discarded
admin-audit-act-disabled = switched off
admin-audit-act-enabled = switched on
admin-audit-act-made = made
admin-audit-act-paused = paused
admin-audit-act-pinned = pinned
admin-audit-act-resumed = resumed
admin-audit-act-retried = tried again
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
admin-audit-every-kind = Everything
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
admin-audit-subject = Code of what was changed
admin-audit-submit = Filter
admin-audit-title = Audit log

admin-invites-created = made { $time }
admin-invites-delete = Take back
admin-invites-email = E-mail address
admin-invites-email-help = The invitation is sent there, in your language. Leave it empty to hand the address on yourself.
admin-invites-empty = No invitations
admin-invites-expired = expired
admin-invites-lead = An invitation lets one person sign up where the site is closed to newcomers. It is good for two weeks.
admin-invites-list = Invitations made
admin-invites-made = Hand this address to one person
admin-invites-no-mail = This site sends no letters: hand the address of an invitation on yourself.
admin-invites-note = For whom
admin-invites-note-help = Only administrators see it.
admin-invites-once = It is shown this once.
admin-invites-open = open until { $time }
admin-invites-submit = Make invitation
admin-invites-title = Invitations
admin-invites-unnamed = Without a name
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
admin-jobs-cron = Cron line
admin-jobs-data = Data
admin-jobs-discard = Discard
admin-jobs-due = due { $time }
admin-jobs-empty = No jobs
admin-jobs-every-state = All states
admin-jobs-failed = Failed
admin-jobs-failed-at = given up { $time }
admin-jobs-filter = Filter
admin-jobs-lead = Work that follows a push, a task or a letter. A job that fails is retried, later each time; after ten attempts it is kept here.
admin-jobs-list = Jobs
admin-jobs-next = Next run
admin-jobs-oldest = Waiting since
admin-jobs-queue = Queue
admin-jobs-queue-deliveries = Events to subscribers
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
    [one] One event waits for the dispatcher.
   *[other] { $count } events wait for the dispatcher.
}
admin-jobs-waiting = Waiting
admin-mail-from = From
admin-mail-none = This site sends no letters
admin-mail-none-next = Name a mail server in the section [mail] of the configuration and start Hearth again. Until then nobody can get a new password or an invitation by mail: hand out the links of invitations yourself, and give accounts new passwords with hearth admin user reset-password.
admin-mail-refused = The mail server refused a letter { $time }
admin-mail-sent = A test letter to { $to } was handed to the mail server
admin-mail-sent-next = If it does not arrive, look among the unwanted letters and into the log of the mail server.
admin-mail-server = Mail server
admin-mail-test = Send me a test letter
admin-mail-title = Letters
admin-mail-trouble = The test letter could not be sent
admin-mail-trouble-next = Look at the section [mail] of the configuration; hearth doctor tries it too.

admin-overview-address = Address
admin-overview-admins = administrators
admin-overview-database = Database
admin-overview-disk = Disk
admin-overview-disk-free = { $free } free of { $total }
admin-overview-disk-low = The disk is nearly full
admin-overview-disk-low-next = Until { $reserve } are free, no new tasks and no uploads are taken. Pushes and everything small go on.
admin-overview-lost = { $count ->
    [one] The bytes of { $count } large file are lost
   *[other] The bytes of { $count } large files are lost
}
admin-overview-lost-next = Whoever has them can bring them again with git lfs push --all; a copy of the data folder holds them too.
admin-overview-proxy = { $address } looks like a proxy that the configuration does not name
admin-overview-proxy-next = Wrong passwords of many accounts came from it, and it forwards requests. If it is your proxy, name it in server.trusted_proxies: until then everybody behind it shares one address and its limits. If it is not, somebody there is guessing passwords.
admin-overview-registration = New accounts
admin-overview-registration-closed = Made by administrators alone
admin-overview-registration-invite = By invitation
admin-overview-registration-open = Open to everybody
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
admin-users-created = Since
admin-users-email = E-mail address
admin-users-is-admin = Administrator
admin-users-is-blocked = Blocked
admin-users-make-admin = Make administrator
admin-users-name = Account
admin-users-search = Part of a name
admin-users-submit = Search
admin-users-title = Accounts
admin-users-unblock = Unblock
admin-users-unmake-admin = Remove administrator
