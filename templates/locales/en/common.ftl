### What appears on many pages. Sorted within each section; one blank line between sections.

common-by = by { $name }
common-description = Push code, press Train, and hold a model whose origin is known to the last byte.
common-issue-closed = Closed
common-issue-open = Open
common-skip = Skip to content

## The bar at the top

common-bar-account = Account { $name }
common-bar-admin = Site administration
common-bar-create = Create…
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
common-foot-theme = Colours
common-foot-time = Page { $milliseconds } ms

## States of tasks

common-state-created-failed = Could not start
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
