### What somebody is asked: to join organisations, and to take repositories.

## The link of a letter

invitations-letter-once = This link works for one person, until { $time }.
invitations-letter-submit = Join as { $name }
invitations-letter-title = Invitation

## All of them

invitations-list-accept = Accept
invitations-list-decline = Decline
invitations-list-empty = No pending invitations
invitations-list-empty-next = Invitations to organisations and repositories transferred to you appear here.
invitations-list-joining = { $who } invited you to join team { $team } of { $organization }.
invitations-list-title = Invitations
invitations-list-transfer = { $who } wants to transfer { $repository } to { $owner }.
invitations-list-until = expires { $time }
