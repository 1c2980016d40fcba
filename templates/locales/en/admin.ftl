### For administrators of the site.

admin-audit-act-administration-begun = entered administrator mode
admin-audit-act-administration-ended = left administrator mode
admin-audit-act-changed = changed
admin-audit-act-deleted = deleted
admin-audit-act-discarded = deleted
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
admin-audit-every-kind = All types
admin-audit-field = Field
admin-audit-kind = Type
admin-audit-kind-accelerator = Accelerator
admin-audit-kind-image = Image
admin-audit-kind-job = Job
admin-audit-kind-pool = Pool
admin-audit-kind-quota = Quota
admin-audit-kind-scene = Placement rule
admin-audit-kind-session = Session
admin-audit-kind-spec = Spec
admin-audit-kind-user = Account
admin-audit-kind-variant = Variant
admin-audit-operator = Operator
admin-audit-subject = Object
admin-audit-submit = Filter
admin-audit-title = Audit log

admin-invites-created = Created { $time }
admin-invites-delete = Withdraw
admin-invites-delete-ask = Withdraw this invitation
admin-invites-delete-loss = Its link stops working. Whoever was invited can no longer sign up with it.
admin-invites-email = Email
admin-invites-email-help = Optional. The invitation is sent in your language. Leave it empty to share the link yourself.
admin-invites-empty = No invitations yet
admin-invites-expired = Expired
admin-invites-lead = An invitation lets one person sign up while registration is closed. It expires after two weeks.
admin-invites-list = Invitations
admin-invites-made = Share this link with one person
admin-invites-no-mail = This site cannot send email. Share the invitation link yourself.
admin-invites-note = Note
admin-invites-note-help = Who it is for. Only administrators see it.
admin-invites-once = Copy it now. It is shown only once.
admin-invites-open = Valid until { $time }
admin-invites-submit = Create invitation
admin-invites-title = Invitations
admin-invites-unnamed = No note
admin-invites-used = Used { $time }

admin-jobs-attempts = { $count ->
    [0] Not tried yet
    [one] Tried once
   *[other] Tried { $count } times
}
admin-jobs-count = { $count ->
    [one] { $count } job
   *[other] { $count } jobs
}
admin-jobs-cron = Cron expression
admin-jobs-data = Data
admin-jobs-discard = Delete
admin-jobs-discard-ask = Delete job { $id }
admin-jobs-discard-loss = Its work will not be done, and nothing else does it. The audit log keeps its data.
admin-jobs-due = Due { $time }
admin-jobs-empty = No jobs
admin-jobs-every-state = All statuses
admin-jobs-failed = Failed
admin-jobs-failed-at = Failed { $time }
admin-jobs-filter = Filter
admin-jobs-lead = Background work after pushes, tasks and email. Failed jobs are retried with growing delays, and stay here after ten attempts.
admin-jobs-list = Jobs
admin-jobs-next = Next run
admin-jobs-oldest = Waiting since
admin-jobs-queue = Queue
admin-jobs-queue-deliveries = Event delivery
admin-jobs-queue-housekeeping = Housekeeping
admin-jobs-queue-mail = Email
admin-jobs-queue-repositories = Repositories
admin-jobs-queue-tasks = Tasks
admin-jobs-run = Run now
admin-jobs-running = Running
admin-jobs-schedule = Schedule
admin-jobs-schedules = Schedules
admin-jobs-state = Status
admin-jobs-title = Jobs
admin-jobs-undispatched = { $count ->
    [0] All events are dispatched.
    [one] { $count } event is waiting to be dispatched.
   *[other] { $count } events are waiting to be dispatched.
}
admin-jobs-waiting = Waiting
admin-mail-from = From
admin-mail-none = This site cannot send email
admin-mail-none-next = Set up a mail server in the [mail] section of the configuration and restart Hearth. Until then, share invitation links yourself and set passwords with hearth admin user reset-password.
admin-mail-refused = The mail server rejected an email { $time }
admin-mail-sent = Test email to { $to } handed to the mail server
admin-mail-sent-next = If it does not arrive, check the spam folder and the mail server’s log.
admin-mail-server = Mail server
admin-mail-test = Send test email
admin-mail-title = Email
admin-mail-trouble = The test email could not be sent
admin-mail-trouble-next = Check the [mail] section of the configuration. hearth doctor tests it too.

admin-overview-address = Address
admin-overview-admins = administrators
admin-overview-database = Database
admin-overview-disk = Disk
admin-overview-disk-free = { $free } free of { $total }
admin-overview-disk-low = The disk is nearly full
admin-overview-disk-low-next = New tasks and uploads are paused until { $reserve } are free. Pushes and small changes still work.
admin-overview-lost = { $count ->
    [one] The content of { $count } large file is missing
   *[other] The content of { $count } large files is missing
}
admin-overview-lost-next = Anyone who has them can upload them again with git lfs push --all. You can also restore them from a backup of the data folder.
admin-overview-proxy = { $address } looks like an unconfigured proxy
admin-overview-proxy-next = It forwards requests, and wrong passwords for many accounts came from it. If it is your proxy, add it to server.trusted_proxies: until then, everyone behind it shares one address and its limits. If it is not, someone there is guessing passwords.
admin-overview-registration = Registration
admin-overview-registration-closed = Closed
admin-overview-registration-invite = By invitation
admin-overview-registration-open = Open
admin-overview-repositories = repositories
admin-overview-title = Overview
admin-overview-users = accounts
admin-overview-version = Version

admin-users-acts = Actions
admin-users-block = Block
admin-users-count = { $count ->
    [one] { $count } account
   *[other] { $count } accounts
}
admin-users-created = Joined
admin-users-email = Email
admin-users-is-admin = Administrator
admin-users-is-blocked = Blocked
admin-users-make-admin = Make administrator
admin-users-name = Account
admin-users-search = Search names
admin-users-submit = Search
admin-users-title = Accounts
admin-users-unblock = Unblock
admin-users-unmake-admin = Revoke administrator
admin-invites-empty-next = Create one above and send its link to the person. It works once, for two weeks, while registration is by invitation.
admin-jobs-empty-next = Nothing is waiting, running or failed. Jobs appear here while they wait and when they give up.
