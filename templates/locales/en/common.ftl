common-large-files = Large files
common-large-files-used = { $used } of { $most } in use.
common-large-files-used-unlimited = { $used } in use.
### What appears on many pages. Sorted within each section; one blank line between sections.

common-by = by { $name }
common-code = Code
common-copied = Copied
common-copy = Copy
common-crumbs = Path
common-description = Push code, train, and get a model that can be traced to its last byte.
common-issue-closed = Closed
common-issue-open = Open
common-pages = Pages
common-pages-next = Next
common-pages-previous = Previous
common-prose-caution = Caution
common-prose-diagram = Source
common-prose-diagram-failed = This diagram cannot be drawn
common-prose-diagram-large = This diagram is too large to draw.
common-prose-formula = This formula cannot be displayed
common-prose-important = Important
common-prose-large = This text is over the size limit for formatting (limits.markdown_bytes), so it is shown as plain text.
common-prose-note = Note
common-prose-plain = This text is too complex to format, so it is shown as plain text.
common-prose-tip = Tip
common-prose-warning = Warning
common-private = Private
common-public = Public
common-pull-closed = Closed
common-pull-draft = Draft
common-pull-merged = Merged
common-pull-open = Open
common-settings-keys = SSH keys
common-skip = Skip to content
common-bar-tasks = Tasks

## The bar at the top

common-bar-account = Account: { $name }
common-bar-admin = Site administration
common-bar-administer = Enter administrator mode
common-bar-administer-end = Leave administrator mode
common-bar-create = Create new…
common-bar-create-organization = New organisation
common-bar-create-repository = New repository
common-bar-explore = Explore
common-bar-profile = Your profile
common-bar-settings = Settings
common-bar-sign-in = Sign in
common-bar-sign-out = Sign out
common-bar-sign-up = Sign up
common-bar-site = Site

## The line at the bottom

common-foot-about = About
common-foot-language = Language
common-foot-theme = Theme
common-foot-time = Page { $milliseconds } ms

## States of tasks

common-state-created-failed = Failed to start
common-state-creating = Starting
common-state-failed = Failed
common-state-preparing = Preparing
common-state-running = Running
common-state-stopped = Stopped
common-state-stopping = Stopping
common-state-succeeded = Succeeded
common-state-unknown = Unknown
common-state-waiting = Waiting

## Colours of the page

common-theme-auto = Auto
common-theme-dark = Dark
common-theme-light = Light

## Spans of time

common-time-days = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}
common-time-hours = { $count ->
    [one] { $count } hour ago
   *[other] { $count } hours ago
}
common-time-minutes = { $count ->
    [one] { $count } minute ago
   *[other] { $count } minutes ago
}
common-time-months = { $count ->
    [one] { $count } month ago
   *[other] { $count } months ago
}
common-time-now = just now
common-time-years = { $count ->
    [one] { $count } year ago
   *[other] { $count } years ago
}

## Durations

common-duration-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
common-duration-days-hours = { $days ->
    [one] { $days } day
   *[other] { $days } days
} { $hours } h
common-duration-hours = { $count } h
common-duration-hours-minutes = { $hours } h { $minutes } min
common-duration-milliseconds = { $count } ms
common-duration-minutes = { $count } min
common-duration-minutes-seconds = { $minutes } min { $seconds } s
common-duration-seconds = { $count } s

## Forms

common-form-files = Paste, drop or choose files
common-form-files-failed = Upload failed. The files will be sent with the form.
common-form-files-sending = Uploading files…
common-form-mistakes = Check these fields
common-form-preview = Preview
common-form-preview-empty = Nothing to preview
common-form-write = Write

## Menus at the left

common-admin-invites = Invitations
common-admin-overview = Overview
common-admin-people = People
common-admin-registration = Registration
common-admin-users = Accounts
common-administering = You are in administrator mode. Everyone’s repositories and organisations are open to you until { $time }.
common-administering-end = Leave
common-admin-accelerators = Accelerators
common-admin-audit = Audit log
common-admin-compute = Compute
common-admin-images = Images
common-admin-jobs = Jobs
common-admin-mail = Email
common-admin-matrix = Compatibility
common-admin-nodes = Nodes
common-admin-pools = Engines and pools
common-admin-quotas = Quotas
common-admin-scenes = Placement rules
common-admin-specs = Specs
common-admin-system = System
common-effect-again = Preview again
common-effect-next = Nothing has been saved yet.
common-effect-save = Save anyway
common-effect-touches = Tasks affected: { $waiting } waiting, { $running } running
common-form-danger = Danger zone
common-settings-account = Account
common-settings-appearance = Appearance
common-settings-applications = Access tokens
common-settings-organizations = Organisations
common-settings-profile = Profile
common-settings-repositories = Shared repositories
common-settings-security = Security log

## Tabs of a repository

common-tab-activity = Activity
common-tab-code = Code
common-tab-issues = Issues
common-tab-models = Models
common-tab-pulls = Pull requests
common-tab-settings = Settings
common-tab-tasks = Tasks
common-tabs-repository = Repository

## Charts

common-chart-empty = No data yet
common-chart-file = { $title } as { $format }
common-chart-gap = { $name }: { $count ->
    [one] one value is { $value } ({ $axis } { $place })
   *[other] { $count } values are { $value } (from { $axis } { $place })
}
common-chart-plot = { $title }: read the values with the left and right arrow keys, zoom with plus and minus, and press Escape to see everything
common-chart-summary = { $name }: latest { $last }, lowest { $low }, highest { $high }
common-chart-table = Show values as a table
common-live = Live
common-live-lost = Reconnecting…
common-live-paused = Paused
common-chart-whole = Show everything

## Logs

common-log = Log
common-log-download = Download
common-log-first-error = First error
common-log-follow = Follow
common-log-search = Search log
common-log-wrap = Wrap lines

## Help for keys

common-keys = Keyboard shortcuts
common-keys-bulk = Label, assignee or milestone of what is selected
common-keys-create = Create
common-keys-blame = Who wrote each line, or the file again
common-keys-chart = Read and zoom the chosen chart
common-keys-close = Close
common-keys-diff-files = Next or previous file
common-keys-diff-lines = Comment button to the next or previous line
common-keys-diff-say = Comment on the chosen line or the marked lines
common-keys-diff-talk = Next or previous discussion
common-keys-diff-viewed = Tick the file as viewed
common-keys-edit = Edit the file
common-keys-find = Find a file
common-keys-go = Go to code, issues, pull requests, tasks or models
common-keys-help = Keyboard shortcuts
common-keys-list = Next row, previous row, open row
common-keys-permanent = Permalink to this page
common-keys-search = Search
common-keys-select = Select the row

## What somebody may do, by unit

common-role-administer = Administer
common-role-help = Permissions for an area are added to those for all areas.
common-role-nothing = No extra access
common-role-of-unit = { $unit }: { $role }
common-role-read = Read
common-role-write = Write
common-unit = Area
common-unit-all = All areas
common-unit-code = Code
common-unit-issues = Issues
common-unit-packages = Models and datasets
common-unit-pulls = Pull requests
common-unit-releases = Releases
common-unit-settings = Settings
common-unit-tasks = Tasks
