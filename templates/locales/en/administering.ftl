### The question before administrator mode.

administering-ask = Enter administrator mode?
administering-audited = Entering and leaving are recorded in the audit log. Leave as soon as you are done.
administering-opens = { $minutes ->
    [one] For { $minutes } minute, everybody’s repositories and organisations are open to you, private ones included, and you can change and delete them.
   *[other] For { $minutes } minutes, everybody’s repositories and organisations are open to you, private ones included, and you can change and delete them.
}
