### What somebody is asked: to join organisations, and to take repositories.

## The link of a letter

invitations-letter-once = The link lets one person in, until { $time }.
invitations-letter-submit = Join as { $name }
invitations-letter-title = Invitation

## All of them

invitations-list-accept = Accept
invitations-list-decline = Decline
invitations-list-empty = Nothing waits for your answer
invitations-list-empty-next = Invitations into organisations, and repositories that others want to give you, appear here.
invitations-list-joining = { $who } invites you into the team { $team } of { $organization }.
invitations-list-title = Invitations
invitations-list-transfer = { $who } wants to transfer { $repository } to { $owner }.
invitations-list-until = until { $time }
