### Giving a repository to another owner.

repo-transfer-lead = Everything in the repository moves with it and counts against the new owner’s quota. The old address redirects to the new one until someone else takes it.
repo-transfer-new-owner = New owner
repo-transfer-new-owner-help = A person or an organisation. Unless you can create repositories there, they have to accept first.
repo-transfer-note = A transfer to { $owner } is pending.
repo-transfer-submit = Transfer this repository
repo-transfer-title = Transfer ownership
repo-transfer-waiting = Transfer to { $owner } requested { $time }, not yet accepted.
repo-transfer-withdraw = Withdraw
